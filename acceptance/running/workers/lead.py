"""The lead: the process that was started, which replays the work of its workers.

behave runs the features here, too, but without hooks and steps. Instead of running a feature, it
replays what workers did in it, in the order of the features.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from behave.model import Feature, Rule, Scenario
from behave.runner import Runner

from acceptance.running.workers.crew import Crew, NotBegunError, Visit
from acceptance.running.workers.messages import Section
from acceptance.running.workers.outcomes import Outcome, ScenarioOutcome
from acceptance.running.workers.plan import Container, Plan, walk
from acceptance.running.workers.replay import Replay, split_at_end, without_announcements
from acceptance.running.workers.schedule import Path as Place


class Lead:
    """Replays a run in the order of its features."""

    def __init__(self, runner: Runner, plan: Plan, crew: Crew) -> None:
        self._runner = runner
        self._plan = plan
        self._crew = crew
        self._replay = Replay(runner.formatters, runner.step_registry)

    def before_all(self) -> None:
        """Replay what happened at the beginning of the worker that was ready first.

        Raises:
            NotBegunError: a worker could not begin.

        """
        try:
            self._crew.wait_for(lambda: self._crew.first is not None)
        except NotBegunError as error:
            self._play(error.section)
            raise
        begin = self._crew.first.begin if self._crew.first else None
        assert begin
        self._play(begin)
        if begin.last.is_aborted:
            self._crew.hand_out_no_more()
        for path, container in self._plan.containers.items():
            if isinstance(container, Feature):
                vars(container)["run"] = self._feature_runner(path, container)
        for number, scenario in self._plan.scenarios.items():
            # Formatters may wrap it: this is how allure-behave finds out what is run.
            vars(scenario)["run"] = partial(self._replay_scenario, number, scenario)

    def after_all(self) -> None:
        """Replay what happened at the end of the same worker."""
        self._crew.hand_out_no_more()
        self._crew.wait_for(lambda: all(each.end for each in self._crew.members))
        for member in self._crew.members:
            if member.end and (member is self._crew.first or member.end.hook_failures):
                self._play(member.end)
        if any(each.end.last.has_failed for each in self._crew.members if each.end):
            self._runner.hook_failures += 1
        if self._crew.is_interrupted:
            self._runner.aborted = True

    def _feature_runner(self, path: Place, feature: Feature) -> Callable[[Runner], bool]:
        return lambda _runner: self._container(path, feature)

    def _container(self, path: Place, container: Container) -> bool:
        """Replay a feature or a rule, and return whether it failed."""
        visits = self._crew.visits[path]
        self._crew.wait_for(
            lambda: any(each.before for each in visits) or not self._crew.is_coming(path)
        )
        first = next((each for each in visits if each.before), None)
        if first is None or first.before is None:
            return False
        if first.before is first.after:
            # A hook has failed, so nothing in it was run.
            return self._end_container(path, container, first)
        self._play(first.before, container)
        failed = self._items(path, container)
        return self._end_container(path, container, first) or failed

    def _end_container(self, path: Place, container: Container, first: Visit) -> bool:
        """Replay the end of a feature or rule, and return whether it failed."""
        self._crew.wait_for(lambda: not self._crew.is_coming(path))
        container.clear_status()  # type: ignore[no-untyped-call]
        events, last = split_at_end(first.after.events if first.after else ())
        if first.after:
            self._play(replace(first.after, events=events), container)
        # The hooks of one worker are enough, unless those of another have failed.
        others = [each for each in self._crew.visits[path] if each is not first and each.has_failed]
        for section in others[0].sections if others and not first.has_failed else []:
            events = [*without_announcements(section.events)]
            self._play(replace(section, events=events), container)
        self._replay.events(last)
        return bool(container.hook_failed or container.status.has_failed())

    def _items(self, path: Place, container: Container) -> bool:
        failed = False
        for number, item in enumerate(container.run_items):
            if self._is_left_out_by_name(item):
                # As in behave, formatters do not receive it.
                item.mark_skipped()
                continue
            inner = (*path, number)
            for each in walk([item]):
                if isinstance(each, Rule):
                    one_failed = (
                        self._container(inner, each)
                        if inner in self._plan.containers
                        else bool(each.run(self._runner))
                    )
                else:
                    one_failed = self._scenario(each)
                failed = failed or one_failed
                if one_failed and (self._runner.config.stop or self._runner.aborted):
                    return True
        return failed

    def _is_left_out_by_name(self, item: Rule | Scenario) -> bool:
        names = self._runner.config
        return bool(
            names.name
            and isinstance(item, Scenario)
            and not item.should_run_with_name_select(names)
        )

    def _scenario(self, scenario: Scenario) -> bool:
        number = self._plan.number_of(scenario)
        if number is not None:
            part = self._plan.parts[number]
            self._crew.wait_for(
                lambda: number in self._crew.done or not self._crew.is_waited_for(part)
            )
            if number not in self._crew.done:
                return False
        # A scenario that is not selected may be reported to formatters, too.
        return bool(scenario.run(self._runner))

    def _replay_scenario(self, number: int, scenario: Scenario, _runner: Runner) -> bool:
        section = self._crew.done.pop(number)
        self._play(section)
        assert isinstance(section.last.outcome, ScenarioOutcome)
        section.last.outcome.write_into(scenario)
        return bool(scenario.status.has_failed()) or section.last.is_aborted

    def _play(self, section: Section, container: Container | None = None) -> None:
        if section.last.is_aborted and not self._crew.is_interrupted:
            # The message about this was recorded, and is not printed again.
            self._runner.aborted = True
        self._replay.events(section.events)
        if container is not None and isinstance(section.last.outcome, Outcome):
            section.last.outcome.write_into(container)
        self._runner.hook_failures += section.hook_failures
        self._runner.undefined_steps.extend(section.undefined)
