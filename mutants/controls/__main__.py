"""Check that the tests stay green with each control.

Usage: python -m mutants.controls
"""

import argparse
import sys
import time
from pathlib import Path

from acceptance.errors import ExplainedError
from mutants.controls.declared import CONTROLS
from mutants.controls.trial import try_control

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Print a line for each control, and what went red with it; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m mutants.controls", description=__doc__)
    parser.add_argument("--only", default="", help="try only controls whose name contains this")
    parser.add_argument("--no-units", action="store_true", help="leave out the unit tests")
    parser.add_argument(
        "scenarios", nargs="*", help="features to run, such as features/a.feature:5"
    )
    given = parser.parse_args()
    chosen = [control for control in CONTROLS if given.only in control.name]
    if not chosen:
        names = "; ".join(control.name for control in CONTROLS)
        sys.stderr.write(f"No control's name contains {given.only!r}: choose from {names}.\n")
        return 1
    red = 0
    for control in chosen:
        began = time.monotonic()
        try:
            trial = try_control(control, ROOT, scenarios=given.scenarios, units=not given.no_units)
        except ExplainedError as error:
            sys.stderr.write(f"{error}\n")
            return 1
        red += bool(trial.failures)
        state = "red" if trial.failures else "green"
        print(f"{state:6} {control.name} ({time.monotonic() - began:.0f} s)", flush=True)  # noqa: T201
        for failure in trial.failures:
            print(f"       {failure}", flush=True)  # noqa: T201
    return 1 if red else 0


if __name__ == "__main__":
    sys.exit(main())
