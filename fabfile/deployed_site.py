"""A site on a server: its name, and where its parts lie."""

import ipaddress
import re
from dataclasses import dataclass

from fabfile.errors import DeploymentError
from superlists.environment_variables import is_host_name

# What useradd(8) takes on Debian, of which systemd and sudoers need no part quoted.
_USER = re.compile(r"[a-z_][a-z0-9_-]{0,31}")
_PLAIN_PATH = re.compile(r"/[A-Za-z0-9._/-]*")


@dataclass(frozen=True)
class Site:
    """A site, and the user of the server that it runs as.

    Attributes:
        host: its name, in DNS and to ssh.
        user: whose processes serve it.
        home: that user's home on the server.

    """

    host: str
    user: str
    home: str

    def __post_init__(self) -> None:
        """Refuse what cannot be written into a server's configuration as it stands.

        Raises:
            DeploymentError: says what is wrong.

        """
        check_host(self.host)
        check_user(self.user)
        check_path("the home of the user", self.home)

    @property
    def folder(self) -> str:
        """Where the site lies."""
        return f"{self.home}/sites/{self.host}"

    @property
    def unit(self) -> str:
        """The systemd unit that serves it, as one names it to systemctl."""
        return f"gunicorn-{self.host}"

    @property
    def restart(self) -> list[str]:
        """The one command that a deployment runs as root; sudoers holds it word for word."""
        return ["/usr/bin/systemctl", "restart", self.unit]

    @property
    def url(self) -> str:
        """The address of its home page, without a slash at the end."""
        return f"https://{self.host}"

    @property
    def database_url(self) -> str:
        """The database of a site that was not told about another."""
        return f"sqlite:///{self.folder}/database/db.sqlite3"


def check_host(host: str) -> None:
    """Refuse what is no name that a certificate could be for.

    Raises:
        DeploymentError: says what is wrong.

    """
    try:
        ipaddress.ip_address(host)
    except ValueError:
        if is_host_name(host):
            return
    message = (
        f"{host!r} is not the name of a site: type it in small letters, as in "
        "`fab -H elspeth@superlists.example.com …`."
    )
    raise DeploymentError(message)


def check_user(user: str) -> None:
    """Refuse a user that a site should not run as.

    Raises:
        DeploymentError: says what is wrong.

    """
    if user == "root":
        message = (
            "A site does not run as root: log in as the user that it is to run as, who may use "
            "sudo, as in `fab -H elspeth@HOST …`."
        )
        raise DeploymentError(message)
    if not _USER.fullmatch(user):
        message = f"{user!r} is not the name of a user: type one, as in `fab -H elspeth@HOST …`."
        raise DeploymentError(message)


def check_path(what: str, path: str) -> None:
    """Refuse a path that a server's configuration would need quoted.

    Args:
        what: whose path it is, for the message.
        path: a path on the server.

    Raises:
        DeploymentError: it does not start with /, or has other characters than usual ones.

    """
    if not _PLAIN_PATH.fullmatch(path):
        message = (
            f"{path!r} as {what} cannot be used: it has to start with / and may have only "
            "letters, digits and . _ / - in it."
        )
        raise DeploymentError(message)
