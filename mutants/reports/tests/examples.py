"""Mutants and outcomes for tests."""

from mutants.met import Met
from mutants.mutant import Kind, Mutant
from mutants.outcome import Outcome, Stage


def mutant(
    before: str = "if a == b:",
    after: str = "if True:",
    *,
    kind: Kind = Kind.CODE,
    path: str = "lists/views.py",
) -> Mutant:
    return Mutant(f"{path} {before} {after}", kind, path, 7, before, after, {path: ""})


def killed(changed: Mutant, stage: Stage) -> Met:
    unnoticed = [Outcome(changed.name, None)] * list(Stage).index(stage)
    kill = Outcome(changed.name, stage, "features/sharing.feature:8", tried=1)
    return Met(changed, [*unnoticed, kill], is_done=True)


def survived(changed: Mutant) -> Met:
    return Met(
        changed, [Outcome(changed.name, None, tried=3), Outcome(changed.name, None)], is_done=True
    )


def unfinished(changed: Mutant) -> Met:
    return Met(changed, [], is_done=False)
