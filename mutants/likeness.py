"""How much the text of a test has in common with the code around a change.

Tests that use the same words are likely to be about the same thing (Saha et al., "An
Information Retrieval Approach for Regression Test Prioritization Based on Program Changes", 2015).
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

_AROUND = 3
"""How many lines before and after a change are about the same thing."""

_IN_THE_LINE, _IN_THE_PATH, _NEAR = 1.0, 0.5, 0.2
"""How much a word counts, by where it is."""

# "Shares", "shared" and "sharing" are the same word.
_LENGTH = 4
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")


def words_of(text: str) -> set[str]:
    """Return the beginnings of the words of a text; those of a name such as `share_form`, too."""
    return {word.lower()[:_LENGTH] for word in _WORD.findall(text) if len(word) > 1}


class Likeness:
    """Compares changes with the texts of tests."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        """Read the texts.

        Args:
            texts: the text of each test, by its name.

        """
        self._tests: dict[str, list[str]] = defaultdict(list)
        for name, text in texts.items():
            for word in words_of(text):
                self._tests[word].append(name)
        self._count = len(texts)

    def of_change(self, path: str, source: str, line: int) -> Mapping[str, float]:
        """Return how much each test has in common with a change; 0 is left out.

        Args:
            path: the changed file.
            source: its text.
            line: the changed line, counted from 1.

        """
        lines = source.splitlines()
        weights: dict[str, float] = {}
        for weight, words in (
            (_NEAR, _words_of(lines[max(0, line - 1 - _AROUND) : line + _AROUND])),
            (_IN_THE_PATH, words_of(path)),
            (_IN_THE_LINE, _words_of(lines[line - 1 : line])),
        ):
            weights.update(dict.fromkeys(words, weight))
        found: dict[str, float] = defaultdict(float)
        for word, weight in weights.items():
            tests = self._tests.get(word, [])
            for name in tests:
                # A word that many tests use says little about one of them.
                found[name] += weight * math.log(self._count / len(tests))
        return found


def _words_of(lines: Iterable[str]) -> set[str]:
    return words_of("\n".join(lines))
