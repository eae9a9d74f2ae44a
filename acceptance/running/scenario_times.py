"""The durations of scenarios when they last passed.

`artifacts/scenario_times.txt` has a line for each: seconds, a space, and the scenario's name. So
`sort -rn` shows the slowest, and `cat` joins several files; the last line with a name counts.
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
"""The file with the durations, in the folder in which behave is started."""


def key_of(scenario: Scenario) -> str:
    """Return the name of a scenario in the file; `keyed` is faster for many."""
    return str(name_of(scenario))


def keyed(features: Iterable[Feature]) -> Iterator[tuple[Scenario, str]]:
    """Yield all scenarios of some features, each with its name in the file."""
    for feature in features:
        for scenario, name in scenario_names(feature):
            yield scenario, str(name)


def known_times(file: Path = LAST_RUNS) -> Mapping[str, float]:
    """Return the seconds that scenarios took, by the name that `key_of` returns.

    A file that is missing, or that cannot be read, counts as an empty one.
    """
    try:
        return times_in(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def times_in(text: str) -> Mapping[str, float]:
    """Return the times in the text of such a file; other lines are ignored."""
    times = {}
    for line in text.split("\n"):
        seconds, _, key = line.partition(" ")
        with suppress(ValueError):
            if key and math.isfinite(float(seconds)) and float(seconds) >= 0:
                times[key] = float(seconds)
    return times


def remember_times(features: Iterable[Feature], file: Path = LAST_RUNS) -> None:
    """Keep the durations of the scenarios that passed, and the known durations of others.

    A failed scenario ends early or after a long wait, so its duration does not predict the next
    run. Scenarios that these features no longer have are removed. A run never fails because of
    this.
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
