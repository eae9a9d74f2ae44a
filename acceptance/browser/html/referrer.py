"""What a request reveals about the page that leads to it (Referrer Policy, W3C)."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from acceptance.browser.html.addresses import origin_of, without_fragment
from acceptance.browser.html.cookies import is_trustworthy

DEFAULT_POLICY = "strict-origin-when-cross-origin"

_POLICIES = frozenset(
    {
        "no-referrer",
        "no-referrer-when-downgrade",
        "origin",
        "origin-when-cross-origin",
        "same-origin",
        "strict-origin",
        "strict-origin-when-cross-origin",
        "unsafe-url",
    }
)


def policy_in(texts: Iterable[str], otherwise: str) -> str:
    """Return the last known policy in these lists of policies, or `otherwise`."""
    known = [
        token
        for text in texts
        for token in map(str.strip, text.lower().split(","))
        if token in _POLICIES
    ]
    return known[-1] if known else otherwise


def referrer(policy: str, page: str, url: str) -> str:
    """Return the value of the field `Referer` of a request (section 8.3), or "".

    Args:
        policy: the policy in force.
        page: the address of the page that leads to the request.
        url: the address of the request.

    """
    whole, origin = without_fragment(page), f"{origin_of(page)}/"
    is_same = origin_of(page) == origin_of(url)
    is_downgrade = is_trustworthy(urlsplit(page)) and not is_trustworthy(urlsplit(url))
    shown = {
        "no-referrer": "",
        "no-referrer-when-downgrade": "" if is_downgrade else whole,
        "origin": origin,
        "origin-when-cross-origin": whole if is_same else origin,
        "same-origin": whole if is_same else "",
        "strict-origin": "" if is_downgrade else origin,
        "unsafe-url": whole,
    }
    strictly = "" if is_downgrade else origin
    return shown.get(policy, whole if is_same else strictly)


def origin_stated(policy: str, page: str, url: str) -> str:
    """Return the value of the field `Origin` of a request other than GET or HEAD (Fetch, 3.2)."""
    here = origin_of(page)
    is_hidden = (
        policy == "no-referrer"
        or (policy == "same-origin" and here != origin_of(url))
        or (
            policy in {"no-referrer-when-downgrade", "strict-origin", DEFAULT_POLICY}
            and here.scheme == "https"
            and origin_of(url).scheme != "https"
        )
    )
    return "null" if is_hidden else str(here)
