"""All that one worker of a run owns."""

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
"""Sees whether all is there that a run needs, while the browser starts."""


@dataclass(frozen=True, kw_only=True)
class Slot:
    """A site, a browser and a place for evidence, in which one scenario after another is run.

    Several may be open in one run; what they share is handed to each, and nothing of a slot is
    found in a global variable, save where the site itself runs in this process: Django has one of
    everything there, so each such slot takes a process of its own.

    Attributes:
        configuration: what the run was asked for.
        profile: what the test side can do to the site.
        browser: gives people their sessions.
        recorder: records evidence, in files and in reports.
        secrets: what is hidden in all that people can read.

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
    """Keep a slot open for the length of the block.

    Args:
        configuration: says which site and which browser.
        secrets: those of the run; what is learned in the slot is added.
        recorder: records the evidence of the slot's scenarios.
        check: is made before the first scenario.
        sharing: what the workers of the run share, or None where there are no others.

    Raises:
        ExplainedError: the site or the browser is not there.

    """
    with ExitStack() as undo:
        # The browser takes a while to start, and the site does not need it for that.
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
