"""The specification as Markdown, for a wiki or, by way of a converter, for Word."""

import re
from collections.abc import Iterable, Iterator, Sequence

from acceptance.reports.specification.evidence import FailureView, Line
from acceptance.reports.specification.model import (
    BackgroundView,
    CapabilityView,
    RuleView,
    ScenarioView,
    Specification,
    StepView,
    TableView,
)
from acceptance.reports.specification.past import PastView, Title
from acceptance.reports.specification.summary import PlaceSummary
from acceptance.reports.status import Status

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&])")
# What begins a list at the beginning of a line.
_MARKER = re.compile(r"^(\d*)([-+.)])")
_STATUSES = (Status.PASSED, Status.FAILED, Status.UNWRITTEN, Status.NOT_RUN)


def markdown(specification: Specification) -> str:
    """Return the document in CommonMark with tables; what features and runs say is text in it."""
    blocks = [
        f"# What {_text(specification.name)} does",
        *map(_text, specification.introduction),
        specification.extent,
        *_results(specification),
        *(block for each in specification.capabilities for block in _capability(each)),
        *_glossary(specification),
    ]
    return "\n\n".join(blocks) + "\n"


def _results(specification: Specification) -> Iterator[str]:
    if specification.places:
        yield "## Results"
        yield _table(
            ["Place", *(status.value.capitalize() for status in _STATUSES)],
            [[each.name, *_counts(each)] for each in specification.places],
        )
    for place in specification.places:
        for run in place.runs:
            commit = f"commit {run.short_commit}" if run.commit else ""
            changes = "uncommitted changes" if run.uncommitted else ""
            by = f"run by {run.by}" if run.by else ""
            facts = filter(
                None, [run.site, run.when, run.release, commit, changes, by, run.browser]
            )
            yield f"{place.name}: {', '.join(map(_text, facts))}"
    if specification.troubles:
        yield "## Other problems"
        yield _items(map(_text, specification.troubles))
    for title, scenarios in (
        ("Failing", specification.failing),
        ("Not automated yet", specification.unwritten),
        ("Planned", specification.planned),
    ):
        if scenarios:
            yield f"## {title}"
            yield _items(
                _text(f"{each.where}: {each.listed_title}") + _in_brackets(each.failing_places)
                for each in scenarios
            )
    yield from _changes(specification.past)


def _changes(past: PastView) -> Iterator[str]:
    """Return what has changed since the last run: the other choices need a page."""
    for choice in past.choices[:1]:
        yield "## Changes"
        yield f"Since {choice.since}:" if choice.kinds else f"None since {choice.since}."
        for kind in choice.kinds:
            yield _bold(kind.kind)
            yield _items(
                _title(each.title) + _in_brackets(_text(each.words)) for each in kind.changes
            )
    if past.flaky:
        yield "## Flaky"
        yield _items(map(_title, past.flaky))


def _title(title: Title) -> str:
    return ": ".join(_text(text) for text in (title.where, title.text) if text)


def _counts(place: PlaceSummary) -> Iterator[str]:
    counts = {tally.status: tally.count for tally in place.tallies}
    return (str(counts.get(status, 0)) for status in _STATUSES)


def _in_brackets(text: str) -> str:
    return f" ({text})" if text else ""


def _capability(capability: CapabilityView) -> Iterator[str]:
    yield f"## {_text(capability.name)}"
    if capability.problem:
        yield f"**{_text(capability.problem)}**"
    yield from map(_text, capability.paragraphs)
    yield from _background(capability.background)
    for rule in capability.rules:
        yield from _rule(rule)


def _rule(rule: RuleView) -> Iterator[str]:
    if rule.name:
        yield f"### {_text(rule.keyword)}: {_text(rule.name)}"
        yield from map(_text, rule.paragraphs)
        yield from _background(rule.background)
    for scenario in rule.scenarios:
        yield f"{'####' if rule.name else '###'} {_text(scenario.title)}"
        yield from _scenario(scenario)


def _background(background: BackgroundView | None) -> Iterator[str]:
    if background is not None:
        name = f": {_text(background.name)}" if background.name else ""
        yield f"*{_text(background.keyword)}{name}*"
        yield from map(_text, background.paragraphs)
        yield _steps(background.steps)


def _scenario(scenario: ScenarioView) -> Iterator[str]:
    if scenario.planned:
        yield "*Planned*"
    elif scenario.standings:
        yield "*{}*".format(
            ", ".join(
                f"{each.place_name}: {f'{each.count} ' if each.count else ''}{each.status.value}"
                for each in scenario.standings
            )
        )
    yield from map(_text, scenario.paragraphs)
    if scenario.steps:
        yield _steps(scenario.steps)
    for table in scenario.tables:
        yield from _examples(table, planned=scenario.planned)
    for failure in scenario.failures:
        yield _failure(failure)
    yield from (_text(each.words) for each in scenario.repeats)
    yield from (_text(each.words) for each in scenario.past.remarks)


def _steps(steps: Sequence[StepView]) -> str:
    return "\n".join("\n".join(_step(step)) for step in steps)


def _step(step: StepView) -> Iterator[str]:
    text = f"{step.keyword} {''.join(part.text for part in step.parts)}"
    if step.reached:
        yield f"- {_bold(text)} ({step.reached.value})"
    else:
        yield f"- {_text(text)}"
    if step.table:
        head, *rows = step.table
        yield f"\n{_indented(_table(head, rows))}\n"
    if step.doc_string is not None:
        yield f"\n{_indented(_quoted(step.doc_string))}\n"


def _examples(table: TableView, *, planned: bool) -> Iterator[str]:
    name = f": {_text(table.name)}" if table.name else ""
    yield f"*{_text(table.keyword)}{name}*"
    yield from map(_text, table.paragraphs)
    places = [each.place_name for row in table.rows[:1] for each in row.outcomes if not planned]
    yield _table(
        [*table.columns, *places],
        [
            [*row.cells, *(each.status.value for each in row.outcomes if not planned)]
            for row in table.rows
        ],
    )


def _failure(failure: FailureView) -> str:
    where = ", ".join(filter(None, [failure.place_names, failure.example]))
    sentence = "".join(part.text for part in failure.sentence)
    parts = [f"{_bold(where)}: {failure.what} {_text(f'{failure.keyword} {sentence}'.strip())}"]
    if failure.expected:
        parts += [
            f"{failure.expected_title}:",
            _lines(failure.expected),
            f"{failure.shown_title}:",
            _lines(failure.shown),
        ]
    elif not failure.unwritten:
        parts.append(_quoted(failure.reason[:1].upper() + failure.reason[1:]))
    if failure.unreached:
        parts.append(failure.unreached)
    return "\n".join(f"> {line}".rstrip() for line in "\n\n".join(parts).split("\n"))


def _lines(lines: Sequence[Line]) -> str:
    return _quoted("\n".join(line.text for line in lines)) if lines else "nothing like it"


def _glossary(specification: Specification) -> Iterator[str]:
    if specification.glossary:
        yield "## Glossary"
        yield from (f"{_bold(term.name)}: {_text(term.meaning)}" for term in specification.glossary)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    rule = ["---"] * len(head)
    escaped = [[_text(cell).replace("\n", " ") for cell in row] for row in (head, *rows)]
    lines = [escaped[0], rule, *escaped[1:]]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _items(texts: Iterable[str]) -> str:
    return "\n".join(f"- {text}" for text in texts)


def _quoted(text: str) -> str:
    """Return a text that keeps its lines and spaces, whatever is in it."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{text}\n{fence}"


def _indented(text: str) -> str:
    return "\n".join(f"  {line}".rstrip() for line in text.split("\n"))


def _bold(text: str) -> str:
    return f"**{_text(text)}**"


def _text(text: str) -> str:
    """Return a text in which nothing is taken for a mark of Markdown."""
    return _MARKER.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", " ".join(text.split())))
