"""A deployed site on this machine's loopback: real servers, discarded at the end."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from trustme import CA

from testbeds.loopback.deployed_site import SITE_NAME, DeployedSite, open_deployed_site
from testbeds.loopback.mail_server import MailServer, open_mail_server
from testbeds.loopback.ssh_server import SshServer, open_ssh_server
from testbeds.loopback.tester import Tester


@dataclass(frozen=True)
class LoopbackHost:
    """A staging server, and the home of a person who tests it.

    Attributes:
        site: the deployed site.
        ssh: the SSH server that gives access to its fixtures.
        mail: the mail server that sends and stores the site's emails.
        tester: the tester's home.
        authority: the authority that signs the certificates of the site and the mail server.

    """

    site: DeployedSite
    ssh: SshServer
    mail: MailServer
    tester: Tester
    authority: CA

    @property
    def environment(self) -> Mapping[str, str]:
        """The variables with which the suite tests this host."""
        return {
            **self.tester.environment,
            "SUPERLISTS_STAGING": self.site.url,
            "SUPERLISTS_UNLISTED_HOST": SITE_NAME,
            "SUPERLISTS_SERVER_LOG": str(self.site.log),
            **self.mail.for_the_suite,
        }


@contextmanager
def open_loopback() -> Iterator[LoopbackHost]:
    """Run everything during the block.

    Raises:
        TestBedError: a server is missing or does not start.

    """
    authority = CA()
    with (
        tempfile.TemporaryDirectory(prefix="loopback-") as name,
        open_mail_server(authority) as mail,
    ):
        folder = Path(name)
        home = folder / "server"
        with (
            open_deployed_site(home, authority, mail) as site,
            open_ssh_server(folder, home) as ssh,
        ):
            yield LoopbackHost(
                site, ssh, mail, Tester(folder / "tester", authority, ssh), authority
            )
