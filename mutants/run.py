"""A run: all mutants meet one stage after the other, until they are noticed."""

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from mutants.crew import outcomes
from mutants.met import Met
from mutants.mutant import Mutant
from mutants.outcome import Outcome
from mutants.progress import Progress
from mutants.results import Results
from mutants.suite import Suite


def run(  # noqa: PLR0913
    mutants: Sequence[Mutant],
    suites: Sequence[Suite],
    root: Path,
    results: Results,
    *,
    workers: int,
    minutes: float,
) -> list[Met]:
    """Let mutants meet all stages, except those that noticed them before.

    Args:
        mutants: the mutants.
        suites: the tests of each stage, in order.
        root: the folder of the project.
        results: the known outcomes, to which new ones are added.
        workers: how many mutants meet tests at the same time.
        minutes: when to stop.

    Returns:
        The mutants in the same order.

    Raises:
        NotReadyError: the tests cannot be run.

    """
    deadline = time.monotonic() + 60 * minutes
    met = {mutant.name: Met(mutant, (), is_done=False) for mutant in mutants}
    for suite in suites:
        digest = suite.digest()
        alike = [
            each for each in suites if each.stage.is_of_scenarios == suite.stage.is_of_scenarios
        ]
        waiting = []
        for each in [each for each in met.values() if not each.kill]:
            known = results.known(each.mutant, digest)
            if known is None or not known.killed_in:
                known = results.kept_kill(each.mutant, alike) or known
            if known is None:
                waiting.append(each.mutant)
            else:
                met[each.mutant.name] = _after(each, known)
        left = len(waiting)
        if waiting and time.monotonic() < deadline:
            with Progress(suite.stage, len(waiting), deadline) as progress:
                for mutant, outcome in outcomes(suite, root, waiting, workers, deadline):
                    results.add(mutant, digest, outcome, suite.says(outcome.killed_by))
                    met[mutant.name] = _after(met[mutant.name], outcome)
                    progress.add(outcome)
                    left -= 1
        if left:
            break
    return [
        replace(each, is_done=bool(each.kill) or len(each.outcomes) == len(suites))
        for each in met.values()
    ]


def _after(met: Met, outcome: Outcome) -> Met:
    return replace(met, outcomes=(*met.outcomes, outcome))
