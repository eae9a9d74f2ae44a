"""Problems with the connection to a server, with real sshds."""

import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread
from time import monotonic

import psutil
import pytest
from paramiko import Channel, PKey, ServerInterface, Transport
from paramiko.common import AUTH_SUCCESSFUL, OPEN_SUCCEEDED

from acceptance.hosts.errors import (
    ConnectionLostError,
    HostKeyError,
    LogInError,
    ServerError,
)
from acceptance.hosts.ssh.host import SshHost
from testbeds.keys import make_key
from testbeds.loopback.deployed_site import SITE_NAME
from testbeds.loopback.server_process import reserved_port
from testbeds.loopback.ssh_server import ADDRESS, SshServer, open_ssh_server
from testbeds.loopback.tester import Tester

# How long a server may keep these tests waiting, in seconds.
PATIENCE = 0.4


@pytest.fixture(scope="module")
def bastion(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SshServer]:
    """Another sshd, through which the connection goes."""
    folder = tmp_path_factory.mktemp("bastion")
    with open_ssh_server(folder, folder) as server:
        yield server


@pytest.fixture
def connect(tester: Tester) -> Iterator[Callable[[], SshHost]]:
    """Connect with the tester's current files."""
    opened = []

    def connect() -> SshHost:
        server = SshHost(SITE_NAME, timeout=PATIENCE)
        opened.append(server)
        server.connect()
        return server

    yield connect
    for server in opened:
        server.disconnect()


@pytest.fixture
def server(tester: Tester) -> Iterator[SshHost]:
    server = SshHost(SITE_NAME)
    server.connect()
    yield server
    server.disconnect()


def change(file: Path, old: str, new: str) -> None:
    content = file.read_text(encoding="utf-8")
    assert old in content
    file.write_text(content.replace(old, new), encoding="utf-8")


def add(file: Path, text: str) -> None:
    file.write_text(file.read_text(encoding="utf-8") + text, encoding="utf-8")


def run(*command: str | Path) -> str:
    done = subprocess.run(  # noqa: S603
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
        timeout=20,
    )
    return done.stdout


def fingerprint(public_key: Path) -> str:
    return run("ssh-keygen", "-lf", public_key).split()[1]


def type_what_it_says(message: str) -> None:
    """Run the commands in a message, as a person would."""
    for command in re.findall("`([^`]+)`", message):
        run("bash", "-c", command)


def is_one_sentence(message: str) -> bool:
    return "\n" not in message and message.endswith(".") and "Error" not in message


def go_through(bastion: SshServer, tester: Tester, key: Path | None = None) -> None:
    add(tester.ssh_configuration, "    ProxyJump bastion\n")
    add(
        tester.ssh_configuration,
        f"Host bastion\n    HostName {ADDRESS}\n    Port {bastion.port}\n    User {bastion.user}\n"
        f"    IdentityFile {key or bastion.client_key}\n"
        f"    UserKnownHostsFile {tester.known_hosts}\n",
    )


class TestConnecting:
    def test_one_connection_serves_all_commands(
        self, ssh: SshServer, connect: Callable[[], SshHost]
    ) -> None:
        before = ssh.logins()
        server = connect()

        for _ in range(3):
            server.connect()
            server.run(["true"], "~/")

        assert ssh.logins() == before + 1
        assert server.connections == 1

    @pytest.mark.parametrize(
        ("lines", "hint"),
        [
            ("Port 1\n", "Connection refused"),
            (f"HostName {SITE_NAME}.invalid\n", "cannot be reached"),
            ("ProxyCommand /no/such/program\n", "cannot be reached"),
        ],
    )
    def test_a_missing_server_is_reported_in_one_sentence(
        self, tester: Tester, connect: Callable[[], SshHost], lines: str, hint: str
    ) -> None:
        # The first line for a setting counts.
        change(tester.ssh_configuration, "    HostName", f"    {lines}    HostName")

        with pytest.raises(ServerError, match=hint) as refusal:
            connect()

        assert is_one_sentence(str(refusal.value))
        assert f"`ssh -v {SITE_NAME}` works" in str(refusal.value)

    @pytest.mark.parametrize(
        "greeting", [None, b"", b"SSH-2.0-Silent\r\n", b"HTTP/1.1 400 Bad Request\r\n\r\n"]
    )
    def test_a_server_that_does_not_speak_ssh_keeps_no_one_waiting(
        self, tester: Tester, ssh: SshServer, connect: Callable[[], SshHost], greeting: bytes | None
    ) -> None:
        with answering_with(greeting) as port:
            change(tester.ssh_configuration, f"Port {ssh.port}", f"Port {port}")
            start = monotonic()
            with pytest.raises(ServerError) as refusal:
                connect()

        assert monotonic() - start < 10 * PATIENCE
        assert is_one_sentence(str(refusal.value))
        assert "cannot be reached by SSH" in str(refusal.value)

    @pytest.mark.parametrize(
        "line",
        ["Port twenty-two", "nonsense", "HostName %z", "Port"],
    )
    def test_an_invalid_configuration_is_reported(self, tester: Tester, line: str) -> None:
        change(tester.ssh_configuration, "    HostName", f"    {line}\n    HostName")

        with pytest.raises(ServerError, match="ssh cannot use your ssh configuration") as refusal:
            SshHost(SITE_NAME)

        assert is_one_sentence(str(refusal.value))


@contextmanager
def answering_with(greeting: bytes | None) -> Iterator[int]:
    """Listen, and send this to every client; None sends nothing, and "" hangs up."""
    with socket.create_server((ADDRESS, 0)) as listener:

        def answer() -> None:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            # A client that hangs up without having read everything resets the connection.
            with connection, suppress(ConnectionError):
                if greeting:
                    connection.sendall(greeting)
                # Until the other side gives up.
                while greeting != b"" and connection.recv(4096):
                    pass

        thread = Thread(target=answer)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            # Otherwise a test that fails would wait for the server forever.
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(10)


class Undecided(ServerInterface):
    """Lets everyone in, and never answers whether it runs their commands."""

    def __init__(self) -> None:
        self.decided = Event()

    def get_allowed_auths(self, _username: str) -> str:
        return "publickey"

    def check_auth_publickey(self, _username: str, _key: PKey) -> int:
        return AUTH_SUCCESSFUL

    def check_channel_request(self, _kind: str, _number: int) -> int:
        return OPEN_SUCCEEDED

    def check_channel_exec_request(self, _channel: Channel, _command: bytes) -> bool:
        self.decided.wait(10)
        return False


@contextmanager
def undecided_server(host_key: Path) -> Iterator[int]:
    """Serve one connection with an undecided server; yields its port."""
    undecided = Undecided()
    with socket.create_server((ADDRESS, 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            transport = Transport(connection)
            transport.add_server_key(PKey.from_path(host_key))
            transport.start_server(server=undecided)
            transport.join(10)

        thread = Thread(target=serve)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            undecided.decided.set()
            thread.join(10)


class TestHostKeys:
    def test_an_unknown_key_is_refused_until_the_advice_is_followed(
        self, tester: Tester, ssh: SshServer, connect: Callable[[], SshHost]
    ) -> None:
        tester.known_hosts.write_text("", encoding="utf-8")
        before = ssh.logins()

        with pytest.raises(HostKeyError) as refusal:
            connect()

        assert is_one_sentence(str(refusal.value))
        assert fingerprint(ssh.host_key.with_suffix(".pub")) in str(refusal.value)
        assert ssh.logins() == before
        type_what_it_says(str(refusal.value))
        assert connect().run(["echo", "known"], "~/") == "known\n"

    def test_a_changed_key_is_refused_until_the_advice_is_followed(
        self, tester: Tester, ssh: SshServer, tmp_path: Path, connect: Callable[[], SshHost]
    ) -> None:
        make_key(tmp_path / "other")
        other = (tmp_path / "other.pub").read_text(encoding="utf-8")
        stranger = f"[{ADDRESS}]:1 {other}"
        tester.known_hosts.write_text(f"[{ADDRESS}]:{ssh.port} {other}{stranger}", encoding="utf-8")
        before = ssh.logins()

        with pytest.raises(HostKeyError, match="has changed") as refusal:
            connect()

        assert is_one_sentence(str(refusal.value))
        for key in (ssh.host_key, tmp_path / "other"):
            assert fingerprint(key.with_suffix(".pub")) in str(refusal.value)
        assert ssh.logins() == before
        type_what_it_says(str(refusal.value))
        assert connect().run(["echo", "known"], "~/") == "known\n"
        assert stranger.strip() in tester.known_hosts.read_text(encoding="utf-8")

    def test_a_server_that_becomes_another_one_is_refused_at_the_next_connection(
        self, ssh: SshServer, connect: Callable[[], SshHost]
    ) -> None:
        server = connect()
        server.disconnect()
        ssh.change_host_key()

        with pytest.raises(HostKeyError, match="has changed"):
            server.connect()

    @pytest.mark.parametrize("option", ["no", "accept-new", "off"])
    def test_no_configuration_makes_it_less_strict(
        self, tester: Tester, connect: Callable[[], SshHost], option: str
    ) -> None:
        tester.known_hosts.write_text("", encoding="utf-8")
        add(tester.ssh_configuration, f"    StrictHostKeyChecking {option}\n")

        with pytest.raises(HostKeyError, match="not known"):
            connect()

    @pytest.mark.parametrize(
        "line",
        [
            "@cert-authority *.example.com {key}",
            "# written by hand, and never read",
            "one.example.com",
            "one.example.com ssh-ed25519",
            "one.example.com ssh-ed25519 AAA",
            "one.example.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAAQ==",
            "one.example.com ssh-unheard-of AAAA",
        ],
    )
    def test_a_line_that_says_nothing_to_us_does_not_hide_the_others(
        self, tester: Tester, ssh: SshServer, connect: Callable[[], SshHost], line: str
    ) -> None:
        key = ssh.known_host.partition(" ")[2].strip()
        tester.known_hosts.write_text(f"{line.format(key=key)}\n{ssh.known_host}", encoding="utf-8")
        assert connect().is_connected

        ssh.change_host_key()
        with pytest.raises(HostKeyError, match="has changed"):
            connect()

    def test_a_key_that_certifies_others_is_not_a_known_one(
        self, tester: Tester, ssh: SshServer, connect: Callable[[], SshHost]
    ) -> None:
        tester.known_hosts.write_text(f"@cert-authority {ssh.known_host}", encoding="utf-8")

        with pytest.raises(HostKeyError, match="not known"):
            connect()

    @pytest.mark.parametrize("order", ["{known}@revoked * {key}\n", "@revoked {known}{known}"])
    def test_a_revoked_key_is_refused_although_it_is_known(
        self, tester: Tester, ssh: SshServer, connect: Callable[[], SshHost], order: str
    ) -> None:
        key = ssh.known_host.partition(" ")[2].strip()
        before = ssh.logins()
        tester.known_hosts.write_text(order.format(known=ssh.known_host, key=key), encoding="utf-8")

        with pytest.raises(HostKeyError, match="revoked") as refusal:
            connect()

        assert is_one_sentence(str(refusal.value))
        assert "ssh-keyscan" not in str(refusal.value)
        assert ssh.logins() == before

    def test_names_in_known_hosts_may_be_hashed(
        self, tester: Tester, connect: Callable[[], SshHost]
    ) -> None:
        run("ssh-keygen", "-H", "-f", tester.known_hosts)
        assert ADDRESS not in tester.known_hosts.read_text(encoding="utf-8")

        assert connect().is_connected

    def test_there_may_be_several_known_hosts_files(
        self, tester: Tester, ssh: SshServer, tmp_path: Path, connect: Callable[[], SshHost]
    ) -> None:
        file = str(tester.known_hosts)
        change(tester.ssh_configuration, file, f"{tmp_path / 'none'} {tmp_path / 'more'}")
        (tmp_path / "more").write_text(ssh.known_host, encoding="utf-8")
        assert connect().is_connected

        (tmp_path / "more").unlink()
        with pytest.raises(HostKeyError, match="not known") as refusal:
            connect()

        # The usual file, which a person would use, is not read here.
        assert "`ssh-keyscan" in str(refusal.value)
        type_what_it_says(str(refusal.value))
        assert connect().is_connected

    def test_a_host_on_the_way_lets_everyone_through_to_the_server(
        self,
        tester: Tester,
        ssh: SshServer,
        bastion: SshServer,
        connect: Callable[[], SshHost],
    ) -> None:
        go_through(bastion, tester)
        add(tester.known_hosts, bastion.known_host)
        before = (bastion.logins(), ssh.logins())

        server = connect()

        assert server.run(["echo", "through"], "~/") == "through\n"
        assert (bastion.logins(), ssh.logins()) == (before[0] + 1, before[1] + 1)
        opened = bastion.connections()
        assert len(opened) == 1
        server.disconnect()
        assert psutil.wait_procs(opened, timeout=5)[1] == []

    def test_a_host_on_the_way_must_be_known_as_well(
        self, tester: Tester, bastion: SshServer, connect: Callable[[], SshHost]
    ) -> None:
        go_through(bastion, tester)
        before = bastion.logins()

        with pytest.raises(HostKeyError, match="not known") as refusal:
            connect()

        assert f"[{ADDRESS}]:{bastion.port}" in str(refusal.value)
        assert bastion.logins() == before
        type_what_it_says(str(refusal.value))
        assert connect().is_connected

    def test_a_server_behind_another_host_must_be_known_as_well(
        self, tester: Tester, ssh: SshServer, bastion: SshServer, connect: Callable[[], SshHost]
    ) -> None:
        go_through(bastion, tester)
        tester.known_hosts.write_text(bastion.known_host, encoding="utf-8")

        with pytest.raises(HostKeyError, match="not known") as refusal:
            connect()

        assert f"[{ADDRESS}]:{ssh.port}" in str(refusal.value)
        # ssh-keyscan cannot reach this server.
        assert f"type `ssh {SITE_NAME}`" in str(refusal.value)

    def test_a_server_that_another_host_does_not_reach_is_reported(
        self, tester: Tester, ssh: SshServer, bastion: SshServer, connect: Callable[[], SshHost]
    ) -> None:
        with reserved_port() as port:
            change(tester.ssh_configuration, f"Port {ssh.port}", f"Port {port}")
            go_through(bastion, tester)
            add(tester.known_hosts, bastion.known_host)

            with pytest.raises(ServerError, match="the previous host reports") as refusal:
                connect()

        assert is_one_sentence(str(refusal.value))


class TestLoggingIn:
    def test_an_encrypted_key_needs_an_agent(
        self, tester: Tester, ssh: SshServer, tmp_path: Path, connect: Callable[[], SshHost]
    ) -> None:
        key = tmp_path / "encrypted"
        make_key(key, passphrase="correct horse")
        tester.use_key(ssh, key)

        with pytest.raises(LogInError, match="is encrypted") as refusal:
            connect()

        assert is_one_sentence(str(refusal.value))
        assert f"`ssh-add {key}`" in str(refusal.value)

    def test_an_agent_logs_in(
        self,
        tester: Tester,
        ssh: SshServer,
        tmp_path: Path,
        connect: Callable[[], SshHost],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        key = tmp_path / "key"
        key.write_bytes(ssh.client_key.read_bytes())
        key.chmod(0o600)
        with agent(tmp_path) as variables:
            for name, value in variables.items():
                monkeypatch.setenv(name, value)
            run("ssh-add", key)
            run("ssh-keygen", "-p", "-q", "-N", "correct horse", "-f", key)
            tester.use_key(ssh, key)

            assert connect().is_connected

    @pytest.mark.parametrize("who", ["no one at all", "another user", "a stranger"])
    def test_the_refusal_of_a_login_explains_how_to_log_in(
        self,
        tester: Tester,
        ssh: SshServer,
        tmp_path: Path,
        connect: Callable[[], SshHost],
        who: str,
    ) -> None:
        make_key(tmp_path / "other")
        if who == "no one at all":
            tester.use_key(ssh, tmp_path / "none")
        elif who == "another user":
            change(tester.ssh_configuration, f"User {ssh.user}", "User elspeth")
        else:
            tester.use_key(ssh, tmp_path / "other")

        with pytest.raises(LogInError, match="accepts none of your keys") as refusal:
            connect()

        assert is_one_sentence(str(refusal.value))
        assert f"`ssh-copy-id -p {ssh.port} " in str(refusal.value)
        assert (f"{tmp_path / 'none'} does not exist" in str(refusal.value)) == (
            who == "no one at all"
        )

    def test_a_key_that_is_not_there_does_not_stop_the_others(
        self, tester: Tester, connect: Callable[[], SshHost]
    ) -> None:
        change(
            tester.ssh_configuration,
            "    IdentityFile",
            "    IdentityFile /no/such/key\n    IdentityFile",
        )

        assert connect().is_connected

    def test_a_file_without_a_key_is_reported(
        self, tester: Tester, ssh: SshServer, tmp_path: Path, connect: Callable[[], SshHost]
    ) -> None:
        file = tmp_path / "key"
        file.write_text("-----BEGIN OPENSSH PRIVATE KEY-----\nc2VjcmV0IQ==\n", encoding="utf-8")
        tester.use_key(ssh, file)

        with pytest.raises(ServerError) as refusal:
            connect()

        assert is_one_sentence(str(refusal.value))
        assert "c2VjcmV0IQ" not in str(refusal.value)

    def test_a_host_on_the_way_that_refuses_the_login_is_named(
        self,
        tester: Tester,
        bastion: SshServer,
        tmp_path: Path,
        connect: Callable[[], SshHost],
    ) -> None:
        make_key(tmp_path / "other")
        go_through(bastion, tester, tmp_path / "other")
        add(tester.known_hosts, bastion.known_host)

        with pytest.raises(LogInError, match=f"port {bastion.port} accepts none of your keys"):
            connect()


@contextmanager
def agent(folder: Path) -> Iterator[Mapping[str, str]]:
    address = folder / "agent"
    command = ["ssh-agent", "-D", "-a", str(address)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        assert process.stdout
        # The agent prints its variables once it listens.
        process.stdout.readline()
        try:
            yield {"SSH_AUTH_SOCK": str(address)}
        finally:
            process.terminate()


class TestCommands:
    def test_a_server_that_starts_nothing_keeps_no_one_waiting(
        self, tester: Tester, ssh: SshServer, connect: Callable[[], SshHost]
    ) -> None:
        with undecided_server(ssh.host_key) as port:
            change(tester.ssh_configuration, f"Port {ssh.port}", f"Port {port}")
            known = ssh.known_host.replace(f":{ssh.port}", f":{port}")
            tester.known_hosts.write_text(known, encoding="utf-8")
            server = connect()
            start = monotonic()

            with pytest.raises(ConnectionLostError, match=r"did not start .* within 0\.4 s"):
                server.run(["true"], "~/")

            assert monotonic() - start < 10 * PATIENCE
            server.disconnect()

    def test_a_connection_that_is_cut_while_a_command_runs_is_reported(
        self, connect: Callable[[], SshHost]
    ) -> None:
        server = connect()
        cut = "next(one for one in psutil.Process().parents() if one.name() == 'sshd').kill()"

        with pytest.raises(ConnectionLostError, match="the SSH connection was cut"):
            server.run([sys.executable, "-c", f"import psutil; {cut}"], "~/")

        assert not server.is_connected

    def test_a_program_ends_with_the_connection(self, server: SshHost, ssh: SshServer) -> None:
        program = server.start(["cat"], "~/")
        program.write_line("started")
        assert program.read_line(5) == "started"
        parts = [part for part in ssh.parts() if part.name() == "cat"]
        assert len(parts) == 1

        ssh.cut_connections()

        assert psutil.wait_procs(parts, timeout=5)[1] == []
        with pytest.raises(ConnectionLostError, match="cut"):
            program.read_line(5)


def test_a_server_is_not_mistaken_for_another_at_the_same_port(
    tester: Tester, ssh: SshServer, tmp_path: Path, connect: Callable[[], SshHost]
) -> None:
    with open_ssh_server(tmp_path, tmp_path) as impostor:
        change(tester.ssh_configuration, f"Port {ssh.port}", f"Port {impostor.port}")
        tester.known_hosts.write_text(
            ssh.known_host.replace(f":{ssh.port}", f":{impostor.port}"), encoding="utf-8"
        )

        with pytest.raises(HostKeyError, match="has changed"):
            connect()

        assert impostor.logins() == 0
