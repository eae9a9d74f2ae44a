"""The server's side, on a real sshd."""

import os
import stat
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from fabric import Config, Connection

from fabfile.deployed_site import Site
from fabfile.errors import DeploymentError
from fabfile.locked_shell import CommandFailedError, open_locked_shell
from fabfile.target import Target, target_of
from features.support.server.errors import ConnectionLostError, HostKeyError
from loopback.ssh_server import SshServer, open_ssh_server

HOST = "superlists-staging.test"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def ssh(tmp_path: Path, home: Path) -> Iterator[SshServer]:
    home.mkdir()
    with open_ssh_server(tmp_path, home, "Subsystem sftp internal-sftp") as server:
        (tmp_path / "known_hosts").write_text(server.known_host, encoding="utf-8")
        yield server


@pytest.fixture
def target(tmp_path: Path, home: Path, ssh: SshServer) -> Iterator[Target]:
    with connected(tmp_path, home, ssh) as target:
        yield target


class connected:  # noqa: N801 (reads as what it does)
    """A target that a person's ssh configuration leads to."""

    def __init__(self, folder: Path, home: Path, ssh: SshServer) -> None:
        configuration = folder / "ssh_config"
        configuration.write_text(
            f"Host {HOST}\n"
            "    HostName 127.0.0.1\n"
            f"    Port {ssh.port}\n"
            f"    User {ssh.user}\n"
            f"    IdentityFile {ssh.client_key}\n"
            f"    UserKnownHostsFile {folder / 'known_hosts'}\n",
            encoding="utf-8",
        )
        # As `fab -S` does where neither user nor port is typed.
        config = Config(runtime_ssh_path=str(configuration), overrides={"user": "", "port": 0})
        self._target = Target(Connection(HOST, config=config))
        # sshd runs as whoever runs this test, who may be root.
        self._target.site = Site(HOST, "elspeth", str(home))
        Path(self._target.site.folder).mkdir(parents=True, exist_ok=True)

    def __enter__(self) -> Target:
        return self._target

    def __exit__(self, *_: object) -> None:
        self._target.disconnect()


def test_a_server_whose_key_is_not_known_gets_nothing(
    tmp_path: Path, home: Path, ssh: SshServer
) -> None:
    (tmp_path / "known_hosts").write_text("", encoding="utf-8")

    with (
        connected(tmp_path, home, ssh) as target,
        pytest.raises(HostKeyError, match="is not known"),
    ):
        target.write(str(home / "secret"), b"x")

    assert ssh.logins() == 0


def test_a_server_whose_key_has_changed_gets_nothing(
    tmp_path: Path, home: Path, ssh: SshServer
) -> None:
    ssh.change_host_key()

    with connected(tmp_path, home, ssh) as target, pytest.raises(HostKeyError, match="has changed"):
        target.write(str(home / "secret"), b"x")


def test_what_is_written_is_read_back_and_only_its_owner_reads_it(
    target: Target, home: Path
) -> None:
    file = home / "secret"

    target.write(str(file), b"one\n")
    target.write(str(file), b"two\n")

    assert target.read(str(file)) == b"two\n"
    assert target.read(str(home / "nothing")) is None
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [each.name for each in home.glob("secret*")] == ["secret"]


def test_a_command_gets_its_arguments_as_they_are(target: Target) -> None:
    strange = ["a b", "$(id)", "it's", 'say "x"', "two\nlines", "; exit 3", "*"]

    with open_locked_shell(target) as shell:
        said = shell.run(["printf", "%s|", *strange])

    assert said == "|".join([*strange, ""])


def test_a_command_finds_no_input_and_leaves_the_next_one_alone(target: Target) -> None:
    with open_locked_shell(target) as shell:
        assert shell.run(["cat"]) == ""
        assert shell.run(["pwd"], target.site.folder) == target.site.folder
        assert shell.run(["pwd"]) == "/"


def test_a_command_that_fails_says_how_and_the_shell_goes_on(target: Target) -> None:
    with open_locked_shell(target) as shell:
        with pytest.raises(CommandFailedError, match="status 3: no room") as failure:
            shell.run(["sh", "-c", "echo hello; echo no room >&2; exit 3"])
        assert failure.value.output == "hello\nno room"
        assert shell.run(["echo", "next"]) == "next"


def test_a_second_deployment_is_told_who_is_at_it(
    tmp_path: Path, home: Path, ssh: SshServer, target: Target
) -> None:
    with connected(tmp_path, home, ssh) as other:
        with (
            open_locked_shell(target),
            pytest.raises(DeploymentError, match=r"@.* since .* UTC has been deploying to super"),
            open_locked_shell(other),
        ):
            pass
        with open_locked_shell(other) as shell:
            assert shell.run(["echo", "free"]) == "free"


def test_what_a_lost_deployment_still_does_keeps_others_out(
    tmp_path: Path, home: Path, ssh: SshServer, target: Target
) -> None:
    started, go_on = home / "started", home / "go_on"
    os.mkfifo(started)
    os.mkfifo(go_on)

    def deploy() -> None:
        with suppress(ConnectionLostError), open_locked_shell(target) as shell:
            shell.run(["sh", "-c", f"echo yes >{started}; read line <{go_on}"])

    deployment = threading.Thread(target=deploy)
    deployment.start()
    assert started.read_text(encoding="utf-8") == "yes\n"
    target.disconnect()
    deployment.join()

    with (
        connected(tmp_path, home, ssh) as other,
        pytest.raises(DeploymentError, match="has been deploying"),
        open_locked_shell(other),
    ):
        pass
    go_on.write_text("now\n", encoding="utf-8")


@pytest.mark.parametrize("host", ["elspeth@a;reboot", "elspeth@192.0.2.7", "root@a.test"])
def test_a_host_or_user_that_cannot_be_a_sites_is_never_contacted(host: str) -> None:
    with pytest.raises(DeploymentError):
        target_of(Connection(host))


def test_a_task_without_a_server_asks_for_one() -> None:
    with pytest.raises(DeploymentError, match="Which server"):
        target_of(object())
