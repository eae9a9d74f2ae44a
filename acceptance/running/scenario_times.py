"""How long scenarios took when they last passed.

`artifacts/scenario_times.txt` has a line for each: seconds, a space, and the scenario's name. So
`sort -rn` shows the slowest, and `cat` makes one file of several; the last line of a name counts.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from behave.model import Feature, Scenario
from behave.model_type import Status

from acceptance.evidence.scenario_name import name_of, scenario_names
from acceptance.whole_file import write_whole

LAST_RUNS = Path("artifacts", "scenario_times.txt")
"""Where runs keep them, in the folder in which behave is started."""


def key_of(scenario: Scenario) -> str:
    """Return what a scenario is called among times; `keyed` is quicker for many."""
    return str(name_of(scenario))


def keyed(features: Iterable[Feature]) -> Iterator[tuple[Scenario, str]]:
    """Yield all scenarios of some features, each with what it is called among times."""
    for feature in features:
        for scenario, name in scenario_names(feature):
            yield scenario, str(name)


def known_times(file: Path = LAST_RUNS) -> Mapping[str, float]:
    """Return the seconds that scenarios took, by what `key_of` returns.

    Nothing is known from a file that is missing, or that something else has written.
    """
    try:
        return times_in(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def times_in(text: str) -> Mapping[str, float]:
    """Return the times in the text of such a file; other lines in it are left out."""
    times = {}
    for line in text.split("\n"):
        seconds, _, key = line.partition(" ")
        with suppress(ValueError):
            if key and math.isfinite(float(seconds)) and float(seconds) >= 0:
                times[key] = float(seconds)
    return times


def remember_times(features: Iterable[Feature], file: Path = LAST_RUNS) -> None:
    """Keep how long the scenarios took that have passed, with what is known of others.

    A failure comes early, or after a long wait: it says nothing of the next run. What these
    features do not have any more is forgotten. A run never fails because of this.
    """
    scenarios = list(keyed(features))
    passed = {
        key: scenario.duration
        for scenario, key in scenarios
        if scenario.status == Status.passed and scenario.duration
    }
    if not passed:
        return
    read = {f"{scenario.filename}: " for scenario, _ in scenarios}
    here = {key for _, key in scenarios}
    kept = {
        key: seconds
        for key, seconds in known_times(file).items()
        if key in here or not key.startswith(tuple(read))
    }
    with suppress(OSError):
        lines = (f"{seconds:.3f} {key}\n" for key, seconds in sorted({**kept, **passed}.items()))
        write_whole(file, "".join(lines))
