"""The kind of a site, production or staging, decided by what exists, never by what is missing."""

from collections.abc import Mapping, Sequence

from fabfile.deployed_site import Site
from fabfile.errors import DeploymentError
from fabfile.locked_shell import CommandFailedError, Shell
from fabfile.releases import MANAGE, Release, Releases

PRODUCTION, STAGING = "production", "staging"

_YES = frozenset({"y", "yes", "true", "t", "on", "1"})
_NO = frozenset({"", "n", "no", "false", "f", "off", "0"})

_WRITTEN_BY_DEPLOYING = ("SITENAME", "DJANGO_SECRET_KEY", "DJANGO_DEBUG_FALSE", "TRUSTED_PROXIES")
"""The variables that every deployment writes into `.env`."""

_PREPARE_TIMEOUT = 120

_SEE = 'see docs/how-to/deploy.md, "Another kind"'


def kind_of(*, staging: bool) -> str:
    """Return the name of the kind."""
    return STAGING if staging else PRODUCTION


def is_yes(value: str | None) -> bool:
    """Return whether the site reads a setting as yes."""
    return value is not None and value.strip().lower() in _YES


def check_kind(
    found: Mapping[str, str] | None, releases: Releases, site: Site, *, staging: bool
) -> None:
    """Check that the site is not of another kind.

    Args:
        found: the variables in its `.env`, or None if there is none.
        releases: the releases on the server.
        site: the site.
        staging: whether to deploy a staging site.

    Raises:
        DeploymentError: it is of another kind, or its traces are missing or contradict each other.

    """
    place = f"{site.folder}/.env on {site.host}"
    if found is None:
        if releases.all:
            message = (
                f"There is no {place}, but there are releases beside it, so that nothing shows "
                "which kind of site this is and which database it has: put its .env back as it was."
            )
            raise DeploymentError(message)
        return
    _check_place(found, site, place)
    value = found.get("STAGING", "").strip().lower()
    if value not in _YES | _NO:
        message = (
            f"STAGING in {place} is neither y nor n, so that nothing shows which kind of site this "
            f"is: {_SEE}, and correct it there."
        )
        raise DeploymentError(message)
    if staging and value not in _YES:
        _refuse_to_make_staging(found, releases, site, place)
    if not staging and value in _YES:
        current = releases.current
        if current is not None and not current.staging:
            message = (
                f"{place} sets STAGING, but the release that serves there is a production site's: "
                f"one of the two is wrong; {_SEE}, and correct the .env."
            )
        else:
            message = (
                f"{site.host} is a staging server, since {place} sets STAGING: add "
                f"--staging={site.host}, or check that you named the right server."
            )
        raise DeploymentError(message)


def prepare_database(
    shell: Shell, folder: str, site: Site, served: Release | None
) -> Sequence[str]:
    """Check that no run uses the database, and that a site of this kind may use it.

    The database of a production site loses the permission to be emptied.

    Args:
        shell: runs commands on the server.
        folder: the release whose code and settings check the database.
        site: the site that the database belongs to.
        served: the release that has served so far, if any.

    Returns:
        sentences for the person who deploys.

    Raises:
        DeploymentError: the database must not be used; the message gives the reason.
        ServerError: the server cannot be used.

    """
    served_as = [f"--served-as={kind_of(staging=served.staging)}"] if served else []
    try:
        command = [*MANAGE, "prepare_database", *served_as]
        output = shell.run(command, folder, _PREPARE_TIMEOUT)
    except CommandFailedError as error:
        lines = error.output.splitlines() or ["it printed nothing"]
        if any("Unknown command" in line for line in lines):
            # The release is older than this command.
            return []
        refusal = next((line for line in lines if line.startswith("CommandError: ")), "")
        if refusal:
            raise DeploymentError(refusal.removeprefix("CommandError: ")) from None
        message = f"The database of {site.host} cannot be checked: {lines[-1].rstrip('.')}."
        raise DeploymentError(message) from None
    return [line for line in output.splitlines() if line]


def _check_place(found: Mapping[str, str], site: Site, place: str) -> None:
    name = found.get("SITENAME", site.host).strip().lower()
    if name != site.host:
        message = (
            f"{place} belongs to {name}, but you deploy to {site.host}: deploy to the right host, "
            "or correct SITENAME there."
        )
        raise DeploymentError(message)
    if not is_yes(found.get("DJANGO_DEBUG_FALSE", "y")):
        message = (
            f"DJANGO_DEBUG_FALSE in {place} makes a development site, which shows its internals to "
            "everyone: set it to y there."
        )
        raise DeploymentError(message)


def _refuse_to_make_staging(
    found: Mapping[str, str], releases: Releases, site: Site, place: str
) -> None:
    """Raise DeploymentError if anything shows that the site is a production site."""
    shown = ""
    if "STAGING" in found:
        shown = f"STAGING in {place} is not y"
    elif releases.all:
        shown = f"there are releases in {site.folder}, and {place} does not set STAGING"
    elif any(name in found for name in _WRITTEN_BY_DEPLOYING):
        shown = f"{place} belongs to a deployed site and does not set STAGING"
    if shown:
        message = (
            f"{site.host} looks like a production site, since {shown}, and --staging would let the "
            "acceptance suite empty what people wrote: name your staging server after -H; if this "
            f"is one, {_SEE}."
        )
        raise DeploymentError(message)
