"""The `.env` of a deployed site: what a deployment adds to it. What stands there, stays."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ImproperlyConfigured

from fabfile.deployed_site import Site
from fabfile.errors import DeploymentError
from superlists.environment_file import variables_in

FROM_THE_DEPLOYER = (
    "EMAIL_HOST",
    "EMAIL_PORT",
    "EMAIL_USER",
    "EMAIL_PASSWORD",
    "EMAIL_USE_TLS",
    "EMAIL_FROM",
)
"""What is copied from the environment of whoever deploys, where `.env` does not have it."""

_YES = ("y", "yes", "true", "t", "on", "1")


@dataclass(frozen=True)
class Completion:
    """What a `.env` is to become.

    Attributes:
        content: the whole file.
        added: the names that it did not have.
        different: the names whose value in the file is not the deployer's, and stays.
        without_password: whether the site has no password for its mail server.

    """

    content: bytes = field(repr=False)
    added: Sequence[str]
    different: Sequence[str]
    without_password: bool


def complete(
    content: bytes | None,
    site: Site,
    *,
    staging: bool,
    has_been_deployed: bool,
    deployer: Mapping[str, str],
) -> Completion:
    """Add what is missing.

    Args:
        content: what is in the file, or None where there is none.
        site: whose it is.
        staging: whether it is to be a staging server.
        has_been_deployed: whether a release of the site is there already.
        deployer: the environment of whoever deploys.

    Raises:
        DeploymentError: the file cannot be read, or is that of another kind of site.

    """
    path = f"{site.folder}/.env"
    found = _read(content or b"", path)
    _check_kind(found, site, staging=staging, has_been_deployed=has_been_deployed)
    wanted = {
        "DJANGO_DEBUG_FALSE": "y",
        "SITENAME": site.host,
        "DJANGO_SECRET_KEY": secrets.token_urlsafe(50),
        "DATABASE_URL": site.database_url,
        "TRUSTED_PROXIES": "1",
        **({"STAGING": "y"} if staging else {}),
    }
    own = {name: deployer[name] for name in FROM_THE_DEPLOYER if deployer.get(name)}
    missing = {name: value for name, value in {**wanted, **own}.items() if name not in found}
    before = content or b""
    if missing and not before.endswith((b"\n", b"\r")) and before:
        before += b"\n"
    lines = "".join(written(name, value) for name, value in missing.items())
    return Completion(
        content=before + lines.encode(),
        added=list(missing),
        different=[name for name in own if found.get(name, own[name]) != own[name]],
        without_password=not {**own, **found}.get("EMAIL_PASSWORD"),
    )


def says_staging(content: bytes | None, path: str) -> bool:
    """Whether the content of a `.env` makes a staging server.

    Raises:
        DeploymentError: it cannot be read.

    """
    return _is_yes(_read(content or b"", path).get("STAGING"))


def written(name: str, value: str) -> str:
    """Write a variable as a line that the site reads back as it is.

    Raises:
        DeploymentError: there is no way to write it.

    """
    escaped = value.replace("\\", "\\\\")
    candidates = [
        value,
        "'" + escaped.replace("'", "\\'") + "'",
        '"' + escaped.replace('"', '\\"') + '"',
    ]
    for candidate in candidates:
        line = f"{name}={candidate}\n"
        # A quote that does not close where it should goes on into the next line.
        after = f"{line}NEXT='\"'\n"
        try:
            read = variables_in(after.encode(), ".env")
        except (ImproperlyConfigured, UnicodeEncodeError):
            continue
        if read == {name: value, "NEXT": '"'}:
            return line
    message = (
        f"{name} in your environment cannot be written into .env, for what its characters are: "
        "choose another value without line breaks, quotes and backslashes."
    )
    raise DeploymentError(message)


def _read(content: bytes, path: str) -> dict[str, str]:
    try:
        return variables_in(content, path)
    except ImproperlyConfigured as error:
        raise DeploymentError(str(error)) from None


def _check_kind(
    found: Mapping[str, str], site: Site, *, staging: bool, has_been_deployed: bool
) -> None:
    place = f"{site.folder}/.env on {site.host}"
    name = found.get("SITENAME", site.host).strip().lower()
    if name != site.host:
        message = (
            f"{place} is that of {name}, and you deploy to {site.host}: deploy to the right host, "
            "or correct SITENAME there."
        )
        raise DeploymentError(message)
    if not _is_yes(found.get("DJANGO_DEBUG_FALSE", "y")):
        message = (
            f"DJANGO_DEBUG_FALSE in {place} makes a development site, which shows its insides to "
            "everybody: set it to y there."
        )
        raise DeploymentError(message)
    if not staging and _is_yes(found.get("STAGING")):
        message = (
            f"{site.host} is a staging server, for {place} says STAGING: deploy with "
            f"--staging={site.host}, or delete that line there if it is to be production from now "
            "on."
        )
        raise DeploymentError(message)
    if staging and has_been_deployed and not _is_yes(found.get("STAGING")):
        message = (
            f"{site.host} has been deployed as production, so --staging would let the acceptance "
            "suite near what people wrote: leave --staging out, or write STAGING=y into "
            f"{place} yourself if nothing there matters."
        )
        raise DeploymentError(message)
    if staging and "STAGING" in found and not _is_yes(found["STAGING"]):
        message = f"STAGING in {place} is not y: correct it there, or leave --staging out."
        raise DeploymentError(message)


def _is_yes(value: str | None) -> bool:
    return value is not None and value.strip().lower() in _YES
