"""Servers that require more than a key, or unusual algorithms, compared with ssh."""

import fcntl
import os
import subprocess
import sys
import termios
from pathlib import Path

import psutil
import pytest

from acceptance.hosts.errors import HostKeyError, LogInError, ServerError
from acceptance.hosts.ssh.host import SshHost
from testbeds.commands import find_program
from testbeds.keys import make_key
from testbeds.loopback.deployed_site import SITE_NAME
from testbeds.loopback.ssh_server import SshServer
from testbeds.loopback.tester import Tester

# How long a server may keep these tests waiting, in seconds.
PATIENCE = 5

SLOW_PROXY = """\
import os, socket, sys, threading, time
time.sleep(0.8)
to = socket.create_connection((sys.argv[1], int(sys.argv[2])))
def send():
    while data := os.read(0, 65536):
        to.sendall(data)
    to.shutdown(1)
threading.Thread(target=send, daemon=True).start()
while data := to.recv(65536):
    os.write(1, data)
"""


@pytest.fixture(scope="module")
def rsa_key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("rsa") / "key"
    run("ssh-keygen", "-q", "-t", "rsa", "-b", "2048", "-N", "", "-f", file)
    return file


@pytest.fixture(autouse=True)
def _as_ever(ssh: SshServer, tester: Tester) -> None:
    authorize(ssh, ssh.client_key)


def authorize(ssh: SshServer, *keys: Path) -> None:
    lines = [key.with_suffix(".pub").read_text(encoding="utf-8") for key in keys]
    (ssh.client_key.parent / "authorized_keys").write_text("".join(lines), encoding="utf-8")


def demand(ssh: SshServer, lines: str) -> None:
    ssh.stop()
    ssh.start(lines)


def ssh_gets_in() -> bool:
    options = ["-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=yes"]
    done = subprocess.run(  # noqa: S603
        [find_program("ssh"), *options, SITE_NAME, "true"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=30,
    )
    return done.returncode == 0


def refusal() -> ServerError:
    server = SshHost(SITE_NAME, timeout=PATIENCE)
    with pytest.raises(ServerError) as refused:
        server.connect()
    assert "\n" not in str(refused.value)
    assert str(refused.value).endswith(".")
    return refused.value


class TestLoggingIn:
    @pytest.mark.parametrize(
        ("methods", "wanted"),
        [
            ("publickey,password", "password"),
            ("publickey,keyboard-interactive", "keyboard-interactive"),
            ("publickey,password publickey,keyboard-interactive", "password or keyboard"),
            ("publickey,publickey", "also requires publickey"),
        ],
    )
    def test_a_server_that_requires_more_than_a_key_is_reported(
        self, ssh: SshServer, methods: str, wanted: str
    ) -> None:
        # PAM asks for codes; it needs no answer here.
        demand(ssh, f"AuthenticationMethods {methods}\nUsePAM yes")

        refused = refusal()

        assert isinstance(refused, LogInError)
        assert "accepts your key but also requires" in str(refused)
        assert wanted in str(refused)
        assert not ssh_gets_in()

    def test_a_server_that_accepts_no_keys_is_reported(self, ssh: SshServer) -> None:
        demand(ssh, "AuthenticationMethods any\nPubkeyAuthentication no")

        assert "does not accept keys but requires" in str(refusal())
        assert not ssh_gets_in()

    @pytest.mark.parametrize(
        "lines",
        ["AuthenticationMethods publickey,keyboard-interactive\nUsePAM yes", ""],
        ids=["code", "passphrase"],
    )
    def test_nothing_is_asked_for_on_a_terminal(
        self, ssh: SshServer, tester: Tester, tmp_path: Path, lines: str
    ) -> None:
        demand(ssh, lines)
        if not lines:
            make_key(tmp_path / "key", "correct horse")
            tester.use_key(ssh, tmp_path / "key")

        shown = on_a_terminal(
            "from acceptance.hosts.ssh.host import SshHost\n"
            "from acceptance.hosts.errors import ServerError\n"
            f"try: SshHost({SITE_NAME!r}).connect()\n"
            "except ServerError as error: print('reported:', error)\n"
        )

        assert shown.startswith("reported: ")
        assert shown.strip().count("\n") == 0

    def test_two_keys_open_a_server_that_wants_two(
        self, ssh: SshServer, tester: Tester, tmp_path: Path
    ) -> None:
        make_key(tmp_path / "second")
        authorize(ssh, ssh.client_key, tmp_path / "second")
        demand(ssh, "AuthenticationMethods publickey,publickey")
        add(tester.ssh_configuration, f"    IdentityFile {tmp_path / 'second'}\n")

        assert ssh_gets_in()
        connected(SshHost(SITE_NAME))

    @pytest.mark.parametrize("only", ["yes", "no"])
    def test_an_agent_has_the_key(
        self,
        ssh: SshServer,
        tester: Tester,
        tmp_path: Path,
        only: str,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        demand(ssh, "MaxAuthTries 3")
        address = tmp_path / "agent"
        with subprocess.Popen(  # noqa: S603
            [find_program("ssh-agent"), "-D", "-a", address], stdout=subprocess.PIPE
        ) as agent:
            assert agent.stdout
            agent.stdout.readline()
            monkeypatch.setenv("SSH_AUTH_SOCK", str(address))
            for name in ("first", "second", "third"):
                make_key(tmp_path / name)
                run("ssh-add", tmp_path / name)
            run("ssh-add", ssh.client_key)
            monkeypatch.setenv("SSH_AUTH_SOCK", "")
            # The private key is missing; its public half selects one of the agent's keys.
            public = tmp_path / "mine.pub"
            public.write_bytes(ssh.client_key.with_suffix(".pub").read_bytes())
            tester.use_key(ssh, public if only == "yes" else tmp_path / "none")
            change(
                tester.ssh_configuration,
                "    IdentitiesOnly yes\n",
                f"    IdentitiesOnly {only}\n    IdentityAgent {address}\n",
            )
            try:
                if only == "yes":
                    assert ssh_gets_in()
                    connected(SshHost(SITE_NAME))
                else:
                    # The right key comes too late.
                    assert not ssh_gets_in()
                    assert "IdentitiesOnly" in str(refusal())
            finally:
                agent.terminate()


class TestAlgorithms:
    @pytest.mark.parametrize(
        ("lines", "named"),
        [
            ("Ciphers chacha20-poly1305@openssh.com", "only chacha20-poly1305@openssh"),
            ("MACs umac-128-etm@openssh.com,umac-64@openssh.com", "only umac-128-etm@"),
            ("KexAlgorithms sntrup761x25519-sha512@openssh.com", "only sntrup761"),
            ("KexAlgorithms diffie-hellman-group18-sha512", "only diffie-hell"),
            ("HostKeyAlgorithms ssh-rsa", "only ssh-rsa"),
        ],
    )
    def test_what_paramiko_lacks_is_named(
        self, ssh: SshServer, tester: Tester, rsa_key: Path, lines: str, named: str
    ) -> None:
        if "ssh-rsa" in lines:
            # As on old servers, which know no other way to sign with an RSA key.
            demand(ssh, f"{lines}\nHostKey {rsa_key}")
            add(tester.ssh_configuration, "    HostKeyAlgorithms +ssh-rsa\n")
            public = rsa_key.with_suffix(".pub").read_text(encoding="utf-8")
            tester.known_hosts.write_text(f"* {public}", encoding="utf-8")
        else:
            demand(ssh, lines)
        assert ssh_gets_in()

        refused = str(refusal())

        assert f"offers {named}" in refused
        assert "paramiko" in refused
        assert lines.partition(" ")[0] in refused

    def test_an_rsa_key_that_has_to_sign_with_sha_1_is_reported(
        self, ssh: SshServer, tester: Tester, rsa_key: Path
    ) -> None:
        authorize(ssh, rsa_key)
        demand(ssh, "PubkeyAcceptedAlgorithms ssh-rsa")
        tester.use_key(ssh, rsa_key)
        add(tester.ssh_configuration, "    PubkeyAcceptedAlgorithms ssh-rsa\n")
        assert ssh_gets_in()

        assert "an RSA key would have to sign with SHA-1, which paramiko" in str(refusal())

    @pytest.mark.parametrize("kex", ["curve25519-sha256", "curve25519-sha256@libssh.org"])
    def test_curve25519_works_under_both_names(self, ssh: SshServer, kex: str) -> None:
        demand(ssh, f"KexAlgorithms {kex}")

        assert ssh_gets_in()
        connected(SshHost(SITE_NAME))

    def test_algorithms_that_the_configuration_forbids_are_named(
        self, ssh: SshServer, tester: Tester
    ) -> None:
        demand(ssh, "Ciphers aes128-ctr")
        add(tester.ssh_configuration, "    Ciphers aes256-ctr\n")
        assert not ssh_gets_in()

        refused = str(refusal())

        assert "offers only aes128-ctr as cipher" in refused
        assert "your ssh configuration allows none of them" in refused


class TestSessions:
    def test_one_session_a_connection_is_enough(self, ssh: SshServer) -> None:
        demand(ssh, "MaxSessions 1")
        server = SshHost(SITE_NAME)
        server.connect()

        with_us = [server.start(["cat"], "~/") for _ in range(3)]
        for program in with_us:
            program.write_line("here")
            assert program.read_line(PATIENCE) == "here"
        assert server.run(["echo", "besides"], "~/") == "besides\n"
        assert server.connections == 4
        served = ssh.connections()
        assert len(served) == 4

        server.disconnect()
        assert psutil.wait_procs(served, timeout=PATIENCE)[1] == []

    def test_a_server_that_opens_no_session_is_reported(self, ssh: SshServer) -> None:
        demand(ssh, "MaxSessions 0")
        server = SshHost(SITE_NAME)
        server.connect()

        with pytest.raises(ServerError, match="set MaxSessions to 2 or more"):
            server.run(["true"], "~/")

        server.disconnect()


def test_a_longer_connect_timeout_is_not_cut(
    ssh: SshServer, tester: Tester, tmp_path: Path
) -> None:
    demand(ssh, "")
    proxy = tmp_path / "proxy.py"
    proxy.write_text(SLOW_PROXY, encoding="utf-8")
    command = f"    ProxyCommand {sys.executable} {proxy} %h %p\n"
    add(tester.ssh_configuration, command)
    with pytest.raises(ServerError, match="cannot be reached"):
        SshHost(SITE_NAME, timeout=0.3).connect()

    add(tester.ssh_configuration, "    ConnectTimeout 1m\n")

    connected(SshHost(SITE_NAME, timeout=0.3))


def test_without_ssh_the_message_names_the_package_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(ServerError, match="`apt-get install openssh-client`"):
        SshHost(SITE_NAME)


def test_the_advice_for_an_alias_works(ssh: SshServer, tester: Tester) -> None:
    demand(ssh, "")
    tester.known_hosts.write_text("", encoding="utf-8")
    add(tester.ssh_configuration, "    HostKeyAlias shop\n")
    refused = refusal()
    assert isinstance(refused, HostKeyError)

    command = str(refused).split("`")[1]
    run("sh", "-c", command)

    assert ssh_gets_in()
    connected(SshHost(SITE_NAME))


def connected(server: SshHost) -> None:
    server.connect()
    server.disconnect()


def run(program: str, *arguments: str | Path) -> None:
    subprocess.run(  # noqa: S603
        [find_program(program), *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
        timeout=30,
    )


def add(file: Path, text: str) -> None:
    file.write_text(file.read_text(encoding="utf-8") + text, encoding="utf-8")


def change(file: Path, old: str, new: str) -> None:
    content = file.read_text(encoding="utf-8")
    assert old in content
    file.write_text(content.replace(old, new), encoding="utf-8")


def on_a_terminal(program: str) -> str:
    """Run a Python program in a terminal of its own, and return its output."""
    ours, theirs = os.openpty()
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", program],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509
    )
    os.close(theirs)
    try:
        process.wait(30)
        return os.read(ours, 65536).decode()
    finally:
        process.kill()
        os.close(ours)
