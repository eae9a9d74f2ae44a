"""The list of failed scenarios, in behave's own format, kept from one run to the next."""

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from behave.configuration import Configuration as BehaveConfiguration
from behave.exception import ConfigError
from behave.model import Feature, Scenario
from behave.model_type import FileLocation

from acceptance.configuration import Configuration
from acceptance.reports.feature_files import UnreadableFeatureError, parsed
from acceptance.running.selection import PLANNED
from acceptance.whole_file import write_whole

_NAMED_PLACE = re.compile(r"# (?P<name>.+)\n(?P<file>[^#\n].*):(?P<line>\d+)$", re.MULTILINE)

_FILE_NAME = re.compile(r"failed(-.+)?\.txt")


@dataclass(frozen=True)
class FailedScenario:
    """A scenario that failed, and its place at that time.

    Attributes:
        file: the feature's file, relative to the folder in which behave is started.
        line: the line of the scenario, or of the row of examples, counted from 1.
        name: the name that identifies it in the file, even if its line changes.

    """

    file: str
    line: int
    name: str

    @classmethod
    def of(cls, scenario: Scenario) -> "FailedScenario":
        """Return a scenario in the form in which a list keeps it."""
        return cls(os.path.relpath(scenario.filename), scenario.line, _name_of(scenario))

    def place_in(self, scenarios: Iterable["FailedScenario"]) -> "FailedScenario | None":
        """Return the scenario at its present place among those of its file; None if it is gone."""
        same = [each for each in scenarios if each.name == self.name]
        return min(same, key=lambda each: abs(each.line - self.line), default=None)


class FailedList:
    """The file with the failed scenarios of one place.

    A scenario is listed from the run in which it fails until a run in which it passes. A run of a
    part of the suite leaves the rest of the list unchanged. The line before each location has the
    scenario's name, by which it is found if its line changes; behave reads that line as a comment.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    def scenarios(self) -> Sequence[FailedScenario]:
        """Return the listed scenarios; none if there is no file yet."""
        try:
            text = self._file.read_text(encoding="utf-8")
        except FileNotFoundError:
            return ()
        return [
            FailedScenario(
                os.path.relpath(self._file.parent / found["file"]),
                int(found["line"]),
                found["name"],
            )
            for found in _NAMED_PLACE.finditer(text)
        ]

    def update(
        self, features: Sequence[Feature], configuration: BehaveConfiguration
    ) -> Sequence[FailedScenario]:
        """Update the list with the outcomes of a run, and return it.

        The file is replaced in one step.

        Raises:
            OSError: it cannot be written.

        """
        listed = sorted(
            _after(self.scenarios(), features, configuration),
            key=lambda each: (each.file, each.line),
        )
        folder = self._file.parent
        text = "".join(
            f"# {each.name}\n{os.path.relpath(each.file, folder)}:{each.line}\n" for each in listed
        )
        write_whole(self._file, text)
        return listed


def failed_list_file(configuration: Configuration) -> Path:
    """Return the file with the failed scenarios of the run's place; each place has its own."""
    at_place = "" if configuration.staging is None else f"-{configuration.place_name}"
    return configuration.project.artifacts / f"failed{at_place}.txt"


def check_lists(lists: Iterable[Path]) -> None:
    """Check that lists of scenarios exist.

    Raises:
        ConfigError: one does not.

    """
    for file in lists:
        if not file.is_file():
            message = (
                f"{file} does not exist, so there are no scenarios to run: type `behave`, which "
                "lists the scenarios that fail in artifacts/failed.txt, or name another list."
            )
            raise ConfigError(message)


def nothing_listed(paths: Iterable[str]) -> str:
    """Return a sentence about lists of scenarios that are empty."""
    files = [path.removeprefix("@") for path in paths]
    if any(_FILE_NAME.fullmatch(Path(file).name) for file in files):
        return f"Nothing failed last time: {' and '.join(files)} lists no scenarios."
    return f"Nothing is run: {' and '.join(files)} lists no scenarios."


def current_locations(
    locations: Iterable[FileLocation], lists: Iterable[Path], language: str | None
) -> Iterator[FileLocation]:
    """Find the scenarios in lists of failed scenarios, even if their lines have changed.

    If a scenario has been renamed, its whole feature is run.

    Args:
        locations: the locations that behave read from its command line.
        lists: the files on the command line, any of which may be such a list.
        language: the language of features that do not name their own, as in `behave --lang`.

    """
    listed = {
        (each.file, each.line): each for file in lists for each in FailedList(file).scenarios()
    }
    known: dict[str, Sequence[FailedScenario]] = {}
    for location in locations:
        file = os.path.relpath(location.filename)
        scenario = listed.get((file, location.line or 0))
        if scenario is None:
            yield location
        elif Path(file).exists():
            if file not in known:
                with suppress(UnreadableFeatureError):
                    known[file] = _scenarios_of(parsed(Path(file), language))
            now = scenario.place_in(known.get(file, ()))
            yield FileLocation(location.filename, now and now.line)


def _scenarios_of(feature: Feature) -> Sequence[FailedScenario]:
    """Return all scenarios of a feature, in the form in which a list keeps them."""
    return [FailedScenario.of(each) for each in feature.walk_scenarios()]


def _after(
    before: Sequence[FailedScenario],
    features: Sequence[Feature],
    configuration: BehaveConfiguration,
) -> Iterator[FailedScenario]:
    by_file = {os.path.relpath(feature.filename): feature for feature in features}
    known = {file: _scenarios_of(feature) for file, feature in by_file.items()}
    outcomes = {file: _outcomes(feature, configuration) for file, feature in by_file.items()}
    yield from (each for of_one in outcomes.values() for each, failed in of_one.items() if failed)
    for each in before:
        if each.file not in by_file:
            # A feature that no longer exists has nothing to run.
            if Path(each.file).exists():
                yield each
            continue
        now = each.place_in(known[each.file])
        if now is None:
            # It has been renamed, so it stays listed until the whole feature has been run.
            if len(outcomes[each.file]) < len(known[each.file]):
                yield each
        elif now not in outcomes[each.file]:
            yield now


def _outcomes(
    feature: Feature, configuration: BehaveConfiguration
) -> Mapping[FailedScenario, bool]:
    """Return whether each scenario of a run failed; planned scenarios cannot fail."""
    outcomes = {
        FailedScenario.of(each): each.status.has_failed() and not _is_planned(each)
        for each in feature.walk_scenarios()
        if _has_ended(each) or _is_planned(each)
    }
    # A hook around scenarios fails again only if they are run again.
    for part in (feature, *feature.iter_rules()):
        if part.status.is_hook_error():
            around = [each for each in part.walk_scenarios() if each.should_run(configuration)]
            outcomes.update((FailedScenario.of(each), not _is_planned(each)) for each in around)
    return outcomes


def _is_planned(scenario: Scenario) -> bool:
    return PLANNED in scenario.effective_tags


def _has_ended(scenario: Scenario) -> bool:
    if scenario.status.has_failed():
        return not any(isinstance(each.exception, KeyboardInterrupt) for each in scenario.all_steps)
    return bool(scenario.status.is_passed())


def _name_of(scenario: Scenario) -> str:
    row = scenario._row  # noqa: SLF001 (behave offers no other way to the cells of an example)
    # behave's own name of an example contains the number of its row, which may change, too.
    name = scenario.name if row is None else scenario.parent.name
    cells = [] if row is None else row.cells
    return " | ".join([f"{scenario.keyword}: {' '.join(name.split())}", *cells])
