"""What the workers of a run share of a deployed site, kept in one process beside them.

That process holds the lease, the connection to the host, the process that answers fixture requests,
the program that follows the log, and the mailbox. It is there before the workers and after them, so
that a worker may end in whatever way.
"""

import os
import secrets as random
import select
import shutil
import signal
import sys
import tempfile
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path
from typing import Any
from uuid import uuid4

from acceptance.configuration import Configuration
from acceptance.hosts.errors import ServerError
from acceptance.hosts.secrets import Secrets
from acceptance.profiles.crossing import unpacked
from acceptance.profiles.sharing_process import Opener, Reply, serve

PATIENCE = 60
"""How long the process may take to give the site back, in seconds."""

_MOST_AT_THE_DOOR = 128
_READY = b"."


class Sharing:
    """The way to the process that holds what workers share; they inherit it."""

    def __init__(self, folder: Path, key: bytes, process: int, alive: int, ended: int) -> None:
        """Lead to a process that was started.

        Args:
            folder: where its socket is.
            key: what it wants to be shown.
            process: its identifier.
            alive: the end of a pipe, of which the process reads the other end for as long as
                this one is open anywhere.
            ended: the end of a pipe whose other end is open for as long as the process runs.

        """
        self._folder = folder
        self._key = key
        self._process = process
        self._alive = alive
        self._ended = ended
        self._is_stopped = False

    @contextmanager
    def worker(
        self, configuration: Configuration, secrets: Secrets, opener: Opener
    ) -> Iterator["Worker"]:
        """Take part for the length of the block.

        Args:
            configuration: that of the run, the same in all workers.
            secrets: learn what the process learns.
            opener: a function of a module, which opens what is shared; called for the first worker.

        Raises:
            ConfigurationError: it cannot be opened.
            ServerError: the process has ended.

        """
        worker = Worker(self._folder, self._key, configuration, secrets)
        try:
            worker.ask("open", opener, configuration)
            yield worker
        finally:
            worker.leave()

    def stop(self) -> None:
        """Give the site back, and end the process; call it when all workers have ended."""
        if self._is_stopped:
            return
        self._is_stopped = True
        with suppress(BrokenPipeError):
            os.write(self._alive, b".")
        if not select.select([self._ended], [], [], PATIENCE)[0]:
            os.kill(self._process, signal.SIGKILL)
        os.waitpid(self._process, 0)
        os.close(self._alive)
        os.close(self._ended)
        shutil.rmtree(self._folder, ignore_errors=True)


class Worker:
    """A worker, as the process beside it knows it."""

    def __init__(
        self, folder: Path, key: bytes, configuration: Configuration, secrets: Secrets
    ) -> None:
        self._folder = folder
        self._key = key
        self._host = configuration.staging.host if configuration.staging else "the site"
        self._secrets = secrets
        self._name = uuid4().hex
        # What one thread waits for keeps no other waiting.
        self._of_thread = threading.local()

    def ask(self, name: str, *arguments: object) -> Any:  # noqa: ANN401 (as what is asked for)
        """Have the process do something for this worker, and return what it returns.

        Raises:
            Exception: whatever it raises there.
            ServerError: the process has ended.

        """
        try:
            connection = self._connection()
            connection.send((name, arguments))
            reply: Reply = connection.recv()
        except (OSError, EOFError):
            message = (
                f"The process that works with {self._host} for all workers has ended: run again; "
                "its lease, if it could not give it back, expires by itself."
            )
            raise ServerError(message) from None
        except BaseException:
            # Whoever asks next must not get the answer to this.
            self.leave()
            raise
        for learn, value in reply.secrets:
            getattr(self._secrets, learn)(value)
        if reply.error is not None:
            raise unpacked(reply.error)
        return reply.value

    def leave(self) -> None:
        """Hang up."""
        connection = vars(self._of_thread).pop("connection", None)
        if connection is not None:
            connection.close()

    def _connection(self) -> "Connection[Any, Any]":
        if "connection" not in vars(self._of_thread):
            connection = Client(_address(self._folder), authkey=self._key)
            connection.send(self._name)
            self._of_thread.connection = connection
        found: Connection[Any, Any] = self._of_thread.connection
        return found


def start_sharing() -> Sharing:
    """Start the process; it contacts nothing before a worker asks it to.

    Call this before the workers are forked, which inherit the way to it, and while there is one
    thread. The process ends with `stop`, or when this process and all workers have ended, and at no
    signal that can be handled.
    """
    folder = Path(tempfile.mkdtemp(prefix="acceptance-"))
    key = random.token_bytes()
    alive, keep_alive = os.pipe()
    ended, end = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    process = os.fork()
    if process == 0:
        os.close(keep_alive)
        os.close(ended)
        _serve_and_exit(folder, key, alive, end)
    os.close(alive)
    os.close(end)
    os.read(ended, len(_READY))
    return Sharing(folder, key, process, keep_alive, ended)


def _serve_and_exit(folder: Path, key: bytes, alive: int, end: int) -> None:
    status = 1
    try:
        # At Ctrl-C, workers have still something to clean up. A function, since what is ignored is
        # ignored by the programs that this one starts, too.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: None)
        with Listener(_address(folder), backlog=_MOST_AT_THE_DOOR, authkey=key) as listener:
            os.write(end, _READY)
            serve(listener, alive)
        status = 0
    except BaseException:  # noqa: BLE001 (no one else can show it)
        traceback.print_exc()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        sys.stderr.flush()
        # Nothing of the process that was forked is to be undone here.
        os._exit(status)


def _address(folder: Path) -> str:
    return str(folder / "workers")
