"""The processes of workers: how they begin, and what they leave behind."""

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
"""The signal handlers of a worker until it has something to clean up."""


class Process:
    """The process of a worker, as the lead sees it.

    Attributes:
        number: the number of the worker, from 1.
        connection: the connection to it.
        pid: its process id.
        ended: an open file that becomes readable when it has ended.
        recorded: how many bytes of its output it has recorded, by the number of the file.

    """

    def __init__(
        self, number: int, work: Callable[[Connection], None], others: Sequence[Connection]
    ) -> None:
        """Fork the worker.

        Args:
            number: the number of the worker.
            work: its work, called with the connection to the lead.
            others: the connections to other workers, which it closes.

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
        # Both processes do this, because either may be the first.
        with suppress(OSError):
            os.setpgid(self.pid, self.pid)

    def interrupt(self) -> None:
        """End it as Ctrl-C does."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGINT)

    def wait(self) -> int:
        """Wait until it has ended, and return its exit status, or minus the number of a signal."""
        _, status = os.waitpid(self.pid, 0)
        self.connection.close()
        os.close(self.ended)
        return os.waitstatus_to_exitcode(status)

    def last_outputs(self) -> Iterator[tuple[int, bytes]]:
        """Yield the output that it did not record, by the number of the open file."""
        for number, file in self._outputs.items():
            file.seek(self.recorded[number])
            content = file.read()
            if content:
                yield number, content

    def end_remains(self) -> None:
        """End the programs and remove the files that it left behind without cleaning up."""
        end_remains(self.pid, self._folder)

    def close(self) -> None:
        """Remove its output."""
        # Files that steps have left in the folder on purpose stay there.
        with suppress(OSError):
            self._folder.rmdir()
        for file in self._outputs.values():
            file.close()

    def _be(self, work: Callable[[Connection], None], lead: Connection) -> None:
        status = 1
        try:
            # Only the lead decides when a run ends, so only it receives Ctrl-C from the terminal.
            with suppress(OSError):
                os.setpgid(0, 0)
            for ending in ENDING:
                if signal.getsignal(ending) is not signal.SIG_IGN:
                    signal.signal(ending, _UNTIL_HEARD.get(ending, signal.SIG_DFL))
            mark(self._folder)
            # The exit functions of the lead must not run here.
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
