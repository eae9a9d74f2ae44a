import shutil
import subprocess
from pathlib import Path

import pytest

from superlists import release
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
def test_a_deployments_file_names_the_commit(checkout: Path, content: str) -> None:
    (checkout / "COMMIT").write_text(content)

    assert deployed_commit(checkout) == COMMIT


@pytest.mark.parametrize("content", [b"", b"main", COMMIT[:7].encode(), b"\xff\xfe", b"g" * 40])
def test_a_file_without_a_commit_is_ignored(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "COMMIT").write_bytes(content)

    assert deployed_commit(tmp_path) is None


def test_git_names_the_commit_of_a_checkout(checkout: Path) -> None:
    assert deployed_commit(checkout) == git(checkout, "rev-parse", "HEAD")


def test_git_names_the_commit_of_a_worktree(checkout: Path) -> None:
    git(checkout, "worktree", "add", "--quiet", "other")
    git(checkout, "commit", "--quiet", "--allow-empty", "--message", "Go on")

    assert deployed_commit(checkout / "other") == git(checkout, "rev-parse", "HEAD~")


def test_a_checkout_in_a_folder_above_is_ignored(checkout: Path) -> None:
    project = checkout / "sites"
    project.mkdir()

    assert deployed_commit(project) is None


def test_a_checkout_without_commits_has_no_commit(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")

    assert deployed_commit(tmp_path) is None


def test_a_hook_of_another_checkout_does_not_mislead(
    checkout: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = git(checkout, "rev-parse", "HEAD")
    monkeypatch.setenv("GIT_DIR", str(tmp_path_factory.mktemp("other")))

    assert deployed_commit(checkout) == commit


def test_without_git_the_commit_is_unknown(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")

    assert deployed_commit(checkout) is None


def test_without_an_answer_from_git_in_time_the_commit_is_unknown(
    checkout: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path_factory.mktemp("programs")
    hanging = folder / "git"
    hanging.write_text(f"#!/bin/sh\necho {COMMIT}\nexec {shutil.which('sleep')} 2\n")
    hanging.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr(release, "_SECONDS", 0.1)

    assert deployed_commit(checkout) is None
