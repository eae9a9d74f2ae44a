"""Whether a site answers, and with which commit: asked as a browser would, over https."""

import json
import ssl
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.request import urlopen

from fabfile.deployed_site import Site
from fabfile.errors import DeploymentError

TIMEOUT = 20
"""How long the site may take, in seconds."""


class NotHealthyError(DeploymentError):
    """The site does not answer, or not with the commit that it should."""


def see_commit(site: Site, commit: str) -> None:
    """See that this commit answers.

    Raises:
        NotHealthyError: it does not; says what does.

    """
    answering = answering_commit(site)
    if answering != commit:
        message = (
            f"{site.url} answers with {(answering or 'no commit')[:9]}, not with {commit[:7]}: see "
            "where the name leads, and what the web server serves there."
        )
        raise NotHealthyError(message)


def answering_commit(site: Site) -> str | None:
    """Return the commit that the site says it is, or None where it does not say.

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
    commit = said.get("commit")
    return commit if isinstance(commit, str) else None
