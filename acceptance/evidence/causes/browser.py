"""The causes that a person's browser reports."""

from collections.abc import Iterable, Iterator

from acceptance.browser.event import BrowserEvent
from acceptance.browser.session import Response
from acceptance.evidence.causes.cause import Cause, Kind

_INTERNAL_SERVER_ERROR = 500


def broken_answers(responses: Iterable[Response]) -> list[Cause]:
    """Return the answers with the status 500, once each."""
    # The response to a page may also be among the failed requests.
    broken = dict.fromkeys(each for each in responses if each.status == _INTERNAL_SERVER_ERROR)
    return [Cause(Kind.BROKEN_ANSWER, f"the site answered {response}") for response in broken]


def script_errors(person: str, events: Iterable[BrowserEvent]) -> list[Cause]:
    """Return the errors of scripts on the pages of a person."""
    return [
        Cause(Kind.SCRIPT_ERROR, f"a script failed on {person}'s page: {event.text}")
        for event in events
        if event.is_script_error
    ]


def missing_files(failed: Iterable[Response]) -> Iterator[Cause]:
    """Yield the style sheets and scripts that the site did not deliver."""
    for response in failed:
        if response.use and response.is_refusal:
            what = "was not found" if response.status == 404 else "could not be loaded"  # noqa: PLR2004
            yield Cause(Kind.MISSING_FILE, f"the {response.use} {what}: {response}")


def forbidden_files(person: str, events: Iterable[BrowserEvent]) -> Iterator[Cause]:
    """Yield what the policy of a person's page forbids."""
    for event in events:
        if event.kind == "policy":
            yield Cause(Kind.FORBIDDEN_FILE, f"on {person}'s page, {event.text}")
