"""The content of the specification: features and results, put together for its templates."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from acceptance.evidence.facts import Place
from acceptance.evidence.naming import Names, readable_name
from acceptance.reports.feature_text import (
    PLANNED,
    BackgroundText,
    ExamplesText,
    ExampleText,
    FeatureText,
    Identity,
    RuleText,
    ScenarioText,
    Sentence,
)
from acceptance.reports.glossary import Term
from acceptance.reports.history.history import History
from acceptance.reports.results import Reached, Result, newest_results
from acceptance.reports.specification.evidence import (
    FailureView,
    PictureView,
    RepeatView,
    failures_of,
    pictures_of,
    repeats_of,
)
from acceptance.reports.specification.outcome import Outcome, Standing, outcome, together
from acceptance.reports.specification.past import (
    PastView,
    ScenarioPast,
    Title,
    past_view,
    scenario_past,
    troubles_of_history,
)
from acceptance.reports.specification.summary import PlaceSummary, summary
from acceptance.reports.specification.wording import Part, number, paragraphs, parts, tag_in_words
from acceptance.reports.status import Status

GALLERY = "gallery"
"""The tag of a scenario whose last picture shows one of the key pages of the site."""


@dataclass(frozen=True)
class StepView:
    """One sentence.

    Attributes:
        reached: how it ended, unless it passed or nothing is known of it.

    """

    keyword: str
    parts: tuple[Part, ...]
    table: tuple[tuple[str, ...], ...]
    doc_string: str | None
    reached: Reached | None = None

    @property
    def mark(self) -> str:
        """How it ended, as the name of a class and of a symbol; "" if it passed."""
        return self.reached.value.replace(" ", "-") if self.reached else ""


@dataclass(frozen=True)
class BackgroundView:
    """The steps before each scenario."""

    keyword: str
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

    keyword: str
    name: str
    paragraphs: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[RowView, ...]


@dataclass(frozen=True)
class ScenarioView:
    """A scenario, or an outline with its examples.

    Attributes:
        anchor: its id in the document.
        where: the feature and the rule that it stands under, such as "Items › Items are short".
        standings: its status, place by place; none if there are no results.
        statuses: the words that the filter looks for, such as "failed@staging".
        tags: the tags that readers can filter by.
        count: how many scenarios it is when it is run.
        key_page: whether its last picture shows one of the key pages of the site.
        repeats: how it ended each time, if it was run more than once.
        past: what earlier runs say of it.
        identities: what it is known by, or each of its examples.

    """

    anchor: str
    where: str
    name: tuple[Part, ...]
    paragraphs: tuple[str, ...]
    steps: tuple[StepView, ...]
    tables: tuple[TableView, ...]
    standings: tuple[Standing, ...]
    statuses: str
    tags: tuple[str, ...]
    count: int
    failures: tuple[FailureView, ...]
    pictures: tuple[PictureView, ...]
    planned: bool
    key_page: bool
    repeats: tuple[RepeatView, ...] = ()
    past: ScenarioPast = field(default_factory=ScenarioPast)
    identities: tuple[Identity, ...] = ()

    @property
    def title(self) -> str:
        """Its name as plain text."""
        return "".join(part.text for part in self.name)

    @property
    def listed_title(self) -> str:
        """Its name in a list of scenarios, such as "An item of … letters (2 examples)"."""
        if all(part.kind != "parameter" for part in self.name):
            return self.title
        name = "".join("…" if part.kind == "parameter" else part.text for part in self.name)
        return f"{name} ({number(self.count, 'example', 'examples')})"

    @property
    def tags_in_words(self) -> tuple[str, ...]:
        """Its tags as readers know them."""
        return tuple(map(tag_in_words, self.tags))

    @property
    def failing_places(self) -> str:
        """The places where it fails, in words, or "" if it fails everywhere."""
        failing = {place for failure in self.failures for place in failure.places}
        names = [each.place_name for each in self.standings if each.place in failing]
        return "" if len(names) == len(self.standings) else ", ".join(names)

    @property
    def failing(self) -> bool:
        """Whether it fails anywhere for another reason than that it is not automated yet."""
        return any(not failure.unwritten for failure in self.failures)


@dataclass(frozen=True)
class RuleView:
    """A rule with its scenarios; without a name, those that stand under no rule."""

    anchor: str
    keyword: str
    name: str
    paragraphs: tuple[str, ...]
    background: BackgroundView | None
    scenarios: tuple[ScenarioView, ...]

    @property
    def failing(self) -> bool:
        """Whether a scenario of it fails anywhere."""
        return any(scenario.failing for scenario in self.scenarios)


@dataclass(frozen=True)
class CapabilityView:
    """A feature: what the site can do for people; `problem` says why behave cannot read it."""

    anchor: str
    language: str
    name: str
    paragraphs: tuple[str, ...]
    background: BackgroundView | None
    rules: tuple[RuleView, ...]
    problem: str

    @property
    def scenarios(self) -> tuple[ScenarioView, ...]:
        """All scenarios, in order."""
        return tuple(scenario for rule in self.rules for scenario in rule.scenarios)

    @property
    def failing(self) -> bool:
        """Whether a scenario of it fails anywhere, or behave cannot read it."""
        return bool(self.problem) or any(rule.failing for rule in self.rules)


@dataclass(frozen=True)
class StatusChoice:
    """A status to filter by, with how many scenarios have it at any place."""

    status: Status
    count: int


@dataclass(frozen=True)
class TagChoice:
    """A tag to filter by, with how many scenarios have it."""

    tag: str
    count: int

    @property
    def words(self) -> str:
        """What readers call it."""
        return tag_in_words(self.tag)


@dataclass(frozen=True)
class KeyPage:
    """A picture of one of the key pages of the site, with the scenario that it comes from."""

    anchor: str
    title: str
    picture: PictureView


@dataclass(frozen=True)
class Specification:
    """The whole document.

    Attributes:
        name: what people call the site.
        extent: how much it covers, in words.
        places: how many scenarios have which status at each place; none without any result.
        different_commits: whether the places were tested at different commits.
        choices: the statuses that occur.
        tags: the tags that occur.
        count: how many scenarios there are when they are run.
        glossary: the words that readers have to know.
        troubles: what went wrong besides scenarios, in sentences.
        past: what has changed since earlier runs.
        introduction: what the site is, in paragraphs; none if no one wrote them.

    """

    name: str
    extent: str
    capabilities: tuple[CapabilityView, ...]
    places: tuple[PlaceSummary, ...]
    different_commits: bool
    choices: tuple[StatusChoice, ...]
    tags: tuple[TagChoice, ...]
    count: int
    glossary: tuple[Term, ...] = ()
    troubles: tuple[str, ...] = ()
    past: PastView = field(default_factory=PastView)
    introduction: tuple[str, ...] = ()

    @property
    def scenarios(self) -> tuple[ScenarioView, ...]:
        """All scenarios, in order."""
        return tuple(
            scenario for capability in self.capabilities for scenario in capability.scenarios
        )

    @property
    def tested(self) -> tuple[PlaceSummary, ...]:
        """The places that have results."""
        return tuple(place for place in self.places if place.runs)

    @property
    def untested(self) -> tuple[PlaceSummary, ...]:
        """The places that have none."""
        return tuple(place for place in self.places if not place.runs)

    @property
    def several_places(self) -> bool:
        """Whether readers have to know from which place a result comes."""
        return len(self.tested) > 1

    @property
    def gallery(self) -> tuple[KeyPage, ...]:
        """The key pages of the site, as the runs have shown them."""
        return tuple(
            KeyPage(scenario.anchor, scenario.title, scenario.pictures[-1])
            for scenario in self.scenarios
            if scenario.key_page and scenario.pictures
        )

    @property
    def unreadable(self) -> tuple[CapabilityView, ...]:
        """The features that behave cannot read."""
        return tuple(capability for capability in self.capabilities if capability.problem)

    @property
    def failing(self) -> tuple[ScenarioView, ...]:
        """The scenarios that fail anywhere."""
        return tuple(scenario for scenario in self.scenarios if scenario.failing)

    @property
    def unwritten(self) -> tuple[ScenarioView, ...]:
        """The scenarios that fail nowhere, and have sentences that are not automated yet."""
        return tuple(
            scenario for scenario in self.scenarios if scenario.failures and not scenario.failing
        )

    @property
    def planned(self) -> tuple[ScenarioView, ...]:
        """The scenarios that are not built yet."""
        return tuple(scenario for scenario in self.scenarios if scenario.planned)


def specification(  # noqa: PLR0913 (all that the document is made of)
    features: Sequence[FeatureText],
    results: Iterable[Result],
    name: str,
    *,
    troubles: Iterable[str] = (),
    glossary: Iterable[Term] = (),
    history: History | None = None,
    introduction: str = "",
) -> Specification:
    """Put together what the features say and how their scenarios ended.

    Args:
        features: the features.
        results: the results of their scenarios.
        name: what people call the site.
        troubles: what went wrong in the runs besides scenarios, in sentences.
        glossary: the words that readers have to know.
        history: the runs that are kept, with those of the results.
        introduction: what the site is.

    """
    history = history or History()
    newest = newest_results(results)
    examples = [example for feature in features for example in feature.examples]
    # A scenario has no status at a place where none of them has ever been run.
    tested = {place for _, place in newest}
    board = _Board(newest, tuple(place for place in Place if place in tested), history)
    places = tuple(
        summary(
            place, [outcome(each, place, newest.get((each.identity, place))) for each in examples]
        )
        for place in (Place if tested else ())
    )
    names = Names()
    commits = {place.runs[0].commit for place in places if place.runs}
    capabilities = tuple(_capability(feature, board, names) for feature in features)
    return Specification(
        name=name,
        extent=_extent(features, len(examples)),
        capabilities=capabilities,
        places=places,
        different_commits=len(commits) > 1,
        choices=_choices(board, examples),
        tags=_tags(examples),
        count=len(examples),
        glossary=tuple(glossary),
        troubles=(*troubles, *troubles_of_history(history)),
        past=past_view(history, board.standings(examples), _titles(capabilities)),
        introduction=paragraphs(introduction),
    )


def _titles(capabilities: Iterable[CapabilityView]) -> Mapping[Identity, Title]:
    return {
        identity: Title(scenario.anchor, scenario.title, scenario.where)
        for capability in capabilities
        for scenario in capability.scenarios
        for identity in scenario.identities
    }


def _extent(features: Sequence[FeatureText], examples: int) -> str:
    rules = sum(1 for feature in features for rule in feature.rules if rule.name)
    return ", ".join(
        [
            number(len(features), "feature", "features"),
            number(rules, "rule", "rules"),
            number(examples, "scenario", "scenarios"),
        ]
    )


@dataclass(frozen=True)
class _Board:
    """Looks up the statuses of scenarios at the places that have results."""

    newest: Mapping[tuple[Identity, Place], Result]
    places: tuple[Place, ...]
    history: History

    def outcomes(self, example: ExampleText) -> tuple[Outcome, ...]:
        return tuple(
            outcome(example, place, self.newest.get((example.identity, place)))
            for place in self.places
        )

    def standings(self, examples: Iterable[ExampleText]) -> Mapping[tuple[Identity, Place], Status]:
        return {
            (example.identity, each.place): each.status
            for example in examples
            for each in self.outcomes(example)
        }

    def statuses(self, example: ExampleText) -> Iterable[Status]:
        """Return its statuses at all places, each once; what is planned is so without any run."""
        if example.planned:
            return {Status.PLANNED}
        return {each.status for each in self.outcomes(example)}

    def words(self, example: ExampleText) -> Sequence[str]:
        """Return what the filter looks for, such as "failed@staging" or "planned"."""
        if example.planned:
            return [Status.PLANNED.slug]
        return [f"{each.status.slug}@{each.place}" for each in self.outcomes(example)]


def _choices(board: _Board, examples: Iterable[ExampleText]) -> tuple[StatusChoice, ...]:
    counts = Counter(status for example in examples for status in board.statuses(example))
    return tuple(StatusChoice(status, counts[status]) for status in Status if counts[status])


def _tags(examples: Iterable[ExampleText]) -> tuple[TagChoice, ...]:
    counts = Counter(tag for example in examples for tag in _filterable_tags(example))
    return tuple(TagChoice(tag, counts[tag]) for tag in sorted(counts))


def _filterable_tags(example: ExampleText) -> Iterable[str]:
    """Return the tags that the page does not show in another way."""
    return example.tags - {PLANNED, GALLERY}


def _capability(feature: FeatureText, board: _Board, names: Names) -> CapabilityView:
    # A feature that gets a better title keeps its file.
    file = PurePosixPath(feature.uri).stem.replace("_", "-")
    anchor = names.name_for((feature.uri,), readable_name(file, otherwise="feature"))
    return CapabilityView(
        anchor=anchor,
        language=feature.language,
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
            keyword=rule.keyword,
            name=rule.name,
            paragraphs=paragraphs(rule.description),
            background=_background(rule.background),
            scenarios=tuple(_scenarios(rule, _Above(feature, same, anchor), board, names)),
        )


@dataclass(frozen=True)
class _Above:
    """What stands above the scenarios of a rule; `occurrence` counts rules of the same name."""

    feature: FeatureText
    occurrence: int
    anchor: str


def _scenarios(
    rule: RuleText, above: _Above, board: _Board, names: Names
) -> Iterator[ScenarioView]:
    seen: Counter[str] = Counter()
    for scenario in rule.scenarios:
        same = seen[scenario.name]
        seen[scenario.name] += 1
        owner = (above.feature.uri, str(above.occurrence), rule.name, scenario.name, str(same))
        name = readable_name(scenario.name, occurrence=same)
        where = " › ".join(filter(None, [above.feature.name, rule.name]))
        yield _scenario(scenario, names.name_for(owner, f"{above.anchor}--{name}"), where, board)


def _background(background: BackgroundText | None) -> BackgroundView | None:
    if background is None:
        return None
    return BackgroundView(
        keyword=background.keyword,
        name=background.name,
        paragraphs=paragraphs(background.description),
        steps=_steps(background.sentences),
    )


def _scenario(scenario: ScenarioText, anchor: str, where: str, board: _Board) -> ScenarioView:
    columns = [column for table in scenario.tables for column in table.columns]
    outcomes = [board.outcomes(example) for example in scenario.examples]
    steps = _steps(scenario.sentences, columns, _reached(scenario, outcomes))
    marked = {step.parts for step in steps if step.reached in {Reached.FAILED, Reached.UNWRITTEN}}
    return ScenarioView(
        anchor=anchor,
        where=where,
        name=parts(scenario.name, columns),
        paragraphs=paragraphs(scenario.description),
        steps=steps,
        tables=tuple(_table(table, board) for table in scenario.tables),
        # An outline without examples has no status.
        standings=tuple(map(together, zip(*outcomes, strict=True))),
        statuses=_distinct(word for example in scenario.examples for word in board.words(example)),
        tags=tuple(sorted({tag for each in scenario.examples for tag in _filterable_tags(each)})),
        count=len(scenario.examples),
        failures=tuple(
            replace(failure, marked=failure.sentence in marked)
            for each in outcomes
            for failure in failures_of(each)
        ),
        pictures=tuple(picture for each in outcomes for picture in pictures_of(each)),
        planned=scenario.planned,
        key_page=any(GALLERY in example.tags for example in scenario.examples),
        repeats=tuple(repeat for each in outcomes for repeat in repeats_of(each)),
        past=scenario_past(board.history, scenario.examples, board.places),
        identities=tuple(example.identity for example in scenario.examples),
    )


def _table(table: ExamplesText, board: _Board) -> TableView:
    return TableView(
        keyword=table.keyword,
        name=table.name,
        paragraphs=paragraphs(table.description),
        columns=table.columns,
        rows=tuple(
            RowView(
                cells=tuple(value for _, value in row.identity.example),
                outcomes=board.outcomes(row),
                statuses=_distinct(board.words(row)),
            )
            for row in table.rows
        ),
    )


def _reached(
    scenario: ScenarioText, outcomes: Sequence[Sequence[Outcome]]
) -> tuple[Reached | None, ...]:
    """Return how each sentence ended: the worst of all places and examples."""
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
    # A sentence that one example reached counts as run.
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


def _distinct(words: Iterable[str]) -> str:
    return " ".join(dict.fromkeys(words))
