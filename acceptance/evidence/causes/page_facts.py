"""What is known about the page of a person when a step has failed."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from acceptance.browser.event import BrowserEvent
from acceptance.browser.session import Response, SentForm, Session, described
from acceptance.browser.style_sheets import style_sheets_of

Found = TypeVar("Found")


@dataclass(frozen=True)
class PageFacts:
    """The facts about a person's page; texts are empty if the browser does not answer.

    Attributes:
        person: the person's name.
        request_id: the ID of their requests.
        response: the response that brought the page, or None if the scenario expects its status.
        address: the address of the page.
        text: its text as a person reads it.
        html: its HTML.
        failed: the failed requests for the page and its files.
        refused: earlier responses with a status of 4xx or 5xx that no step has expected.
        sent_forms: the forms that the person sent, oldest first.
        events: what went wrong in the browser during the scenario.
        where: a selector, or "".
        texts_there: the visible texts of the elements at that selector.
        has_elements_there: whether there are such elements, visible or not.
        style_sheets: a line about the style sheets of the page, if such elements cannot be seen.
        scripts: its scripts, each with the lines that have not run, in words.

    """

    person: str
    request_id: str = ""
    response: Response | None = None
    address: str = ""
    text: str = ""
    html: str = ""
    failed: tuple[Response, ...] = ()
    refused: tuple[Response, ...] = ()
    sent_forms: tuple[SentForm, ...] = ()
    events: tuple[BrowserEvent, ...] = ()
    where: str = ""
    texts_there: tuple[str, ...] = ()
    has_elements_there: bool = False
    style_sheets: str = ""
    scripts: tuple[str, ...] = ()


def facts_of(person: str, session: Session, where: str) -> PageFacts:
    """Return the facts about the page that is open in a session, even if parts are not available.

    Args:
        person: the name of the person whose session it is.
        session: the session; it has a page.
        where: the selector at which something was expected, or "".

    """
    failed: Sequence[Response] = _or(session.failed_requests, [])
    texts_there: Sequence[str] = _or(lambda: session.texts(where), []) if where else ()
    has_elements_there = bool(where) and _or(lambda: session.matches(where), otherwise=False)
    is_unseen = has_elements_there and not any(texts_there) and session.can_run_scripts
    return PageFacts(
        person=person,
        request_id=session.request_id,
        response=session.unexpected_response,
        refused=tuple(each for each in session.unexpected_responses[:-1] if each.is_refusal),
        address=_or(lambda: session.address, ""),
        text=_or(lambda: session.text, ""),
        html=_or(lambda: session.html, ""),
        failed=tuple(failed),
        sent_forms=tuple(session.sent_forms),
        # After the failed requests, because only then has the browser reported everything.
        events=tuple(session.events),
        where=where,
        texts_there=tuple(texts_there),
        has_elements_there=has_elements_there,
        style_sheets=_or(lambda: style_sheets_of(session), "") if is_unseen else "",
        scripts=tuple(_or(session.scripts_run, [])),
    )


def shown_to(people: Collection[str], pages: Iterable[PageFacts]) -> str:
    """Return what the first page of one of these people shows, for messages; "" if none is open."""
    shown = [each for each in pages if each.person in people and each.address]
    return described(shown[0].address, shown[0].text.strip().splitlines()) if shown else ""


def _or(find: Callable[[], Found], otherwise: Found) -> Found:
    try:
        return find()
    except Exception:  # noqa: BLE001 (the failure of the step matters more than any error)
        return otherwise
