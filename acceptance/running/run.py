"""A run as fixtures of behave: the resources of the whole run, and of each scenario."""

import atexit
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

from behave import fixture
from behave.model import Scenario
from behave.runner import Context

from acceptance.browser.browser import Browser
from acceptance.checkout import release_of
from acceptance.configuration import Configuration
from acceptance.evidence.facts import FACTS
from acceptance.evidence.recorder import Recorder
from acceptance.hosts.secrets import secrets_of
from acceptance.profiles.profile import Profile
from acceptance.project import Project
from acceptance.reports.run_observer import RunObserver
from acceptance.running.captured_output import CaptureWithoutSecrets
from acceptance.running.interruptions import Interruptions
from acceptance.running.preflight import preflight
from acceptance.slot import Slot, open_slot


@fixture
def world_of_run(
    context: Context, project: Project, new_world: Callable[[Slot], Any]
) -> Iterator[None]:
    """Keep the site and the browser open until the end of the run.

    Args:
        context: receives the `world`.
        project: the project whose site is tested.
        new_world: creates the world of a slot.

    Raises:
        ExplainedError: the run cannot begin.

    """
    interruptions = Interruptions()
    with interruptions.heard(), ExitStack() as run:
        configuration = Configuration.resolve(project, context.config.userdata, os.environ)
        print(configuration)  # noqa: T201 (a run shows its settings at the start)
        secrets = secrets_of(os.environ, project.ordinary_words)
        run.enter_context(secrets.kept_out_of_errors())
        # behave skips its clean-up when it can no longer write, as in `behave | head`.
        atexit.register(run.close)
        runner = context._runner  # noqa: SLF001
        artifacts = runner.artifacts(project.artifacts)
        recorder = Recorder(artifacts, secrets, configuration.options, context.attach)

        def check(profile: Profile, browser_when_ready: Callable[[], Browser]) -> None:
            preflight(profile, browser_when_ready, secrets)

        with interruptions.held_at_the_end():
            slot = run.enter_context(
                open_slot(configuration, secrets, recorder, check, runner.sharing)
            )
            _attach_facts(slot, runner.formatters)
            runner.capture_controller = CaptureWithoutSecrets(runner.capture_controller, secrets)
            context.world = new_world(slot)
            interruptions.begin()
            yield


@fixture
def new_scenario(context: Context, scenario: Scenario) -> Iterator[None]:
    """Begin a scenario, and clean up after it, whether it passes or fails."""
    with context.world.scenario(scenario):
        yield


def _attach_facts(slot: Slot, formatters: Sequence[object]) -> None:
    # Only the formatters of reports take attachments of the run. Without such a formatter, git and
    # the site are not asked for facts.
    observers = [each for each in formatters if isinstance(each, RunObserver)]
    if observers:
        # What it imports takes time, and only reports need it.
        from acceptance.reports.run_environment import run_by  # noqa: PLC0415

        facts = slot.profile.facts()
        by, job = run_by(os.environ)
        root = slot.configuration.project.root
        facts = replace(
            facts,
            browser=slot.configuration.browser_in_words(),
            release=release_of(root, facts.commit) if facts.commit else "",
            by=by,
            job=job,
        )
        for observer in observers:
            observer.attached_to_run(FACTS, facts.to_json())
