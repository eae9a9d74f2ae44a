"""A feature in behave's model as the syntax tree of Cucumber Messages."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from behave import i18n, model
from cucumber_messages import (
    Background,
    Comment,
    DataTable,
    DocString,
    Examples,
    Feature,
    FeatureChild,
    GherkinDocument,
    Location,
    Rule,
    RuleChild,
    Scenario,
    Step,
    StepKeywordType,
    TableCell,
    TableRow,
    Tag,
)

from acceptance.reports.source_lines import SourceLines

Container = model.Feature | model.Rule

KEYWORD_TYPES = {
    "given": StepKeywordType.context,
    "when": StepKeywordType.action,
    "then": StepKeywordType.outcome,
}


class SyntaxTree:
    """Makes the nodes of a tree, and remembers which node belongs to which part of the model.

    The tree comes from behave's own model rather than from a second parser, so that it contains
    exactly what behave runs, even if other parsers read the file differently.
    """

    def __init__(self, source: SourceLines, language: str, new_id: Callable[[], str]) -> None:
        self._source = source
        self._keywords = i18n.languages[language]
        self._language = language
        self._new_id = new_id
        self._steps: dict[int, Step] = {}
        self._nodes: dict[int, str] = {}
        self._scenarios: dict[int, Scenario] = {}
        self._texts: list[int] = []

    def document(self, uri: str, feature: model.Feature) -> GherkinDocument:
        """Return the tree of a feature."""
        tree = Feature(
            children=[
                FeatureChild(background=background, rule=rule, scenario=scenario)
                for background, rule, scenario in self._children(feature)
            ],
            description=self._description(feature),
            keyword=feature.keyword,
            language=self._language,
            location=self._source.location(feature.line),
            name=feature.name,
            tags=self._tags(feature.tags),
        )
        comments = [
            Comment(location=Location(line=line, column=1), text=text)
            for line, text in self._source.comments(feature.line, self._texts)
        ]
        return GherkinDocument(comments=comments, feature=tree, uri=uri)

    def id(self, part: object) -> str:
        """Return the id of the node of a part of the model."""
        return self._nodes[id(part)]

    def step_id(self, step: model.Step, within: model.Scenario) -> str:
        """Return the id of a step; a step that a hook has added goes to the end of its scenario."""
        if id(step) not in self._steps:
            self._scenarios[id(within)].steps.append(self._step(step))
        return self._steps[id(step)].id

    def _children(
        self, container: Container
    ) -> Iterator[tuple[Background | None, Rule | None, Scenario | None]]:
        background = container.background
        # behave gives each rule a background that inherits that of the feature.
        if background is not None and background.line != container.line:
            yield self._background(background), None, None
        for item in container.run_items:
            if isinstance(item, model.Rule):
                yield None, self._rule(item), None
            else:
                yield None, None, self._scenario(item)

    def _rule(self, rule: model.Rule) -> Rule:
        return Rule(
            children=[
                RuleChild(background=background, scenario=scenario)
                for background, _, scenario in self._children(rule)
            ],
            description=self._description(rule),
            id=self._new_id(),
            keyword=rule.keyword,
            location=self._source.location(rule.line),
            name=rule.name,
            tags=self._tags(rule.tags),
        )

    def _background(self, background: model.Background) -> Background:
        return Background(
            description=self._description(background),
            id=self._new_id(),
            keyword=background.keyword,
            location=self._source.location(background.line),
            name=background.name,
            steps=[self._step(step) for step in background.steps],
        )

    def _scenario(self, scenario: model.Scenario) -> Scenario:
        made = Scenario(
            description=self._description(scenario),
            examples=[self._examples(each) for each in getattr(scenario, "examples", [])],
            id=self._new_id(),
            keyword=scenario.keyword,
            location=self._source.location(scenario.line),
            name=scenario.name,
            steps=[self._step(step) for step in scenario.steps],
            tags=self._tags(scenario.tags),
        )
        self._nodes[id(scenario)] = made.id
        self._scenarios[id(scenario)] = made
        return made

    def _examples(self, examples: model.Examples) -> Examples:
        table = examples.table
        rows = [] if table is None else list(self._rows(table))
        return Examples(
            description="",
            id=self._new_id(),
            keyword=examples.keyword,
            location=self._source.location(examples.line),
            name=examples.name,
            table_body=rows[1:],
            table_header=rows[0] if rows else None,
            tags=self._tags(examples.tags),
        )

    def _step(self, step: model.Step) -> Step:
        made = Step(
            data_table=self._data_table(step.table),
            doc_string=self._doc_string(step.text),
            id=self._new_id(),
            keyword=self._keyword(step),
            keyword_type=self._keyword_type(step),
            location=self._source.location(step.line),
            text=step.name,
        )
        self._steps[id(step)] = made
        return made

    def _keyword(self, step: model.Step) -> str:
        known = (
            word for kind in ("given", "when", "then", "and", "but") for word in self._of(kind)
        )
        # With the space after it, which some languages do not have.
        return next((word for word in known if word.rstrip() == step.keyword), f"{step.keyword} ")

    def _keyword_type(self, step: model.Step) -> StepKeywordType:
        if step.keyword == "*":
            return StepKeywordType.unknown
        if step.keyword in {word.rstrip() for kind in ("and", "but") for word in self._of(kind)}:
            return StepKeywordType.conjunction
        return KEYWORD_TYPES.get(step.step_type, StepKeywordType.unknown)

    def _of(self, kind: str) -> Sequence[str]:
        words: Sequence[str] = self._keywords[kind]
        return words

    def _data_table(self, table: model.Table | None) -> DataTable | None:
        if table is None:
            return None
        rows = list(self._rows(table))
        return DataTable(location=rows[0].location, rows=rows)

    def _rows(self, table: model.Table) -> Iterator[TableRow]:
        yield self._row(table.line or 0, table.headings)
        for row in table.rows:
            made = self._row(row.line or 0, row.cells)
            self._nodes[id(row)] = made.id
            yield made

    def _row(self, line: int, cells: Sequence[str]) -> TableRow:
        places = self._source.cells(line, len(cells))
        return TableRow(
            cells=[
                TableCell(location=place, value=cell)
                for place, cell in zip(places, cells, strict=True)
            ],
            id=self._new_id(),
            location=self._source.location(line),
        )

    def _doc_string(self, text: model.Text | None) -> DocString | None:
        if text is None:
            return None
        line = getattr(text, "line", 0)
        self._texts.append(line)
        delimiter, media_type = self._source.quotation(line)
        return DocString(
            content=str(text),
            delimiter=delimiter,
            location=self._source.location(line),
            media_type=media_type or None,
        )

    def _tags(self, tags: Iterable[str]) -> list[Tag]:
        made = []
        for tag in tags:
            line = getattr(tag, "line", 0)
            made.append(
                Tag(id=self._new_id(), location=self._source.tag(line, tag), name=f"@{tag}")
            )
            self._nodes[id(tag)] = made[-1].id
        return made

    def _description(self, statement: Container | model.Background | model.Scenario) -> str:
        return self._source.description(statement.line, statement.description or [])
