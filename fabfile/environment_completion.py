"""The `.env` of a deployed site: what a deployment adds to it. What stands there, stays."""

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
"""What is copied from the environment of whoever deploys, where `.env` does not have it."""


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
    deployer: Mapping[str, str],
) -> Completion:
    """Add what is missing.

    Args:
        content: what is in the file, or None where there is none.
        site: whose it is.
        staging: whether it is to be a staging server.
        deployer: the environment of whoever deploys.

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
    """Return what the content of the site's `.env` sets, or None where there is none.

    Raises:
        DeploymentError: it cannot be read.

    """
    if content is None:
        return None
    try:
        return variables_in(content, f"{site.folder}/.env")
    except UnreadableLinesError as error:
        raise DeploymentError(str(error)) from None


def says_staging(content: bytes | None, site: Site) -> bool:
    """Whether the content of the site's `.env` makes a staging server.

    Raises:
        DeploymentError: it cannot be read.

    """
    return is_yes((read(content, site) or {}).get("STAGING"))


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
        except (UnreadableLinesError, UnicodeEncodeError):
            continue
        if read == {name: value, "NEXT": '"'}:
            return line
    message = (
        f"{name} in your environment cannot be written into .env, for what its characters are: "
        "choose another value without line breaks, quotes and backslashes."
    )
    raise DeploymentError(message)
