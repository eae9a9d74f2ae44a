"""The monitor of a scenario: a step fails if the site or a page fails in the background."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager

from behave.api.pending_step import StepNotImplementedError
from behave.model import Scenario, Step

from acceptance.browser.session import Session
from acceptance.evidence.causes.answers import Answers
from acceptance.evidence.causes.browser import broken_answers, script_errors
from acceptance.evidence.causes.cause import Cause, Kind
from acceptance.evidence.causes.search import Circumstances, people_named
from acceptance.evidence.causes.server import exceptions, undefined_variables
from acceptance.evidence.failure import TROUBLES, Failure, attach_failure, failure_of
from acceptance.evidence.failure_text import circumstances_text, failure_text
from acceptance.evidence.log_records import LogRecord, concerning
from acceptance.evidence.recorder import Recorder
from acceptance.mismatch import Mismatch
from acceptance.profiles.profile import Profile
from acceptance.server.fixtures import find_declaration, find_view

# Tags of scenarios that expect such an error; they fail if it does not occur.
EXPECTS_SERVER_ERROR = "expects_server_error"
EXPECTS_SCRIPT_ERROR = "expects_script_error"

_EXPECTED_CAUSES = {
    EXPECTS_SERVER_ERROR: (Kind.EXCEPTION, Kind.BROKEN_ANSWER),
    EXPECTS_SCRIPT_ERROR: (Kind.SCRIPT_ERROR,),
}

_NOTHING_BREAKS = "no error of the site or of a page's scripts"


class StepFailedError(AssertionError):
    """A step failed; the message has everything that a person needs, most important first."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure_text(failure))
        attach_failure(self, failure)


class Unmonitored:
    """Monitors nothing, so that the cost of monitoring can be measured."""

    @contextmanager
    def beginning(self) -> Iterator[None]:
        """Do nothing around the beginning of a scenario."""
        yield

    @contextmanager
    def step(self, step: Step) -> Iterator[None]:  # noqa: ARG002
        """Do nothing around a step."""
        yield


class Monitor:
    """Monitors one scenario."""

    def __init__(
        self,
        scenario: Scenario,
        profile: Profile,
        sessions: Callable[[], Mapping[str, Session]],
        recorder: Recorder,
    ) -> None:
        """Begin to monitor.

        Args:
            scenario: the scenario to monitor.
            profile: the profile of the site.
            sessions: returns people's browser sessions, by name.
            recorder: records the evidence of failures.

        """
        self._scenario = scenario
        self._profile = profile
        self._sessions = sessions
        self._recorder = recorder
        self._last_step = next(reversed(list(scenario.all_steps)), None)
        self._is_in_step = False
        tags = {str(tag) for tag in scenario.effective_tags}
        self._expected = tags & {EXPECTS_SERVER_ERROR, EXPECTS_SCRIPT_ERROR}
        self._met: set[str] = set()
        self._blamed: set[str] = set()
        self._acting: Collection[str] = ()

    @contextmanager
    def beginning(self) -> Iterator[None]:
        """Monitor the beginning of the scenario, before its first step, and explain a failure.

        Raises:
            StepFailedError: it failed.

        """
        try:
            yield
        except Exception as error:  # noqa: BLE001 (it is raised again, in one sentence)
            raise StepFailedError(self._with_evidence(failure_of(error))) from None

    @contextmanager
    def step(self, step: Step) -> Iterator[None]:
        """Monitor a step, and explain its failure.

        The failure of a step that a step executes counts as that of the outer step.

        Raises:
            StepFailedError: the step failed, or the site or a page failed during it.

        """
        if self._is_in_step:
            yield
            return
        self._is_in_step = True
        is_explained = False
        try:
            yield
            is_explained = True
            self._see_that_nothing_broke(is_last=step is self._last_step)
            self._accept_responses(step)
            self._note_acting(step)
        except StepNotImplementedError:
            # behave reports it as a step that is not implemented yet.
            raise
        except SystemExit as error:
            ended = Failure(f"the step ended the program: sys.exit({error.code!r})")
            raise StepFailedError(self._with_evidence(ended, step.name)) from None
        except Exception as error:
            failure = self._with_evidence(
                failure_of(error),
                step.name,
                is_explained=is_explained,
                is_about_page=isinstance(error, AssertionError) and not is_explained,
            )
            if isinstance(error, TROUBLES):
                raise StepFailedError(failure) from None
            # An error in the suite itself: its traceback shows where.
            self._recorder.secrets.hide_in(error)
            error.add_note(f"\n{circumstances_text(failure)}")
            attach_failure(error, failure)
            raise
        finally:
            self._is_in_step = False

    def _with_evidence(
        self,
        failure: Failure,
        step: str = "",
        *,
        is_explained: bool = False,
        is_about_page: bool = False,
    ) -> Failure:
        sessions = self._sessions()
        expected = (_EXPECTED_CAUSES[tag] for tag in self._expected)
        circumstances = Circumstances(
            records=self._log(patiently=True),
            people=people_named(step, list(sessions)),
            acting=self._acting,
            ruled_out={kind for kinds in expected for kind in kinds},
            blamed=frozenset(self._blamed),
            is_explained=is_explained,
            is_about_page=is_about_page,
            answers=Answers(self._profile.answers(), self._view_at),
            find_declaration=self._declaration_of,
        )
        return self._recorder.record(
            failure,
            self._scenario,
            sessions,
            self._profile.mails,
            circumstances,
        )

    def _view_at(self, path: str) -> str | None:
        try:
            return self._profile.make(find_view, path=path)
        except Exception:  # noqa: BLE001 (the failure of the step matters more than any error)
            return None

    def _declaration_of(self, message: str) -> str:
        try:
            return self._profile.make(find_declaration, message=message)
        except Exception:  # noqa: BLE001 (as above)
            return ""

    def _accept_responses(self, step: Step) -> None:
        """Take for expected what people see in a step that has checked it."""
        if step.step_type == "then":
            sessions = self._sessions()
            for name in people_named(step.name, list(sessions)):
                sessions[name].accept_response()

    def _note_acting(self, step: Step) -> None:
        """Note who did a step, unless no one or everyone did."""
        if step.step_type != "then":
            named = people_named(step.name, list(self._sessions()))
            if len(named) == 1:
                self._acting = named

    def _see_that_nothing_broke(self, *, is_last: bool) -> None:
        if is_last:
            self._take_a_last_look()
        errors = [
            *self._unless_expected(EXPECTS_SCRIPT_ERROR, self._script_errors()),
            *self._site_errors(),
        ]
        # If a scenario continues after a failed step, the same error must not fail the next one.
        broken = [str(error) for error in errors if str(error) not in self._blamed]
        self._blamed.update(broken)
        if is_last:
            broken += [
                f"the scenario is tagged @{tag}, but no such error occurred"
                for tag in sorted(self._expected - self._met)
            ]
        assert not broken, Mismatch("\n".join(broken), _NOTHING_BREAKS, broken)

    def _take_a_last_look(self) -> None:
        for session in self._sessions().values():
            if session.has_page:
                # This answer arrives after all events that the browser has sent before.
                session.responses.extend(session.failed_requests())

    def _script_errors(self) -> list[Cause]:
        sessions = self._sessions().items()
        return [error for name, each in sessions for error in script_errors(name, each.events)]

    def _site_errors(self) -> list[Cause]:
        sessions = self._sessions().values()
        answers = broken_answers(response for each in sessions for response in each.responses)
        records = self._log(patiently=bool(answers))
        errors = exceptions(records) or answers
        return [
            *self._unless_expected(EXPECTS_SERVER_ERROR, errors),
            *undefined_variables(records),
        ]

    def _unless_expected(self, tag: str, errors: list[Cause]) -> list[Cause]:
        if errors and tag in self._expected:
            self._met.add(tag)
            return []
        return errors

    def _log(self, *, patiently: bool) -> list[LogRecord]:
        ours = {session.request_id for session in self._sessions().values()}
        return list(concerning(self._profile.server_log(patiently=patiently), ours))
