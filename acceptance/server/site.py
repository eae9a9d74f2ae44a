"""The interface to the site that this app is installed in.

The site's settings have:

- `SITE_NAME`, the host name of the site, spelled as in a run's requests,
- `BASE_DIR`, the folder of the code that runs,
- `ACCEPTANCE_SITE`, the dotted path of a module that implements the protocol `Site`,
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
    """The `.env` of a process, as it was when the process began.

    Attributes:
        path: the path of the file; may be a link.
        content: its content.
        variables: the variables that it sets.
        overridden: the site's variables for which the environment already had other values.

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
        first_started: when it first started on the database.
        last_started: when it last started on it.

    """

    site_name: str
    first_started: datetime
    last_started: datetime


class Site(Protocol):
    """The functions of the site that this app needs."""

    def commit(self) -> str | None:
        """Return the 40 hexadecimal digits of the commit that is deployed, or None if unknown."""

    def settings_file(self) -> SettingsFile | None:
        """Return the `.env` that this process began with, or None if it read none."""

    def variables_in(self, content: bytes, path: str) -> Mapping[str, str]:
        """Return the variables that the content of such a file sets, as the site reads it.

        Raises:
            ValueError: it cannot be read; the message is one sentence, without secrets.

        """

    def deciding_variables(self) -> Sequence[str]:
        """Return the names of the variables that decide which site and which database this is."""

    def is_staging(self, variables: Mapping[str, str]) -> bool:
        """Whether a site with these variables is a staging site."""

    def known_meaning(self, error: Error) -> str | None:
        """Return the meaning of an error of the database, or None if it is not a known one."""

    def sentence_about(self, error: Error) -> str:
        """Return one sentence about an error of the database: what it means, what to do."""

    def content(self) -> str:
        """Return what people made on the site, in a few words such as "2 users and 1 lists"."""

    def production_uses(self) -> Sequence[ProductionUse]:
        """Return the production sites that served people from the database, by their names."""

    def forget_clients(self) -> None:
        """Reset the rate limits for all clients, and delete nothing else."""

    def send_trial_mail(self, email: str, home: str) -> None:
        """Send an email with a link to the site, and keep nothing of it.

        Args:
            email: the address that it is sent to.
            home: the address of the site's home page, without a slash at its end.

        """


def site() -> Site:
    """Return the site.

    Raises:
        ImproperlyConfigured: the settings do not name its module, or it cannot be imported.

    """
    name = getattr(settings, "ACCEPTANCE_SITE", None)
    if not name:
        raise ImproperlyConfigured(
            "ACCEPTANCE_SITE is missing in the settings, and the app `staging` needs it: set it to"
            " the dotted path of a module that implements the protocol `Site`."
        )
    try:
        return cast("Site", import_module(name))
    except ImportError as error:
        raise ImproperlyConfigured(
            f"ACCEPTANCE_SITE in the settings is {name}, which cannot be imported ({error}):"
            " correct it, or deploy the previous release."
        ) from None
