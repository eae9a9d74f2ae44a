"""Many OpenSSH configurations, with which ssh itself and the suite must behave the same."""

import os
import shlex
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from acceptance.hosts.errors import ServerError
from acceptance.hosts.ssh.host import SshHost
from acceptance.hosts.ssh.open_ssh import Destination
from testbeds.commands import find_program
from testbeds.loopback.ssh_server import ADDRESS, SshServer, open_ssh_server

# A library that gives ssh another home folder, which ssh reads from the user database.
WRAPPER = next(Path("/usr/lib").glob("*/libnss_wrapper.so"), None)

PATIENCE = 5
HOST = "staging"
PASSPHRASE = "correct horse"

# The key, the user and the port of a login.
WHO_AND_WHERE = 'cut -c1-99 "$SSH_USER_AUTH"; id -un; echo "$SSH_CONNECTION" | cut -d" " -f3-'

IN = "in"
OUT = "out"

USUAL = "Host staging\n  HostName 127.0.0.1\n  Port {port}\n  User {user}\n  IdentityFile {key}\n"
JUMPING = (
    "Host bastion\n  HostName 127.0.0.1\n  Port {bastion}\n  User {user}\n  IdentityFile {key}\n"
)


STAGING = Destination(HOST)


@dataclass(frozen=True)
class Row:
    """A configuration, and the expected result for both.

    Attributes:
        configuration: ~/.ssh/config.
        known: ~/.ssh/known_hosts; by default the server's keys.
        expected: whether ssh gets in.
        but_we: a part of our message if we cannot do what ssh does.
        says: a part of our message if neither gets in.
        files: more files in the home.
        destination: how the host is named.
        mode: the mode of the configuration.
        encoding: the encoding of the configuration.

    """

    configuration: str = USUAL
    known: str = "{known}"
    expected: str = IN
    but_we: str = ""
    says: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    destination: Destination = STAGING
    mode: int = 0o600
    encoding: str = "utf-8"


class Field:
    """A person with a home, and the servers that they know.

    Attributes:
        home: their home.
        server: the server.
        bastion: another one, that lets the same keys in.
        words: what stands in braces in a row.

    """

    def __init__(self, folder: Path, server: SshServer, bastion: SshServer) -> None:
        self.home = folder / "a home"
        self.server = server
        self.bastion = bastion
        self._programs = folder / "bin"
        self._programs.mkdir()
        keys = folder / "keys"
        self.words = {
            "port": str(server.port),
            "bastion": str(bastion.port),
            "user": server.user,
            "home": str(self.home),
            "keys": str(keys),
            "key": str(keys / "ed25519"),
        }
        for kind, file in (
            ("ed25519", server.host_key),
            ("rsa", keys / "rsa"),
            ("ecdsa", keys / "ecdsa"),
            ("other", keys / "other"),
            ("ca", keys / "ca"),
            ("bastion", bastion.host_key),
        ):
            line = Path(f"{file}.pub").read_text(encoding="utf-8").split()
            self.words[f"{kind}_key"] = " ".join(line[:2])
        self.words["private_key"] = (keys / "ed25519").read_text(encoding="utf-8")
        here = f"[{ADDRESS}]:{server.port}"
        self.words["here"] = here
        self.words["known"] = "".join(
            f"{here} {self.words[f'{kind}_key']}\n" for kind in ("ed25519", "rsa", "ecdsa")
        )
        self.words["known_bastion"] = bastion.known_host
        self._wrap_programs(folder)

    def _wrap_programs(self, folder: Path) -> None:
        users = folder / "passwd"
        own = f"{self.server.user}:x:{os.getuid()}:{os.getgid()}::{self.home}:/bin/sh\n"
        users.write_text(own, encoding="utf-8")
        for name in ("ssh", "ssh-keygen"):
            program = self._programs / name
            program.write_text(
                f"#!/bin/sh\nLD_PRELOAD={WRAPPER} NSS_WRAPPER_PASSWD={shlex.quote(str(users))} "
                f'NSS_WRAPPER_GROUP=/etc/group exec {shutil.which(name)} "$@"\n',
                encoding="utf-8",
            )
            program.chmod(0o700)

    @property
    def environment(self) -> Mapping[str, str]:
        return {
            "PATH": f"{self._programs}:{os.environ['PATH']}",
            "HOME": str(self.home),
            "SSH_AUTH_SOCK": "",
            "STAGING_FOLDER": self.words["keys"],
        }

    def lay_out(self, row: Row) -> None:
        shutil.rmtree(self.home, ignore_errors=True)
        (self.home / ".ssh").mkdir(parents=True, mode=0o700)
        files = {".ssh/config": row.configuration, ".ssh/known_hosts": row.known, **row.files}
        for name, content in files.items():
            file = self.home / self._filled(name)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(self._filled(content).encode(row.encoding))
            file.chmod(row.mode if name == ".ssh/config" else 0o600)

    def _filled(self, text: str) -> str:
        for word, value in self.words.items():
            text = text.replace(f"{{{word}}}", value)
        return text

    def ssh(self, destination: Destination) -> tuple[bool, str, str]:
        """Let ssh itself try: return whether it gets in, its errors, and the user and port."""
        options = ["BatchMode=yes", "StrictHostKeyChecking=yes", "LogLevel=ERROR"]
        given = [text for option in options for text in ("-o", option)]
        command = ["ssh", *given, *destination.arguments(), WHO_AND_WHERE]
        done = subprocess.run(  # noqa: S603
            command, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=30
        )
        return done.returncode == 0, os.fsdecode(done.stderr), os.fsdecode(done.stdout)

    def ours(self, destination: Destination) -> tuple[bool, str, str]:
        """Try with the suite's own code, likewise."""
        try:
            server = SshHost(destination, timeout=PATIENCE)
            try:
                server.connect()
                return True, "", server.run(["sh", "-c", WHO_AND_WHERE], "/")
            finally:
                server.disconnect()
        except ServerError as error:
            return False, str(error), ""


def keygen(*arguments: str | Path) -> None:
    subprocess.run(  # noqa: S603
        [find_program("ssh-keygen"), "-q", *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
        timeout=30,
    )


def make_keys(folder: Path) -> None:
    folder.mkdir()
    for kind in ("ed25519", "ecdsa", "rsa"):
        bits = ["-b", "2048"] if kind == "rsa" else []
        keygen("-t", kind, *bits, "-N", "", "-f", folder / kind)
    for name in ("other", "ca", "certified"):
        keygen("-t", "ed25519", "-N", "", "-f", folder / name)
    keygen("-t", "ed25519", "-a", "1", "-N", PASSPHRASE, "-f", folder / "encrypted")
    for kind in ("PEM", "PKCS8"):
        shutil.copy(folder / "rsa", folder / f"encrypted_{kind}")
        keygen("-p", "-N", PASSPHRASE, "-m", kind, "-f", folder / f"encrypted_{kind}")
    keygen("-s", folder / "ca", "-I", "edith", "-n", "root", folder / "certified.pub")
    # With an unusual name, no program finds it by default.
    (folder / "certified-cert.pub").rename(folder / "certificate")
    shutil.copy(folder / "rsa", folder / "pkcs8")
    keygen("-p", "-N", "", "-m", "PKCS8", "-f", folder / "pkcs8")
    shutil.copy(folder / "rsa", folder / "pem")
    keygen("-p", "-N", "", "-m", "PEM", "-f", folder / "pem")
    shutil.copy(folder / "ecdsa", folder / "pem_ecdsa")
    keygen("-p", "-N", "", "-m", "PEM", "-f", folder / "pem_ecdsa")
    shutil.copy(folder / "ed25519", folder / "open")
    (folder / "open").chmod(0o644)


@pytest.fixture(scope="module")
def person(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Field]:
    if WRAPPER is None:
        pytest.skip("libnss-wrapper is not installed: type make servers")
    folder = tmp_path_factory.mktemp("field")
    keys = folder / "keys"
    make_keys(keys)
    names = ("server", "bastion")
    for name in names:
        (folder / name).mkdir()
    more = (
        "ExposeAuthInfo yes\n"
        f"TrustedUserCAKeys {keys / 'ca.pub'}\n"
        f"HostKey {keys / 'rsa'}\nHostKey {keys / 'ecdsa'}\n"
        f"HostCertificate {folder / 'server' / 'host_key-cert.pub'}\n"
    )
    with (
        open_ssh_server(folder / "server", folder / "server") as server,
        open_ssh_server(folder / "bastion", folder / "bastion") as bastion,
    ):
        server.stop()
        keygen("-h", "-s", keys / "ca", "-I", "host", "-n", "127.0.0.1", f"{server.host_key}.pub")
        server.start(f"HostKey {server.host_key}\n{more}")
        public = "".join(
            (keys / f"{kind}.pub").read_text(encoding="utf-8")
            for kind in ("ed25519", "ecdsa", "rsa", "encrypted")
        )
        for name in names:
            (folder / name / "authorized_keys").write_text(public, encoding="utf-8")
        person = Field(folder, server, bastion)
        with pytest.MonkeyPatch.context() as patch:
            for name, value in person.environment.items():
                patch.setenv(name, value)
            yield person


CONFIGURATIONS = {
    "plain": Row(),
    "an Include beside it": Row("Include more\n", files={".ssh/more": USUAL}),
    "an Include by a pattern": Row(
        "Include conf.d/*\nHost *\n  User nobody\n", files={".ssh/conf.d/a.conf": USUAL}
    ),
    "comments after values": Row(
        "Host staging # of the shop\n  HostName 127.0.0.1 # the new one\n  Port {port} # below\n"
        "  User {user}\n  IdentityFile {key} # mine\n"
    ),
    "an equals sign": Row(USUAL.replace("HostName ", "HostName=").replace("Port ", "Port = ")),
    "quoted values": Row(
        USUAL.replace("127.0.0.1", '"127.0.0.1"')
        .replace("{key}", '"{key}"')
        .replace("Port {port}", 'Port "{port}"')
    ),
    "tabs and the line ends of Windows": Row(USUAL.replace("  ", "\t").replace("\n", "\r\n")),
    "Latin-1": Row("# für die Bühne\n" + USUAL, encoding="latin-1"),
    "small and capital letters": Row(
        USUAL.replace("Host staging", "hOST staging").replace("  HostName", "  HOSTNAME")
    ),
    "a pattern that leaves it out": Row(
        "Host * !staging\n  Port 1\nHost stag*\n  Port {port}\n" + USUAL
    ),
    "Match host": Row("Match host=staging\n  Port {port}\n" + USUAL.replace("  Port {port}\n", "")),
    "Match originalhost": Row(
        USUAL.replace("  Port {port}\n", "") + "Match originalhost staging\n  Port {port}\n"
    ),
    "Match user": Row(USUAL.replace("  Port {port}\n", "") + "Match user {user}\n  Port {port}\n"),
    "Match exec": Row(
        USUAL.replace("  Port {port}\n", "")
        + 'Match exec "test %n = staging"\n  Port {port}\nMatch exec false\n  Port 1\n'
    ),
    "Match final": Row(
        USUAL.replace("  Port {port}\n", "") + "Match final host 127.0.0.1\n  Port {port}\n"
    ),
    "Match canonical": Row(
        "CanonicalizeHostname yes\n"
        + USUAL.replace("  Port {port}\n", "")
        + "Match canonical\n  Port {port}\n"
    ),
    "an option that may be unknown": Row("IgnoreUnknown UseKey*\nUseKeychain yes\n" + USUAL),
    "an option that is unknown": Row(
        USUAL + "  UseKeychain yes\n", expected=OUT, says="Bad configuration option: usekeychain"
    ),
    "others may write": Row(mode=0o666, expected=OUT, says="Bad owner or permissions on"),
    "a host that is not there": Row(
        USUAL.replace("{port}", "1"), expected=OUT, says="Connection refused"
    ),
    "a long ConnectTimeout": Row(USUAL + "  ConnectTimeout 1m\n"),
    "the port is given": Row(
        USUAL.replace("{port}", "1"),
        expected=OUT,
        destination=Destination(HOST, port=2),
        says="port 2 cannot be reached",
    ),
    "another user is given": Row(
        expected=OUT,
        destination=Destination(HOST, user="elspeth"),
        says="elspeth@127.0.0.1, port",
    ),
    "the first value counts": Row(USUAL + "Host *\n  Port 1\n  User nobody\n  HostName invalid\n"),
    "a host that nothing is written about": Row(
        "Host other\n  Port 1\n",
        expected=OUT,
        destination=Destination("127.0.0.1", port=1),
        says="Connection refused",
    ),
    "AddressFamily inet6": Row(
        USUAL + "  AddressFamily inet6\n", expected=OUT, says="cannot be reached"
    ),
    "BindAddress": Row(USUAL + "  BindAddress 127.0.0.1\n"),
    "no ProxyJump, above all others": Row(
        USUAL + "  ProxyJump none\nHost *\n  ProxyJump nowhere.invalid\n"
    ),
    "ProxyJump": Row(USUAL + "  ProxyJump bastion\n" + JUMPING, known="{known}{known_bastion}"),
    "ProxyJump with user and port": Row(
        USUAL + "  ProxyJump {user}@127.0.0.1:{bastion}\nHost 127.0.0.1\n  IdentityFile {key}\n",
        known="{known}{known_bastion}",
    ),
    "a chain with known_hosts of its own": Row(
        USUAL
        + "  ProxyJump outer,bastion\n"
        + JUMPING
        + "  UserKnownHostsFile ~/second\n"
        + JUMPING.replace("Host bastion", "Host outer").replace("{bastion}", "{port}")
        + "  UserKnownHostsFile ~/first\n",
        files={"first": "{known}", "second": "{known_bastion}"},
    ),
    "a host on the way is not known": Row(
        USUAL + "  ProxyJump bastion\n" + JUMPING, expected=OUT, says="is not known"
    ),
    "a host on the way to a host on the way": Row(
        USUAL
        + "  ProxyJump bastion\n"
        + JUMPING
        + "  ProxyJump outer\n"
        + JUMPING.replace("Host bastion", "Host outer").replace("{bastion}", "{port}"),
        known="{known}{known_bastion}",
    ),
    "ProxyJump to itself": Row(
        USUAL + "Host round\n  ProxyJump round\n",
        expected=OUT,
        destination=Destination("round"),
        says="jumphost loop via round",
    ),
    "ProxyCommand": Row(
        USUAL + "  ProxyCommand python3 ~/proxy.py %h %p 2>/dev/null # through a shell\n",
        files={
            "proxy.py": (
                "import os, socket, sys, threading\n"
                "to = socket.create_connection((sys.argv[1], int(sys.argv[2])))\n"
                "def up():\n"
                "    while data := os.read(0, 65536): to.sendall(data)\n"
                "    to.shutdown(1)\n"
                "threading.Thread(target=up, daemon=True).start()\n"
                "while data := to.recv(65536): os.write(1, data)\n"
            )
        },
    ),
    "a ProxyCommand that fails": Row(
        USUAL + "  ProxyCommand sh -c 'echo out of order >&2; exit 1'\n",
        expected=OUT,
        says="out of order",
    ),
}

KEYS = {
    "no key is named": Row(USUAL.replace("  IdentityFile {key}\n", ""), expected=OUT),
    "a usual key": Row(
        USUAL.replace("  IdentityFile {key}\n", ""), files={".ssh/id_ed25519": "{private_key}"}
    ),
    "a usual key where another is named": Row(
        USUAL.replace("{key}", "{keys}/other"),
        files={".ssh/id_ed25519": "{private_key}"},
        expected=OUT,
        says="accepts none of your keys",
    ),
    "RSA": Row(USUAL.replace("{key}", "{keys}/rsa")),
    "ECDSA": Row(USUAL.replace("{key}", "{keys}/ecdsa")),
    "PKCS8": Row(USUAL.replace("{key}", "{keys}/pkcs8")),
    "PEM": Row(USUAL.replace("{key}", "{keys}/pem")),
    "PEM of ECDSA": Row(USUAL.replace("{key}", "{keys}/pem_ecdsa")),
    "tokens and ~": Row(
        USUAL.replace("{key}", "%d/.ssh/%r_%n") + "  UserKnownHostsFile ~/known_%p\n",
        files={".ssh/{user}_staging": "{private_key}", "known_{port}": "{known}"},
    ),
    "a variable": Row(USUAL.replace("{key}", "${STAGING_FOLDER}/ed25519")),
    "a key that others may read": Row(
        USUAL.replace("{key}", "{keys}/open"), expected=OUT, says="`chmod 600 "
    ),
    "an encrypted key": Row(
        USUAL.replace("{key}", "{keys}/encrypted"), expected=OUT, says="is encrypted, and no agent"
    ),
    "an encrypted key of the old format": Row(
        USUAL.replace("{key}", "{keys}/encrypted_PEM"), expected=OUT, says="is encrypted, and no"
    ),
    "an encrypted PKCS8 key": Row(
        USUAL.replace("{key}", "{keys}/encrypted_PKCS8"), expected=OUT, says="is encrypted, and no"
    ),
    "PreferredAuthentications": Row(
        USUAL + "  PreferredAuthentications password\n",
        expected=OUT,
        says="PreferredAuthentications to password: add publickey",
    ),
    "a file that is not a key": Row(
        USUAL.replace("{key}", "~/key"),
        files={"key": "nothing\n"},
        expected=OUT,
        says="is not a key",
    ),
    "a certificate": Row(
        USUAL.replace("{key}", "{keys}/certified") + "  CertificateFile {keys}/certificate\n"
    ),
    "no certificate": Row(USUAL.replace("{key}", "{keys}/certified"), expected=OUT),
    "PubkeyAuthentication no": Row(
        USUAL + "  PubkeyAuthentication no\n", expected=OUT, says="PubkeyAuthentication to no"
    ),
    "PubkeyAcceptedAlgorithms": Row(
        USUAL.replace("{key}", "{keys}/rsa") + "  PubkeyAcceptedAlgorithms ssh-ed25519\n",
        expected=OUT,
    ),
}

HOST_KEYS = {
    "nothing known": Row(known="", expected=OUT, says="is not known"),
    "everything known": Row(known="* {ed25519_key}\n"),
    "patterns": Row(known="[127.0.0.*]:* {ed25519_key}\n"),
    "a pattern that leaves it out": Row(
        known="[127.0.0.*]:*,!{here} {ed25519_key}\n", expected=OUT, says="is not known"
    ),
    "a plain name": Row(known="127.0.0.1 {ed25519_key}\n"),
    "a plain name with another key": Row(
        known="127.0.0.1 {other_key}\n", expected=OUT, says="is not known"
    ),
    "only the RSA key": Row(known="{here} {rsa_key}\n"),
    "only the ECDSA key": Row(known="{here} {ecdsa_key}\n"),
    "only the RSA key, and it is not to be asked for": Row(
        USUAL + "  HostKeyAlgorithms ssh-ed25519\n",
        known="{here} {rsa_key}\n",
        expected=OUT,
        says="has changed",
    ),
    "another key": Row(known="{here} {other_key}\n", expected=OUT, says="has changed"),
    "another key in a pattern": Row(
        known="# mine\n[127.0.0.*]:* {other_key}\n", expected=OUT, says="remove line 2 of"
    ),
    "another key besides": Row(known="{here} {other_key}\n{here} {ed25519_key}\n"),
    "garbage": Row(known="what?\n{here} ssh-ed25519 AAAA\n{here}\n\x00\n{known}"),
    "Latin-1": Row(known="# Bühne\n{here} {ed25519_key} für\n", encoding="latin-1"),
    "an authority": Row(known="@cert-authority [127.0.0.*]:* {ca_key}\n"),
    "an authority for all": Row(known="@cert-authority * {ca_key}\n"),
    "an authority and no other name": Row(
        known="@cert-authority 127.0.0.1 {ca_key}\n",
    ),
    "another authority": Row(known="@cert-authority * {other_key}\n", expected=OUT),
    "an authority for another name": Row(
        USUAL + "  HostKeyAlias shop\n", known="@cert-authority * {ca_key}\n", expected=OUT
    ),
    "a revoked authority": Row(
        known="@cert-authority * {ca_key}\n@revoked * {ca_key}\n", expected=OUT, says="revoked"
    ),
    "a revoked key": Row(
        known="{here} {ed25519_key}\n@revoked * {ed25519_key}\n", expected=OUT, says="was revoked"
    ),
    "a key that another host may not show": Row(known="{known}@revoked other {ed25519_key}\n"),
    "HostKeyAlias": Row(USUAL + "  HostKeyAlias shop\n", known="shop {ed25519_key}\n"),
    "HostKeyAlias that is not known": Row(
        USUAL + "  HostKeyAlias shop\n", expected=OUT, says="SSH key of shop is not known"
    ),
    "capital letters": Row(
        USUAL.replace("127.0.0.1", "LOCALHOST"), known="[LocalHost]:{port} {ed25519_key}\n"
    ),
    "GlobalKnownHostsFile": Row(
        USUAL + "  GlobalKnownHostsFile ~/all\n", known="", files={"all": "{known}"}
    ),
    "a file with a space in its name": Row(
        USUAL + '  UserKnownHostsFile "~/a b" ~/c\n', known="", files={"a b": "{known}"}
    ),
    "a missing file with a space in its name": Row(
        USUAL + '  UserKnownHostsFile "{home}/a b" ~/c\n',
        files={"c": "127.0.0.1 {other_key}\n"},
        expected=OUT,
        says="home/a b'`",
    ),
    "several files": Row(
        USUAL + "  UserKnownHostsFile ~/none ~/.ssh/known_hosts\n",
    ),
    "no file": Row(
        USUAL + "  UserKnownHostsFile none\n", expected=OUT, says="write `UserKnownHostsFile ~/.ssh"
    ),
    "a file that forgets": Row(
        USUAL + "  UserKnownHostsFile /dev/null\n  StrictHostKeyChecking no\n",
        expected=OUT,
        says=" >> ~/.ssh/known_hosts`",
    ),
    "no file of the machine": Row(USUAL + "  GlobalKnownHostsFile none\n"),
    "RevokedHostKeys": Row(
        USUAL + '  RevokedHostKeys "{home}/revoked"\n',
        files={"revoked": "{ed25519_key}\n"},
        expected=OUT,
        says="was revoked",
    ),
    "RevokedHostKeys of others": Row(
        USUAL + '  RevokedHostKeys "{home}/revoked"\n', files={"revoked": "# old\n{other_key}\n"}
    ),
    "RevokedHostKeys that is missing": Row(
        USUAL + '  RevokedHostKeys "{home}/revoked"\n', expected=OUT, says="RevokedHostKeys"
    ),
    "KnownHostsCommand": Row(
        USUAL + '  KnownHostsCommand /bin/echo "%H {ed25519_key}"\n', known=""
    ),
    "NoHostAuthenticationForLocalhost": Row(
        USUAL + "  NoHostAuthenticationForLocalhost yes\n", known=""
    ),
    "CheckHostIP": Row(USUAL + "  CheckHostIP yes\n"),
    "no algorithm that we have": Row(
        USUAL + "  Ciphers chacha20-poly1305@openssh.com\n", but_we="does not support"
    ),
    "Ciphers": Row(USUAL + "  Ciphers aes256-ctr\n"),
    "KexAlgorithms": Row(USUAL + "  KexAlgorithms curve25519-sha256\n"),
}


def named(rows: Mapping[str, Row]) -> list[object]:
    return [pytest.param(row, id=name) for name, row in rows.items()]


@pytest.mark.parametrize("row", [*named(CONFIGURATIONS), *named(KEYS), *named(HOST_KEYS)])
def test_the_suite_and_ssh_behave_the_same(person: Field, row: Row) -> None:
    person.lay_out(row)

    with ThreadPoolExecutor() as beside:
        trying = beside.submit(person.ssh, row.destination)
        by_us = person.ours(row.destination)
        by_ssh = trying.result()

    assert by_ssh[0] == (row.expected == IN), by_ssh[1]
    if row.but_we:
        assert row.but_we in by_us[1]
        return
    assert (by_us[0], by_us[2]) == (by_ssh[0], by_ssh[2]), by_us[1]
    assert row.says in by_us[1]
    assert "\n" not in by_us[1]
    assert by_us[0] or by_us[1].endswith(".")
