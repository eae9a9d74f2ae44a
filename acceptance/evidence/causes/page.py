"""The causes that a page itself shows: its status, and where its texts and controls are."""

from collections.abc import Iterator, Sequence
from http import HTTPStatus
from urllib.parse import parse_qs, urlsplit

from acceptance.browser.errors import Control
from acceptance.browser.markup import Markup
from acceptance.browser.session import Response
from acceptance.evidence.causes.answers import Answers
from acceptance.evidence.causes.cause import Cause, Kind
from acceptance.evidence.causes.page_facts import PageFacts
from acceptance.evidence.causes.server import refused_request
from acceptance.evidence.failure import Failure
from acceptance.evidence.log_records import LogRecord

_MOST_NAMED = 8

# The name of the field for Django's token, in forms that change something.
_TOKEN = "csrfmiddlewaretoken"  # noqa: S105 (a name)


def refusal(page: PageFacts, records: Sequence[LogRecord], answers: Answers) -> Cause | None:
    """Return what the site refused, if the open page is a refusal that no one expects.

    Args:
        page: the open page.
        records: what the site logged.
        answers: what is known about the answers of the site.

    """
    response = page.response
    if response is None or not response.is_refusal:
        return None
    path = urlsplit(page.address).path
    logged = refused_request(records, page.request_id, path, answers)
    return logged or Cause(Kind.REFUSING_PAGE, _refusal(page, response, page.html, answers))


def other_refusals(
    page: PageFacts, records: Sequence[LogRecord], answers: Answers, *, is_named: bool
) -> Iterator[Cause]:
    """Yield what the site refused before the failure and the step does not look at.

    An address that leads to nothing is left out, unless the page explains it: people also go where
    they expect nothing.

    Args:
        page: the open page of a person.
        records: what the site logged.
        answers: what is known about the answers of the site.
        is_named: whether the step is about that person, so that the open page is another cause.

    """
    refused = [(each, "") for each in page.refused]
    if not is_named and page.response is not None and page.response.is_refusal:
        refused.append((page.response, page.html))
    for response, html in refused:
        path = urlsplit(response.address).path
        logged = refused_request(records, page.request_id, path, answers)
        is_explained = logged is not None or any(Markup(html).refusals())
        if is_explained or response.status != HTTPStatus.NOT_FOUND:
            sentence = str(logged) if logged else _refusal(page, response, html, answers)
            yield Cause(Kind.REFUSED_ELSEWHERE, sentence)


def sent_by_get(page: PageFacts) -> Cause | None:
    """Return that a form was sent with GET, if it has the token of one for POST.

    The token is in the address of the page, unless the site has redirected the person.
    """
    address = urlsplit(page.address)
    is_open = _TOKEN in parse_qs(address.query)
    paths = [
        *(each.path for each in page.sent_forms if each.method == "GET" and _TOKEN in each.fields),
        *([address.path] if is_open else []),
    ]
    if not paths:
        return None
    sentence = (
        f"{page.person}'s form was sent with GET to {paths[-1]}, and not with POST: its token was "
        "in the address"
    )
    return Cause(Kind.SENT_BY_GET, sentence)


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
    return Cause(Kind.TEXT_ELSEWHERE, ". ".join(filter(None, [sentence, page.style_sheets])))


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


def pressed_in_vain(page: PageFacts, failure: Failure) -> Cause | None:
    """Return what a control does, if no page followed when it was pressed."""
    if not failure.pressed:
        return None
    sentence = Markup(page.html).why_in_vain(failure.where, Control(failure.pressed))
    return Cause(Kind.PRESSED_IN_VAIN, sentence) if sentence else None


def _refusal(page: PageFacts, response: Response, html: str, answers: Answers) -> str:
    maker = answers.maker(page.request_id, urlsplit(response.address).path, response.status)
    answered = ", ".join(filter(None, [str(response), maker]))
    if reasons := " ".join(f"“{text}”" for text in Markup(html).refusals()):
        return f"the site refused what {page.person} sent: {reasons} ({answered})"
    if response.status == HTTPStatus.NOT_FOUND:
        return f"{page.person}'s page was not found: {answered}"
    return f"the site refused {page.person}'s request, without a message: {answered}"


def _contains(text: str, expected: Sequence[str]) -> bool:
    whole = " ".join(text.split())
    return all(" ".join(each.split()) in whole for each in expected)
