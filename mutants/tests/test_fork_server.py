import os
import time
from collections.abc import Callable, Iterator

import pytest

from mutants.fork_server import ForkServer, GoneError, NoResultError, TooLongError

STATE: list[int] = []


def _work(job: str) -> object:
    match job:
        case "count":
            STATE.append(1)
            return len(STATE)
        case "fail":
            message = "no\nluck"
            raise ValueError(message)
        case "exit":
            os._exit(3)
        case "spin":
            while True:
                pass
        case "sleep":
            time.sleep(600)
    return None


@pytest.fixture
def server() -> Iterator[ForkServer[str, object]]:
    """A server that is prepared."""
    started: ForkServer[str, object] = ForkServer(lambda: _work)
    started.wait_until_prepared()
    yield started
    started.stop()


def test_each_job_starts_from_the_same_state(server: ForkServer[str, object]) -> None:
    assert [server.do("count", 5), server.do("count", 5)] == [1, 1]


def test_an_error_is_reported_in_one_line(server: ForkServer[str, object]) -> None:
    with pytest.raises(NoResultError, match=r"^ValueError: no luck$"):
        server.do("fail", 5)


def test_a_process_that_ends_is_reported(server: ForkServer[str, object]) -> None:
    with pytest.raises(NoResultError, match="its process has ended"):
        server.do("exit", 5)


def test_a_job_without_end_is_ended(server: ForkServer[str, object]) -> None:
    with pytest.raises(TooLongError, match="did not end within 1 s"):
        server.do("spin", 1)


def test_a_job_that_waits_for_ever_is_ended(server: ForkServer[str, object]) -> None:
    with pytest.raises(TooLongError):
        server.do("sleep", 0.05)


def test_the_server_goes_on_after_a_job_that_failed(server: ForkServer[str, object]) -> None:
    with pytest.raises(NoResultError):
        server.do("exit", 5)

    assert server.do("count", 5) == 1


def test_a_failed_preparation_is_reported() -> None:
    def fail() -> Callable[[str], object]:
        message = "not here"
        raise OSError(message)

    server: ForkServer[str, object] = ForkServer(fail)
    with pytest.raises(NoResultError, match="not here"):
        server.wait_until_prepared()
    with pytest.raises(GoneError):
        server.do("count", 5)
    server.stop()
