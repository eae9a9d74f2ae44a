"""The home of the person who tests the rehearsal's server."""

import os
from collections.abc import Mapping
from pathlib import Path

from trustme import CA

from testbeds.home import Home
from testbeds.keys import known_host, make_key
from testbeds.rehearsal.network import MAIL_HOST, SERVER_ADDRESS, SITE_HOST

USER = "elspeth"


class Tester(Home):
    """A home from which the rehearsal's server can be reached.

    Attributes:
        key: the private key that the server accepts; the public one is beside it.

    """

    def __init__(self, folder: Path, authority: CA, host_key: Path) -> None:
        """Create `folder` as a home that knows the server and trusts `authority`.

        Args:
            folder: a folder that does not exist yet.
            authority: the authority that issues certificates.
            host_key: the file of the server's private key; the public one is beside it.

        """
        super().__init__(folder, authority)
        self.key = folder / ".ssh" / "key"
        make_key(self.key)
        line = known_host(f"{SITE_HOST},{SERVER_ADDRESS}", host_key)
        self.known_hosts.write_text(line, encoding="utf-8")
        self.configure_ssh(
            f"{SITE_HOST} {MAIL_HOST} {SERVER_ADDRESS}",
            User=USER,
            IdentityFile=self.key,
            StrictHostKeyChecking="yes",
        )

    @property
    def environment(self) -> Mapping[str, str]:
        """The variables that let programs use this home, and Python trust the authority."""
        cache = os.environ.get("XDG_CACHE_HOME") or str(Path("~/.cache").expanduser())
        # The downloaded packages, which cannot be reached over this network.
        return {**super().environment, "XDG_CACHE_HOME": cache}
