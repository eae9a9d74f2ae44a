"""What the specification shows: features and results, put together for the template."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.text import slugify

from reporting.feature_text import (
    BackgroundText,
    ExamplesText,
    ExampleText,
    FeatureText,
    Identity,
    RuleText,
    ScenarioText,
    Sentence,
)
from reporting.origin import Place
from reporting.results import Result, newest_results
from reporting.specification.evidence import (
    FailureView,
    PictureView,
    failures_of,
    pictures_of,
)
from reporting.specification.outcome import Outcome, Standing, Status, outcome, together
from reporting.specification.summary import PlaceSummary, summary
from reporting.specification.wording import Part, number, paragraphs, parts


@dataclass(frozen=True)
class StepView:
    """One sentence, in the pieces that stand out or do not."""

    keyword: str
    parts: tuple[Part, ...]
    table: tuple[tuple[str, ...], ...]
    doc_string: str | None


@dataclass(frozen=True)
class BackgroundView:
    """What is so before each scenario."""

    name: str
    paragraphs: tuple[str, ...]
    steps: tuple[StepView, ...]


@dataclass(frozen=True)
class RowView:
    """An example of an outline; `statuses` are the words that the filter looks for."""

    cells: tuple[str, ...]
    outcomes: tuple[Outcome, ...]
    statuses: str


@dataclass(frozen=True)
class TableView:
    """A table of examples."""

    name: str
    paragraphs: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[RowView, ...]


@dataclass(frozen=True)
class ScenarioView:
    """A scenario, or an outline with its examples.

    Attributes:
        anchor: its id in the document.
        standings: how it stands, place by place; none where no run is known.
        statuses: the words that the filter looks for.
        count: how many scenarios it is when run.

    """

    anchor: str
    name: tuple[Part, ...]
    paragraphs: tuple[str, ...]
    steps: tuple[StepView, ...]
    tables: tuple[TableView, ...]
    standings: tuple[Standing, ...]
    statuses: str
    count: int
    failures: tuple[FailureView, ...]
    pictures: tuple[PictureView, ...]
    planned: bool

    @property
    def title(self) -> str:
        """Its name as plain text."""
        return "".join(part.text for part in self.name)

    @property
    def failing_places(self) -> str:
        """Where it fails, in words."""
        return ", ".join(dict.fromkeys(failure.place_name for failure in self.failures))


@dataclass(frozen=True)
class RuleView:
    """A rule with its scenarios; without a name, those that stand under no rule."""

    anchor: str
    name: str
    paragraphs: tuple[str, ...]
    background: BackgroundView | None
    scenarios: tuple[ScenarioView, ...]


@dataclass(frozen=True)
class CapabilityView:
    """A feature: what the site can do for somebody."""

    anchor: str
    name: str
    paragraphs: tuple[str, ...]
    background: BackgroundView | None
    rules: tuple[RuleView, ...]

    @property
    def scenarios(self) -> tuple[ScenarioView, ...]:
        """All scenarios, whatever rule they stand under."""
        return tuple(scenario for rule in self.rules for scenario in rule.scenarios)

    @property
    def failing(self) -> bool:
        """Whether anything of it fails anywhere."""
        return any(scenario.failures for scenario in self.scenarios)


@dataclass(frozen=True)
class StatusChoice:
    """A status to filter by, with how many scenarios have it somewhere."""

    status: Status
    count: int


@dataclass(frozen=True)
class Specification:
    """The whole document.

    Attributes:
        extent: how much it tells, in words.
        places: how all stands at each place; none where no run is known.
        different_commits: whether the places were tested at different commits.
        choices: the statuses that occur.
        count: how many scenarios there are when run.

    """

    extent: str
    capabilities: tuple[CapabilityView, ...]
    places: tuple[PlaceSummary, ...]
    different_commits: bool
    choices: tuple[StatusChoice, ...]
    count: int

    @property
    def failing(self) -> tuple[ScenarioView, ...]:
        """The scenarios that fail anywhere."""
        return tuple(
            scenario
            for capability in self.capabilities
            for scenario in capability.scenarios
            if scenario.failures
        )

    @property
    def planned(self) -> tuple[ScenarioView, ...]:
        """The scenarios that are not built yet."""
        return tuple(
            scenario
            for capability in self.capabilities
            for scenario in capability.scenarios
            if scenario.planned
        )


def specification(features: Sequence[FeatureText], results: Iterable[Result]) -> Specification:
    """Put together what the features say and what came of them."""
    newest = newest_results(results)
    examples = [example for feature in features for example in feature.examples]
    # Without any run there is nothing to be said of any place.
    standing_at = tuple(Place) if newest else ()
    board = _Board(newest, standing_at)
    outcomes = [board.outcomes(example) for example in examples]
    places = tuple(
        summary(place, [of_one[index] for of_one in outcomes])
        for index, place in enumerate(standing_at)
    )
    anchors = _Anchors()
    commits = {place.runs[0].commit for place in places if place.runs}
    return Specification(
        extent=_extent(features, len(examples)),
        capabilities=tuple(_capability(feature, board, anchors) for feature in features),
        places=places,
        different_commits=len(commits) > 1,
        choices=_choices(board, examples),
        count=len(examples),
    )


def _extent(features: Sequence[FeatureText], examples: int) -> str:
    rules = sum(1 for feature in features for rule in feature.rules if rule.name)
    return ", ".join(
        [
            number(len(features), "capability", "capabilities"),
            number(rules, "rule", "rules"),
            number(examples, "scenario", "scenarios"),
        ]
    )


@dataclass(frozen=True)
class _Board:
    """Looks up how scenarios stand."""

    newest: Mapping[tuple[Identity, Place], Result]
    places: tuple[Place, ...]

    def outcomes(self, example: ExampleText) -> tuple[Outcome, ...]:
        return tuple(
            outcome(example, place, self.newest.get((example.identity, place)))
            for place in self.places
        )

    def statuses(self, example: ExampleText) -> tuple[Status, ...]:
        """How it stands anywhere, each status once; what is planned is so without any run."""
        found = [each.status for each in self.outcomes(example)]
        if example.planned:
            found.append(Status.PLANNED)
        return tuple(dict.fromkeys(found))


def _choices(board: _Board, examples: Iterable[ExampleText]) -> tuple[StatusChoice, ...]:
    counts = Counter(status for example in examples for status in board.statuses(example))
    return tuple(StatusChoice(status, counts[status]) for status in Status if counts[status])


class _Anchors:
    """Gives each part of the document an id that stays the same while its name does."""

    def __init__(self) -> None:
        self.given: Counter[str] = Counter()

    def new(self, *names: str) -> str:
        anchor = "-".join(filter(None, (slugify(name) for name in names))) or "part"
        self.given[anchor] += 1
        occurrence = self.given[anchor]
        return anchor if occurrence == 1 else f"{anchor}-{occurrence}"


def _capability(feature: FeatureText, board: _Board, anchors: _Anchors) -> CapabilityView:
    return CapabilityView(
        anchor=anchors.new(feature.name),
        name=feature.name,
        paragraphs=paragraphs(feature.description),
        background=_background(feature.background),
        rules=tuple(_rule(rule, feature.name, board, anchors) for rule in feature.rules),
    )


def _rule(rule: RuleText, feature: str, board: _Board, anchors: _Anchors) -> RuleView:
    return RuleView(
        anchor=anchors.new(feature, rule.name) if rule.name else "",
        name=rule.name,
        paragraphs=paragraphs(rule.description),
        background=_background(rule.background),
        scenarios=tuple(
            _scenario(scenario, anchors.new(feature, scenario.name), board)
            for scenario in rule.scenarios
        ),
    )


def _background(background: BackgroundText | None) -> BackgroundView | None:
    if background is None:
        return None
    return BackgroundView(
        name=background.name,
        paragraphs=paragraphs(background.description),
        steps=_steps(background.sentences),
    )


def _scenario(scenario: ScenarioText, anchor: str, board: _Board) -> ScenarioView:
    columns = [column for table in scenario.tables for column in table.columns]
    outcomes = [board.outcomes(example) for example in scenario.examples]
    statuses = dict.fromkeys(
        status for example in scenario.examples for status in board.statuses(example)
    )
    return ScenarioView(
        anchor=anchor,
        name=parts(scenario.name, columns),
        paragraphs=paragraphs(scenario.description),
        steps=_steps(scenario.sentences, columns),
        tables=tuple(_table(table, board) for table in scenario.tables),
        # An outline may have no example at all: nothing can be said of it.
        standings=tuple(map(together, zip(*outcomes, strict=True))),
        statuses=_words(statuses),
        count=len(scenario.examples),
        failures=tuple(failure for each in outcomes for failure in failures_of(each)),
        pictures=tuple(picture for each in outcomes for picture in pictures_of(each)),
        planned=scenario.planned,
    )


def _table(table: ExamplesText, board: _Board) -> TableView:
    return TableView(
        name=table.name,
        paragraphs=paragraphs(table.description),
        columns=table.columns,
        rows=tuple(
            RowView(
                cells=tuple(value for _, value in row.identity.example),
                outcomes=board.outcomes(row),
                statuses=_words(board.statuses(row)),
            )
            for row in table.rows
        ),
    )


def _steps(sentences: Iterable[Sentence], columns: Sequence[str] = ()) -> tuple[StepView, ...]:
    return tuple(
        StepView(
            keyword=sentence.keyword,
            parts=parts(sentence.text, columns),
            table=sentence.table,
            doc_string=sentence.doc_string,
        )
        for sentence in sentences
    )


def _words(statuses: Iterable[Status]) -> str:
    return " ".join(status.slug for status in statuses)
