"""The commit that git reports for a checkout, and the reason where there is none."""

import subprocess
from pathlib import Path

import pytest

from acceptance.checkout import (
    UnknownCommitError,
    commit_of,
    has_uncommitted_changes,
    release_of,
)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "checkout"
    git = ["git", "-C", str(folder), "-c", "user.name=Edith", "-c", "user.email=edith@example.com"]
    folder.mkdir()
    for words in (["init", "--quiet"], ["commit", "--quiet", "--allow-empty", "-m", "One"]):
        subprocess.run([*git, *words], check=True)  # noqa: S603
    return folder


def reason(folder: Path) -> str:
    with pytest.raises(UnknownCommitError) as unknown:
        commit_of(folder)
    return str(unknown.value)


def test_the_commit_is_known_also_in_the_checkout_of_another_user(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = commit_of(repository)
    # As git's own tests do it.
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    refused = subprocess.run(  # noqa: S603
        ["git", "-C", str(repository), "rev-parse", "HEAD"],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )

    assert "dubious ownership" in refused.stderr
    assert commit_of(repository) == ours
    assert not has_uncommitted_changes(repository)
    (repository / "new").touch()
    assert has_uncommitted_changes(repository)


def test_a_release_is_a_tag_or_what_follows_it(repository: Path) -> None:
    first = commit_of(repository)
    assert release_of(repository, first) == ""

    git = ["git", "-C", str(repository), "-c", "user.name=Edith", "-c", "user.email=e@example.com"]
    for words in (["tag", "v1.2"], ["commit", "--quiet", "--allow-empty", "-m", "Two"]):
        subprocess.run([*git, *words], check=True)  # noqa: S603
    second = commit_of(repository)

    assert release_of(repository, first) == "v1.2"
    assert release_of(repository, second).startswith("v1.2-1-g")


def test_a_commit_that_is_not_here_has_no_release(repository: Path, tmp_path: Path) -> None:
    assert release_of(repository, "1" * 40) == ""
    assert release_of(tmp_path, "1" * 40) == ""


def test_a_worktree_and_a_hook_know_their_own_commit(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = commit_of(repository)
    worktree = tmp_path / "worktree"
    subprocess.run(  # noqa: S603
        ["git", "-C", str(repository), "worktree", "add", "--quiet", str(worktree)],  # noqa: S607
        check=True,
    )
    monkeypatch.setenv("GIT_DIR", "/nowhere")

    assert commit_of(worktree) == ours


def test_the_reason_for_an_unknown_commit_is_reported(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (repository / ".git" / "HEAD").write_text("ref: refs/heads/none\n", encoding="ascii")
    assert reason(repository).startswith("git reports 'fatal: ")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert reason(repository) == "git is not installed"
    assert reason(tmp_path) == f"{tmp_path} is not a git checkout"
