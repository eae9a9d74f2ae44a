"""Ask a site over https, as a browser would, which commit and kind of site it serves."""

import os
from dataclasses import dataclass
from http import HTTPStatus

from acceptance.hosts.secret_setting import SecretSetting
from acceptance.hosts.web.site_requests import NoAnswerError, SiteLogIn, SiteRequests
from fabfile.deployed_site import Site
from fabfile.errors import DeploymentError
from fabfile.interruption import waiting

HEALTH = "/health"

_WHAT = "which commit it serves"

TIMEOUT = 20
"""How long the site may take, in seconds."""


class NotHealthyError(DeploymentError):
    """The site does not answer, or not with the commit that it should."""


@dataclass(frozen=True)
class Answer:
    """What a site reports about itself.

    Attributes:
        commit: 40 hexadecimal digits, or None if it does not report one.
        kind: `production` or `staging`, or None for older versions, which do not report it.

    """

    commit: str | None
    kind: str | None


def check_commit(site: Site, commit: str, kind: str | None = None) -> None:
    """Check that the site answers with this commit, and as this kind unless None.

    Raises:
        NotHealthyError: it does not; the message names what answers.

    """
    found = answer_of(site)
    if found.commit != commit:
        message = (
            f"{site.url} answers with {(found.commit or 'no commit')[:9]}, not with {commit[:7]}: "
            "check where the name leads, and what the web server serves there."
        )
        raise NotHealthyError(message)
    if kind is not None and found.kind not in (None, kind):
        message = (
            f"{site.url} answers as {found.kind}, not as {kind}: check where the name leads, and "
            "what the web server serves there."
        )
        raise NotHealthyError(message)


def answer_of(site: Site) -> Answer:
    """Return what the site reports about itself.

    Raises:
        NotHealthyError: it does not answer, or not as expected.

    """
    requests = SiteRequests(site.url, _log_in())
    try:
        with waiting():
            answer = requests.answer(HEALTH, _WHAT, timeout=TIMEOUT)
        if answer.status != HTTPStatus.OK:
            message = (
                f"{site.url}{HEALTH} answers {answer.status} {answer.reason}: check "
                f"`fab -H {site.user}@{site.host} logs`."
            )
            raise NotHealthyError(message)
        facts = requests.facts_in(answer, _WHAT)
    except NoAnswerError as error:
        raise NotHealthyError(str(error)) from None
    commit, kind = facts.get("commit"), facts.get("kind")
    return Answer(
        commit=commit if isinstance(commit, str) else None,
        kind=kind if isinstance(kind, str) else None,
    )


def _log_in() -> SiteLogIn:
    """Return the user and password for the web server in front of the site, if it asks for one."""
    return SiteLogIn(
        *(
            SecretSetting(variable, os.environ.get(variable) or None)
            for variable in ("SUPERLISTS_SITE_USER", "SUPERLISTS_SITE_PASSWORD")
        )
    )
