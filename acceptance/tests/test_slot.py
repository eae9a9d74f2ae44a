"""A worker's slot is opened and closed as a whole, and shares nothing with other slots."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import create_autospec

import pytest

from acceptance import slot
from acceptance.browser.browser import Browser
from acceptance.configuration import Configuration
from acceptance.errors import NotReadyError
from acceptance.evidence.artifacts import Artifacts
from acceptance.evidence.recorder import Recorder
from acceptance.hosts.secrets import Secrets
from acceptance.profiles.profile import Profile
from acceptance.slot import open_slot


@pytest.fixture
def history(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of all that was opened and closed, in order."""
    history: list[str] = []

    @contextmanager
    def browser_on_its_way(_: Configuration) -> Iterator[Callable[[], Browser]]:
        browser = create_autospec(Browser, instance=True)
        history.append("browser starts")
        try:
            yield lambda: browser
        finally:
            history.append("browser stops")

    @contextmanager
    def open_profile(*_: object) -> Iterator[Profile]:
        history.append("site opens")
        try:
            yield create_autospec(Profile, instance=True)
        finally:
            history.append("site closes")

    monkeypatch.setattr(slot, "browser_on_its_way", browser_on_its_way)
    monkeypatch.setattr(slot, "open_profile", open_profile)
    return history


@pytest.fixture
def recorder(tmp_path: Path) -> Recorder:
    return Recorder(Artifacts(tmp_path), Secrets(), [], lambda *_: None)


def ready(_profile: Profile, _browser_when_ready: Callable[[], Browser]) -> None:
    """Find no fault."""


def test_two_slots_of_a_run_share_neither_site_nor_browser(
    history: list[str], recorder: Recorder
) -> None:
    with (
        open_slot(Configuration(), Secrets(), recorder, ready) as one,
        open_slot(Configuration(), Secrets(), recorder, ready) as other,
    ):
        assert one.profile is not other.profile
        assert one.browser is not other.browser
        assert one.recorder is other.recorder

    opened = ["browser starts", "site opens"]
    assert history == [*opened, *opened, *["site closes", "browser stops"] * 2]


def test_what_was_opened_is_closed_where_a_slot_cannot_be_used(
    history: list[str], recorder: Recorder
) -> None:
    def refuse(_profile: Profile, _browser_when_ready: Callable[[], Browser]) -> None:
        message = "There is no mailbox."
        raise NotReadyError(message)

    with pytest.raises(NotReadyError), open_slot(Configuration(), Secrets(), recorder, refuse):
        pytest.fail("the slot was opened")

    assert history == ["browser starts", "site opens", "site closes", "browser stops"]
