"""Formatters, whose errors must not end a run."""

import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from tempfile import TemporaryFile

from behave.configuration import Configuration
from behave.exception import ConfigError
from behave.formatter._registry import make_formatters
from behave.formatter.base import Formatter

from acceptance.errors import NotReadyError

_ATTACH = "embedding"
_CALLED = (
    *("uri", "feature", "rule", "background", "scenario", "step", "match", "result"),
    *("rule_finished", "eof", "close", _ATTACH),
)
"""The methods of a formatter that behave calls."""


class _Guard:
    """Stands between behave and one formatter, and catches the formatter's errors."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._is_broken = False
        self._has_lost_attachment = False

    def around(self, method: str, call: Callable[..., object]) -> Callable[..., object]:
        """Return a function for behave to call instead."""

        @wraps(call)
        def guarded(*arguments: object, **named: object) -> object:
            if self._is_broken:
                return None
            try:
                return call(*arguments, **named)
            except BrokenPipeError:
                # The program that read the output has ended, which ends the run.
                raise
            except Exception as error:  # noqa: BLE001 (a formatter may raise anything)
                if method == _ATTACH:
                    self._lose_attachment(error)
                else:
                    self._give_up(method, error)
                return None

        return guarded

    def _lose_attachment(self, error: Exception) -> None:
        if not self._has_lost_attachment:
            self._has_lost_attachment = True
            _report(
                f"The formatter {self._name} cannot take every attachment "
                f"({_in_brief(error)}), so some are missing in its report."
            )

    def _give_up(self, method: str, error: Exception) -> None:
        self._is_broken = True
        _report(
            f"The formatter {self._name} failed in {method} ({_in_brief(error)}): the run "
            "continues without it."
        )


def guard(formatter: Formatter, name: str) -> None:
    """Let a run continue if a formatter fails, and report the formatter's name.

    Args:
        formatter: a formatter of the run.
        name: its name after `-f`.

    """
    guarding = _Guard(name)
    for method in _CALLED:
        call = getattr(formatter, method, None)
        if call is not None:
            setattr(formatter, method, guarding.around(method, call))


@contextmanager
def named_if_not_made() -> Iterator[None]:
    """Name the formatter that cannot be created in the block.

    Raises:
        ConfigError: a formatter cannot be created.

    """
    try:
        yield
    except ConfigError:
        raise
    except Exception as error:
        # behave creates all formatters in one function, and does not report which one failed.
        for frame, _ in traceback.walk_tb(error.__traceback__):
            if frame.f_code is make_formatters.__code__:
                message = (
                    f"the formatter {frame.f_locals['name']} cannot be created "
                    f"({_in_brief(error)}): name another one after -f."
                )
                raise ConfigError(message) from None
        raise


def check_junit_folder(configuration: Configuration) -> None:
    """Check that JUnit's files can be written, before the scenarios are run.

    Raises:
        NotReadyError: they cannot be written.

    """
    if not configuration.junit:
        return
    # The stubs do not know the options of the command line.
    folder = Path(vars(configuration)["junit_directory"])
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            pass
    except OSError as error:
        message = (
            f"JUnit's files cannot be written to {folder} ({error.strerror}): "
            "name another folder after --junit-directory."
        )
        raise NotReadyError(message) from None


def _in_brief(error: Exception) -> str:
    lines = str(error).splitlines() or [""]
    return f"{type(error).__name__}: {lines[0]}".rstrip(": ")


def _report(sentence: str) -> None:
    # Not to sys.stderr, where behave captures the output of hooks and steps.
    (sys.__stderr__ or sys.stderr).write(f"\n{sentence}\n")
