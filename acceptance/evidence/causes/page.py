"""The causes that a page itself shows: its status, and where its texts and controls are."""

from collections.abc import Sequence
from http import HTTPStatus
from urllib.parse import urlsplit

from acceptance.browser.errors import Control
from acceptance.browser.markup import Markup
from acceptance.evidence.causes.cause import Cause, Kind
from acceptance.evidence.causes.page_facts import PageFacts
from acceptance.evidence.causes.server import refused_request
from acceptance.evidence.failure import Failure
from acceptance.evidence.log_records import LogRecord

_FIRST_ERROR = 400
_MOST_NAMED = 8


def refusal(page: PageFacts, records: Sequence[LogRecord]) -> Cause | None:
    """Return what the site refused, if the open page is a refusal that no one expects.

    Args:
        page: the open page.
        records: what the site logged.

    """
    response = page.response
    if response is None or response.status < _FIRST_ERROR:
        return None
    logged = refused_request(records, page.request_id, urlsplit(page.address).path)
    if logged is not None:
        return logged
    if response.status == HTTPStatus.NOT_FOUND:
        sentence = f"{page.person}'s page was not found: {response}"
    elif reasons := " ".join(f"“{text}”" for text in Markup(page.html).refusals()):
        sentence = f"the site refused what {page.person} sent: {reasons} ({response})"
    else:
        sentence = f"the site refused {page.person}'s request: {response}"
    return Cause(Kind.REFUSING_PAGE, sentence)


def text_elsewhere(page: PageFacts, failure: Failure) -> Cause | None:
    """Return where the expected text is, if it is on the page but not where it was sought."""
    expected = failure.expected.splitlines()
    if not (page.where and expected) or any(text.strip() for text in page.texts_there):
        return None
    quoted = ", ".join(f"“{text}”" for text in expected)
    if _contains(page.text, expected):
        sentence = f"the page shows {quoted}, but not where the suite looks for it ({page.where!r})"
    elif page.has_elements_there and _contains(Markup(page.html).text_at(page.where), expected):
        sentence = f"{quoted} is on the page, but cannot be seen ({page.where!r})"
    else:
        return None
    return Cause(Kind.TEXT_ELSEWHERE, sentence)


def other_controls(page: PageFacts, failure: Failure) -> Cause | None:
    """Return the controls of the page, if it lacks the one that was sought."""
    if not failure.sought:
        return None
    control = Control(failure.sought)
    names = Markup(page.html).names(control)
    named = ", ".join(names[:_MOST_NAMED]) + (" …" if len(names) > _MOST_NAMED else "")
    has = f"it has the {control}s {named}" if named else f"it has no {control}s"
    where = f"“{failure.where}”" if control is Control.LINK else repr(failure.where)
    sentence = f"{page.person}'s page has no {control} {where}: {has}"
    return Cause(Kind.NAMED_OTHERWISE, sentence)


def _contains(text: str, expected: Sequence[str]) -> bool:
    whole = " ".join(text.split())
    return all(" ".join(each.split()) in whole for each in expected)
