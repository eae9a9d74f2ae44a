"""Make ssh keys for a test bed."""

from pathlib import Path

from testbeds.commands import find_program, run


def make_key(file: Path, passphrase: str = "") -> None:
    """Make a private key in `file`, and the public one beside it.

    Raises:
        TestBedError: ssh-keygen failed.

    """
    keygen = find_program("ssh-keygen")
    run(
        [keygen, "-q", "-t", "ed25519", "-N", passphrase, "-f", str(file)],
        name="ssh-keygen",
    )


def public_key(file: Path) -> str:
    """Return the line of authorized_keys for the private key in `file`."""
    return file.with_suffix(".pub").read_text(encoding="utf-8")


def known_host(names: str, file: Path) -> str:
    """Return the line of known_hosts for a server.

    Args:
        names: the server's names and addresses, with commas between them (sshd(8)).
        file: the file of its private key; the public one is beside it.

    """
    kind, key, *_ = public_key(file).split()
    return f"{names} {kind} {key}\n"
