import io
import subprocess
import tarfile
from pathlib import Path

import pytest

from fabfile.errors import DeploymentError
from fabfile.source import LOCK, Source, local_source


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=Edith", "-c", "user.email=edith@example.com")
    subprocess.run(  # noqa: S603
        ["git", *who, *arguments],  # noqa: S607
        cwd=folder,
        check=True,
        capture_output=True,
        timeout=30,
    )


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    files = [
        *(f"{name}/code.py" for name in ("superlists", "accounts", "lists", "features")),
        *("acceptance/__init__.py", "acceptance/running.py", "acceptance/server/code.py"),
        *("acceptance/fixtures/code.py", "acceptance/fixtures/tests/test_it.py"),
        *("features/__init__.py", "features/support/__init__.py"),
        *("features/support/fixtures.py", "features/support/person.py"),
        *("superlists/tests/test_it.py", "lists/tests/deep/er.py", "manage.py", LOCK),
    ]
    for name in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"committed {name}\n", encoding="utf-8")
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "--quiet", "--message=One")
    return tmp_path


def files_in(source: Source, *, staging: bool) -> dict[str, str]:
    with tarfile.open(fileobj=io.BytesIO(source.archive(staging=staging))) as archive:
        return {
            member.name: member_file.read().decode()
            for member in archive.getmembers()
            if (member_file := archive.extractfile(member))
        }


def test_a_production_server_gets_no_code_that_could_empty_it(checkout: Path) -> None:
    source = local_source(checkout)

    production = files_in(source, staging=False)

    assert set(production) == {
        *("superlists/code.py", "accounts/code.py", "lists/code.py", "manage.py", LOCK)
    }
    assert set(files_in(source, staging=True)) == {
        *production,
        "acceptance/__init__.py",
        "acceptance/fixtures/code.py",
        "acceptance/server/code.py",
        "features/__init__.py",
        "features/support/__init__.py",
        "features/support/fixtures.py",
    }


def test_uncommitted_files_are_counted_and_not_deployed(checkout: Path) -> None:
    source = local_source(checkout)
    assert source.uncommitted() == 0

    (checkout / "manage.py").write_text("half done", encoding="utf-8")
    (checkout / "lists" / "new.py").touch()

    assert source.uncommitted() == 2
    files = files_in(source, staging=False)
    assert files["manage.py"] == "committed manage.py\n"
    assert "lists/new.py" not in files
    assert source.lock() == f"committed {LOCK}\n".encode()


def test_without_a_commit_there_is_nothing_to_deploy(tmp_path: Path) -> None:
    with pytest.raises(DeploymentError, match="git rev-parse failed"):
        local_source(tmp_path)
