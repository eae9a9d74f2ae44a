"""`-D shard=2/5`: the second of five parts of the scenarios, which take equally long."""

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
        number: the number of the part, counted from 1.
        count: the number of parts.

    """

    number: int
    count: int

    def __str__(self) -> str:
        """Return its name."""
        return f"Shard {self.number} of {self.count}"


def asked_for_shard(settings: Mapping[str, object]) -> Shard | None:
    """Return the shard that `-D shard=2/5` names; None without one.

    Raises:
        ConfigurationError: there is no such shard.

    """
    if "shard" not in settings:
        return None
    text = str(settings["shard"])
    found = _SHARD.fullmatch(text.strip())
    if found:
        number, count = int(found[1]), int(found[2])
        if 1 <= number <= count:
            return Shard(number, count)
    message = (
        f"-D shard is {text!r}, which cannot be used: give the number of this machine's shard and "
        "the number of shards, such as 2/5."
    )
    raise ConfigurationError(message)


def given_times(settings: Mapping[str, object]) -> Mapping[str, float]:
    """Return the times in the file that `-D shard_times=FILE` names, by scenario; none without one.

    All machines must use the same times, so none uses those of its own last run.

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
        f"-D shard_times is '{file}', which cannot be read ({reason}): give a file with the lines "
        "that runs write to artifacts/scenario_times.txt, which may be empty."
    )
    raise ConfigurationError(message)


def divide(
    scenarios: Sequence[str], times: Mapping[str, float], count: int
) -> Sequence[Collection[int]]:
    """Divide scenarios into parts that take equally long, and return the positions in each part.

    The longest scenario is assigned first, each to the part with the least work. A scenario with
    an unknown time counts as one with the median time.

    Args:
        scenarios: the names of the scenarios.
        times: seconds, by name.
        count: the number of parts.

    """
    # In integers, whose sums are the same in any order.
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
