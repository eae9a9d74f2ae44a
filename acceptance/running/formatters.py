"""Formatters, of which none is worth a run."""

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
"""What behave calls of a formatter."""


class _Guard:
    """Stands between behave and one formatter, and keeps its errors to itself."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._is_broken = False
        self._has_lost_attachment = False

    def around(self, method: str, call: Callable[..., object]) -> Callable[..., object]:
        """Return what behave calls instead."""

        @wraps(call)
        def guarded(*arguments: object, **named: object) -> object:
            if self._is_broken:
                return None
            try:
                return call(*arguments, **named)
            except BrokenPipeError:
                # Whoever read has gone: that ends the run.
                raise
            except Exception as error:  # noqa: BLE001 (whatever it is, it is not the run's fault)
                if method == _ATTACH:
                    self._lose_attachment(error)
                else:
                    self._give_up(method, error)
                return None

        return guarded

    def _lose_attachment(self, error: Exception) -> None:
        if not self._has_lost_attachment:
            self._has_lost_attachment = True
            _say(
                f"The formatter {self._name} cannot take every attachment "
                f"({_in_brief(error)}), and its report does without those."
            )

    def _give_up(self, method: str, error: Exception) -> None:
        self._is_broken = True
        _say(
            f"The formatter {self._name} broke in {method} ({_in_brief(error)}): the run goes on, "
            "and what that formatter writes ends here."
        )


def guard(formatter: Formatter, name: str) -> None:
    """Let a run go on whatever the formatter does, and say which one broke.

    Args:
        formatter: one of the run's.
        name: what it was asked for as, after `-f`.

    """
    guarding = _Guard(name)
    for method in _CALLED:
        call = getattr(formatter, method, None)
        if call is not None:
            setattr(formatter, method, guarding.around(method, call))


@contextmanager
def named_if_not_made() -> Iterator[None]:
    """Name the formatter that ends the block because it cannot be made.

    Raises:
        ConfigError: one cannot.

    """
    try:
        yield
    except ConfigError:
        raise
    except Exception as error:
        # behave makes them all in one function, and does not say which one it is at.
        for frame, _ in traceback.walk_tb(error.__traceback__):
            if frame.f_code is make_formatters.__code__:
                message = (
                    f"the formatter {frame.f_locals['name']} cannot be made ({_in_brief(error)}): "
                    "name another one after -f."
                )
                raise ConfigError(message) from None
        raise


def check_junit_folder(configuration: Configuration) -> None:
    """See that JUnit's files can be written, before and not after the scenarios were run.

    Raises:
        NotReadyError: they cannot.

    """
    if not configuration.junit:
        return
    # What is asked for on the command line, the stubs do not know.
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


def _say(sentence: str) -> None:
    # Not where behave keeps what hooks and steps print.
    (sys.__stderr__ or sys.stderr).write(f"\n{sentence}\n")
