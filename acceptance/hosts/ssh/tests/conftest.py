"""An sshd, and the home of a person who connects to it."""

from collections.abc import Iterator

import pytest
from trustme import CA

from testbeds.loopback.ssh_server import SshServer, open_ssh_server
from testbeds.loopback.tester import Tester


@pytest.fixture(scope="module")
def ssh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SshServer]:
    folder = tmp_path_factory.mktemp("ssh")
    (folder / "home").mkdir()
    with open_ssh_server(folder, folder / "home") as server:
        yield server


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, ssh: SshServer) -> Iterator[Tester]:
    """The tester whose files this process reads."""
    tester = Tester(tmp_path_factory.mktemp("tester") / "home", CA(), ssh)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in tester.environment.items():
            patch.setenv(name, value)
        yield tester


@pytest.fixture
def tester(home: Tester, ssh: SshServer) -> Tester:
    """A person who knows the server and may log in."""
    home.use_key(ssh, ssh.client_key)
    home.known_hosts.write_text(ssh.known_host, encoding="utf-8")
    return home
