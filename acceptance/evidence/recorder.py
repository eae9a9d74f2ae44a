"""Records the evidence of failed scenarios: in files, in reports, and in the failure itself."""

import re
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

from behave.model import Scenario

from acceptance.browser.session import SentForm, Session
from acceptance.evidence.artifacts import ScenarioFolders
from acceptance.evidence.causes.answers import Answer, Answers
from acceptance.evidence.causes.declarations import with_declarations
from acceptance.evidence.causes.page_facts import PageFacts, shown_to
from acceptance.evidence.causes.search import Circumstances, cause_of
from acceptance.evidence.evidence_item import EvidenceItem, text_item
from acceptance.evidence.failure import Failure
from acceptance.evidence.failure_text import failure_text
from acceptance.evidence.gathering import gather
from acceptance.evidence.log_records import most_relevant
from acceptance.evidence.scenario_name import name_of
from acceptance.hosts.secrets import Secrets

Attach = Callable[[str, bytes], None]
"""Adds a file to the reports, given its media type and its content."""


_UUID = re.compile(r"\b([0-9a-f]{8})(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")

# How the description of a page begins.
_PAGE = "The page "

_MOST_EVENTS = 5
_MOST_FORMS = 3


class Recorder:
    """Records the evidence of a run."""

    def __init__(
        self, artifacts: ScenarioFolders, secrets: Secrets, options: Sequence[str], attach: Attach
    ) -> None:
        """Record evidence from now on.

        Args:
            artifacts: the folders for files.
            secrets: what to hide in them.
            options: the words that, after `behave` and a place, repeat a run.
            attach: adds a file to the reports.

        """
        self.secrets = secrets
        self._artifacts = artifacts
        self._options = options
        self._attach = attach

    def record(
        self,
        failure: Failure,
        scenario: Scenario,
        sessions: Mapping[str, Session],
        mails: Callable[[], Sequence[EmailMessage]],
        circumstances: Circumstances,
    ) -> Failure:
        """Record the evidence of a failure, and return the failure with all that is known about it.

        Args:
            failure: the failure as the error states it; in the result, secrets are hidden.
            scenario: the scenario that failed.
            sessions: people's browser sessions, by name.
            mails: finds the emails that arrived during the scenario.
            circumstances: what else is known, such as what the server logged.

        """
        records = circumstances.records
        gathered = gather(sessions, mails, records, self.secrets, failure.where)
        items = gathered.items
        known = replace(
            failure,
            reason=with_declarations(failure.reason, circumstances.find_declaration),
            cause=with_declarations(
                cause_of(failure, circumstances, gathered.pages), circumstances.find_declaration
            ),
            seen=_seen(failure, circumstances, gathered.pages),
            logged=(*failure.logged, *(each.brief for each in most_relevant(records))),
            # After gathering, because only then have the browsers reported everything.
            noted={
                name: noted
                for name, session in sessions.items()
                if (
                    noted := (
                        *_last_requests(session, circumstances.answers),
                        *_scripts_of(name, gathered.pages),
                        *_last_events(session),
                    )
                )
            },
            again=shlex.join(["behave", f"{scenario.filename}:{scenario.line}", *self._options]),
        )
        try:
            folder = self._folder_of(scenario)
            known = self.secrets.hidden(replace(known, evidence=_as_typed(folder)))
            for item in [text_item("failure.txt", "Failure", failure_text(known)), *items]:
                (folder / item.name).write_bytes(item.content)
        except OSError as error:
            reason = f"not kept, because it cannot be written ({error.strerror})"
            known = self.secrets.hidden(replace(known, evidence=reason))
        for item in items:
            # If a report cannot take it, the failure itself must still be reported.
            with suppress(Exception):
                self.attach(item)
        return known

    def attach(self, item: EvidenceItem) -> None:
        """Add a file to the reports."""
        self._attach(item.labelled_media_type, item.content)

    def _folder_of(self, scenario: Scenario) -> Path:
        named = name_of(scenario)
        return self._artifacts.folder_for(
            named.feature, named.name, rule=named.rule, occurrence=named.occurrence
        )


def _seen(failure: Failure, circumstances: Circumstances, pages: Sequence[PageFacts]) -> str:
    """Return what there was to see, which includes a page if the step is about one."""
    if failure.seen.startswith(_PAGE) or not circumstances.is_about_page:
        return failure.seen
    # A check that did not wait does not say what the page showed. One that waited for an email does
    # not say what the site answered to the person who caused the email.
    acting = circumstances.acting if failure.seen else ()
    page = shown_to(acting or circumstances.people, pages)
    return "\n".join(filter(None, [failure.seen, page]))


def _last_requests(session: Session, answers: Answers) -> Iterator[str]:
    """Yield the last few forms and the last page of a person, and what answered them."""
    forms = session.sent_forms[-_MOST_FORMS:]
    page_of_form = ""
    for number, form in enumerate(forms):
        # Of the forms to one address, the last one got the last answer.
        later = [each for each in forms[number + 1 :] if _target(each) == _target(form)]
        recorded = answers.to(session.request_id, *_target(form))[: -len(later) or None]
        yield _shortened(f"form: {form}{_answered(form.path, recorded, answers)}")
        yield from _known(recorded)
        is_redirected = bool(recorded and recorded[-1].location)
        page_of_form = "" if is_redirected else form.path
    if pages := [each for each in session.responses if not each.use]:
        scheme, _, path, _, _ = urlsplit(pages[-1].address)
        # Browsers have error pages of their own.
        if scheme.startswith("http") and path != page_of_form:
            recorded = answers.to(session.request_id, "GET", path)
            yield _shortened(f"page: {path}{_answered(path, recorded, answers)}")
            # After a form, it is the form that matters.
            if not forms:
                yield from _known(recorded)


def _known(recorded: Sequence[Answer]) -> Sequence[str]:
    """Return what the site knew when it made the last of these answers."""
    return recorded[-1].known if recorded else ()


def _scripts_of(person: str, pages: Sequence[PageFacts]) -> Iterator[str]:
    """Yield a line about the scripts of a person's page, as far as a browser reports them."""
    for page in pages:
        if page.person == person and page.scripts:
            yield f"scripts: {'; '.join(page.scripts)}"


def _shortened(request: str) -> str:
    """Return a line with the beginning of each UUID, which is enough to tell pages apart."""
    return _UUID.sub(r"\1…", request)


def _target(form: SentForm) -> tuple[str, str]:
    return form.method, form.path


def _answered(path: str, recorded: Sequence[Answer], answers: Answers) -> str:
    """Return how a request was answered, to be put after it: as far as it was recorded."""
    if not recorded:
        view = answers.view(path)
        return f", {view}" if view else ""
    maker = answers.maker_of(recorded[-1])
    return f": {', '.join(filter(None, [recorded[-1].led, maker]))}"


def _last_events(session: Session) -> tuple[str, ...]:
    # An event that repeats on several pages is reported once.
    return tuple(dict.fromkeys(map(str, session.events)))[-_MOST_EVENTS:]


def _as_typed(folder: Path) -> str:
    here = Path.cwd()
    return str(folder.relative_to(here)) if folder.is_relative_to(here) else str(folder)
