"""Goes from page to page as a browser does: cookies, redirects, what requests say of themselves."""

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

# Fetch Metadata's words for where a request comes from, from near to far.
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
        url: what is asked for.
        method: HTTP's method.
        body: what is sent, or None.
        media_type: what kind of content that is.
        source: the address of the page that leads there, or "" where the address is typed.
        policy: what the request says of that page (Referrer Policy).

    """

    url: str
    method: str = "GET"
    body: bytes | None = None
    media_type: str = ""
    source: str = ""
    policy: str = DEFAULT_POLICY


@dataclass(frozen=True)
class Arrival:
    """Where a request led.

    Attributes:
        visit: the last request on the way, which asks for the same page again.
        status: HTTP's status code.
        page: what it shows.
        is_kept: whether the page may be shown again without being asked for.

    """

    visit: Visit
    status: int
    page: Page
    is_kept: bool = True


@dataclass
class _Way:
    """What requests say of the redirects before them."""

    referrer: str
    relation: str = _RELATIONS[0]
    crosses_origins: bool = False


class Navigator:
    """Asks for the pages of one person.

    Attributes:
        cookies: those that the person has.
        headers: what all requests say besides.

    """

    def __init__(self, client: HttpClient, headers: Mapping[str, str]) -> None:
        self.cookies = CookieJar()
        self.headers = headers
        self._client = client

    def go(self, visit: Visit) -> Arrival | None:
        """Ask for a page, wherever redirects lead; return None where a browser shows no other.

        Raises:
            NoAnswerError: nothing came.
            TooLateError: the server has not answered in time.

        """
        visit = replace(visit, url=normalized(visit.url))
        way = _Way(referrer=visit.source)
        for _ in range(_MOST_REDIRECTS):
            answer = self._ask(visit, way)
            location = answer.headers.get("Location")
            if answer.status not in _REDIRECTS or location is None:
                return _arrival(visit, answer)
            following = _redirected(visit, answer, location)
            if following is None:
                return None
            way.crosses_origins |= origin_of(following.url) != origin_of(visit.url)
            visit = following
        message = "more redirects than browsers follow"
        raise NoAnswerError(message)

    def _ask(self, visit: Visit, way: _Way) -> Answer:
        url = without_fragment(visit.url)
        is_safe = visit.method == "GET"
        relation = way.relation = _further(way.relation, _relation(visit.source, url))
        headers = {**_ALWAYS, "Sec-Fetch-Site": relation, **self.headers}
        if visit.source:
            # What a request on the way did not say, no later one says.
            way.referrer = way.referrer and referrer(visit.policy, way.referrer, url)
            headers["Referer"] = way.referrer
            if not is_safe:
                stated = origin_stated(visit.policy, visit.source, url)
                headers["Origin"] = "null" if way.crosses_origins else stated
        is_of_site = not visit.source or is_same_site(visit.source, url)
        headers["Cookie"] = self.cookies.header(url, is_same_site=is_of_site, is_safe=is_safe)
        headers["Content-Type"] = visit.media_type
        sent = {name: value for name, value in headers.items() if value}
        answer = self._client.ask(visit.method, url, sent, visit.body)
        self.cookies.store(url, answer.headers.getlist("Set-Cookie"))
        return answer


def _redirected(visit: Visit, answer: Answer, location: str) -> Visit | None:
    """Return the request that a redirect leads to (Fetch, "HTTP-redirect fetch").

    It is None where that is none for a web server, such as a mail address.
    """
    # Header fields come byte by byte; browsers take those for UTF-8.
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
    """Return what a browser shows of the last answer, or None where it shows no other page."""
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
    """Return the markup that a browser shows for an answer, or None where it shows none."""
    if answer.headers.get("Content-Disposition", "").lower().startswith("attachment"):
        return None
    said = answer.headers.get("Content-Type", "")
    media_type = said.partition(";")[0].strip().lower()
    charset = _CHARSET.search(said)
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
        # Browsers take no notice of an encoding that they do not know.
        return parse(content)


def _decoded(content: bytes, encoding: str | None) -> str:
    try:
        return content.decode(encoding or "utf-8", errors="replace")
    except LookupError:
        return content.decode(errors="replace")
