"""What git says of the checkout, or why it cannot."""

import subprocess
from pathlib import Path

import pytest

from acceptance import checkout


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "checkout"
    git = ["git", "-C", str(folder), "-c", "user.name=Edith", "-c", "user.email=edith@example.com"]
    folder.mkdir()
    for words in (["init", "--quiet"], ["commit", "--quiet", "--allow-empty", "-m", "One"]):
        subprocess.run([*git, *words], check=True)  # noqa: S603
    monkeypatch.setattr(checkout, "ROOT", folder)
    return folder


def reason() -> str:
    with pytest.raises(checkout.UnknownCommitError) as unknown:
        checkout.commit_here()
    return str(unknown.value)


def test_the_commit_is_known_also_in_the_checkout_of_another_user(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = checkout.commit_here()
    # As git's own tests do it.
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    refused = subprocess.run(  # noqa: S603
        ["git", "-C", str(repository), "rev-parse", "HEAD"],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )

    assert "dubious ownership" in refused.stderr
    assert checkout.commit_here() == ours
    assert not checkout.has_uncommitted_changes()
    (repository / "new").touch()
    assert checkout.has_uncommitted_changes()


def test_a_worktree_and_a_hook_know_their_own_commit(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = checkout.commit_here()
    worktree = tmp_path / "worktree"
    subprocess.run(  # noqa: S603
        ["git", "-C", str(repository), "worktree", "add", "--quiet", str(worktree)],  # noqa: S607
        check=True,
    )
    monkeypatch.setattr(checkout, "ROOT", worktree)
    monkeypatch.setenv("GIT_DIR", "/nowhere")

    assert checkout.commit_here() == ours


def test_why_a_commit_is_not_known_is_said(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (repository / ".git" / "HEAD").write_text("ref: refs/heads/none\n", encoding="ascii")
    assert reason().startswith("git says 'fatal: ")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert reason() == "git is not installed"
    monkeypatch.setattr(checkout, "ROOT", tmp_path)
    assert reason() == f"{tmp_path} is no git checkout"
