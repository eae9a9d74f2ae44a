"""The machine of a person who tests the site on loopback."""

from pathlib import Path

from trustme import CA

from testbeds.home import Home
from testbeds.loopback.deployed_site import SITE_NAME
from testbeds.loopback.ssh_server import ADDRESS, SshServer


class Tester(Home):
    """A home from which the site's server can be reached."""

    # pytest would take this for a class of tests because of its name.
    __test__ = False

    def __init__(self, folder: Path, authority: CA, ssh: SshServer) -> None:
        """Create `folder` as a home that knows the server and trusts `authority`."""
        super().__init__(folder, authority)
        self.known_hosts.write_text(ssh.known_host, encoding="utf-8")
        self.use_key(ssh, ssh.client_key)

    def use_key(self, ssh: SshServer, key: Path, host: str = SITE_NAME) -> None:
        """Log in with the private key in the file `key`."""
        self.configure_ssh(host, HostName=ADDRESS, Port=ssh.port, User=ssh.user, IdentityFile=key)
