"""Requests to the addresses behind the buttons and links of another person's page."""

import re
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from http.client import HTTPException

from acceptance.hosts.web.site_requests import SiteRequests

TIMEOUT = 10
"""The time limit for an answer of the site, in seconds."""

_ADDRESS = re.compile(r"""\b(?:action|formaction|href)=["'](/[^"'#]*)""")
_REDIRECTS = range(HTTPStatus.MULTIPLE_CHOICES, HTTPStatus.BAD_REQUEST)


def addresses_in(html: str) -> frozenset[str]:
    """Return the addresses on the site that the buttons, forms and links of a page have."""
    return frozenset(_ADDRESS.findall(html))


def find_nothing(
    addresses: Iterable[str],
    site: SiteRequests,
    cookies: Mapping[str, str],
    headers: Mapping[str, str],
) -> None:
    """Send the requests of links and of buttons to each address, and find nothing there.

    An address that only takes forms may redirect a link to the page of the form.

    Args:
        addresses: paths on the site.
        site: sends requests to the site.
        cookies: the cookies of the person who sends the requests.
        headers: additional headers for the requests.

    Raises:
        AssertionError: there is something at one of them, or the site does not answer.

    """
    sent = {
        **headers,
        "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
        # Django then takes the request for one of a form on its own pages.
        "Referer": f"{site.url}/",
        "X-CSRFToken": cookies.get("csrftoken", ""),
    }
    for address in sorted(addresses):
        for method in ("GET", "POST"):
            status = _status(site, address, method, sent)
            is_nothing = status == HTTPStatus.NOT_FOUND or (
                method == "GET" and status in _REDIRECTS
            )
            assert is_nothing, (
                f"the site answers {status} to {method} {address}, not {HTTPStatus.NOT_FOUND}"
            )


def _status(site: SiteRequests, address: str, method: str, headers: Mapping[str, str]) -> int:
    try:
        return site.ask(address, method=method, headers=headers, timeout=TIMEOUT).status
    except (OSError, HTTPException) as error:
        message = f"the site does not answer {method} {address}: {error}"
        raise AssertionError(message) from error
