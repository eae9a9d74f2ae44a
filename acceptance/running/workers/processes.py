"""The processes of workers: how they begin, what they leave behind."""

import atexit
import os
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import IO

from acceptance.running.interruptions import ENDING
from acceptance.running.workers.remains import end_remains, mark

_OUTPUTS = (1, 2)

_UNTIL_HEARD = {signal.SIGINT: signal.default_int_handler}
"""What signals do in a worker until it has something to clean up."""


class Process:
    """A worker as the lead sees it.

    Attributes:
        number: which worker it is, from 1.
        connection: the way to it.
        pid: its process id.
        ended: an open file that can be read when it has ended.
        recorded: how many bytes it has recorded of what was written, by the number of the file.

    """

    def __init__(
        self, number: int, work: Callable[[Connection], None], others: Sequence[Connection]
    ) -> None:
        """Fork.

        Args:
            number: which worker it is to be.
            work: what it does, given the way to the lead.
            others: the ways to other workers, which are none of its business.

        """
        self.number = number
        self.recorded = dict.fromkeys(_OUTPUTS, 0)
        self.connection, theirs = Pipe()
        self._outputs: Mapping[int, IO[bytes]] = {
            each: tempfile.TemporaryFile()  # noqa: SIM115 (closed when the worker has ended)
            for each in _OUTPUTS
        }
        sys.stdout.flush()
        sys.stderr.flush()
        self._folder = Path(tempfile.mkdtemp(prefix="acceptance-"))
        self.pid = os.fork()
        if self.pid == 0:
            for connection in (self.connection, *others):
                connection.close()
            self._be(work, theirs)
        theirs.close()
        self.ended = os.pidfd_open(self.pid)
        # Of both, one is the first.
        with suppress(OSError):
            os.setpgid(self.pid, self.pid)

    def interrupt(self) -> None:
        """Let it end as after Ctrl-C."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGINT)

    def wait(self) -> int:
        """Wait until it has ended, and return its exit status, or minus the number of a signal."""
        _, status = os.waitpid(self.pid, 0)
        self.connection.close()
        os.close(self.ended)
        return os.waitstatus_to_exitcode(status)

    def last_outputs(self) -> Iterator[tuple[int, bytes]]:
        """Yield what it wrote and did not record any more, by the number of the open file."""
        for number, file in self._outputs.items():
            file.seek(self.recorded[number])
            content = file.read()
            if content:
                yield number, content

    def end_remains(self) -> None:
        """End what it has left behind, if it ended without cleaning up."""
        end_remains(self.pid, self._folder)

    def close(self) -> None:
        """Forget what it wrote."""
        # What steps have left there on purpose, they find there.
        with suppress(OSError):
            self._folder.rmdir()
        for file in self._outputs.values():
            file.close()

    def _be(self, work: Callable[[Connection], None], lead: Connection) -> None:
        status = 1
        try:
            # Only the lead says when a run ends: Ctrl-C in the terminal is for it alone.
            with suppress(OSError):
                os.setpgid(0, 0)
            for ending in ENDING:
                if signal.getsignal(ending) is not signal.SIG_IGN:
                    signal.signal(ending, _UNTIL_HEARD.get(ending, signal.SIG_DFL))
            mark(self._folder)
            # What is to be done when the lead ends is the lead's.
            atexit._clear()  # noqa: SLF001
            for number, file in self._outputs.items():
                os.dup2(file.fileno(), number)
            with open(os.devnull, encoding="utf-8") as nothing:  # noqa: PTH123
                os.dup2(nothing.fileno(), 0)
            work(lead)
            status = 0
        except BaseException:  # noqa: BLE001 (as the interpreter does)
            sys.stderr = sys.__stderr__ or sys.stderr
            traceback.print_exc()
        finally:
            atexit._run_exitfuncs()  # noqa: SLF001
            for stream in (sys.__stdout__, sys.__stderr__):
                with suppress(OSError, AttributeError):
                    stream.flush()  # type: ignore[union-attr]
            os._exit(status)
