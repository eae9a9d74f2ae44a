"""Steps that are watched: whatever a step's function does, somebody looks over its shoulder."""

from behave.matchers import (
    Match,
    ParseMatcher,
    register_step_matcher_class,
    use_default_step_matcher,
)

from features.support.world import ScenarioContext

NAME = "watched"


class WatchedMatch(Match):
    """A step's function with its arguments, to be run under watch."""

    def run(self, context: ScenarioContext) -> None:
        """Run the function."""
        with context.world.watch.step():
            super().run(context)


class WatchedParseMatcher(ParseMatcher):
    """behave's own matcher, but for what becomes of a match."""

    NAME = NAME

    def match(self, step_text: str) -> Match | None:
        """Return the function and arguments of a step, if it reads like this definition."""
        found = super().match(step_text)
        # A sentence whose words cannot be read is behave's to tell.
        if type(found) is not Match:
            return found
        return WatchedMatch(found.func, found.arguments)


def watch_steps() -> None:
    """Let all steps that are defined from now on be watched."""
    register_step_matcher_class(NAME, WatchedParseMatcher, override=True)
    use_default_step_matcher(NAME)
