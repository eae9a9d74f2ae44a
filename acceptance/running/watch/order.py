"""The parts that are run after a save, and their order."""

import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from behave.configuration import Configuration
from behave.model import Feature

from acceptance.running.failed_list import FailedScenario

FEATURE = ".feature"


@dataclass(frozen=True)
class Part:
    """A part of the suite that is run in one go.

    Attributes:
        name: its name, in a few words.
        places: features and places in them, as behave takes them; at least one.

    """

    name: str
    places: Sequence[str]


def parts(
    features: Sequence[Feature],
    failed: Sequence[FailedScenario],
    first: Collection[str] | None,
    configuration: Configuration,
) -> list[Part]:
    """Return the parts to run: what failed last, what belongs to the saved files, and the rest.

    Each scenario is in one part at most, and those that behave would leave out are in none.

    Args:
        features: all features.
        failed: the scenarios that failed last.
        first: the files of the features that belong to the saved files; None for all.
        configuration: behave's configuration.

    """
    again: list[str] = []
    soon: list[str] = []
    late: list[str] = []
    for feature in features:
        file = os.path.relpath(feature.filename)
        all_of_it = list(feature.walk_scenarios())
        known = [FailedScenario.of(each) for each in all_of_it]
        failed_here = {each.place_in(known) for each in failed if each.file == file}
        asked = [
            each
            for scenario, each in zip(all_of_it, known, strict=True)
            if scenario.should_run(configuration)
        ]
        again += [_place(each) for each in asked if each in failed_here]
        others = [each for each in asked if each not in failed_here]
        places = [file] if len(others) == len(known) else list(map(_place, others))
        (late if first is not None and file not in first else soon).extend(places)
    named = [
        ("what failed last", again),
        ("everything" if first is None else ", ".join(sorted(first)), soon),
        ("the rest", late),
    ]
    return [Part(name, places) for name, places in named if places]


def belonging_to(
    saved: Collection[Path], steps: Mapping[str, Collection[str]]
) -> Collection[str] | None:
    """Return the features that belong to saved files; None if any feature may.

    Args:
        saved: the saved files.
        steps: the files that define the steps of each feature.

    """
    features: set[str] = set()
    for file in map(str, saved):
        users = [feature for feature, files in steps.items() if file in files]
        if file.endswith(FEATURE):
            features.add(file)
        elif users:
            features.update(users)
        else:
            return None
    return features


def _place(scenario: FailedScenario) -> str:
    return f"{scenario.file}:{scenario.line}"
