"""Navigation from page to page as in a browser: cookies, redirects and request headers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from html import escape

from turbohtml import Document, parse

from acceptance.browser.html.addresses import (
    is_same_site,
    normalized,
    origin_of,
    resolved,
    without_fragment,
)
from acceptance.browser.html.client import Answer, HttpClient, NoAnswerError
from acceptance.browser.html.cookies import CookieJar
from acceptance.browser.html.page import Page
from acceptance.browser.html.referrer import DEFAULT_POLICY, origin_stated, policy_in, referrer

_MOST_REDIRECTS = 20
_SEE_OTHER = 303
_REDIRECTS_OF_POST_TO_GET = frozenset({301, 302, _SEE_OTHER})
_REDIRECTS = _REDIRECTS_OF_POST_TO_GET | {307, 308}
_WITHOUT_PAGE = frozenset({204, 205})

# Fetch Metadata's values for the origin of a request, from near to far.
_RELATIONS = ("none", "same-origin", "same-site", "cross-site")

_MARKUP = frozenset({"text/html", "application/xhtml+xml"})
_READ_AS_TEXT = re.compile(r"text/.+|application/(.+\+)?(json|xml|javascript)")
_SEEN = re.compile(r"(audio|image|video)/.+")
_CHARSET = re.compile(r";\s*charset\s*=\s*\"?([^\s;\"]+)", re.IGNORECASE)

_ALWAYS = {
    "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
    "Accept-Encoding": "gzip, deflate",
    "Accept-Language": "en-US,en;q=0.9",
    "Sec-Fetch-Dest": "document",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-User": "?1",
    "Upgrade-Insecure-Requests": "1",
    "User-Agent": "Mozilla/5.0 (compatible; HTTP and markup, no browser)",
}


@dataclass(frozen=True)
class Visit:
    """A request for a page.

    Attributes:
        url: the address of the page.
        method: HTTP's method.
        body: the body of the request, or None.
        media_type: the media type of the body.
        source: the address of the page that leads there, or "" if the address is typed.
        policy: how much the request reveals about that page (Referrer Policy).

    """

    url: str
    method: str = "GET"
    body: bytes | None = None
    media_type: str = ""
    source: str = ""
    policy: str = DEFAULT_POLICY


@dataclass(frozen=True)
class Arrival:
    """The page that a request led to.

    Attributes:
        visit: the last request of the redirects, which fetches the same page again.
        status: HTTP's status code.
        page: the page.
        is_kept: whether the page may be shown again without another request.

    """

    visit: Visit
    status: int
    page: Page
    is_kept: bool = True


@dataclass
class _Trail:
    """What a request reveals about the redirects before it."""

    referrer: str
    relation: str = _RELATIONS[0]
    crosses_origins: bool = False


class Navigator:
    """Fetches the pages of one person.

    Attributes:
        cookies: the person's cookies.
        headers: additional headers of all requests.

    """

    def __init__(self, client: HttpClient, headers: Mapping[str, str]) -> None:
        self.cookies = CookieJar()
        self.headers = headers
        self._client = client

    def go(self, visit: Visit) -> Arrival | None:
        """Fetch a page, following redirects; return None if a browser would show no new page.

        Raises:
            NoAnswerError: there was no answer.
            TooLateError: the server did not answer in time.

        """
        visit = replace(visit, url=normalized(visit.url))
        trail = _Trail(referrer=visit.source)
        for _ in range(_MOST_REDIRECTS):
            answer = self._ask(visit, trail)
            location = answer.headers.get("Location")
            if answer.status not in _REDIRECTS or location is None:
                return _arrival(visit, answer)
            following = _redirected(visit, answer, location)
            if following is None:
                return None
            trail.crosses_origins |= origin_of(following.url) != origin_of(visit.url)
            visit = following
        message = "more redirects than browsers follow"
        raise NoAnswerError(message)

    def _ask(self, visit: Visit, trail: _Trail) -> Answer:
        url = without_fragment(visit.url)
        is_safe = visit.method == "GET"
        relation = trail.relation = _further(trail.relation, _relation(visit.source, url))
        headers = {**_ALWAYS, "Sec-Fetch-Site": relation, **self.headers}
        if visit.source:
            # Once a redirect has shortened the referrer, later requests cannot restore it.
            trail.referrer = trail.referrer and referrer(visit.policy, trail.referrer, url)
            headers["Referer"] = trail.referrer
            if not is_safe:
                stated = origin_stated(visit.policy, visit.source, url)
                headers["Origin"] = "null" if trail.crosses_origins else stated
        is_of_site = not visit.source or is_same_site(visit.source, url)
        headers["Cookie"] = self.cookies.header(url, is_same_site=is_of_site, is_safe=is_safe)
        headers["Content-Type"] = visit.media_type
        sent = {name: value for name, value in headers.items() if value}
        answer = self._client.ask(visit.method, url, sent, visit.body)
        self.cookies.store(url, answer.headers.getlist("Set-Cookie"))
        return answer


def _redirected(visit: Visit, answer: Answer, location: str) -> Visit | None:
    """Return the request that a redirect leads to (Fetch, "HTTP-redirect fetch").

    It is None if the redirect does not lead to a web server, as with an email address.
    """
    # Header fields are bytes, which browsers read as UTF-8.
    written = location.encode("latin-1", errors="replace").decode(errors="replace")
    url = resolved(visit.url, written.strip())
    if url is None:
        return None
    if "#" not in url and "#" in visit.url:
        url = f"{url}#{visit.url.partition('#')[2]}"
    policy = policy_in(answer.headers.getlist("Referrer-Policy"), visit.policy)
    if answer.status in _REDIRECTS_OF_POST_TO_GET:
        return Visit(url, source=visit.source, policy=policy)
    return replace(visit, url=url, policy=policy)


def _relation(source: str, url: str) -> str:
    if not source:
        return "none"
    if origin_of(source) == origin_of(url):
        return "same-origin"
    return "same-site" if is_same_site(source, url) else "cross-site"


def _further(one: str, other: str) -> str:
    return max(one, other, key=_RELATIONS.index)


def _arrival(visit: Visit, answer: Answer) -> Arrival | None:
    """Return the page that a browser shows for an answer, or None if it shows no new page."""
    is_kept = "no-store" not in answer.headers.get("Cache-Control", "").lower()
    document = None if answer.status in _WITHOUT_PAGE else _document(visit.url, answer)
    if document is None:
        return None
    policies = [
        *answer.headers.getlist("Referrer-Policy"),
        *(meta.attr("content") or "" for meta in document.select("meta[name=referrer i]")),
    ]
    page = Page(visit.url, document, policy_in(policies, DEFAULT_POLICY))
    return Arrival(visit, answer.status, page, is_kept)


def _document(url: str, answer: Answer) -> Document | None:
    """Return the markup that a browser shows for an answer, or None if it shows none."""
    if answer.headers.get("Content-Disposition", "").lower().startswith("attachment"):
        return None
    content_type = answer.headers.get("Content-Type", "")
    media_type = content_type.partition(";")[0].strip().lower()
    charset = _CHARSET.search(content_type)
    encoding = charset[1] if charset else None
    if media_type in _MARKUP or (not media_type and answer.content.lstrip().startswith(b"<")):
        return _parsed(answer.content, encoding)
    if not media_type or _READ_AS_TEXT.fullmatch(media_type):
        text = _decoded(answer.content, encoding)
        return parse(f"<!doctype html><body><pre>{escape(text)}</pre>")
    if _SEEN.fullmatch(media_type):
        return parse(f'<!doctype html><body><img src="{escape(url)}">')
    return None


def _parsed(content: bytes, encoding: str | None) -> Document:
    try:
        return parse(content, encoding=encoding)
    except LookupError:
        # Browsers ignore an unknown encoding.
        return parse(content)


def _decoded(content: bytes, encoding: str | None) -> str:
    try:
        return content.decode(encoding or "utf-8", errors="replace")
    except LookupError:
        return content.decode(errors="replace")
