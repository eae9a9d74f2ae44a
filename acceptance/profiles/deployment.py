"""A deployed site, and the objects that access it."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Self

from acceptance.configuration import Configuration
from acceptance.errors import ConfigurationError
from acceptance.evidence.server_log import ServerLog
from acceptance.hosts.errors import ServerError
from acceptance.hosts.host import Host
from acceptance.hosts.secrets import Secrets
from acceptance.hosts.select import host_for
from acceptance.hosts.web.site_requests import SiteRequests
from acceptance.mail.addresses import AddressBook
from acceptance.mail.polled_mailbox import PolledMailbox
from acceptance.mail.select import mailbox_of
from acceptance.profiles.remote_fixtures import RemoteFixtures
from acceptance.profiles.tunnel import ProgramsThroughTunnel
from acceptance.project import Project
from acceptance.readers import DeployedSite, FixturesWay, Reset


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """A deployed site.

    Attributes:
        project: the project of the site.
        site: its address on the web.
        requests: sends requests to that address.
        folder: its folder on the host.
        host: the host that it runs on.
        reset: when it is emptied.
        fixtures: makes fixtures on the site.
        log: the log of the site.
        addresses: people's email addresses.
        mailbox: the mailbox that receives their email.
        mailbox_address: the address of the mailbox.

    """

    project: Project
    site: DeployedSite
    requests: SiteRequests
    folder: str
    host: Host
    reset: Reset
    fixtures: RemoteFixtures
    log: ServerLog
    addresses: AddressBook
    mailbox: PolledMailbox
    mailbox_address: str

    def beside(self) -> Self:
        """Return the same deployment for parallel scenarios with other people."""
        addresses = self.addresses.beside()
        return replace(self, addresses=addresses, mailbox=self.mailbox.beside(addresses))


@contextmanager
def open_deployment(
    configuration: Configuration, secrets: Secrets | None = None
) -> Iterator[Deployment]:
    """Prepare access to the configured site; nothing is contacted before its first use.

    Raises:
        ConfigurationError: the person's ssh configuration cannot be read, or the mailbox has no
            password.

    """
    site = configuration.staging
    assert site is not None
    secrets = secrets or Secrets()
    secrets.add_password(configuration.mailbox_password.value)
    user, password = configuration.site_user.value, configuration.site_password.value
    if user is not None and password is not None:
        secrets.add_log_in(user, password)
    folder, log_name = (
        setting.replace("{host}", site.host)
        for setting in (configuration.site_folder, configuration.server_log)
    )
    command = [word.replace("{host}", site.host) for word in configuration.host_command or ()]
    with ExitStack() as undo:
        addresses, mailbox = _open_mailbox(configuration)
        try:
            host = host_for(site.host, command)
        except ServerError as error:
            raise ConfigurationError(str(error)) from None
        undo.callback(host.disconnect)
        is_tunnel = configuration.fixtures is FixturesWay.TUNNEL
        programs = (
            ProgramsThroughTunnel(host, folder, configuration.project, secrets)
            if is_tunnel
            else None
        )
        longest_wait = max(configuration.timeout, configuration.mail_timeout)
        fixtures = RemoteFixtures(
            host, folder, site.host, longest_wait=longest_wait, programs=programs
        )
        undo.callback(fixtures.close)
        log = ServerLog(host, log_name)
        undo.callback(log.close)
        yield Deployment(
            project=configuration.project,
            site=site,
            requests=SiteRequests(site.url, configuration.site_log_in),
            folder=folder,
            host=host,
            reset=configuration.reset or Reset.SCENARIO,
            fixtures=fixtures,
            log=log,
            addresses=addresses,
            mailbox=mailbox,
            mailbox_address=str(configuration.mailbox),
        )


def _open_mailbox(configuration: Configuration) -> tuple[AddressBook, PolledMailbox]:
    try:
        addresses = AddressBook(str(configuration.mail_address))
        return addresses, mailbox_of(
            str(configuration.mailbox),
            configuration.mailbox_password,
            addresses,
            configuration.mail_timeout,
        )
    except ValueError as reason:
        message = f"The mailbox {configuration.mailbox} cannot be used: {reason}."
        raise ConfigurationError(message) from None
