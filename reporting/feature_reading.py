"""Read what features say, from their files or from the documents that a run holds."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import Any

from cucumber_messages import (
    Background,
    Examples,
    Feature,
    FeatureChild,
    GherkinDocument,
    Rule,
    RuleChild,
    Scenario,
    Step,
    TableRow,
    Tag,
    message_converter,
)
from gherkin.errors import CompositeParserException, ParserError, ParserException
from gherkin.parser import Parser

from reporting.errors import ReportError
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

PLANNED = "@planned"


def read_features(paths: Iterable[Path]) -> tuple[FeatureText, ...]:
    """Read features in the order given; a folder stands for those in it that were not named.

    Raises:
        ReportError: one is missing or does not parse, or there are none at all.

    """
    named = list(paths)
    files = dict.fromkeys(chain.from_iterable(_feature_files(path) for path in named))
    features = [feature for file in files if (feature := read_feature(file))]
    if not features:
        places = ", ".join(map(str, named))
        message = f"There are no features in {places}: name the folder with the .feature files."
        raise ReportError(message)
    return tuple(features)


def _feature_files(path: Path) -> Iterable[Path]:
    return sorted(path.rglob("*.feature")) if path.is_dir() else [path]


def read_feature(file: Path) -> FeatureText | None:
    """Read one feature; None where there is nothing in the file.

    Raises:
        ReportError: the file is missing or does not parse.

    """
    try:
        text = file.read_text(encoding="utf-8")
        # The two libraries come from one project: this is the type that runs hold, too.
        document: Mapping[str, Any] = {**Parser().parse(text), "uri": file.as_posix()}
    except OSError as error:
        message = f"{file} cannot be read ({error.strerror}): see that it is there."
        raise ReportError(message) from error
    except UnicodeDecodeError as error:
        message = f"{file} is not text in UTF-8: save it as such."
        raise ReportError(message) from error
    except ParserError as error:
        message = f"{file} is no feature that can be read ({_complaint(error)}): mend it there."
        raise ReportError(message) from error
    return feature_text(message_converter.from_dict(document, GherkinDocument))


def _complaint(error: ParserError) -> str:
    first = error.errors[0] if isinstance(error, CompositeParserException) else error
    if not isinstance(first, ParserException):
        return str(first)
    _, _, complaint = str(first).partition("): ")
    return f"line {first.location['line']}: {complaint}"


def feature_text(document: GherkinDocument) -> FeatureText | None:
    """Return what a document says; None where there is no feature in it."""
    if document.feature is None:
        return None
    return _Reader(document).feature_text(document.feature)


class _Reader:
    """Reads one document, of which it remembers which scenarios it has seen."""

    def __init__(self, document: GherkinDocument) -> None:
        self.uri = PurePosixPath((document.uri or "").replace("\\", "/")).as_posix()
        self.seen: Counter[Identity] = Counter()

    def feature_text(self, feature: Feature) -> FeatureText:
        background = _background(feature.children)
        loose = self._scenarios(feature.children, "", background, feature.tags)
        rules = [
            self._rule(child.rule, background, feature.tags)
            for child in feature.children
            if child.rule
        ]
        if loose:
            rules.insert(0, RuleText(name="", description="", background=None, scenarios=loose))
        return FeatureText(
            uri=self.uri,
            name=feature.name,
            description=feature.description,
            background=background,
            rules=tuple(rules),
        )

    def _rule(self, rule: Rule, of_feature: BackgroundText | None, tags: Sequence[Tag]) -> RuleText:
        background = _background(rule.children)
        both = BackgroundText("", "", _sentences_of(of_feature) + _sentences_of(background))
        return RuleText(
            name=rule.name,
            description=rule.description,
            background=background,
            scenarios=self._scenarios(rule.children, rule.name, both, [*tags, *rule.tags]),
        )

    def _scenarios(
        self,
        children: Iterable[FeatureChild | RuleChild],
        rule: str,
        background: BackgroundText | None,
        tags: Sequence[Tag],
    ) -> tuple[ScenarioText, ...]:
        return tuple(
            self._scenario(child.scenario, rule, _sentences_of(background), tags)
            for child in children
            if child.scenario
        )

    def _scenario(
        self, scenario: Scenario, rule: str, before: tuple[Sentence, ...], tags: Sequence[Tag]
    ) -> ScenarioText:
        own = _sentences(scenario.steps)
        every_tag = [*tags, *scenario.tags]

        def example(
            pairs: tuple[tuple[str, str], ...], row_ids: Sequence[str], tags: Iterable[Tag]
        ) -> ExampleText:
            return ExampleText(
                identity=self._identity(rule, scenario.name, pairs),
                sentences=before + tuple(sentence.with_values(pairs) for sentence in own),
                node_ids=(scenario.id, *row_ids),
                planned=_planned(tags),
            )

        def table(examples: Examples) -> ExamplesText:
            columns = _cells(examples.table_header) if examples.table_header else ()
            return ExamplesText(
                name=examples.name,
                description=examples.description,
                columns=columns,
                rows=tuple(
                    example(
                        tuple(zip(columns, _cells(row), strict=True)),
                        [row.id],
                        [*every_tag, *examples.tags],
                    )
                    for row in examples.table_body
                ),
            )

        tables = tuple(table(examples) for examples in scenario.examples)
        rows = tuple(row for each in tables for row in each.rows)
        return ScenarioText(
            name=scenario.name,
            description=scenario.description,
            sentences=own,
            tables=tables,
            examples=rows if tables else (example((), [], every_tag),),
            planned=_planned(every_tag) or (bool(rows) and all(row.planned for row in rows)),
        )

    def _identity(self, rule: str, name: str, example: tuple[tuple[str, str], ...]) -> Identity:
        first = Identity(self.uri, rule, name, example)
        self.seen[first] += 1
        return Identity(self.uri, rule, name, example, occurrence=self.seen[first] - 1)


def _planned(tags: Iterable[Tag]) -> bool:
    return any(tag.name == PLANNED for tag in tags)


def _background(children: Iterable[FeatureChild | RuleChild]) -> BackgroundText | None:
    backgrounds: Iterator[Background] = (child.background for child in children if child.background)
    for background in backgrounds:
        return BackgroundText(
            name=background.name,
            description=background.description,
            sentences=_sentences(background.steps),
        )
    return None


def _sentences_of(background: BackgroundText | None) -> tuple[Sentence, ...]:
    return background.sentences if background else ()


def _sentences(steps: Iterable[Step]) -> tuple[Sentence, ...]:
    return tuple(
        Sentence(
            keyword=step.keyword.strip(),
            text=step.text,
            table=tuple(_cells(row) for row in step.data_table.rows) if step.data_table else (),
            doc_string=step.doc_string.content if step.doc_string else None,
        )
        for step in steps
    )


def _cells(row: TableRow) -> tuple[str, ...]:
    return tuple(cell.value for cell in row.cells)
