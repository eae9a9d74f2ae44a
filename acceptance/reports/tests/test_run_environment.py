"""Who or what ran a run."""

import pytest

from acceptance.reports.run_environment import run_by

GITHUB = {
    "GITHUB_ACTIONS": "true",
    "GITHUB_SERVER_URL": "https://github.com",
    "GITHUB_REPOSITORY": "example/superlists",
    "GITHUB_RUN_ID": "12345",
    "GITHUB_RUN_ATTEMPT": "1",
    "GITHUB_SHA": "1" * 40,
    "GITHUB_REF": "refs/heads/main",
}


def test_a_ci_job_has_a_name_and_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("acceptance.reports.run_environment.getuser", lambda: "runner")
    name, address = run_by(GITHUB)

    assert name == "GitHub Actions, build 12345"
    assert address.startswith("https://github.com/example/superlists/actions/runs/12345")


def test_elsewhere_it_is_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("acceptance.reports.run_environment.getuser", lambda: "elspeth")

    assert run_by({}) == ("elspeth", "")


@pytest.mark.parametrize("error", [KeyError("uid"), OSError("no name"), ImportError("pwd")])
def test_a_user_may_have_no_name(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def getuser() -> str:
        raise error

    monkeypatch.setattr("acceptance.reports.run_environment.getuser", getuser)

    assert run_by({}) == ("", "")


def test_only_pages_are_linked_to() -> None:
    assert run_by({**GITHUB, "GITHUB_SERVER_URL": "javascript:alert(1)//"})[1] == ""
