"""The machine of a person who tests the site on loopback."""

from pathlib import Path

from trustme import CA

from testbeds.home import Home
from testbeds.loopback.deployed_site import SITE_NAME
from testbeds.loopback.ssh_server import ADDRESS, SshServer


class Tester(Home):
    """A home from which the site's server can be reached."""

    # pytest takes the name for that of a class of tests.
    __test__ = False

    def __init__(self, folder: Path, authority: CA, ssh: SshServer) -> None:
        """Furnish `folder`: it knows the server, and trusts certificates from `authority`."""
        super().__init__(folder, authority)
        self.known_hosts.write_text(ssh.known_host, encoding="utf-8")
        self.use_key(ssh, ssh.client_key)

    def use_key(self, ssh: SshServer, key: Path, host: str = SITE_NAME) -> None:
        """Log in with the private key in the file `key`."""
        self.configure_ssh(host, HostName=ADDRESS, Port=ssh.port, User=ssh.user, IdentityFile=key)
