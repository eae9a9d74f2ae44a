"""Which way leads to a host; the only place that knows them all."""

from collections.abc import Sequence

from acceptance.hosts.command import HostBehindCommand
from acceptance.hosts.host import Host
from acceptance.hosts.ssh.host import SshHost


def host_for(name: str, command: Sequence[str]) -> Host:
    """Return the host of the site that answers to a name; nothing is contacted yet.

    Args:
        name: the site's host name, to which SSH leads.
        command: what enters the host instead; empty for SSH.

    Raises:
        ServerError: ssh cannot use its configuration.

    """
    return HostBehindCommand(command) if command else SshHost(name)
