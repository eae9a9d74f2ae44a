"""The `.env` of a deployed site: a deployment adds to it, and keeps what it has."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from fabfile.deployed_site import Site
from fabfile.errors import DeploymentError
from fabfile.kind import is_yes
from superlists.environment_lines import UnreadableLinesError, variables_in

FROM_THE_DEPLOYER = (
    "EMAIL_HOST",
    "EMAIL_PORT",
    "EMAIL_USER",
    "EMAIL_PASSWORD",
    "EMAIL_USE_TLS",
    "EMAIL_FROM",
)
"""The variables that are copied from the deployer's environment if `.env` lacks them."""


@dataclass(frozen=True)
class Completion:
    """A completed `.env`.

    Attributes:
        content: the whole file.
        added: the names that were missing.
        different: the names whose value in the file differs from the deployer's, and is kept.
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
    deployer: Mapping[str, str],
) -> Completion:
    """Add the missing variables.

    Args:
        content: the content of the file, or None if there is none.
        site: the site that the file belongs to.
        staging: whether to make it a staging server's.
        deployer: the environment of the person who deploys.

    Raises:
        DeploymentError: the file cannot be read.

    """
    found = read(content, site) or {}
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


def read(content: bytes | None, site: Site) -> Mapping[str, str] | None:
    """Return the variables that the content of the site's `.env` sets, or None for no file.

    Raises:
        DeploymentError: the file cannot be read.

    """
    if content is None:
        return None
    try:
        return variables_in(content, f"{site.folder}/.env")
    except UnreadableLinesError as error:
        raise DeploymentError(str(error)) from None


def is_staging_environment(content: bytes | None, site: Site) -> bool:
    """Return whether the content of the site's `.env` makes it a staging server.

    Raises:
        DeploymentError: the file cannot be read.

    """
    return is_yes((read(content, site) or {}).get("STAGING"))


def written(name: str, value: str) -> str:
    """Return the line for a variable, quoted so that the site reads back the same value.

    Raises:
        DeploymentError: no quoting can express the value.

    """
    escaped = value.replace("\\", "\\\\")
    candidates = [
        value,
        "'" + escaped.replace("'", "\\'") + "'",
        '"' + escaped.replace('"', '\\"') + '"',
    ]
    for candidate in candidates:
        line = f"{name}={candidate}\n"
        # A quote that does not close where it should would continue on the next line.
        after = f"{line}NEXT='\"'\n"
        try:
            read = variables_in(after.encode(), ".env")
        except (UnreadableLinesError, UnicodeEncodeError):
            continue
        if read == {name: value, "NEXT": '"'}:
            return line
    message = (
        f"{name} in your environment cannot be written into .env because of its characters: "
        "choose a value without line breaks, quotes and backslashes."
    )
    raise DeploymentError(message)
