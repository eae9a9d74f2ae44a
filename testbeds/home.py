"""The home of a person who tests a site: known hosts, ssh configuration, trusted authorities."""

import os
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path

from trustme import CA

from testbeds.commands import find_program, run


class Home:
    """A home folder with the files that ssh, Python and Chromium read.

    Attributes:
        folder: the home.
        ssh_configuration: its ssh configuration.
        known_hosts: its known_hosts file.

    """

    def __init__(self, folder: Path, authority: CA) -> None:
        """Create `folder` as a home that trusts certificates from `authority`."""
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
        """The variables that let programs use this home, and Python trust the authority."""
        programs = f"{self._programs}:{Path(sys.executable).parent}"
        return {
            "HOME": str(self.folder),
            "SSL_CERT_FILE": str(self._authority),
            # The keys in the agent of this machine's user are not the tester's.
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
        # ssh(1) reads the home folder from the user database, not from HOME.
        program = self._programs / "ssh"
        program.parent.mkdir()
        line = f'exec {shlex.quote(find_program("ssh"))} -F {self.ssh_configuration} "$@"'
        program.write_text(f"#!/bin/sh\n{line}\n", encoding="utf-8")
        program.chmod(0o700)

    def _trust_in_browsers(self) -> None:
        # Chromium's folder on Linux ("Linux Cert Management" in its documentation).
        database = self.folder / ".pki" / "nssdb"
        database.mkdir(parents=True)
        certutil = [find_program("certutil"), "-d", f"sql:{database}"]
        run([*certutil, "-N", "--empty-password"], name="certutil")
        run(
            [*certutil, "-A", "-n", "test bed", "-t", "C,,", "-i", str(self._authority)],
            name="certutil",
        )
