"""Gathering evidence of a failed scenario, even if browser, server or mailbox do not answer."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from functools import partial
from threading import Thread
from typing import TypeVar

from acceptance.browser.session import Session
from acceptance.evidence.causes.page_facts import PageFacts, facts_of
from acceptance.evidence.evidence_item import EvidenceItem, text_item
from acceptance.evidence.log_records import LogRecord
from acceptance.hosts.secrets import Secrets
from acceptance.mail.content import text_of
from acceptance.web.links import links_in

PATIENCE = 10.0
"""How long browser, server and mailbox may each take to answer, in seconds."""

_TOO_LATE = f"Not available within {PATIENCE:g} s."

Found = TypeVar("Found")


@dataclass(frozen=True)
class Gathered:
    """What is known when a step has failed.

    Attributes:
        items: the files of evidence.
        pages: the facts about people's pages.

    """

    items: Sequence[EvidenceItem]
    pages: Sequence[PageFacts]


def gather(
    sessions: Mapping[str, Session],
    mails: Callable[[], Sequence[EmailMessage]],
    log: Sequence[LogRecord],
    secrets: Secrets,
    where: str = "",
) -> Gathered:
    """Return all available evidence; if a part is not available, the reason replaces it.

    Args:
        sessions: the browser sessions of the people who have one, by name.
        mails: finds the emails that arrived.
        log: what the server logged.
        secrets: what to hide in all text.
        where: the selector at which something was expected on a page, or "".

    """
    # All that has arrived when time is up, because one of two browsers may answer.
    items: list[EvidenceItem] = []
    pages: list[PageFacts] = []

    def ask_browsers() -> None:
        for name, session in sessions.items():
            if session.has_page:
                pages.append(facts_of(name, session, where))
        for item in _of_browsers(sessions, secrets):
            items.append(item)

    if not _is_done_in_time(ask_browsers):
        items = [*items, text_item("browser.txt", "Browser", _TOO_LATE)]
        for session in sessions.values():
            session.give_up()
    mails_text = [_TOO_LATE]
    _is_done_in_time(lambda: mails_text.insert(0, _or_words(lambda: _mails_text(mails(), secrets))))
    items += [
        text_item("emails.txt", "Emails that arrived", mails_text[0]),
        text_item("server.log", "Server log", "\n".join(map(str, log)) or "Nothing was logged."),
    ]
    return Gathered([_without_secrets(item, secrets) for item in items], list(pages))


def _of_browsers(sessions: Mapping[str, Session], secrets: Secrets) -> Iterator[EvidenceItem]:
    for name, session in sessions.items():
        # A page may show the values of cookies, such as session keys and the tokens of forms.
        for cookie, value in (_or_none(session.cookies) or {}).items():
            secrets.add_cookie(cookie, value)
        yield text_item(f"{name.lower()}.txt", f"{name}'s browser", _session_text(session))
        if session.has_page:
            yield from _of_page(name, session)


def _of_page(name: str, session: Session) -> Iterator[EvidenceItem]:
    html = _or_none(lambda: session.html)
    if html is not None:
        yield EvidenceItem(
            f"{name.lower()}.html",
            f"{name}'s page",
            "text/html",
            html.encode(errors="backslashreplace"),
        )
    picture = _or_none(lambda: session.window.picture())  # noqa: PLW0108 (there may be no window)
    if picture is not None:
        yield EvidenceItem(f"{name.lower()}.png", f"What {name} sees", "image/png", picture)


def _session_text(session: Session) -> str:
    lines = [f"answered: {response}" for response in session.responses]
    if session.has_page:
        lines.insert(0, f"address: {_or_words(lambda: session.address)}")
    lines += map(str, session.events)
    return "\n".join(lines) or "No page is open."


def _mails_text(mails: Sequence[EmailMessage], secrets: Secrets) -> str:
    return "\n\n".join(_mail_text(mail, secrets) for mail in mails) or "No email arrived."


def _mail_text(mail: EmailMessage, secrets: Secrets) -> str:
    text = _or_words(partial(text_of, mail))
    # Including links that were broken over lines, and those that no one has opened.
    for link in links_in(text):
        secrets.learn_from(link)
    heads = [f"{name}: {mail[name]}" for name in ("From", "To", "Date", "Subject") if mail[name]]
    return "\n".join([*heads, "", text])


def _without_secrets(item: EvidenceItem, secrets: Secrets) -> EvidenceItem:
    if not item.media_type.startswith("text/"):
        return item
    text = secrets.hidden_in(item.content.decode(errors="replace"))
    return EvidenceItem(
        item.name, item.title, item.media_type, text.encode(errors="backslashreplace")
    )


def _is_done_in_time(find: Callable[[], None]) -> bool:
    """Call `find` with a time limit, so that a browser that hangs cannot stop the run."""
    finder = Thread(target=find, daemon=True)
    finder.start()
    finder.join(PATIENCE)
    return not finder.is_alive()


def _or_words(find: Callable[[], Found]) -> Found | str:
    try:
        return find()
    except Exception as error:  # noqa: BLE001 (the failure of the step matters more than any error)
        return f"Not available: {_reason(error)}"


def _or_none(find: Callable[[], Found]) -> Found | None:
    try:
        return find()
    except Exception:  # noqa: BLE001 (as above)
        return None


def _reason(error: Exception) -> str:
    first_line = str(error).strip().partition("\n")[0]
    return first_line or type(error).__name__
