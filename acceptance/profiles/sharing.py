"""The resources of a deployed site that workers share, in one process beside them.

That process has the lease, the connection to the host, the process that answers fixture requests,
the program that follows the log, and the mailbox. It starts before the workers and ends after them,
so a worker may end at any time and for any reason.
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
    """The access to the process beside the workers, which workers inherit."""

    def __init__(self, folder: Path, key: bytes, process: int, alive: int, ended: int) -> None:
        """Give access to a process that was started.

        Args:
            folder: the folder of its socket.
            key: the key for connections to it.
            process: its process id.
            alive: the end of a pipe; the process reads the other end, and stops when this one is
                closed everywhere.
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
        """Give a worker access for the duration of the block.

        Args:
            configuration: the settings of the run, the same in all workers.
            secrets: receive the secrets that the process learns.
            opener: a function of a module, which opens the shared site for the first worker.

        Raises:
            ConfigurationError: the site cannot be opened.
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
        # Each thread has its own connection, so that it does not wait for another's answer.
        self._of_thread = threading.local()

    def ask(self, name: str, *arguments: object) -> Any:  # noqa: ANN401 (depends on the method)
        """Call a method in the process for this worker, and return its result.

        Raises:
            Exception: the error that the method raises.
            ServerError: the process has ended.

        """
        try:
            connection = self._connection()
            connection.send((name, arguments))
            reply: Reply = connection.recv()
        except (OSError, EOFError):
            message = (
                f"The process that works with {self._host} for all workers has ended: run again; "
                "if it could not give its lease back, that expires by itself."
            )
            raise ServerError(message) from None
        except BaseException:
            # The next call must not receive the answer to this one.
            self.leave()
            raise
        for learn, value in reply.secrets:
            getattr(self._secrets, learn)(value)
        if reply.error is not None:
            raise unpacked(reply.error)
        return reply.value

    def leave(self) -> None:
        """Close the connection."""
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

    Call this before the workers are forked, because they inherit the access to it, and while there
    is only one thread. The process ends with `stop`, or when this process and all workers have
    ended. It ignores all signals that can be handled.
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
        # At Ctrl-C, workers still need this process to clean up. The handler is a function, because
        # the programs that this process starts would inherit SIG_IGN.
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
        # The clean-up of the original process must not run here.
        os._exit(status)


def _address(folder: Path) -> str:
    return str(folder / "workers")
