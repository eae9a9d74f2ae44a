"""Host certificates made by ssh-keygen, revoked keys, and keys of addresses."""

import base64
import subprocess
from pathlib import Path

import pytest

from acceptance.hosts.ssh.host_certificates import (
    HostCertificate,
    is_signed,
    read_certificate,
)
from acceptance.hosts.ssh.known_hosts import Judgement, KnownHosts, is_revoked_by
from acceptance.hosts.ssh.open_ssh import Destination, Settings
from testbeds.commands import find_program

ALGORITHMS = ["ssh-ed25519"]


def keygen(*arguments: str | Path) -> None:
    subprocess.run(  # noqa: S603
        [find_program("ssh-keygen"), "-q", *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
        timeout=30,
    )


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    for kind, bits in (("ed25519", ""), ("ecdsa", "384"), ("rsa", "2048")):
        size = ["-b", bits] if bits else []
        keygen("-t", kind, *size, "-N", "", "-f", folder / kind)
    keygen("-t", "ed25519", "-N", "", "-f", folder / "ca")
    return folder


def blob_in(file: Path) -> bytes:
    return base64.b64decode(file.read_text(encoding="utf-8").split()[1])


def certify(keys: Path, *options: str, kind: str = "ed25519") -> bytes:
    keygen("-s", keys / "ca", "-I", "test", *options, keys / f"{kind}.pub")
    return blob_in(keys / f"{kind}-cert.pub")


def certificate(keys: Path, *options: str, kind: str = "ed25519") -> HostCertificate:
    read = read_certificate(certify(keys, *options, kind=kind))
    assert read is not None
    return read


@pytest.mark.parametrize("kind", ["ed25519", "ecdsa", "rsa"])
def test_a_certificate_vouches_for_the_host_that_it_names(keys: Path, kind: str) -> None:
    read = certificate(keys, "-h", "-n", "a.test,b.test", "-V", "-1h:+1h", kind=kind)

    assert read.authority == blob_in(keys / "ca.pub")
    assert read.vouches_for("b.test", ALGORITHMS)
    assert not read.vouches_for("c.test", ALGORITHMS)
    assert not read.vouches_for("b.test", ["rsa-sha2-512"])


@pytest.mark.parametrize(
    ("options", "is_good"),
    [
        (["-h"], True),
        (["-h", "-n", "*.test"], True),
        (["-h", "-n", "?.test"], True),
        (["-h", "-n", "[a].test"], False),
        (["-n", "a.test"], False),
        (["-h", "-V", "-2h:-1h"], False),
        (["-h", "-V", "+1h:+2h"], False),
        (["-h", "-O", "critical:what@example.com"], False),
    ],
)
def test_a_certificate_is_valid_only_for_its_purpose(
    keys: Path, options: list[str], *, is_good: bool
) -> None:
    assert certificate(keys, *options).vouches_for("a.test", ALGORITHMS) == is_good


def test_a_changed_certificate_has_no_valid_signature(keys: Path) -> None:
    blob = certify(keys, "-h")
    assert is_signed(blob)

    assert not is_signed(blob[:-1] + bytes([blob[-1] ^ 1]))
    assert not is_signed(blob.replace(b"test", b"tset"))


def test_a_plain_key_is_not_a_certificate(keys: Path) -> None:
    assert read_certificate(blob_in(keys / "rsa.pub")) is None


def test_a_list_made_by_ssh_keygen_revokes_keys(keys: Path, tmp_path: Path) -> None:
    keygen("-k", "-f", tmp_path / "revoked", keys / "rsa.pub")

    assert is_revoked_by(str(tmp_path / "revoked"), blob_in(keys / "rsa.pub"))
    assert not is_revoked_by(str(tmp_path / "revoked"), blob_in(keys / "ecdsa.pub"))


@pytest.mark.parametrize(
    ("check", "at_address", "judgement"),
    [
        ("no", "ecdsa", Judgement.KNOWN),
        ("yes", "ecdsa", Judgement.CHANGED),
        ("yes", "ed25519", Judgement.KNOWN),
        ("yes", None, Judgement.KNOWN),
    ],
)
def test_an_address_may_be_known_by_another_key(
    keys: Path, tmp_path: Path, check: str, at_address: str | None, judgement: Judgement
) -> None:
    # Loopback addresses are not looked up, so ssh itself cannot be compared here.
    def line(name: str, kind: str) -> str:
        return f"{name} {(keys / f'{kind}.pub').read_text(encoding='utf-8')}"

    file = tmp_path / "known_hosts"
    lines = line("a.test", "ed25519") + (line("192.0.2.7", at_address) if at_address else "")
    file.write_text(lines, encoding="utf-8")
    options = {
        "hostname": ["a.test"],
        "port": ["22"],
        "checkhostip": [check],
        "userknownhostsfile": [str(file)],
    }
    known = KnownHosts(Settings(Destination("a.test"), options))

    assert known.judge(blob_in(keys / "ed25519.pub"), "192.0.2.7")[0] is judgement
