"""What this app has to know of the site that it is installed in.

A site's settings name what is its own:

- `SITE_NAME`, the host name of the site, spelled as a run asks for it,
- `BASE_DIR`, the folder of the code that runs,
- `ACCEPTANCE_SITE`, the dotted path of a module that keeps `Site`,
- `ACCEPTANCE_FIXTURES`, the dotted path of the module in which the site declares its fixtures.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import Error


class SettingsFile(Protocol):
    """What a process found in its `.env` when it began.

    Attributes:
        path: where the file is; may be a link.
        content: all that is in it.
        variables: what it sets.
        overridden: the variables of the site that the environment had already, and otherwise.

    """

    @property
    def path(self) -> Path: ...  # noqa: D102 (described above)
    @property
    def content(self) -> bytes: ...  # noqa: D102
    @property
    def variables(self) -> Mapping[str, str]: ...  # noqa: D102
    @property
    def overridden(self) -> Sequence[str]: ...  # noqa: D102


class ProductionUse(Protocol):
    """A production site that served people from the database.

    Attributes:
        site_name: its host name.
        first_started: when it first started to.
        last_started: when it last started to.

    """

    site_name: str
    first_started: datetime
    last_started: datetime


class Site(Protocol):
    """The site, as far as this app has to know it."""

    def commit(self) -> str | None:
        """Return the 40 hexadecimal digits of the commit that is deployed, or None if unknown."""

    def settings_file(self) -> SettingsFile | None:
        """Return the `.env` that this process began with, or None where it read none."""

    def variables_in(self, content: bytes, path: str) -> Mapping[str, str]:
        """Return what the content of such a file sets, read as the site reads it.

        Raises:
            ValueError: it cannot be read; in one sentence, without secrets.

        """

    def deciding_variables(self) -> Sequence[str]:
        """Return the names of those that decide which database may be wiped, and as whose."""

    def is_staging(self, variables: Mapping[str, str]) -> bool:
        """Whether such variables make a staging site."""

    def known_meaning(self, error: Error) -> str | None:
        """Return what an error of the database means, or None for what no one foresaw."""

    def sentence_about(self, error: Error) -> str:
        """Return one sentence about an error of the database: what it means, what to do."""

    def content(self) -> str:
        """Return what people made on the site, in a few words such as "2 users and 1 lists"."""

    def production_uses(self) -> Sequence[ProductionUse]:
        """Return the production sites that served people from the database, by their names."""

    def forget_clients(self) -> None:
        """Let every client ask anew for what the site limits by client, and delete nothing else."""

    def send_trial_mail(self, email: str, home: str) -> None:
        """Send a mail with a link to the site, of which nothing stays on the site.

        Args:
            email: the address that it goes to.
            home: the address of the site's home page, without a slash at its end.

        """


def site() -> Site:
    """Return the site.

    Raises:
        ImproperlyConfigured: the settings do not say where it is, or it cannot be imported.

    """
    name = getattr(settings, "ACCEPTANCE_SITE", None)
    if not name:
        raise ImproperlyConfigured(
            "ACCEPTANCE_SITE is missing in the settings, and the app `staging` asks it what site"
            " this is: set it to the dotted path of a module that keeps the protocol `Site`."
        )
    try:
        return cast("Site", import_module(name))
    except ImportError as error:
        raise ImproperlyConfigured(
            f"ACCEPTANCE_SITE in the settings is {name}, which cannot be imported ({error}):"
            " correct it, or deploy the site as it was deployed before."
        ) from None
