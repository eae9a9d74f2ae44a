"""The outcomes of mutants, kept from one run to the next."""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from mutants.mutant import Mutant
from mutants.outcome import Outcome, Stage
from mutants.suite import Suite


@dataclass(frozen=True)
class _Kill:
    outcome: Outcome
    said: str


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
        self._kills: dict[str, list[_Kill]] = defaultdict(list)
        if again:
            file.unlink(missing_ok=True)
        with suppress(OSError):
            for line in file.read_text(encoding="utf-8").splitlines():
                # The last line is incomplete if the run was killed.
                with suppress(ValueError, KeyError, TypeError):
                    read = json.loads(line)
                    key, mutant, said = (read.pop(name) for name in ("key", "mutant", "said"))
                    self._keep(key, mutant, _Kill(_outcome(read), said))

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

    def kept_kill(self, mutant: Mutant, suites: Sequence[Suite]) -> Outcome | None:
        """Return the outcome of a mutant that one of these suites noticed; None if there is none.

        It counts as long as the changed file and the test are the same, whatever other files and
        other tests say.
        """
        for kill in self._kills.get(_key(mutant), []):
            for suite in suites:
                if suite.stage is kill.outcome.killed_in:
                    now = suite.name_now(kill.outcome.killed_by, kill.said)
                    if now:
                        return replace(kill.outcome, name=mutant.name, killed_by=now)
        return None

    def add(self, mutant: Mutant, digest: str, outcome: Outcome, said: str) -> None:
        """Write an outcome at the end of the file.

        Args:
            mutant: the mutant.
            digest: the digest of the suite that it has met.
            outcome: the outcome.
            said: what the test that noticed it says, as a digest; "" if there is none.

        """
        key, kept = _key(mutant, digest), _key(mutant)
        self._keep(key, kept, _Kill(outcome, said))
        self._file.parent.mkdir(parents=True, exist_ok=True)
        record = {"key": key, "mutant": kept, "said": said, **asdict(outcome)}
        with self._file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(record) + "\n")

    def _keep(self, key: str, mutant: str, kill: _Kill) -> None:
        self._outcomes[key] = kill.outcome
        if kill.outcome.killed_in and kill.said:
            self._kills[mutant].append(kill)


def _outcome(read: Mapping[str, Any]) -> Outcome:
    killed_in = read["killed_in"]
    values = {**read, "killed_in": Stage(killed_in) if killed_in else None}
    return Outcome(**values)


def _key(mutant: Mutant, digest: str = "") -> str:
    whole = hashlib.sha256(digest.encode())
    for path, text in sorted(mutant.texts.items()):
        whole.update(f"\0{path}\0{text}".encode())
    return whole.hexdigest()[:24]
