"""The transfer of errors from one process to another, unchanged and with their causes."""

import pickle
import traceback
from collections.abc import Iterator

from acceptance.errors import ExplainedError
from acceptance.profiles.checks import DoubtError


def packed(error: BaseException) -> list[bytes]:
    """Return an error and its causes, ready to be sent."""
    if not isinstance(error, ExplainedError | DoubtError | AssertionError):
        # An unexpected error: its traceback cannot be sent, so it is added as a note.
        frames = traceback.format_exception(error)
        error.add_note("".join(["In the process beside the workers:\n", *frames]))
    return [_pickled(each) for each in _with_causes(error)]


def unpacked(content: list[bytes]) -> BaseException:
    """Return the error that was passed to `packed`."""
    error, *causes = (pickle.loads(each) for each in content)  # noqa: S301 (this run's own)
    result: BaseException = error
    for cause in causes:
        error.__cause__ = cause
        error = cause
    return result


def _with_causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__


def _pickled(error: BaseException) -> bytes:
    try:
        content = pickle.dumps(error)
        pickle.loads(content)  # noqa: S301 (made in the line before)
    except Exception:  # noqa: BLE001 (a library's error may contain anything)
        named = RuntimeError(f"{type(error).__name__}: {error}")
        for note in getattr(error, "__notes__", []):
            named.add_note(note)
        return pickle.dumps(named)
    return content
