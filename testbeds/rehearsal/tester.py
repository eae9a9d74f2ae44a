"""The home of whoever tests the rehearsal's server: keys, known hosts, and whom it trusts."""

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from trustme import CA

from testbeds.rehearsal.commands import run
from testbeds.rehearsal.network import MAIL_HOST, SERVER_ADDRESS, SITE_HOST

USER = "elspeth"


class Tester:
    """A home with what ssh, Python and Chromium look for in it.

    Attributes:
        home: the home.
        key: the private key that the server lets in; the public one is beside it.

    """

    def __init__(self, home: Path, authority: CA, host_key: str) -> None:
        """Furnish `home`: it knows the server, and trusts certificates from `authority`.

        Args:
            home: a folder that is not there yet.
            authority: who issues certificates.
            host_key: the server's public key, as in its .pub file.

        """
        self.home = home
        self.key = home / ".ssh" / "key"
        self._authority = home / "authority.pem"
        self._programs = home / "bin"
        self.key.parent.mkdir(parents=True, mode=0o700)
        make_key(self.key)
        kind, key, *_ = host_key.split()
        known_hosts = home / ".ssh" / "known_hosts"
        names = f"{SITE_HOST},{SERVER_ADDRESS}"
        known_hosts.write_text(f"{names} {kind} {key}\n", encoding="utf-8")
        self.ssh_configuration.write_text(
            f"Host {SITE_HOST} {MAIL_HOST} {SERVER_ADDRESS}\n"
            f"    User {USER}\n"
            f"    IdentityFile {self.key}\n"
            "    IdentitiesOnly yes\n"
            f"    UserKnownHostsFile {known_hosts}\n"
            "    StrictHostKeyChecking yes\n",
            encoding="utf-8",
        )
        self._make_ssh_look_here()
        authority.cert_pem.write_to_path(self._authority)
        self._trust_in_browsers()

    @property
    def ssh_configuration(self) -> Path:
        """Its ssh configuration."""
        return self.home / ".ssh" / "config"

    @property
    def public_key(self) -> str:
        """The line that lets it into the server."""
        return self.key.with_suffix(".pub").read_text(encoding="utf-8")

    @property
    def environment(self) -> Mapping[str, str]:
        """What makes programs look into this home, and Python trust the authority."""
        programs = f"{self._programs}:{Path(sys.executable).parent}"
        cache = os.environ.get("XDG_CACHE_HOME") or str(Path("~/.cache").expanduser())
        return {
            "HOME": str(self.home),
            "SSL_CERT_FILE": str(self._authority),
            # Whatever keys this machine's person has at hand are none of this tester's.
            "SSH_AUTH_SOCK": "",
            "PATH": f"{programs}:{os.environ.get('PATH', os.defpath)}",
            # The packages that were downloaded, which cannot be had over this network.
            "XDG_CACHE_HOME": cache,
        }

    def _make_ssh_look_here(self) -> None:
        # ssh(1) asks the user database where its person's home is, and not HOME.
        program = self._programs / "ssh"
        program.parent.mkdir()
        line = f'exec {shutil.which("ssh")} -F {self.ssh_configuration} "$@"'
        program.write_text(f"#!/bin/sh\n{line}\n", encoding="utf-8")
        program.chmod(0o700)

    def _trust_in_browsers(self) -> None:
        # Where Chromium looks on Linux ("Linux Cert Management" in its documentation).
        database = self.home / ".pki" / "nssdb"
        database.mkdir(parents=True)
        certutil = ["certutil", "-d", f"sql:{database}"]
        run([*certutil, "-N", "--empty-password"])
        run([*certutil, "-A", "-n", "rehearsal", "-t", "C,,", "-i", str(self._authority)])


def make_key(file: Path) -> None:
    """Make a private key in `file`, and the public one beside it.

    Raises:
        RehearsalError: ssh-keygen failed.

    """
    run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "rehearsal", "-f", str(file)])
