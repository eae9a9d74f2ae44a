"""Following the log of a site, wherever the site runs."""

import os
from pathlib import Path

import psutil

from acceptance.evidence.server_log import ServerLog
from acceptance.hosts.command import HostBehindCommand
from acceptance.waiting import eventually


def test_the_program_that_follows_a_log_ends_with_the_run(tmp_path: Path) -> None:
    log = tmp_path / "site.log"
    log.touch()
    # As journalctl(1), it does not notice that no one reads its output; and as in a container, the
    # end of the command that started it does not end it.
    (tmp_path / "tail").write_text("#!/bin/sh\nexec sleep 600\n", encoding="ascii")
    (tmp_path / "tail").chmod(0o700)
    path = f"PATH={tmp_path}:{os.environ['PATH']}"
    host = HostBehindCommand(["setsid", "--wait", "env", path])
    host.connect()
    server_log = ServerLog(host, str(log))
    server_log.begin()

    def follower() -> psutil.Process:
        processes = psutil.process_iter(["name", "cwd"])
        follows = {"name": "sleep", "cwd": str(tmp_path)}
        found = [process for process in processes if process.info == follows]
        assert len(found) == 1
        return found[0]

    following = eventually(follower, timeout=10, describe=lambda: "nothing follows the log")
    server_log.close()

    assert psutil.wait_procs([following], timeout=5)[1] == []
