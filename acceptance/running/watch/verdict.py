"""What a person reads after a save: one line, and below it what failed."""

from acceptance.running.watch.run import Outcome

_GREEN, _RED, _PLAIN = "\x1b[32m", "\x1b[31m", "\x1b[0m"


def verdict(outcome: Outcome, seconds: float, what: str, *, in_colour: bool) -> str:
    """Say in one line what came of a run of some scenarios, and how long it took."""
    scenarios = "1 scenario" if outcome.scenarios == 1 else f"{outcome.scenarios} scenarios"
    if outcome.passed:
        line, colour = f"✓ {scenarios}", _GREEN
    elif outcome.failed:
        line, colour = f"✗ {outcome.failed} of {outcome.scenarios} failed", _RED
    else:
        line, colour = "✗ the run failed", _RED
    said = f"{line}, {seconds:.1f} s ({what})"
    return f"{colour}{said}{_PLAIN}" if in_colour else said


def together(first: Outcome, second: Outcome) -> Outcome:
    """Return two outcomes as one."""
    return Outcome(
        first.scenarios + second.scenarios,
        first.failed + second.failed,
        passed=first.passed and second.passed,
    )
