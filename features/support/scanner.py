"""An email scanner, which fetches every link in an email before its reader and runs no scripts."""

from collections.abc import Mapping
from http import HTTPStatus
from http.client import HTTPException

from acceptance.hosts.web.site_requests import SiteRequests

TIMEOUT = 10
"""The time limit for an answer of the site, in seconds."""


def look_at(link: str, headers: Mapping[str, str], site: SiteRequests) -> None:
    """Fetch `link` as scanners do: first its headers, then the page.

    Args:
        link: a web address.
        headers: additional headers for the requests.
        site: sends requests to the site that the link leads to.

    Raises:
        AssertionError: the site refuses, redirects the scanner elsewhere, or does not answer.

    """
    for method in ("HEAD", "GET"):
        try:
            answer = site.ask(link, method=method, headers=headers, timeout=TIMEOUT)
            reply = f"{answer.status} {answer.reason}"
        except (OSError, HTTPException) as error:
            reply = str(error)
        else:
            if answer.status == HTTPStatus.OK:
                continue
        message = f"the site answered the email scanner: {reply}"
        raise AssertionError(message)
