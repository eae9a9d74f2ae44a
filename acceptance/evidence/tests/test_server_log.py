"""How the log of a site is followed, wherever the site runs."""

from pathlib import Path

import psutil
import pytest

from acceptance.evidence.server_log import ServerLog
from acceptance.hosts.command import HostBehindCommand
from acceptance.hosts.host import Host
from acceptance.hosts.this_machine import ThisMachine
from acceptance.waiting import eventually


@pytest.mark.parametrize("host", [ThisMachine(), HostBehindCommand(["env"])], ids=str)
def test_what_follows_a_log_ends_with_the_run(host: Host, tmp_path: Path) -> None:
    path = tmp_path / "site.log"
    path.touch()
    host.connect()
    log = ServerLog(host, str(path))
    log.begin()

    def follower() -> psutil.Process:
        processes = psutil.process_iter(["name", "cwd"])
        follows = {"name": "tail", "cwd": str(tmp_path)}
        found = [process for process in processes if process.info == follows]
        assert len(found) == 1
        return found[0]

    tail = eventually(follower, timeout=10, describe=lambda: "nothing follows the log")
    log.close()

    assert psutil.wait_procs([tail], timeout=5)[1] == []
