"""The result that a person reads after a save: one line, and the failures below it."""

from acceptance.running.watch.run import Outcome

_GREEN, _RED, _PLAIN = "\x1b[32m", "\x1b[31m", "\x1b[0m"


def verdict(outcome: Outcome, seconds: float, what: str, *, in_colour: bool) -> str:
    """Return a line with the outcome of a run of some scenarios, and its duration."""
    scenarios = "1 scenario" if outcome.scenarios == 1 else f"{outcome.scenarios} scenarios"
    if outcome.passed:
        line, colour = f"✓ {scenarios}", _GREEN
    elif outcome.failed:
        line, colour = f"✗ {outcome.failed} of {outcome.scenarios} failed", _RED
    else:
        line, colour = "✗ the run failed", _RED
    text = f"{line}, {seconds:.1f} s ({what})"
    return f"{colour}{text}{_PLAIN}" if in_colour else text


def together(first: Outcome, second: Outcome) -> Outcome:
    """Return the sum of two outcomes."""
    return Outcome(
        first.scenarios + second.scenarios,
        first.failed + second.failed,
        passed=first.passed and second.passed,
    )
