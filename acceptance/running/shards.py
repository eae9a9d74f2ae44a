"""`-D shard=2/5`: the same fifth of the scenarios on every machine, as long as each other fifth."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median_low

from acceptance.errors import ConfigurationError
from acceptance.running.scenario_times import times_in

_SHARD = re.compile(r"([0-9]{1,4})/([0-9]{1,4})")


@dataclass(frozen=True)
class Shard:
    """One of the parts into which machines divide the scenarios.

    Attributes:
        number: which one, counting from 1.
        count: how many there are.

    """

    number: int
    count: int

    def __str__(self) -> str:
        """Name it."""
        return f"Shard {self.number} of {self.count}"


def asked_for_shard(settings: Mapping[str, object]) -> Shard | None:
    """Return the shard that `-D shard=2/5` asks for; None without one.

    Raises:
        ConfigurationError: there is no such shard.

    """
    if "shard" not in settings:
        return None
    said = str(settings["shard"])
    found = _SHARD.fullmatch(said.strip())
    if found:
        number, count = int(found[1]), int(found[2])
        if 1 <= number <= count:
            return Shard(number, count)
    message = (
        f"-D shard is {said!r}, which cannot be used: give the number of this machine's shard and "
        "how many there are, such as 2/5."
    )
    raise ConfigurationError(message)


def given_times(settings: Mapping[str, object]) -> Mapping[str, float]:
    """Return the times in the file that `-D shard_times=FILE` names, by scenario; none without one.

    Machines that divide scenarios know the same times, and so never those of their own last run.

    Raises:
        ConfigurationError: the file cannot be read.

    """
    if "shard_times" not in settings:
        return {}
    file = Path(str(settings["shard_times"]))
    try:
        return times_in(file.read_text(encoding="utf-8"))
    except OSError as error:
        reason = error.strerror
    except ValueError:
        reason = "it is not UTF-8"
    message = (
        f"-D shard_times is '{file}', which cannot be read ({reason}): give a file made of what "
        "runs keep in artifacts/scenario_times.txt, which may be empty."
    )
    raise ConfigurationError(message)


def divide(
    scenarios: Sequence[str], times: Mapping[str, float], count: int
) -> Sequence[Collection[int]]:
    """Divide scenarios into parts that take equally long, and return the places of each part's.

    The longest comes first, into the part that has least to do. A scenario of which no time is
    known counts as one that takes as long as most.

    Args:
        scenarios: their names.
        times: seconds, by name.
        count: how many parts.

    """
    # In whole numbers, whose sums are the same in any order.
    known = {name: round(times[name] * 1000) for name in scenarios if name in times}
    usual = median_low(known.values()) if known else 1
    costs = [max(1, known.get(name, usual)) for name in scenarios]
    parts: list[list[int]] = [[] for _ in range(count)]
    loads = [(0, 0, part) for part in range(count)]
    for place in sorted(range(len(scenarios)), key=lambda each: (-costs[each], scenarios[each])):
        load, size, part = min(loads)
        parts[part].append(place)
        loads[part] = (load + costs[place], size + 1, part)
    return parts
