"""Select how to reach a host; the only module that knows all kinds of hosts."""

from collections.abc import Sequence

from acceptance.hosts.command import HostBehindCommand
from acceptance.hosts.host import Host
from acceptance.hosts.ssh.host import SshHost


def host_for(name: str, command: Sequence[str]) -> Host:
    """Return the host of a site, without connecting yet.

    Args:
        name: the site's host name, for SSH.
        command: the command that enters the host instead; empty for SSH.

    Raises:
        ServerError: ssh cannot use its configuration.

    """
    return HostBehindCommand(command) if command else SshHost(name)
