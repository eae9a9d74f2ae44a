"""Read what features say, from their files or from the documents that a run holds."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path, PurePosixPath

from cucumber_messages import (
    Background,
    Examples,
    Feature,
    FeatureChild,
    GherkinDocument,
    Pickle,
    PickleStep,
    Rule,
    RuleChild,
    Scenario,
    Step,
    TableRow,
)

from acceptance.reports.documents import read_document
from acceptance.reports.errors import ReportError
from acceptance.reports.feature_files import UnreadableFeatureError, shown
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

# What distinguishes two documents of one file in one run: see acceptance/reports/formatter.py.
_REPETITION = re.compile(r"#\d+$")

Pickles = Mapping[tuple[str, ...], Pickle]


def read_features(paths: Iterable[Path]) -> tuple[FeatureText, ...]:
    """Read features in the order given; a folder means the features in it that were not named.

    A feature that behave cannot read is among them, with the reason instead of scenarios.

    Raises:
        ReportError: a path that is named is missing, or there are no features at all.

    """
    named = list(paths)
    files = dict.fromkeys(chain.from_iterable(_feature_files(path) for path in named))
    if not files:
        places = ", ".join(map(str, named))
        message = f"There are no features in {places}: name the folder with the .feature files."
        raise ReportError(message)
    return tuple(read_feature(file) for file in files)


def _feature_files(path: Path) -> Iterable[Path]:
    if not path.exists():
        message = f"{path} cannot be read (No such file or directory): check that it is there."
        raise ReportError(message)
    return sorted(path.rglob("*.feature")) if path.is_dir() else [path]


def read_feature(file: Path) -> FeatureText:
    """Read one feature, or the reason why behave cannot."""
    try:
        document = read_document(file.as_posix())
    except UnreadableFeatureError as error:
        return FeatureText(
            uri=shown(file),
            language="en",
            name=shown(file),
            description="",
            background=None,
            rules=(),
            problem=str(error),
        )
    pickles = by_nodes(pickle for _, pickle in document.pickles)
    return feature_text(document.tree, pickles)


def by_nodes(pickles: Iterable[Pickle]) -> Pickles:
    """Return pickles by the nodes of the syntax tree that they belong to."""
    return {tuple(pickle.ast_node_ids): pickle for pickle in pickles}


def feature_text(document: GherkinDocument, pickles: Pickles) -> FeatureText:
    """Return what a document says of the scenarios in it that were compiled to pickles."""
    if document.feature is None:
        message = "it holds a document without a feature"
        raise ValueError(message)
    return _Reader(document, pickles).feature_text(document.feature)


class _Reader:
    """Reads one document, and remembers which scenarios it has seen."""

    def __init__(self, document: GherkinDocument, pickles: Pickles) -> None:
        path = _REPETITION.sub("", document.uri or "")
        self.uri = PurePosixPath(path.replace("\\", "/")).as_posix()
        self.pickles = pickles
        self.keywords: dict[str, str] = {}
        self.seen: Counter[Identity] = Counter()

    def feature_text(self, feature: Feature) -> FeatureText:
        background = self._background(feature.children)
        loose = self._scenarios(feature.children, "")
        rules = [self._rule(child.rule) for child in feature.children if child.rule]
        if loose:
            rules.insert(
                0, RuleText(keyword="", name="", description="", background=None, scenarios=loose)
            )
        return FeatureText(
            uri=self.uri,
            language=feature.language,
            name=feature.name,
            description=feature.description,
            background=background,
            rules=tuple(rules),
        )

    def _rule(self, rule: Rule) -> RuleText:
        return RuleText(
            keyword=rule.keyword,
            name=rule.name,
            description=rule.description,
            background=self._background(rule.children),
            scenarios=self._scenarios(rule.children, rule.name),
        )

    def _background(self, children: Iterable[FeatureChild | RuleChild]) -> BackgroundText | None:
        backgrounds: Iterator[Background] = (
            child.background for child in children if child.background
        )
        for background in backgrounds:
            return BackgroundText(
                keyword=background.keyword,
                name=background.name,
                description=background.description,
                sentences=self._sentences(background.steps),
            )
        return None

    def _scenarios(
        self, children: Iterable[FeatureChild | RuleChild], rule: str
    ) -> tuple[ScenarioText, ...]:
        return tuple(self._scenario(child.scenario, rule) for child in children if child.scenario)

    def _scenario(self, scenario: Scenario, rule: str) -> ScenarioText:
        own = self._sentences(scenario.steps)
        tables = tuple(self._table(scenario, rule, examples) for examples in scenario.examples)
        rows = tuple(row for each in tables for row in each.rows)
        examples = rows if tables else tuple(self._example(scenario, rule))
        return ScenarioText(
            name=scenario.name,
            description=scenario.description,
            sentences=own,
            tables=tables,
            examples=examples,
        )

    def _table(self, scenario: Scenario, rule: str, examples: Examples) -> ExamplesText:
        columns = _cells(examples.table_header) if examples.table_header else ()
        return ExamplesText(
            keyword=examples.keyword,
            name=examples.name,
            description=examples.description,
            columns=columns,
            rows=tuple(
                example
                for row in examples.table_body
                for example in self._example(
                    scenario, rule, tuple(zip(columns, _cells(row), strict=True)), row.id
                )
            ),
        )

    def _example(
        self,
        scenario: Scenario,
        rule: str,
        pairs: tuple[tuple[str, str], ...] = (),
        *row_ids: str,
    ) -> Iterator[ExampleText]:
        node_ids = (scenario.id, *row_ids)
        # Counted even without a pickle, so that its identity is the same in all documents.
        identity = self._identity(rule, scenario.name, pairs)
        if node_ids in self.pickles:
            pickle = self.pickles[node_ids]
            yield ExampleText(
                identity=identity,
                sentences=tuple(self._sentence_run(step) for step in pickle.steps),
                own=len(scenario.steps),
                node_ids=node_ids,
                tags=frozenset(tag.name.removeprefix("@") for tag in pickle.tags),
            )

    def _sentences(self, steps: Iterable[Step]) -> tuple[Sentence, ...]:
        return tuple(self._sentence(step) for step in steps)

    def _sentence(self, step: Step) -> Sentence:
        keyword = self.keywords[step.id] = step.keyword.strip()
        return Sentence(
            keyword=keyword,
            text=step.text,
            table=tuple(_cells(row) for row in step.data_table.rows) if step.data_table else (),
            doc_string=step.doc_string.content if step.doc_string else None,
        )

    def _sentence_run(self, step: PickleStep) -> Sentence:
        table = step.argument.data_table if step.argument else None
        doc_string = step.argument.doc_string if step.argument else None
        return Sentence(
            keyword=self.keywords[step.ast_node_ids[0]],
            text=step.text,
            table=tuple(tuple(cell.value for cell in row.cells) for row in table.rows)
            if table
            else (),
            doc_string=doc_string.content if doc_string else None,
        )

    def _identity(self, rule: str, name: str, example: tuple[tuple[str, str], ...]) -> Identity:
        first = Identity(self.uri, rule, name, example)
        self.seen[first] += 1
        return Identity(self.uri, rule, name, example, occurrence=self.seen[first] - 1)


def _cells(row: TableRow) -> tuple[str, ...]:
    return tuple(cell.value for cell in row.cells)
