"""The outcomes of mutants, kept from one run to the next."""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from mutants.mutant import Mutant
from mutants.outcome import Outcome, Stage


class Results:
    """Outcomes in a file, one line of JSON for each mutant and stage."""

    def __init__(self, file: Path, *, again: bool = False) -> None:
        """Read the file.

        Args:
            file: the file; it need not exist yet.
            again: whether what it contains is forgotten.

        """
        self._file = file
        self._outcomes: dict[str, Outcome] = {}
        if again:
            file.unlink(missing_ok=True)
        with suppress(OSError):
            for line in file.read_text(encoding="utf-8").splitlines():
                # The last line is incomplete if the run was killed.
                with suppress(ValueError, KeyError, TypeError):
                    read = json.loads(line)
                    key = read.pop("key")
                    self._outcomes[key] = _outcome(read)

    def known(self, mutant: Mutant, digest: str) -> Outcome | None:
        """Return the outcome of a mutant in the stage with this digest; None if it is unknown."""
        found = self._outcomes.get(_key(mutant, digest))
        # An equal change may have had another name when something else was changed, too.
        return found and replace(found, name=mutant.name)

    def kills(self, stage: Stage) -> dict[str, Counter[str]]:
        """Return how many mutants each test has noticed in a stage, by the file they changed."""
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for outcome in self._outcomes.values():
            if outcome.killed_in is stage:
                found[outcome.name.partition(" ")[0]][outcome.killed_by] += 1
        return found

    def add(self, mutant: Mutant, digest: str, outcome: Outcome) -> None:
        """Write an outcome at the end of the file."""
        key = _key(mutant, digest)
        self._outcomes[key] = outcome
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"key": key, **asdict(outcome)}) + "\n")


def _outcome(read: Mapping[str, Any]) -> Outcome:
    killed_in = read["killed_in"]
    values = {**read, "killed_in": Stage(killed_in) if killed_in else None}
    return Outcome(**values)


def _key(mutant: Mutant, digest: str) -> str:
    whole = hashlib.sha256(digest.encode())
    for path, text in sorted(mutant.texts.items()):
        whole.update(f"\0{path}\0{text}".encode())
    return whole.hexdigest()[:24]
