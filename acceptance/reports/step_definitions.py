"""The sentences that steps/ defines, as Cucumber Messages."""

from collections.abc import Callable, Iterator

from behave.matchers import Matcher
from behave.model import Step
from behave.model_type import Argument, FileLocation
from behave.step_registry import StepRegistry
from cucumber_messages import (
    Group,
    Location,
    SourceReference,
    StepDefinition,
    StepDefinitionPattern,
    StepDefinitionPatternType,
    StepMatchArgument,
    StepMatchArgumentsList,
)


class StepDefinitions:
    """Finds the definition of a step."""

    def __init__(self, registry: StepRegistry, new_id: Callable[[], str]) -> None:
        self._registry = registry
        self._ids = {
            id(matcher): new_id() for matchers in registry.steps.values() for matcher in matchers
        }
        self._meanings: dict[tuple[str, str], tuple[list[str], list[StepMatchArgumentsList]]] = {}

    def messages(self) -> Iterator[StepDefinition]:
        """Return all of them."""
        for matchers in self._registry.steps.values():
            for matcher in matchers:
                yield StepDefinition(
                    id=self._ids[id(matcher)],
                    pattern=_pattern(matcher),
                    source_reference=source_reference(matcher.func),
                )

    def meaning(self, step: Step) -> tuple[list[str], list[StepMatchArgumentsList]]:
        """Return the ids of a step's definitions, and the arguments that each finds in the step."""
        key = (step.step_type, step.name)
        if key not in self._meanings:
            self._meanings[key] = self._find(step)
        return self._meanings[key]

    def _find(self, step: Step) -> tuple[list[str], list[StepMatchArgumentsList]]:
        matcher: Matcher | None = self._registry.find_step_definition(step)
        if matcher is None:
            return [], []
        found = matcher.match(step.name).arguments or []
        arguments = StepMatchArgumentsList([_argument(argument) for argument in found])
        return [self._ids[id(matcher)]], [arguments]


def source_reference(function: Callable[..., object]) -> SourceReference:
    """Return where a function is."""
    place = FileLocation.for_function(function)
    return SourceReference(uri=place.filename, location=Location(line=place.line))


def _argument(argument: Argument) -> StepMatchArgument:
    if argument.original is None:
        # An optional part of a regular expression that matched nothing.
        return StepMatchArgument(group=Group())
    return StepMatchArgument(group=Group(start=argument.start, value=argument.original))


def _pattern(matcher: Matcher) -> StepDefinitionPattern:
    if str(matcher.NAME) == "cucumber_expressions":
        return StepDefinitionPattern(
            source=matcher.pattern, type=StepDefinitionPatternType.cucumber_expression
        )
    # Messages have no names for behave's own kinds of patterns, which all become one of these.
    return StepDefinitionPattern(
        source=matcher.regex_pattern, type=StepDefinitionPatternType.regular_expression
    )
