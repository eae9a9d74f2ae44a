"""What whoever mistypes a task is told, before any server is contacted."""

import subprocess
import sys

import pytest

from fabfile.source import ROOT

HOST = "superlists.test"


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["deploy"], "Which server? Name it"),
        (["provision", "--dry"], "Which server? Name it"),
        (["-H", f"root@{HOST}", "deploy"], "A site does not run as root"),
        (["-H", "elspeth@192.0.2.7", "deploy"], "'192.0.2.7' is not the name of a site"),
        (["-H", "elspeth@SUPERLISTS.test", "status"], "type it in small letters"),
        (["-H", f"elspeth@{HOST}", "deploy", "--staging=other.test"], "name two servers: spell"),
        (
            ["-H", f"elspeth@{HOST}", "deploy", "--staging=superlist.test"],
            f"mean --staging={HOST}?",
        ),
        # As in --staging=$HOST where HOST is not set: not a production server by accident.
        (["-H", f"elspeth@{HOST}", "deploy", "--staging="], "--staging= names no host"),
        (["-H", f"elspeth@{HOST}", "create-session", "edith"], "'edith' is not a mail address"),
        (["-H", f"elspeth@{HOST}", "create-session"], "positional arguments: 'email'"),
        (["-H", f"elspeth@{HOST}", "deply"], "No idea what 'deply' is!"),
    ],
)
def test_a_task_that_is_mistyped_ends_with_one_sentence(words: list[str], reason: str) -> None:
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "fabric", *words],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 1
    assert done.stdout == ""
    assert reason in done.stderr
    assert done.stderr.strip().count("\n") == 0
    assert "production" not in done.stderr
