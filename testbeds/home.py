"""The home of a person who tests a site: known hosts, ssh configuration, and whom it trusts."""

import os
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path

from trustme import CA

from testbeds.commands import find_program, run


class Home:
    """A home with what ssh, Python and Chromium look for in it.

    Attributes:
        folder: the home.
        ssh_configuration: its ssh configuration.
        known_hosts: the host keys that it knows.

    """

    def __init__(self, folder: Path, authority: CA) -> None:
        """Furnish `folder`, which is not there yet, to trust certificates from `authority`."""
        self.folder = folder
        self.ssh_configuration = folder / ".ssh" / "config"
        self.known_hosts = folder / ".ssh" / "known_hosts"
        self._authority = folder / "authority.pem"
        self._programs = folder / "bin"
        self.ssh_configuration.parent.mkdir(parents=True, mode=0o700)
        self._make_ssh_look_here()
        authority.cert_pem.write_to_path(self._authority)
        self._trust_in_browsers()

    @property
    def environment(self) -> Mapping[str, str]:
        """What makes programs look into this home, and Python trust the authority."""
        programs = f"{self._programs}:{Path(sys.executable).parent}"
        return {
            "HOME": str(self.folder),
            "SSL_CERT_FILE": str(self._authority),
            # Whatever keys this machine's person has at hand are none of this tester's.
            "SSH_AUTH_SOCK": "",
            "PATH": f"{programs}:{os.environ.get('PATH', os.defpath)}",
        }

    def configure_ssh(self, hosts: str, **options: object) -> None:
        """Let ssh reach a server whose host key is known here.

        Args:
            hosts: the server's names, with spaces between them.
            options: more of ssh_config(5).

        """
        options = {"IdentitiesOnly": "yes", "UserKnownHostsFile": self.known_hosts, **options}
        lines = (f"    {name} {value}\n" for name, value in options.items())
        self.ssh_configuration.write_text(f"Host {hosts}\n{''.join(lines)}", encoding="utf-8")

    def _make_ssh_look_here(self) -> None:
        # ssh(1) asks the user database where its person's home is, and not HOME.
        program = self._programs / "ssh"
        program.parent.mkdir()
        line = f'exec {shlex.quote(find_program("ssh"))} -F {self.ssh_configuration} "$@"'
        program.write_text(f"#!/bin/sh\n{line}\n", encoding="utf-8")
        program.chmod(0o700)

    def _trust_in_browsers(self) -> None:
        # Where Chromium looks on Linux ("Linux Cert Management" in its documentation).
        database = self.folder / ".pki" / "nssdb"
        database.mkdir(parents=True)
        certutil = [find_program("certutil"), "-d", f"sql:{database}"]
        run([*certutil, "-N", "--empty-password"], name="certutil")
        run(
            [*certutil, "-A", "-n", "test bed", "-t", "C,,", "-i", str(self._authority)],
            name="certutil",
        )
