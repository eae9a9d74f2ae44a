"""Whether a site answers, with which commit, and as what: asked as a browser would, over https."""

import os
from dataclasses import dataclass
from http import HTTPStatus

from acceptance.hosts.secret_setting import SecretSetting
from acceptance.hosts.web.site_requests import NoAnswerError, SiteLogIn, SiteRequests
from fabfile.deployed_site import Site
from fabfile.errors import DeploymentError
from fabfile.interruption import waiting

HEALTH = "/health"

_WHAT = "which commit it is"

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
    requests = SiteRequests(site.url, _log_in())
    try:
        with waiting():
            answer = requests.answer(HEALTH, _WHAT, timeout=TIMEOUT)
        if answer.status != HTTPStatus.OK:
            message = (
                f"{site.url}{HEALTH} answers {answer.status} {answer.reason}: see "
                f"`fab -H {site.user}@{site.host} logs`."
            )
            raise NotHealthyError(message)
        said = requests.facts_in(answer, _WHAT)
    except NoAnswerError as error:
        raise NotHealthyError(str(error)) from None
    commit, kind = said.get("commit"), said.get("kind")
    return Answer(
        commit=commit if isinstance(commit, str) else None,
        kind=kind if isinstance(kind, str) else None,
    )


def _log_in() -> SiteLogIn:
    """Return what the web server before the site asks for, as the suite is given it, too."""
    return SiteLogIn(
        *(
            SecretSetting(variable, os.environ.get(variable) or None)
            for variable in ("SUPERLISTS_SITE_USER", "SUPERLISTS_SITE_PASSWORD")
        )
    )
