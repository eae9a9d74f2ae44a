"""The search for the cause of a failed step."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from acceptance.evidence.causes.answers import NONE_KNOWN, Answers
from acceptance.evidence.causes.browser import (
    broken_answers,
    forbidden_files,
    missing_files,
    script_errors,
)
from acceptance.evidence.causes.cause import Cause, Kind, most_telling
from acceptance.evidence.causes.declarations import FindDeclaration, no_declaration_known
from acceptance.evidence.causes.page import (
    other_controls,
    other_refusals,
    pressed_in_vain,
    refusal,
    sent_by_get,
    text_elsewhere,
)
from acceptance.evidence.causes.page_facts import PageFacts
from acceptance.evidence.causes.server import exceptions, handled_exceptions, undefined_variables
from acceptance.evidence.failure import Failure
from acceptance.evidence.log_records import LogRecord


@dataclass(frozen=True)
class Circumstances:
    """What was known before a step failed, apart from the pages.

    Attributes:
        records: what the site logged during the scenario.
        people: the names of those whose pages the step is about.
        acting: the names of those who did the last step that someone did.
        ruled_out: the kinds of causes that the scenario expects.
        blamed: the sentences of causes that have failed an earlier step.
        is_explained: whether the failure states its cause already.
        is_about_page: whether it is the failure of a check, most probably one of a page.
        answers: what is known about the answers of the site.
        find_declaration: finds where the site declares what an error of its database is about.

    """

    records: Sequence[LogRecord] = ()
    people: Collection[str] = ()
    acting: Collection[str] = ()
    ruled_out: Collection[Kind] = ()
    blamed: Collection[str] = ()
    is_explained: bool = False
    is_about_page: bool = False
    answers: Answers = NONE_KNOWN
    find_declaration: FindDeclaration = no_declaration_known


def cause_of(failure: Failure, circumstances: Circumstances, pages: Sequence[PageFacts]) -> str:
    """Return the most telling cause of a failure, or "" if none is known.

    Args:
        failure: the failure as the error states it.
        circumstances: what was known before.
        pages: the facts about people's pages.

    """
    if circumstances.is_explained:
        return ""
    cause = most_telling(
        each
        for each in _causes(failure, circumstances, pages)
        if each.kind not in circumstances.ruled_out and each.sentence not in circumstances.blamed
    )
    if cause is None or cause.sentence == failure.reason:
        return ""
    return cause.sentence


def people_named(step: str, people: Sequence[str]) -> Sequence[str]:
    """Return the person that a step is about: the first one that it names; all if it names none.

    Args:
        step: the text of the step.
        people: the names of all people, as far as they use a browser.

    """
    places = {
        # The longest of several names at one place: "Anna", and not "Ann".
        (found.start(), -len(name)): name
        for name in people
        if (found := re.search(rf"\b{re.escape(name)}", step))
    }
    return [places[min(places)]] if places else people


def _causes(
    failure: Failure, circumstances: Circumstances, pages: Sequence[PageFacts]
) -> Iterator[Cause]:
    records = circumstances.records
    broken = exceptions(records)
    yield from broken
    yield from undefined_variables(records)
    yield from handled_exceptions(records)
    if failure.cause:
        yield Cause(Kind.STATED, failure.cause)
    for page in pages:
        if not broken:
            yield from broken_answers([*page.failed, *filter(None, [page.response])])
        yield from script_errors(page.person, page.events)
    # The people that the step is about come last, because the last cause of a kind counts.
    for page in sorted(pages, key=lambda each: each.person in circumstances.people):
        is_named = page.person in circumstances.people
        yield from other_refusals(page, records, circumstances.answers, is_named=is_named)
        if is_named:
            yield from _of_page(page, failure, circumstances)


def _of_page(page: PageFacts, failure: Failure, circumstances: Circumstances) -> Iterator[Cause]:
    found = (
        refusal(page, circumstances.records, circumstances.answers),
        sent_by_get(page),
        text_elsewhere(page, failure),
        pressed_in_vain(page, failure),
        other_controls(page, failure),
    )
    yield from filter(None, found)
    yield from missing_files(page.failed)
    yield from forbidden_files(page.person, page.events)
