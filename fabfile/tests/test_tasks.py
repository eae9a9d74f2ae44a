"""The messages for mistyped tasks, before any server is contacted."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from testbeds import ROOT

HOST = "superlists.test"


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["deploy"], "No server is named: type `fab -H elspeth@superlists.example.com TASK`."),
        (
            ["provision", "--dry"],
            "No server is named: type `fab -H elspeth@superlists.example.com TASK`.",
        ),
        (["-H", f"root@{HOST}", "deploy"], "A site does not run as root"),
        (["-H", "elspeth@192.0.2.7", "deploy"], "'192.0.2.7' is not the name of a site"),
        (["-H", "elspeth@SUPERLISTS.test", "status"], "type its host name in lower case"),
        (["-H", f"elspeth@{HOST}", "deploy", "--staging=other.test"], "name two servers: name"),
        (
            ["-H", f"elspeth@{HOST}", "deploy", "--staging=superlist.test"],
            f"mean --staging={HOST}?",
        ),
        # As in --staging=$HOST where HOST is not set: not a production server by accident.
        (["-H", f"elspeth@{HOST}", "deploy", "--staging="], "--staging= names no host"),
        (["-H", f"elspeth@{HOST}", "create-session", "edith"], "'edith' is not an email address"),
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


@pytest.mark.parametrize("named", ["with -S", "in the home"])
def test_only_ssh_reads_the_ssh_configuration(tmp_path: Path, named: str) -> None:
    configuration = tmp_path / ".ssh" / "config"
    configuration.parent.mkdir()
    configuration.write_bytes(
        f"# f\xfcr\nMatch host={HOST}\n  HostName 127.0.0.1 # here\n  User edith\n".encode(
            "latin-1"
        )
    )
    given = ["-S", str(configuration)] if named == "with -S" else []

    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "fabric", *given, "-H", f"elspeth@{HOST}:1", "status"],
        cwd=ROOT,
        env={**os.environ, "HOME": str(tmp_path)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 1
    address = "127.0.0.1" if given else HOST
    assert f"elspeth@{address}, port 1 cannot be reached by SSH" in done.stderr
    assert done.stderr.strip().count("\n") == 0
