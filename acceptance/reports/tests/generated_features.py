"""Features as people and programs write them, and as no one does, each from a number."""

from collections.abc import Iterator, Sequence
from random import Random

from behave.i18n import languages

# What str.splitlines() breaks lines at, the usual ones more often.
LINE_BREAKS = ("\r\n", "\r", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029")

WORDS = (
    "Edith",
    "a list",
    "список",
    "伊迪丝",
    "רשימה",
    "🎉",
    "cafe\u0301",
    "<what>",
    "<who> & <what>",
    '"Buy milk"',
    "a | b",
    "it's",
    "100 %",
    "# no comment",
    "x @no_tag",
    "",
    "*",
    "-- @1.1 ",
    "\\n",
    "a\u00a0b\tc",
    "x" * 120,
)

STEPS = ("pass", "pass", "pass", "pass", "fail", "break", "skip", "pend", "no one knows this")
OUTCOMES = ("pass", "pass", "fail", "no one knows this")
TAGS = ("@a", "@b", "@a.b=c", "@slow @a", "@a @a", "@x # why", "@<what>", "@wip", "@añadido")
CHANGES = ("@step_added", "@step_renamed", "@example_added")
CELLS = ("", "x", "a\\|b", "\\\\", "c:\\new", "<what>", "日本", "  y  ", "#", "@z")
TEXTS = ("text", "  indented", "# hash", "| bar |", "Scenario: no", "@tag", "", "'''x", "<what>")


class FeatureWriter:
    """Writes one feature, the same one for the same number."""

    def __init__(self, number: int) -> None:
        self._random = Random(number)  # noqa: S311 (a feature is no secret)
        self._lines: list[str] = []
        pick = self._random.choice
        self._language = pick([*languages] if self._is(0.3) else ["en"])
        self._keywords = languages[self._language]
        self._breaks: Sequence[str] = ("\n",)
        if self._is(0.5):
            self._breaks = ["\n"] * pick([0, 1, 8]) + [pick(LINE_BREAKS), pick(LINE_BREAKS)]

    def text(self) -> str:
        """Return the feature."""
        if self._language != "en" or self._is(0.1):
            self._add(f"# language: {self._language}")
        self._noise()
        self._tags(0.3)
        self._add(f"{self._keyword('feature')}: {self._words()}")
        self._description()
        self._body(1)
        for _ in range(self._random.choice([0, 0, 1, 2])):
            self._noise()
            self._tags(0.3)
            self._add(f"{self._keyword('rule')}: {self._words()}", 1)
            self._description()
            self._body(2)
        return "".join(line + self._random.choice(self._breaks) for line in self._lines)

    def _body(self, depth: int) -> None:
        if self._is(0.4):
            self._add(f"{self._keyword('background')}: {self._words()}", depth)
            self._description(0.2)
            self._steps(self._random.randint(0, 2), depth + 1, outcomes=("pass", "pass", "fail"))
        for _ in range(self._random.randint(0, 3)):
            self._noise()
            self._tags(0.4)
            if self._is(0.4):
                self._outline(depth)
            else:
                name = self._random.choice(["same name", self._words()])
                self._add(f"{self._keyword('scenario')}: {name}", depth)
                self._description(0.2)
                self._steps(self._random.randint(0, 4), depth + 1)

    def _outline(self, depth: int) -> None:
        self._add(f"{self._keyword('scenario_outline')}: {self._words()} <who>", depth)
        self._description(0.2)
        self._steps(self._random.randint(0, 2), depth + 1)
        self._add(f"{self._step_keyword()}<what>", depth + 1)
        self._steps(self._random.randint(0, 2), depth + 1, outcomes=("<what>", "pass <who>"))
        for _ in range(self._random.choice([0, 1, 1, 2, 3])):
            self._noise()
            self._tags(0.3)
            self._add(f"{self._keyword('examples')}: {self._words()}", depth + 1)
            self._add("| who | what |", depth + 2)
            for _ in range(self._random.randint(0, 3)):
                self._noise(0.1)
                who, what = self._random.choice(CELLS), self._random.choice(OUTCOMES)
                self._add(f"| {who} | {what} |", depth + 2)

    def _steps(self, count: int, depth: int, outcomes: Sequence[str] = STEPS) -> None:
        for _ in range(count):
            self._noise(0.1)
            self._add(f"{self._step_keyword()}{self._random.choice(outcomes)}", depth)
            if self._is(0.15):
                self._table(depth + 1)
            if self._is(0.15):
                self._quotation(depth + 1)

    def _table(self, depth: int) -> None:
        width = self._random.randint(1, 3)
        for _ in range(self._random.randint(1, 3)):
            cells = " | ".join(self._random.choice(CELLS) for _ in range(width))
            self._add(f"| {cells} |", depth)

    def _quotation(self, depth: int) -> None:
        marks = self._random.choice(['"""', "'''"])
        self._add(marks + self._random.choice(["", "", "json", " text/plain"]), depth)
        for _ in range(self._random.randint(0, 3)):
            self._add(self._random.choice(TEXTS), depth + self._random.randint(0, 1))
        if not self._is(0.03):
            self._add(marks, depth)

    def _description(self, chance: float = 0.4) -> None:
        while self._is(chance):
            self._add(self._random.choice([self._words(), f"D {self._words()}", ""]), 1)

    def _noise(self, chance: float = 0.2) -> None:
        while self._is(chance):
            self._add(self._random.choice(["", "   ", "# a comment", "  # another: comment"]))

    def _tags(self, chance: float) -> None:
        while self._is(chance):
            self._add(self._random.choice([*TAGS, *CHANGES]))
            self._noise(0.1)

    def _words(self) -> str:
        return " ".join(self._random.choice(WORDS) for _ in range(self._random.randint(1, 3)))

    def _keyword(self, kind: str) -> str:
        keyword: str = self._random.choice(self._keywords[kind])
        return keyword

    def _step_keyword(self) -> str:
        kind = self._random.choice(["given", "when", "then", "and", "but"])
        keyword: str = self._random.choice([*self._keywords[kind], "* "])
        return keyword

    def _add(self, line: str, depth: int = 0) -> None:
        self._lines.append("  " * depth + line)

    def _is(self, chance: float) -> bool:
        return self._random.random() < chance


def features(first: int, count: int) -> Iterator[str]:
    """Return so many features, from the number of the first one on."""
    return (FeatureWriter(number).text() for number in range(first, first + count))
