"""The workers of a stage, and the process that assigns mutants to them."""

import tempfile
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from pathlib import Path

from acceptance.errors import ExplainedError, NotReadyError
from acceptance.running.workers.remains import end_remains, mark
from mutants.fork_server import end_process, fork, hold_end, line_of
from mutants.mutant import Mutant
from mutants.outcome import Outcome
from mutants.project_copy import copied_project
from mutants.suite import Suite

NEIGHBOURS = 10
"""How many mutants that follow each other meet the same worker, which learns from them."""


@dataclass
class _Worker:
    process: int
    folder: Path
    connection: Connection
    mutants: deque[Mutant] = field(default_factory=deque)
    current: Mutant | None = None


def outcomes(
    suite: Suite, root: Path, mutants: Sequence[Mutant], workers: int, deadline: float
) -> Iterator[tuple[Mutant, Outcome]]:
    """Let mutants meet the tests of a stage, and yield their outcomes.

    Args:
        suite: the tests.
        root: the folder of the project.
        mutants: the mutants, in the order of the files and lines that they change.
        workers: how many meet tests at the same time.
        deadline: when to stop, as `time.monotonic` counts; the mutants that are left have no
            outcome.

    Raises:
        NotReadyError: the tests cannot be run.

    """
    with copied_project(root) as project:
        suite.prepare(project)
    queue = deque(
        deque(mutants[first : first + NEIGHBOURS]) for first in range(0, len(mutants), NEIGHBOURS)
    )
    with _started(suite, root, min(workers, len(queue))) as crew:
        busy = list(crew)
        while busy:
            for connection in wait([each.connection for each in busy]):
                worker = next(each for each in busy if each.connection is connection)
                answer = _answer(worker)
                if isinstance(answer, Outcome) and worker.current:
                    yield worker.current, answer
                elif isinstance(answer, str):
                    raise NotReadyError(answer)
                if not worker.mutants and queue:
                    worker.mutants = queue.popleft()
                if worker.mutants and time.monotonic() < deadline:
                    worker.current = worker.mutants.popleft()
                    worker.connection.send(worker.current)
                else:
                    busy.remove(worker)


def _answer(worker: _Worker) -> object:
    try:
        return worker.connection.recv()
    except (EOFError, OSError) as error:
        during = f" with {worker.current.name}" if worker.current else ""
        message = f"A worker has ended{during}: type the command again to go on."
        raise NotReadyError(message) from error


@contextmanager
def _started(suite: Suite, root: Path, count: int) -> Iterator[Sequence[_Worker]]:
    crew: list[_Worker] = []
    try:
        for _ in range(count):
            ours, theirs = Pipe()
            others = [ours, *(each.connection for each in crew)]
            folder = Path(tempfile.mkdtemp(prefix="mutants-"))
            process = fork(partial(_work, suite, root, folder, theirs), *others)
            theirs.close()
            crew.append(_Worker(process, folder, ours))
        yield crew
    finally:
        for worker in crew:
            worker.connection.close()
            end_process(worker.process)
            end_remains(worker.process, worker.folder)


def _work(suite: Suite, root: Path, folder: Path, connection: Connection) -> None:
    """Meet mutants in a worker's process, until the other end of the connection is closed."""
    mark(folder)
    try:
        with copied_project(root) as project, suite.opened(project) as tester:
            connection.send(None)
            while True:
                with suppress(EOFError):
                    mutant: Mutant = connection.recv()
                    with project.changed(mutant):
                        outcome = tester.meet(mutant)
                    connection.send(outcome)
                    continue
                hold_end()
                return
    except ExplainedError as error:
        connection.send(str(error))
    except Exception as error:  # noqa: BLE001 (the first process reports it)
        connection.send(f"The mutants cannot be tested: {line_of(error)}.")
