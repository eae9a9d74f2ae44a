"""The target of a task, on a real sshd."""

import os
import stat
import subprocess
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from fabric import Config, Connection

from acceptance.hosts.errors import ConnectionLostError, HostKeyError, ServerError
from fabfile.deployed_site import Site
from fabfile.errors import DeploymentError
from fabfile.locked_shell import CommandFailedError, open_locked_shell
from fabfile.releases import list_command, parse
from fabfile.target import Target, target_of
from testbeds.loopback.ssh_server import SshServer, open_ssh_server

HOST = "superlists-staging.test"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def ssh(tmp_path: Path, home: Path) -> Iterator[SshServer]:
    home.mkdir()
    with open_ssh_server(tmp_path, home) as server:
        (tmp_path / "known_hosts").write_text(server.known_host, encoding="utf-8")
        yield server


@pytest.fixture
def target(tmp_path: Path, home: Path, ssh: SshServer) -> Iterator[Target]:
    with connected(tmp_path, home, ssh) as target:
        yield target


class connected:  # noqa: N801 (reads as what it does)
    """A target that a person's ssh configuration names."""

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
        # As with `fab -S` if neither user nor port is typed.
        config = Config(runtime_ssh_path=str(configuration), overrides={"user": "", "port": 0})
        self._target = Target(Connection(HOST, config=config))
        # sshd runs as the user who runs this test, who may be root.
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


def test_a_written_file_is_read_back_and_only_its_owner_may_read_it(
    target: Target, home: Path
) -> None:
    file = home / "secret"

    target.write(str(file), b"one\n")
    target.write(str(file), b"two\n")

    assert target.read(str(file)) == b"two\n"
    assert target.read(str(home / "nothing")) is None
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [each.name for each in home.glob("secret*")] == ["secret"]


@pytest.mark.parametrize("profile", ["", "echo Welcome", "set -eu -o noclobber", "umask 0"])
def test_files_are_transferred_exactly_whatever_the_login_shell_prints(
    target: Target, home: Path, tmp_path: Path, profile: str
) -> None:
    (home / ".bashrc").write_text(f"{profile}\n", encoding="utf-8")
    content = bytes(range(256)) * 1000 + b"no end of a line"
    local = tmp_path / "it's a wheel!.whl"
    local.write_bytes(content * 3)
    (home / "wheels").mkdir()

    target.write(str(home / "bytes"), content)
    target.write(str(home / "empty"), b"", 0o644)
    target.send([local], str(home / "wheels"))

    assert target.read(str(home / "bytes")) == content
    assert target.read(str(home / "empty")) == b""
    assert stat.S_IMODE((home / "empty").stat().st_mode) == 0o644
    assert target.read(str(home / "wheels" / local.name)) == content * 3
    assert stat.S_IMODE((home / "bytes").stat().st_mode) == 0o600


def test_a_file_that_cannot_be_read_is_not_taken_for_a_missing_one(
    target: Target, home: Path
) -> None:
    (home / "gone").symlink_to("/no/such/file")
    (home / "around").symlink_to("around")
    (home / "folder").mkdir()
    (home / "file").touch()

    for name, reason in [
        ("gone", "is a link that leads nowhere"),
        ("around", "is a link that leads nowhere"),
        ("folder", "Is a directory"),
        ("file/below", "Not a directory"),
    ]:
        with pytest.raises(ServerError, match=reason):
            target.read(str(home / name))
    for name in ("gone", "file/below"):
        with pytest.raises(ServerError):
            target.exists(str(home), str(home / name))
    assert target.read(str(home / "no" / "thing")) is None
    assert not target.exists(str(home), str(home / "nothing"))
    assert target.exists(str(home), str(home / "file"))


def test_a_file_that_cannot_be_written_stays_as_it_was(target: Target, home: Path) -> None:
    target.write(str(home / "file"), b"before")
    # As on a full disk.
    (home / ".bashrc").write_text("ulimit -f 1; trap '' XFSZ\n", encoding="utf-8")

    for path, reason in [("file", "File too large"), ("no/file", "nonexistent"), ("", "directory")]:
        with pytest.raises(ServerError, match=f"cannot be written on .*{reason}") as failure:
            target.write(str(home / path), b"x" * 10_000)
        assert str(failure.value).count("\n") == 0
    assert target.read(str(home / "file")) == b"before"
    assert sorted(each.name for each in home.iterdir()) == [".bashrc", "file", "sites"]


def test_a_link_is_followed_when_a_file_is_written(target: Target, home: Path) -> None:
    (home / "link").symlink_to("shared")

    target.write(str(home / "link"), b"content")

    assert (home / "link").is_symlink()
    assert (home / "shared").read_bytes() == b"content"


def test_a_command_that_could_not_be_executed_gives_no_answer(target: Target, home: Path) -> None:
    (home / "program").touch()

    assert target.succeeds("true")
    assert not target.succeeds("false")
    assert not target.succeeds("no-such-program")
    for command in [[str(home / "program")], ["sh", "-c", "kill -9 $$"]]:
        with pytest.raises(ServerError):
            target.succeeds(*command)


@pytest.mark.parametrize("app", ["acceptance/server", "staging"])
def test_a_release_with_the_app_that_empties_a_site_is_that_of_a_staging_site(
    target: Target, app: str
) -> None:
    releases = Path(target.site.folder) / "releases"
    (releases / "20300101T120000Z-0123456").mkdir(parents=True)
    (releases / "20300102T120000Z-0123456" / app).mkdir(parents=True)

    production, staging = parse(target.run(list_command(target.site), "/")).all

    assert not production.staging
    assert staging.staging


def test_releases_that_cannot_be_listed_are_not_taken_for_missing_ones(target: Target) -> None:
    folder = Path(target.site.folder)
    assert parse(target.run(list_command(target.site), "/")).all == []
    (folder / "releases").touch()

    with pytest.raises(ServerError, match="Not a directory"):
        target.run(list_command(target.site), "/")


def test_a_lock_that_fails_is_not_taken_for_another_deployment(
    target: Target,
) -> None:
    (Path(target.site.folder) / "deploy.lock").mkdir()

    with (
        pytest.raises(ServerError, match=r"deploy\.lock.*[Dd]irectory") as failure,
        open_locked_shell(target),
    ):
        pass
    assert "has been deploying" not in str(failure.value)


@pytest.fixture
def full_disk(home: Path) -> Iterator[Path]:
    """A file system with almost no space in it."""
    folder = home / "full"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:  # noqa: S603
        pytest.skip("Only root mounts file systems.")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)  # noqa: S603, S607


def test_a_full_disk_is_reported_and_the_old_content_is_kept(
    target: Target, full_disk: Path, tmp_path: Path
) -> None:
    (full_disk / "env").write_text("old", encoding="utf-8")
    large = tmp_path / "large"
    large.write_bytes(b"x" * 200_000)
    full = rf"{full_disk}/\w+ cannot be written on .*: .*No space left on device\.$"

    with pytest.raises(ServerError, match=full):
        target.send([large], str(full_disk))
    with pytest.raises(ServerError, match=full):
        target.write(str(full_disk / "env"), b"x" * 200_000)
    with (
        open_locked_shell(target) as shell,
        pytest.raises(CommandFailedError, match="No space left on device"),
    ):
        shell.run(["sh", "-c", "cat /dev/zero >zeros; echo giving up; exit 1"], str(full_disk))

    (full_disk / "zeros").unlink()
    assert [each.name for each in full_disk.iterdir()] == ["env"]
    assert (full_disk / "env").read_text(encoding="utf-8") == "old"


def test_a_read_only_folder_is_reported(target: Target, full_disk: Path, tmp_path: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(full_disk)], check=True)  # noqa: S603, S607

    with pytest.raises(ServerError, match=r"cannot be written on .*: Read-only file system\.$"):
        target.send([Path(__file__)], str(full_disk))


def test_a_command_gets_its_arguments_unchanged(target: Target) -> None:
    strange = ["a b", "$(id)", "it's", 'say "x"', "two\nlines", "; exit 3", "*"]

    with open_locked_shell(target) as shell:
        output = shell.run(["printf", "%s|", *strange])

    assert output == "|".join([*strange, ""])


def test_a_command_gets_no_input_and_does_not_affect_the_next_one(target: Target) -> None:
    with open_locked_shell(target) as shell:
        assert shell.run(["cat"]) == ""
        assert shell.run(["pwd"], target.site.folder) == target.site.folder
        assert shell.run(["pwd"]) == "/"


def test_the_output_of_a_failed_command_is_kept_and_the_shell_continues(target: Target) -> None:
    with open_locked_shell(target) as shell:
        with pytest.raises(CommandFailedError, match="status 3: no room") as failure:
            shell.run(["sh", "-c", "echo hello; echo no room >&2; exit 3"])
        assert failure.value.output == "hello\nno room"
        assert shell.run(["echo", "next"]) == "next"


def test_the_refusal_of_a_second_deployment_names_the_first(
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


def test_a_command_of_a_lost_deployment_keeps_others_out(
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
def test_a_host_or_user_that_no_site_can_have_is_never_contacted(host: str) -> None:
    with pytest.raises(DeploymentError):
        target_of(Connection(host))


def test_a_task_without_a_server_asks_for_one() -> None:
    with pytest.raises(DeploymentError, match="No server is named"):
        target_of(object())
