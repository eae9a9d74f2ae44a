"""A process that has everything imported, and forks a new process for each job."""

import ctypes
import math
import os
import resource
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from types import FrameType
from typing import Generic, NoReturn, TypeVar, cast

from acceptance.running.workers.remains import end_remains, mark

Job = TypeVar("Job")
Result = TypeVar("Result")

PATIENCE = 10
"""How many times its processor time a job may take, as on a machine that has much else to do."""

_PR_SET_PDEATHSIG = 1
_LAST_OUTPUT = 4000


class NoResultError(Exception):
    """A job did not return; the message is one line with the reason."""


class TooLongError(NoResultError):
    """A job did not end within its time."""


class GoneError(NoResultError):
    """The process that prepares the jobs has ended."""

    def __init__(self) -> None:
        super().__init__("the process that prepares the site has ended")


@dataclass(frozen=True)
class _Returned:
    """What a job has returned."""

    result: object


class ForkServer(Generic[Job, Result]):
    """A process that is prepared once, and runs each job in a child of its own.

    Whatever a job changes in its process is gone with that process.
    """

    def __init__(self, prepare: Callable[[], Callable[[Job], Result]]) -> None:
        """Start the process.

        Args:
            prepare: is called in it once, and returns the function that does a job.

        """
        self._connection, theirs = Pipe()
        self._process = fork(lambda: _serve(prepare, theirs), self._connection)
        theirs.close()

    def wait_until_prepared(self) -> None:
        """Wait until it takes jobs.

        Raises:
            NoResultError: it could not be prepared.

        """
        self._receive()

    def do(self, job: Job, seconds: float) -> Result:
        """Do a job in a new process.

        Args:
            job: the argument of the function.
            seconds: how much processor time it may take. For a job that waits, or that others
                keep waiting, the limit is so many times this time (`PATIENCE`).

        Raises:
            TooLongError: it did not end in time, and was ended with all processes that it started.
            NoResultError: it ended without a result.

        """
        try:
            self._connection.send((job, seconds))
        except OSError as error:
            raise GoneError from error
        return cast("Result", self._receive())

    def stop(self) -> None:
        """End the process and what it runs."""
        self._connection.close()
        end_process(self._process)

    def _receive(self) -> object:
        try:
            answer = self._connection.recv()
        except (EOFError, OSError) as error:
            raise GoneError from error
        if isinstance(answer, NoResultError):
            raise answer
        return answer


def fork(work: Callable[[], object], *others: Connection) -> int:
    """Fork a process that ends after `work`, or with the process that forked it.

    Args:
        work: what it does.
        others: connections of this process, which it closes.

    Returns:
        Its process id.

    """
    sys.stdout.flush()
    sys.stderr.flush()
    parent = os.getpid()
    process = os.fork()
    if process:
        # Both processes do this, because either may be the first.
        with suppress(OSError):
            os.setpgid(process, process)
        return process
    status = 1
    try:
        # Only the first process receives Ctrl-C from the terminal.
        with suppress(OSError):
            os.setpgid(0, 0)
        for number in (signal.SIGINT, signal.SIGHUP, signal.SIGQUIT):
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGTERM, _exit)
        with suppress(AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        for connection in others:
            connection.close()
        if os.getppid() == parent:
            work()
            status = 0
    except SystemExit:
        pass
    except BaseException:  # noqa: BLE001 (as the interpreter does)
        traceback.print_exc()
    finally:
        # Whatever happens here, this process must not go on with the work of the one it is from.
        try:
            hold_end()
            for stream in (sys.stdout, sys.stderr):
                with suppress(OSError, ValueError):
                    stream.flush()
        finally:
            os._exit(status)


def end_process(process: int) -> None:
    """End a process that was forked here, and wait until it has cleaned up."""
    with suppress(ProcessLookupError, ChildProcessError):
        os.kill(process, signal.SIGTERM)
        os.waitpid(process, 0)


def hold_end() -> None:
    """Let no request to end interrupt what this forked process cleans up from now on."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)


def _exit(_number: int, _frame: FrameType | None) -> NoReturn:
    # When the first process ends, a second signal follows.
    hold_end()
    sys.exit(1)


def _serve(prepare: Callable[[], Callable[[Job], Result]], connection: Connection) -> None:
    with open(os.devnull, "w", encoding="utf-8") as nowhere:  # noqa: PTH123
        for number in (1, 2):
            os.dup2(nowhere.fileno(), number)
    # The other end is closed when no more answers are wanted.
    with suppress(EOFError, BrokenPipeError):
        try:
            do = prepare()
        except Exception as error:  # noqa: BLE001 (it is reported)
            connection.send(NoResultError(line_of(error)))
            return
        connection.send(None)
        while True:
            job, seconds = connection.recv()
            connection.send(_answer_to(do, job, seconds, connection))


def _answer_to(
    do: Callable[[Job], Result], job: Job, seconds: float, connection: Connection
) -> Result | NoResultError:
    ours, theirs = Pipe()
    folder = Path(tempfile.mkdtemp(prefix="mutant-"))
    process = fork(lambda: _do(do, job, seconds, theirs, folder), ours, connection)
    theirs.close()
    answer: object = None
    try:
        answer = ours.recv() if ours.poll(PATIENCE * seconds) else _too_long(seconds)
    except (EOFError, OSError):
        pass
    finally:
        ours.close()
        if answer is None or isinstance(answer, TooLongError):
            # It may go on, because its time is up or this process has to end.
            os.kill(process, signal.SIGKILL)
        _, status = os.waitpid(process, 0)
        last = _last_line(folder / "output")
        end_remains(process, folder)
    if answer is None:
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU:
            return _too_long(seconds)
        return NoResultError(last or "its process has ended")
    if isinstance(answer, _Returned):
        return cast("Result", answer.result)
    return cast("NoResultError", answer)


def _too_long(seconds: float) -> TooLongError:
    return TooLongError(f"it did not end within {seconds:.0f} s")


def _do(
    do: Callable[[Job], Result], job: Job, seconds: float, connection: Connection, folder: Path
) -> None:
    limit = math.ceil(seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    mark(folder)
    output = os.open(folder / "output", os.O_WRONLY | os.O_CREAT)
    for number in (1, 2):
        os.dup2(output, number)
    try:
        answer: object = _Returned(do(job))
    except Exception as error:  # noqa: BLE001 (it is reported)
        answer = NoResultError(line_of(error))
    connection.send(answer)


def line_of(error: BaseException) -> str:
    """Return an error in one line, with its type unless that is without interest."""
    text = " ".join(str(error).split())
    name = type(error).__name__
    return f"{name}: {text}" if text else name


def _last_line(file: Path) -> str:
    with suppress(OSError):
        lines = file.read_text(errors="replace")[-_LAST_OUTPUT:].split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "")
    return ""
