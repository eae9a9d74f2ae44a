import pytest
from django.test import Client
from pytest_django import Settings

from superlists import health


def test_anyone_may_ask_for_the_commit_and_learns_nothing_else(client: Client) -> None:
    answer = client.get("/health")

    assert answer.status_code == 200
    assert list(answer.json()) == ["commit", "kind"]
    assert "Set-Cookie" not in answer.headers
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(("installed", "kind"), [(True, "staging"), (False, "production")])
def test_a_deployment_learns_the_kind_of_the_site(
    client: Client, settings: Settings, kind: str, *, installed: bool
) -> None:
    others = [app for app in settings.INSTALLED_APPS if app != "acceptance.server"]
    settings.INSTALLED_APPS = [*others, *(["acceptance.server"] if installed else [])]

    assert client.get("/health").json()["kind"] == kind


def test_a_deployment_learns_the_commit_that_is_running(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "_COMMIT", "0123456789abcdef0123456789abcdef01234567")

    assert client.get("/health").json()["commit"] == "0123456789abcdef0123456789abcdef01234567"


def test_health_is_only_read(client: Client) -> None:
    assert client.post("/health").status_code == 405
