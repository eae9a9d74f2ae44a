"""Whether a site answers, with which commit, and as what: asked as a browser would, over https."""

import json
import ssl
from dataclasses import dataclass
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.request import urlopen

from fabfile.deployed_site import Site
from fabfile.errors import DeploymentError

TIMEOUT = 20
"""How long the site may take, in seconds."""


class NotHealthyError(DeploymentError):
    """The site does not answer, or not with the commit that it should."""


@dataclass(frozen=True)
class Answer:
    """What a site says of itself.

    Attributes:
        commit: 40 hexadecimal digits, or None where it does not say.
        kind: `production` or `staging`, or None where it does not say, as older versions.

    """

    commit: str | None
    kind: str | None


def see_commit(site: Site, commit: str, kind: str | None = None) -> None:
    """See that this commit answers, as a site of this kind unless None.

    Raises:
        NotHealthyError: it does not; says what does.

    """
    found = answer_of(site)
    if found.commit != commit:
        message = (
            f"{site.url} answers with {(found.commit or 'no commit')[:9]}, not with {commit[:7]}: "
            "see where the name leads, and what the web server serves there."
        )
        raise NotHealthyError(message)
    if kind is not None and found.kind not in (None, kind):
        message = (
            f"{site.url} answers as {found.kind}, not as {kind}: see where the name leads, and "
            "what the web server serves there."
        )
        raise NotHealthyError(message)


def answer_of(site: Site) -> Answer:
    """Return what the site says of itself.

    Raises:
        NotHealthyError: it does not answer, or not with what it should.

    """
    try:
        with urlopen(f"{site.url}/health", timeout=TIMEOUT) as answer:  # noqa: S310
            said = json.load(answer)
    except HTTPError as error:
        with error:
            message = (
                f"{site.url}/health answers {error.code} {error.reason}: see "
                f"`fab -H {site.user}@{site.host} logs`."
            )
        raise NotHealthyError(message) from None
    except (OSError, HTTPException) as error:
        reason = getattr(error, "reason", error)
        message = (
            f"{site.url} does not answer ({reason}): see where the name leads, and that nginx "
            "runs there."
        )
        if isinstance(reason, ssl.SSLCertVerificationError):
            message = (
                f"The certificate of {site.url} cannot be trusted ({reason.verify_message}): "
                "renew it, or make its authority known to this machine (SSL_CERT_FILE)."
            )
        raise NotHealthyError(message) from None
    except ValueError:
        said = None
    if not isinstance(said, dict) or not isinstance(said.get("commit"), str | None):
        message = (
            f"{site.url}/health does not say which commit it is: see what the web server serves "
            "there."
        )
        raise NotHealthyError(message)
    commit, kind = said.get("commit"), said.get("kind")
    return Answer(
        commit=commit if isinstance(commit, str) else None,
        kind=kind if isinstance(kind, str) else None,
    )
