"""The scenarios of a feature as behave runs them, as the pickles of Cucumber Messages."""

from collections.abc import Callable, Iterator, Sequence

from behave.model import (
    Background,
    Examples,
    Feature,
    Row,
    Rule,
    Scenario,
    ScenarioOutline,
    Step,
    Table,
)
from behave.model import ScenarioOutlineBuilder as Outlines
from cucumber_messages import (
    Pickle,
    PickleDocString,
    PickleStep,
    PickleStepArgument,
    PickleStepType,
    PickleTable,
    PickleTableCell,
    PickleTableRow,
    PickleTag,
)

from acceptance.reports.source_lines import SourceLines
from acceptance.reports.syntax_tree import SyntaxTree

STEP_TYPES = {
    "given": PickleStepType.context,
    "when": PickleStepType.action,
    "then": PickleStepType.outcome,
}


class Pickler:
    """Makes the pickles of a feature that already has a syntax tree."""

    def __init__(
        self,
        uri: str,
        feature: Feature,
        tree: SyntaxTree,
        source: SourceLines,
        new_id: Callable[[], str],
    ) -> None:
        self._uri = uri
        self._feature = feature
        self._tree = tree
        self._source = source
        self._new_id = new_id

    def pickles(self, only: Scenario | None = None) -> Iterator[tuple[Scenario, Pickle]]:
        """Return all scenarios, or only the one that is asked for, each with its pickle."""
        for scenario, tags in _runnable(self._feature, self._feature.tags, only):
            yield scenario, self._pickle(scenario, tags)

    def _pickle(self, scenario: Scenario, inherited_tags: Sequence[str]) -> Pickle:
        outline = scenario.parent if isinstance(scenario.parent, ScenarioOutline) else None
        row: Row | None = getattr(scenario, "_row", None) if outline else None
        row_ids = [] if row is None else [self._tree.id(row)]
        return Pickle(
            ast_node_ids=[self._tree.id(outline or scenario), *row_ids],
            id=self._new_id(),
            language=self._feature.language,
            name=scenario.name if outline is None or row is None else _name(outline, row),
            steps=list(self._steps(scenario, outline, row_ids)),
            tags=[
                *(self._tag(tag, str(tag)) for tag in inherited_tags),
                *self._own_tags(scenario, outline, row),
            ],
            uri=self._uri,
            location=self._source.location(scenario.line),
        )

    def _own_tags(
        self, scenario: Scenario, outline: ScenarioOutline | None, row: Row | None
    ) -> Iterator[PickleTag]:
        if outline is None or row is None:
            yield from (self._tag(tag, str(tag)) for tag in scenario.tags)
            return
        examples = _examples_of(outline, row)
        for tag in [*outline.tags, *examples.tags]:
            for name in Outlines.make_row_tags([tag], row, _parameters(outline, row)):
                yield self._tag(tag, name)

    def _tag(self, tag: str, name: str) -> PickleTag:
        return PickleTag(ast_node_id=self._tree.id(tag), name=f"@{name}")

    def _steps(
        self, scenario: Scenario, outline: ScenarioOutline | None, row_ids: list[str]
    ) -> Iterator[PickleStep]:
        before, own = list(scenario.background_steps), list(scenario.steps)
        written = _steps_of(scenario.background)
        yield from self._paired(before, written, scenario, outline, [])
        yield from self._paired(own, (outline or scenario).steps, scenario, outline, row_ids)

    def _paired(
        self,
        steps: Sequence[Step],
        written: Sequence[Step],
        scenario: Scenario,
        outline: ScenarioOutline | None,
        row_ids: list[str],
    ) -> Iterator[PickleStep]:
        # A hook may have changed the steps: then each step is its own source.
        sources = written if len(written) == len(steps) else steps
        for step, source in zip(steps, sources, strict=True):
            step_id = self._tree.step_id(source, outline or scenario)
            yield self._step(step, [step_id, *row_ids])

    def _step(self, step: Step, node_ids: list[str]) -> PickleStep:
        return PickleStep(
            ast_node_ids=node_ids,
            id=self._new_id(),
            text=step.name,
            argument=self._argument(step),
            type=(
                PickleStepType.unknown
                if step.keyword == "*"
                else STEP_TYPES.get(step.step_type, PickleStepType.unknown)
            ),
        )

    def _argument(self, step: Step) -> PickleStepArgument | None:
        if step.table is None and step.text is None:
            return None
        return PickleStepArgument(
            data_table=None if step.table is None else _table(step.table),
            doc_string=None if step.text is None else self._doc_string(step.text),
        )

    def _doc_string(self, text: str) -> PickleDocString:
        _, media_type = self._source.quotation(getattr(text, "line", 0))
        return PickleDocString(content=str(text), media_type=media_type or None)


def _runnable(
    container: Feature | Rule, tags: Sequence[str], only: Scenario | None
) -> Iterator[tuple[Scenario, Sequence[str]]]:
    """Return scenarios and examples in behave's order, each with the tags that it inherits."""
    for item in container.run_items:
        if isinstance(item, Rule):
            yield from _runnable(item, [*tags, *item.tags], only)
        elif not isinstance(item, ScenarioOutline):
            if only is None or item is only:
                yield item, tags
        elif only is None or item is only.parent:
            # An outline makes its scenarios when it is first asked for them: not earlier than here.
            for scenario in item.scenarios:
                if only is None or scenario is only:
                    yield scenario, tags


def _steps_of(background: Background | None) -> list[Step]:
    """Return the steps of a background as they are written, the inherited ones first."""
    if background is None:
        return []
    inherited = background.inherited_background if background.use_inheritance else None
    return [*(inherited.steps if inherited else []), *background.steps]


def _table(table: Table) -> PickleTable:
    rows = [table.headings, *(row.cells for row in table.rows)]
    return PickleTable(
        rows=[PickleTableRow(cells=[PickleTableCell(value=cell) for cell in row]) for row in rows]
    )


def _examples_of(outline: ScenarioOutline, row: Row) -> Examples:
    # behave compares rows by their cells, and two examples may say the same.
    examples: Examples = next(
        each
        for each in outline.examples
        if each.table is not None and any(other is row for other in each.table.rows)
    )
    return examples


def _name(outline: ScenarioOutline, row: Row) -> str:
    """Return the name of an example: that of the outline, without the number that behave adds."""
    name: str = Outlines.render_template(outline.name, row, _parameters(outline, row))
    return name


def _parameters(outline: ScenarioOutline, row: Row) -> dict[str, str]:
    """Return what behave fills in beside the cells of a row."""
    examples = _examples_of(outline, row)
    parameters = {
        "examples.name": examples.name,
        "examples.index": str(examples.index),
        # behave numbers rows as it makes scenarios of them.
        "row.index": str(row.__dict__["index"]),
        "row.id": row.__dict__["id"],
    }
    parameters["examples.name"] = Outlines.render_template(examples.name or "", row, parameters)
    return parameters
