"""The kind of a site, production or staging: decided by what is there, never by what is missing."""

from collections.abc import Mapping, Sequence

from fabfile.deployed_site import Site
from fabfile.errors import DeploymentError
from fabfile.locked_shell import CommandFailedError, Shell
from fabfile.releases import MANAGE, Release, Releases

PRODUCTION, STAGING = "production", "staging"

_YES = frozenset({"y", "yes", "true", "t", "on", "1"})
_NO = frozenset({"", "n", "no", "false", "f", "off", "0"})

_WRITTEN_BY_DEPLOYING = ("SITENAME", "DJANGO_SECRET_KEY", "DJANGO_DEBUG_FALSE", "TRUSTED_PROXIES")
"""What stands in the `.env` of a site that has been deployed."""

_PREPARE_TIMEOUT = 120

_SEE = 'see docs/how-to/deploy.md, "Another kind"'


def kind_of(*, staging: bool) -> str:
    """Return the name of the kind."""
    return STAGING if staging else PRODUCTION


def is_yes(value: str | None) -> bool:
    """Whether a setting says yes, to the site as to us."""
    return value is not None and value.strip().lower() in _YES


def check_kind(
    found: Mapping[str, str] | None, releases: Releases, site: Site, *, staging: bool
) -> None:
    """See that the site is none of another kind.

    Args:
        found: what its `.env` sets, or None where there is none.
        releases: those that are there.
        site: the site.
        staging: whether it is to be a staging site.

    Raises:
        DeploymentError: it is of another kind, or its traces are missing or contradict each other.

    """
    place = f"{site.folder}/.env on {site.host}"
    if found is None:
        if releases.all:
            message = (
                f"There is no {place}, and there are releases beside it, so that nothing shows "
                "what the site is and which database it has: put its .env back as it was."
            )
            raise DeploymentError(message)
        return
    _check_place(found, site, place)
    said = found.get("STAGING", "").strip().lower()
    if said not in _YES | _NO:
        message = (
            f"STAGING in {place} is neither y nor n, so that nothing shows what the site is: "
            f"{_SEE}, and correct it there."
        )
        raise DeploymentError(message)
    if staging and said not in _YES:
        _refuse_to_make_staging(found, releases, site, place)
    if not staging and said in _YES:
        current = releases.current
        if current is not None and not current.staging:
            message = (
                f"{place} says STAGING, and the release that serves there is a production site's: "
                f"one of the two is wrong; {_SEE}, and correct the .env."
            )
        else:
            message = (
                f"{site.host} is a staging server, for {place} says STAGING: spell it, as in "
                f"--staging={site.host}, or see that you named the right server."
            )
        raise DeploymentError(message)


def prepare_database(
    shell: Shell, folder: str, site: Site, served: Release | None
) -> Sequence[str]:
    """See that no run uses the database, and that it may be that of a site of this kind.

    A production site's loses the permission to be wiped.

    Args:
        shell: on the server.
        folder: the release whose code and settings are to look.
        site: whose database it is.
        served: the release that has served so far, if any.

    Returns:
        what a person should know, in sentences.

    Raises:
        DeploymentError: the database must not be used; says why.
        ServerError: the server cannot be worked with.

    """
    served_as = [f"--served-as={kind_of(staging=served.staging)}"] if served else []
    try:
        command = [*MANAGE, "prepare_database", *served_as]
        said = shell.run(command, folder, _PREPARE_TIMEOUT)
    except CommandFailedError as error:
        lines = error.output.splitlines() or ["it wrote nothing"]
        if any("Unknown command" in line for line in lines):
            # A release from before there was one.
            return []
        refusal = next((line for line in lines if line.startswith("CommandError: ")), "")
        if refusal:
            raise DeploymentError(refusal.removeprefix("CommandError: ")) from None
        message = f"The database of {site.host} cannot be looked at: {lines[-1].rstrip('.')}."
        raise DeploymentError(message) from None
    return [line for line in said.splitlines() if line]


def _check_place(found: Mapping[str, str], site: Site, place: str) -> None:
    name = found.get("SITENAME", site.host).strip().lower()
    if name != site.host:
        message = (
            f"{place} is that of {name}, and you deploy to {site.host}: deploy to the right host, "
            "or correct SITENAME there."
        )
        raise DeploymentError(message)
    if not is_yes(found.get("DJANGO_DEBUG_FALSE", "y")):
        message = (
            f"DJANGO_DEBUG_FALSE in {place} makes a development site, which shows its insides to "
            "everybody: set it to y there."
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
        shown = f"there are releases in {site.folder}, and {place} does not say STAGING"
    elif any(name in found for name in _WRITTEN_BY_DEPLOYING):
        shown = f"{place} is a deployed site's and does not say STAGING"
    if shown:
        message = (
            f"{site.host} looks like a production site, for {shown}, and --staging would let the "
            "acceptance suite near what people wrote: name your staging server behind -H; if this "
            f"is one, {_SEE}."
        )
        raise DeploymentError(message)
