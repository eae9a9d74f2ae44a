"""Requests that arrive at the same time, on a database like that of a server."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import TypeVar

import pytest
from django.core.management import call_command
from django.db import connections
from django.test import Client
from pytest_django import Settings

from accounts.limits import TooManyRequestsError, admit_login_mail
from accounts.models import LoginLink

pytestmark = pytest.mark.django_db

AT_ONCE = 8

Answer = TypeVar("Answer")


class Threads:
    """Calls functions in threads of their own, each with a database connection of its own."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self._pool = pool

    def alone(self, function: Callable[[], Answer]) -> Answer:
        return self._pool.submit(self._connected, function).result()

    def at_once(self, function: Callable[[], Answer]) -> list[Answer]:
        barrier = Barrier(AT_ONCE)

        def with_the_others() -> Answer:
            barrier.wait()
            return self._connected(function)

        answers = [self._pool.submit(with_the_others) for _ in range(AT_ONCE)]
        return [answer.result() for answer in answers]

    def _connected(self, function: Callable[[], Answer]) -> Answer:
        try:
            return function()
        finally:
            connections.close_all()


@pytest.fixture
def threads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Threads]:
    """Threads on a database in a file, whose new connections find it under the default name.

    The test database in memory would not do: its connections share one cache, with locks that no
    server has. The test's own connection stays with it.
    """
    monkeypatch.setitem(connections.settings["default"], "NAME", str(tmp_path / "db.sqlite3"))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        threads = Threads(pool)
        threads.alone(lambda: call_command("migrate", verbosity=0))
        yield threads


def test_a_link_that_is_opened_several_times_simultaneously_logs_in_once(threads: Threads) -> None:
    token = threads.alone(lambda: LoginLink.create_for("edith@example.com")[1])

    def open_link() -> int:
        return Client().post("/accounts/login", {"token": token}).status_code

    assert sorted(threads.at_once(open_link)) == [302] + [400] * (AT_ONCE - 1)


def test_simultaneous_requests_cannot_get_past_a_limit(
    threads: Threads, settings: Settings
) -> None:
    settings.LOGIN_MAILS_PER_ADDRESS_PER_HOUR = 3

    def ask() -> bool:
        try:
            admit_login_mail("edith@example.com", "192.0.2.1")
        except TooManyRequestsError:
            return False
        return True

    assert sum(threads.at_once(ask)) <= 3
