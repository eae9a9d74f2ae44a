"""What the specification shows: features and results, put together for the template."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from acceptance.evidence.facts import Place
from acceptance.evidence.naming import Names, readable_name
from acceptance.reports.feature_text import (
    BackgroundText,
    ExamplesText,
    ExampleText,
    FeatureText,
    Identity,
    RuleText,
    ScenarioText,
    Sentence,
)
from acceptance.reports.results import Reached, Result, newest_results
from acceptance.reports.specification.evidence import (
    FailureView,
    PictureView,
    failures_of,
    pictures_of,
    repeats_of,
)
from acceptance.reports.specification.outcome import Outcome, Standing, outcome, together
from acceptance.reports.specification.summary import PlaceSummary, summary
from acceptance.reports.specification.wording import Part, number, paragraphs, parts
from acceptance.reports.status import Status


@dataclass(frozen=True)
class StepView:
    """One sentence, in the pieces that stand out or do not.

    Attributes:
        reached: what became of it, if that is worth a mark: it failed, cannot be checked yet, or
            was not run because of that.

    """

    keyword: str
    parts: tuple[Part, ...]
    table: tuple[tuple[str, ...], ...]
    doc_string: str | None
    reached: Reached | None = None

    @property
    def mark(self) -> str:
        """What became of it, as the name of a class and of a symbol; "" where it held."""
        return self.reached.value.replace(" ", "-") if self.reached else ""


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
        repeats: what came of it each time, place by place, where a person had it run again.

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
    repeats: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """Its name as plain text."""
        return "".join(part.text for part in self.name)

    @property
    def failing_places(self) -> str:
        """Where it fails, in words."""
        return ", ".join(dict.fromkeys(failure.place_name for failure in self.failures))

    @property
    def failing(self) -> bool:
        """Whether it fails anywhere, rather than that no one has automated it yet."""
        return any(not failure.unwritten for failure in self.failures)


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
    """A feature: what the site can do for people; `problem` says why behave cannot read it."""

    anchor: str
    name: str
    paragraphs: tuple[str, ...]
    background: BackgroundView | None
    rules: tuple[RuleView, ...]
    problem: str

    @property
    def scenarios(self) -> tuple[ScenarioView, ...]:
        """All scenarios, whatever rule they stand under."""
        return tuple(scenario for rule in self.rules for scenario in rule.scenarios)

    @property
    def failing(self) -> bool:
        """Whether anything of it fails anywhere, or it cannot be read."""
        return bool(self.problem) or any(scenario.failing for scenario in self.scenarios)


@dataclass(frozen=True)
class StatusChoice:
    """A status to filter by, with how many scenarios have it somewhere."""

    status: Status
    count: int


@dataclass(frozen=True)
class Specification:
    """The whole document.

    Attributes:
        name: what people call the site.
        extent: how much it covers, in words.
        places: how all stands at each place; none where no run is known.
        different_commits: whether the places were tested at different commits.
        choices: the statuses that occur.
        count: how many scenarios there are when run.
        troubles: what went wrong besides scenarios, in sentences.

    """

    name: str
    extent: str
    capabilities: tuple[CapabilityView, ...]
    places: tuple[PlaceSummary, ...]
    different_commits: bool
    choices: tuple[StatusChoice, ...]
    count: int
    troubles: tuple[str, ...] = ()

    @property
    def unreadable(self) -> tuple[CapabilityView, ...]:
        """The features that behave cannot read."""
        return tuple(capability for capability in self.capabilities if capability.problem)

    @property
    def failing(self) -> tuple[ScenarioView, ...]:
        """The scenarios that fail anywhere."""
        return tuple(
            scenario
            for capability in self.capabilities
            for scenario in capability.scenarios
            if scenario.failing
        )

    @property
    def unwritten(self) -> tuple[ScenarioView, ...]:
        """The scenarios that fail nowhere, and have sentences that are not automated yet."""
        return tuple(
            scenario
            for capability in self.capabilities
            for scenario in capability.scenarios
            if scenario.failures and not scenario.failing
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


def specification(
    features: Sequence[FeatureText],
    results: Iterable[Result],
    name: str,
    troubles: Iterable[str] = (),
) -> Specification:
    """Put together what the features say and what came of them.

    Args:
        features: what they say.
        results: what came of them.
        name: what people call the site.
        troubles: what went wrong in the runs besides scenarios, in sentences.

    """
    newest = newest_results(results)
    examples = [example for feature in features for example in feature.examples]
    # Without any run nothing is known of any place.
    standing_at = tuple(Place) if newest else ()
    board = _Board(newest, standing_at)
    outcomes = [board.outcomes(example) for example in examples]
    places = tuple(
        summary(place, [of_one[index] for of_one in outcomes])
        for index, place in enumerate(standing_at)
    )
    names = Names()
    commits = {place.runs[0].commit for place in places if place.runs}
    return Specification(
        name=name,
        extent=_extent(features, len(examples)),
        capabilities=tuple(_capability(feature, board, names) for feature in features),
        places=places,
        different_commits=len(commits) > 1,
        choices=_choices(board, examples),
        count=len(examples),
        troubles=tuple(troubles),
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


def _capability(feature: FeatureText, board: _Board, names: Names) -> CapabilityView:
    name = readable_name(feature.name, otherwise="feature")
    anchor = names.name_for((feature.uri,), name)
    return CapabilityView(
        anchor=anchor,
        name=feature.name,
        paragraphs=paragraphs(feature.description),
        background=_background(feature.background),
        rules=tuple(_rules(feature, anchor, board, names)),
        problem=feature.problem,
    )


def _rules(feature: FeatureText, above: str, board: _Board, names: Names) -> Iterator[RuleView]:
    seen: Counter[str] = Counter()
    for rule in feature.rules:
        same = seen[rule.name]
        seen[rule.name] += 1
        anchor = above
        if rule.name:
            name = readable_name(rule.name, otherwise="rule", occurrence=same)
            anchor = names.name_for((feature.uri, rule.name, str(same)), f"{above}--{name}")
        yield RuleView(
            anchor=anchor if rule.name else "",
            name=rule.name,
            paragraphs=paragraphs(rule.description),
            background=_background(rule.background),
            scenarios=tuple(_scenarios(rule, (feature.uri, str(same)), anchor, board, names)),
        )


def _scenarios(
    rule: RuleText, place: tuple[str, ...], above: str, board: _Board, names: Names
) -> Iterator[ScenarioView]:
    seen: Counter[str] = Counter()
    for scenario in rule.scenarios:
        same = seen[scenario.name]
        seen[scenario.name] += 1
        owner = (*place, rule.name, scenario.name, str(same))
        name = readable_name(scenario.name, occurrence=same)
        yield _scenario(scenario, names.name_for(owner, f"{above}--{name}"), board)


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
        steps=_steps(scenario.sentences, columns, _reached(scenario, outcomes)),
        tables=tuple(_table(table, board) for table in scenario.tables),
        # An outline may have no example at all: nothing is known of it.
        standings=tuple(map(together, zip(*outcomes, strict=True))),
        statuses=_words(statuses),
        count=len(scenario.examples),
        failures=tuple(failure for each in outcomes for failure in failures_of(each)),
        pictures=tuple(picture for each in outcomes for picture in pictures_of(each)),
        planned=scenario.planned,
        repeats=tuple(repeat for each in outcomes for repeat in repeats_of(each)),
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


def _reached(
    scenario: ScenarioText, outcomes: Sequence[Sequence[Outcome]]
) -> tuple[Reached | None, ...]:
    """What is worth a mark at each sentence: the worst of all places and examples."""
    runs = [
        outcome.result.reached[-example.own :]
        for example, of_one in zip(scenario.examples, outcomes, strict=True)
        for outcome in of_one
        if example.own and outcome.result and not outcome.outdated
    ]
    return tuple(_worst(of_one) for of_one in zip(*runs, strict=True)) or (None,) * len(
        scenario.sentences
    )


def _worst(of_one: Sequence[Reached]) -> Reached | None:
    for each in (Reached.FAILED, Reached.UNWRITTEN):
        if each in of_one:
            return each
    # Where it was run in one example, it is not as if nothing were known of it.
    return Reached.NOT_RUN if set(of_one) == {Reached.NOT_RUN} else None


def _steps(
    sentences: Sequence[Sentence],
    columns: Sequence[str] = (),
    reached: Sequence[Reached | None] = (),
) -> tuple[StepView, ...]:
    return tuple(
        StepView(
            keyword=sentence.keyword,
            parts=parts(sentence.text, columns),
            table=sentence.table,
            doc_string=sentence.doc_string,
            reached=mark,
        )
        for sentence, mark in zip(sentences, reached or (None,) * len(sentences), strict=True)
    )


def _words(statuses: Iterable[Status]) -> str:
    return " ".join(status.slug for status in statuses)
