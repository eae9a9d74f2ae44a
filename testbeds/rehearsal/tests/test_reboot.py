"""Recognising a finished reboot: a system that is shutting down has not yet come up."""

from collections.abc import Iterator, Sequence

import pytest

from testbeds.errors import TestBedError
from testbeds.rehearsal import host
from testbeds.rehearsal.host import Rehearsal
from testbeds.rehearsal.runs import Run

STARTED = "systemctl show"
REBOOT = "systemctl reboot"
BOOTED = "systemctl is-system-running"

REFUSED = TestBedError("System is going down.")


@pytest.fixture
def rehearsal(monkeypatch: pytest.MonkeyPatch) -> Rehearsal:
    monkeypatch.setattr(host, "_POLL_INTERVAL", 0)
    monkeypatch.setattr(Rehearsal, "is_running", lambda _: True)
    monkeypatch.setattr(Rehearsal, "_last_words", lambda _: "its console is silent")
    return Rehearsal(started=Run("rehearsal-none"), environment={}, site_environment={})


def answering(
    monkeypatch: pytest.MonkeyPatch, script: Sequence[tuple[str, str | Exception]]
) -> Iterator[tuple[str, str | Exception]]:
    """Let the server answer one command after the other, and return the unused answers."""
    left = iter(script)

    def ssh(_: Rehearsal, command: str) -> str:
        expected, answer = next(left)
        assert command.startswith(expected)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(Rehearsal, "ssh", ssh)
    return left


def test_a_system_that_still_accepts_logins_and_then_refuses_them_is_waited_for(
    rehearsal: Rehearsal, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = answering(
        monkeypatch,
        [
            (STARTED, "100\n"),
            (REBOOT, TestBedError("Connection closed by remote host")),
            (STARTED, "100\n"),
            (STARTED, REFUSED),
            (STARTED, "100\n"),
            (STARTED, TestBedError("No route to host")),
            (STARTED, "200\n"),
            (BOOTED, REFUSED),
            (BOOTED, "running\n"),
        ],
    )

    rehearsal.reboot()

    assert list(left) == []


def test_a_system_that_does_not_reboot_is_reported(
    rehearsal: Rehearsal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(host, "BOOT", -1)
    answering(monkeypatch, [(STARTED, "100\n"), (REBOOT, ""), (STARTED, "100\n")])

    with pytest.raises(TestBedError, match=r"does not reboot \(it is still the same system\)"):
        rehearsal.reboot()


def test_a_server_that_has_ended_is_not_waited_for(
    rehearsal: Rehearsal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Rehearsal, "is_running", lambda _: False)
    answering(monkeypatch, [(STARTED, "100\n"), (REBOOT, ""), (STARTED, REFUSED)])

    with pytest.raises(TestBedError, match=r"going down\); its console is silent"):
        rehearsal.reboot()
