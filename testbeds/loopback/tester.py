"""The machine of a person who tests the site: ssh configuration, and whom browsers trust."""

import os
import shlex
import subprocess
from collections.abc import Mapping
from pathlib import Path

from trustme import CA

from testbeds.loopback.deployed_site import SITE_NAME
from testbeds.loopback.server_process import find_program
from testbeds.loopback.ssh_server import ADDRESS, SshServer

_TIMEOUT = 30


class Tester:
    """A home with what ssh, Python and Chromium look for in it.

    Attributes:
        home: the home.
        ssh_configuration: its ssh configuration.
        known_hosts: the host keys that it knows.

    """

    # pytest takes the name for that of a class of tests.
    __test__ = False

    def __init__(self, home: Path, authority: CA, ssh: SshServer) -> None:
        """Furnish `home`: it knows the server, and trusts certificates from `authority`."""
        self.home = home
        self.ssh_configuration = home / ".ssh" / "config"
        self.known_hosts = home / ".ssh" / "known_hosts"
        self._authority = home / "authority.pem"
        self._programs = home / "bin"
        self.ssh_configuration.parent.mkdir(parents=True, mode=0o700)
        self.known_hosts.write_text(ssh.known_host, encoding="utf-8")
        self.use_key(ssh, ssh.client_key)
        self._make_ssh_look_here()
        authority.cert_pem.write_to_path(self._authority)
        self._trust_in_browsers()

    @property
    def environment(self) -> Mapping[str, str]:
        """What makes programs look into this home, and Python trust the authority."""
        return {
            "HOME": str(self.home),
            "SSL_CERT_FILE": str(self._authority),
            # Whatever keys this machine's person has at hand are none of this tester's.
            "SSH_AUTH_SOCK": "",
            "PATH": f"{self._programs}:{os.environ.get('PATH', os.defpath)}",
        }

    def use_key(self, ssh: SshServer, key: Path, host: str = SITE_NAME) -> None:
        """Log in with the private key in the file `key`."""
        self.ssh_configuration.write_text(
            f"Host {host}\n"
            f"    HostName {ADDRESS}\n"
            f"    Port {ssh.port}\n"
            f"    User {ssh.user}\n"
            f"    IdentityFile {key}\n"
            "    IdentitiesOnly yes\n"
            f"    UserKnownHostsFile {self.known_hosts}\n",
            encoding="utf-8",
        )

    def _make_ssh_look_here(self) -> None:
        # ssh(1) asks the user database where its person's home is, and not HOME.
        program = self._programs / "ssh"
        program.parent.mkdir()
        line = f'exec {shlex.quote(find_program("ssh"))} -F {self.ssh_configuration} "$@"'
        program.write_text(f"#!/bin/sh\n{line}\n", encoding="utf-8")
        program.chmod(0o700)

    def _trust_in_browsers(self) -> None:
        # Where Chromium looks on Linux ("Linux Cert Management" in its documentation).
        database = self.home / ".pki" / "nssdb"
        database.mkdir(parents=True)
        self._certutil(database, "-N", "--empty-password")
        self._certutil(database, "-A", "-n", "loopback", "-t", "C,,", "-i", str(self._authority))

    @staticmethod
    def _certutil(database: Path, *arguments: str) -> None:
        subprocess.run(  # noqa: S603
            [find_program("certutil"), "-d", f"sql:{database}", *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=True,
            timeout=_TIMEOUT,
        )
