"""Everything that one worker of a run owns."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from acceptance.browser.browser import Browser
from acceptance.browser.select import browser_on_its_way
from acceptance.configuration import Configuration
from acceptance.evidence.recorder import Recorder
from acceptance.hosts.secrets import Secrets
from acceptance.profiles.profile import Profile
from acceptance.profiles.select import open_profile
from acceptance.profiles.sharing import Sharing

Check = Callable[[Profile, Callable[[], Browser]], None]
"""Checks that everything a run needs is there, while the browser starts."""


@dataclass(frozen=True, kw_only=True)
class Slot:
    """A site, a browser and a recorder, with which scenarios run one after the other.

    Several slots may be open in one run. Each receives what they share as arguments, and a slot
    keeps nothing in global variables. The exception is a slot whose site runs in this process:
    Django's own state is global, so each such slot needs its own process.

    Attributes:
        configuration: the settings of the run.
        profile: what the test side can do to the site.
        browser: opens a session for each person.
        recorder: records evidence, in files and in reports.
        secrets: the texts that are hidden wherever people read.

    """

    configuration: Configuration
    profile: Profile
    browser: Browser
    recorder: Recorder
    secrets: Secrets


@contextmanager
def open_slot(
    configuration: Configuration,
    secrets: Secrets,
    recorder: Recorder,
    check: Check,
    sharing: Sharing | None = None,
) -> Iterator[Slot]:
    """Keep a slot open for the duration of the block.

    Args:
        configuration: the settings of the run, which name the site and the browser.
        secrets: the secrets of the run; the slot adds those that it learns.
        recorder: records the evidence of the slot's scenarios.
        check: is called before the first scenario.
        sharing: what the workers of the run share, or None if there is only one.

    Raises:
        ExplainedError: the site or the browser is not available.

    """
    with ExitStack() as undo:
        # The browser takes a while to start; meanwhile, the site starts without it.
        browser_when_ready = undo.enter_context(browser_on_its_way(configuration))
        profile = undo.enter_context(open_profile(configuration, secrets, sharing))
        check(profile, browser_when_ready)
        browser = browser_when_ready()
        if configuration.evidence:
            browser.be_monitored()
        yield Slot(
            configuration=configuration,
            profile=profile,
            browser=browser,
            recorder=recorder,
            secrets=secrets,
        )
