"""What features say, scenario by scenario."""

from collections.abc import Iterator
from dataclasses import dataclass

PLANNED = "planned"
"""The tag of what is not built yet."""


@dataclass(frozen=True)
class Identity:
    """What identifies a scenario from one run to the next.

    Attributes:
        uri: the feature file, with slashes.
        rule: the name of its rule, or "".
        name: its name, with its <parameters> where it is an outline.
        example: the row of an outline that it is, as pairs of column and value.
        occurrence: 0, or more for a scenario that would otherwise equal an earlier one.

    """

    uri: str
    rule: str
    name: str
    example: tuple[tuple[str, str], ...] = ()
    occurrence: int = 0


@dataclass(frozen=True)
class Sentence:
    """One step.

    Attributes:
        keyword: such as "Given".
        text: what follows the keyword.
        table: the rows of its table.
        doc_string: the text that it quotes, or None where it quotes none.

    """

    keyword: str
    text: str
    table: tuple[tuple[str, ...], ...] = ()
    doc_string: str | None = None

    def says_the_same_as(self, other: "Sentence") -> bool:
        """Whether both do the same, whatever their keywords are."""
        return (self.text, self.table, self.doc_string) == (
            other.text,
            other.table,
            other.doc_string,
        )


@dataclass(frozen=True)
class ExampleText:
    """One scenario that can be run: a scenario itself, or one row of an outline.

    Attributes:
        identity: what identifies it.
        sentences: its steps, those of its backgrounds first, values filled in.
        own: how many of them are its own, rather than those of a background.
        node_ids: the ids, within its document, of the scenario and of the row.
        tags: its tags and those that it inherits, without the "@".

    """

    identity: Identity
    sentences: tuple[Sentence, ...]
    own: int
    node_ids: tuple[str, ...]
    tags: frozenset[str]

    @property
    def planned(self) -> bool:
        """Whether it is not built yet."""
        return PLANNED in self.tags


@dataclass(frozen=True)
class ExamplesText:
    """One table of examples of an outline; `columns` names them, `rows` has a row for each."""

    keyword: str
    name: str
    description: str
    columns: tuple[str, ...]
    rows: tuple[ExampleText, ...]


@dataclass(frozen=True)
class ScenarioText:
    """A scenario, or an outline with its examples.

    Attributes:
        name: as it is written, with its <parameters>.
        description: the lines below its name.
        sentences: its own steps, as they are written.
        tables: the examples; none where it is no outline.
        examples: what can be run: itself, or a row each.

    """

    name: str
    description: str
    sentences: tuple[Sentence, ...]
    tables: tuple[ExamplesText, ...]
    examples: tuple[ExampleText, ...]

    @property
    def planned(self) -> bool:
        """Whether nothing of it is built yet."""
        return bool(self.examples) and all(example.planned for example in self.examples)


@dataclass(frozen=True)
class BackgroundText:
    """The steps before each scenario of a feature or rule."""

    keyword: str
    name: str
    description: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True)
class RuleText:
    """A rule with its scenarios; one without a name has the scenarios that are under no rule."""

    keyword: str
    name: str
    description: str
    background: BackgroundText | None
    scenarios: tuple[ScenarioText, ...]


@dataclass(frozen=True)
class FeatureText:
    """A feature: what the site can do for people.

    Attributes:
        uri: its file, with slashes.
        language: the language that it is written in, such as "en" (BCP 47).
        name, description, background, rules: what it says.
        problem: why behave cannot read the file, in a sentence, or "".

    """

    uri: str
    language: str
    name: str
    description: str
    background: BackgroundText | None
    rules: tuple[RuleText, ...]
    problem: str = ""

    @property
    def examples(self) -> Iterator[ExampleText]:
        """All that can be run of it."""
        for rule in self.rules:
            for scenario in rule.scenarios:
                yield from scenario.examples
