import subprocess
from pathlib import Path

import pytest

from superlists.release import deployed_commit

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def git(folder: Path, *arguments: str) -> str:
    person = ["-c", "user.name=Edith", "-c", "user.email=edith@example.com"]
    answer = subprocess.run(  # noqa: S603
        ["git", *person, *arguments],  # noqa: S607
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    return answer.stdout.strip()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "commit", "--quiet", "--allow-empty", "--message", "Start")
    return tmp_path


@pytest.mark.parametrize("content", [COMMIT, f"{COMMIT}\n", f" {COMMIT.upper()}\r\n"])
def test_a_deployment_says_what_it_brought(checkout: Path, content: str) -> None:
    (checkout / "COMMIT").write_text(content)

    assert deployed_commit(checkout) == COMMIT


@pytest.mark.parametrize("content", [b"", b"main", COMMIT[:7].encode(), b"\xff\xfe", b"g" * 40])
def test_what_is_no_commit_says_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "COMMIT").write_bytes(content)

    assert deployed_commit(tmp_path) is None


def test_a_checkout_says_what_is_checked_out(checkout: Path) -> None:
    assert deployed_commit(checkout) == git(checkout, "rev-parse", "HEAD")


def test_a_worktree_says_what_is_checked_out_in_it(checkout: Path) -> None:
    git(checkout, "worktree", "add", "--quiet", "other")
    git(checkout, "commit", "--quiet", "--allow-empty", "--message", "Go on")

    assert deployed_commit(checkout / "other") == git(checkout, "rev-parse", "HEAD~")


def test_a_checkout_around_the_project_is_another_project(checkout: Path) -> None:
    project = checkout / "sites"
    project.mkdir()

    assert deployed_commit(project) is None


def test_a_checkout_without_a_commit_says_nothing(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")

    assert deployed_commit(tmp_path) is None


def test_a_hook_of_another_checkout_does_not_mislead(
    checkout: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = git(checkout, "rev-parse", "HEAD")
    monkeypatch.setenv("GIT_DIR", str(tmp_path_factory.mktemp("other")))

    assert deployed_commit(checkout) == commit


def test_without_git_nothing_tells(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")

    assert deployed_commit(checkout) is None
