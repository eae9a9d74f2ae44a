"""A site on a server: its name and the paths of its parts."""

import ipaddress
import re
from dataclasses import dataclass

from fabfile.errors import DeploymentError
from superlists.environment_variables import is_host_name

# The names that useradd(8) accepts on Debian and that systemd and sudoers take unquoted.
_USER = re.compile(r"[a-z_][a-z0-9_-]{0,31}")
_PLAIN_PATH = re.compile(r"/[A-Za-z0-9._/-]*")


@dataclass(frozen=True)
class Site:
    """A site, and the user on the server that it runs as.

    Attributes:
        host: its name in DNS and for ssh.
        user: the user that its processes run as.
        home: that user's home on the server.

    """

    host: str
    user: str
    home: str

    def __post_init__(self) -> None:
        """Refuse values that a server's configuration could not contain unquoted.

        Raises:
            DeploymentError: one of the values cannot be used.

        """
        check_host(self.host)
        check_user(self.user)
        check_path("the home of the user", self.home)

    @property
    def folder(self) -> str:
        """The site's folder on the server."""
        return f"{self.home}/sites/{self.host}"

    @property
    def unit(self) -> str:
        """The systemd unit that serves it, as systemctl takes its name."""
        return f"gunicorn-{self.host}"

    @property
    def restart(self) -> list[str]:
        """The only command that a deployment runs as root; sudoers allows exactly this one."""
        return ["/usr/bin/systemctl", "restart", self.unit]

    @property
    def url(self) -> str:
        """The address of its home page, without a slash at the end."""
        return f"https://{self.host}"

    @property
    def database_url(self) -> str:
        """The site's default database."""
        return f"sqlite:///{self.folder}/database/db.sqlite3"


def check_host(host: str) -> None:
    """Refuse a name that no certificate can be issued for.

    Raises:
        DeploymentError: the name or path cannot be used.

    """
    try:
        ipaddress.ip_address(host)
    except ValueError:
        if is_host_name(host):
            return
    message = (
        f"{host!r} is not the name of a site: type its host name in lower case, as in "
        "`fab -H elspeth@superlists.example.com …`."
    )
    raise DeploymentError(message)


def check_user(user: str) -> None:
    """Refuse a user that a site should not run as.

    Raises:
        DeploymentError: the name or path cannot be used.

    """
    if user == "root":
        message = (
            "A site does not run as root: log in as the user that it will run as, who must be "
            "allowed to use sudo, as in `fab -H elspeth@HOST …`."
        )
        raise DeploymentError(message)
    if not _USER.fullmatch(user):
        message = f"{user!r} is not a user name: type one, as in `fab -H elspeth@HOST …`."
        raise DeploymentError(message)


def check_path(what: str, path: str) -> None:
    """Refuse a path that a server's configuration would have to quote.

    Args:
        what: what the path is for, in the message.
        path: a path on the server.

    Raises:
        DeploymentError: it does not start with /, or contains unusual characters.

    """
    if not _PLAIN_PATH.fullmatch(path):
        message = (
            f"{path!r} cannot be used as {what}: it has to start with / and may only contain "
            "letters, digits and . _ / -."
        )
        raise DeploymentError(message)
