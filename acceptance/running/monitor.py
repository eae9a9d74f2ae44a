"""The monitor of a scenario: a step fails if the site or a page fails in the background."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from behave.api.pending_step import StepNotImplementedError
from behave.model import Scenario, Step

from acceptance.browser.session import Session
from acceptance.evidence.failure import TROUBLES, Failure, attach_failure, failure_of
from acceptance.evidence.failure_text import circumstances_text, failure_text
from acceptance.evidence.log_records import LogRecord, concerning
from acceptance.evidence.recorder import Recorder
from acceptance.mismatch import Mismatch
from acceptance.profiles.profile import Profile

# Tags of scenarios that expect such an error; they fail if it does not occur.
EXPECTS_SERVER_ERROR = "expects_server_error"
EXPECTS_SCRIPT_ERROR = "expects_script_error"

_INTERNAL_SERVER_ERROR = 500

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
        try:
            yield
            self._see_that_nothing_broke(is_last=step is self._last_step)
        except StepNotImplementedError:
            # behave reports it as a step that is not implemented yet.
            raise
        except SystemExit as error:
            ended = Failure(f"the step ended the program: sys.exit({error.code!r})")
            raise StepFailedError(self._with_evidence(ended)) from None
        except Exception as error:
            failure = self._with_evidence(failure_of(error))
            if isinstance(error, TROUBLES):
                raise StepFailedError(failure) from None
            # An error in the suite itself: its traceback shows where.
            self._recorder.secrets.hide_in(error)
            error.add_note(f"\n{circumstances_text(failure)}")
            attach_failure(error, failure)
            raise
        finally:
            self._is_in_step = False

    def _with_evidence(self, failure: Failure) -> Failure:
        return self._recorder.record(
            failure,
            self._scenario,
            self._sessions(),
            self._profile.mails,
            self._log(patiently=True),
        )

    def _see_that_nothing_broke(self, *, is_last: bool) -> None:
        if is_last:
            self._take_a_last_look()
        errors = [
            *self._unless_expected(EXPECTS_SCRIPT_ERROR, list(self._script_errors())),
            *self._unless_expected(EXPECTS_SERVER_ERROR, list(self._server_errors())),
        ]
        # If a scenario continues after a failed step, the same error must not fail the next one.
        broken = [error for error in errors if error not in self._blamed]
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

    def _script_errors(self) -> Iterator[str]:
        for name, session in self._sessions().items():
            for event in session.events:
                if event.is_script_error:
                    yield f"a script failed on {name}'s page: {event.text}"

    def _server_errors(self) -> Iterator[str]:
        # Once each: the response to a page may also be among the failed requests.
        responses = dict.fromkeys(
            response
            for session in self._sessions().values()
            for response in session.responses
            if response.status == _INTERNAL_SERVER_ERROR
        )
        logged = [
            record
            for record in self._log(patiently=bool(responses))
            if record.is_unhandled_exception
        ]
        if logged:
            yield from (f"the site failed: {record.cause}" for record in logged)
        else:
            yield from (f"the site answered {response}" for response in responses)

    def _unless_expected(self, tag: str, errors: list[str]) -> list[str]:
        if errors and tag in self._expected:
            self._met.add(tag)
            return []
        return errors

    def _log(self, *, patiently: bool) -> list[LogRecord]:
        ours = {session.request_id for session in self._sessions().values()}
        return list(concerning(self._profile.server_log(patiently=patiently), ours))
