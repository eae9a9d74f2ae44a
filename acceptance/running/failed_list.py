"""What failed last: a list of scenarios in behave's own form, kept from one run to the next."""

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
    """A scenario that failed, and where it stood when it did.

    Attributes:
        file: the feature's file, seen from the folder in which behave is started.
        line: the line of the scenario, or of the row of examples, counted from 1.
        name: what tells it from others in the file, whatever line it stands at.

    """

    file: str
    line: int
    name: str

    @classmethod
    def of(cls, scenario: Scenario) -> "FailedScenario":
        """Return a scenario as a list keeps it."""
        return cls(os.path.relpath(scenario.filename), scenario.line, _name_of(scenario))

    def place_in(self, scenarios: Iterable["FailedScenario"]) -> "FailedScenario | None":
        """Find the scenario where it stands now, among those of its file; None where it is gone."""
        same = [each for each in scenarios if each.name == self.name]
        return min(same, key=lambda each: abs(each.line - self.line), default=None)


class FailedList:
    """The file with what failed last at one place.

    A scenario stands in it from the run in which it failed until one in which it passed. A run
    of a part leaves the rest as it was. The line before each location holds the scenario's name,
    so that it is found where it stands now; to behave, that line is a comment.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    def scenarios(self) -> Sequence[FailedScenario]:
        """Return what it lists; nothing where there is no file yet."""
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
        """Take in what became of the scenarios of a run, and return what is listed now.

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
    """Return the file with what failed last where a run takes place; each place has its own."""
    at_place = "" if configuration.staging is None else f"-{configuration.place_name}"
    return configuration.project.artifacts / f"failed{at_place}.txt"


def see_lists(lists: Iterable[Path]) -> None:
    """See that lists of what to run exist.

    Raises:
        ConfigError: one does not.

    """
    for file in lists:
        if not file.is_file():
            message = (
                f"{file} does not exist, so that nothing says what to run: type `behave`, which "
                "lists in artifacts/failed.txt what fails, or name another list."
            )
            raise ConfigError(message)


def nothing_listed(paths: Iterable[str]) -> str:
    """Say that lists of what to run are empty."""
    files = [path.removeprefix("@") for path in paths]
    if any(_FILE_NAME.fullmatch(Path(file).name) for file in files):
        return f"Nothing failed last time: {' and '.join(files)} lists no scenario."
    return f"Nothing is run: {' and '.join(files)} lists no scenario."


def where_they_stand_now(
    locations: Iterable[FileLocation], lists: Iterable[Path], language: str | None
) -> Iterator[FileLocation]:
    """Find what lists of failed scenarios name, also where lines have moved since.

    In the place of a scenario that has another name now stands its whole feature.

    Args:
        locations: what behave read from its command line.
        lists: the files on it, any of which may be such a list.
        language: of features that do not name their own, as `behave --lang`.

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
    """Return all scenarios of a feature, as a list keeps them."""
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
            # Of a feature that no longer exists there is nothing left to run.
            if Path(each.file).exists():
                yield each
            continue
        now = each.place_in(known[each.file])
        if now is None:
            # It has another name now: known again when all of the feature was run.
            if len(outcomes[each.file]) < len(known[each.file]):
                yield each
        elif now not in outcomes[each.file]:
            yield now


def _outcomes(
    feature: Feature, configuration: BehaveConfiguration
) -> Mapping[FailedScenario, bool]:
    """Return whether each scenario failed that was run; what is planned cannot fail."""
    outcomes = {
        FailedScenario.of(each): each.status.has_failed() and not _is_planned(each)
        for each in feature.walk_scenarios()
        if _has_ended(each) or _is_planned(each)
    }
    # What fails around scenarios fails again only where they are run again.
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
    row = scenario._row  # noqa: SLF001 (behave names no other way to the cells of an example)
    # behave's own name of an example has the number of its row, which moves, too.
    name = scenario.name if row is None else scenario.parent.name
    cells = [] if row is None else row.cells
    return " | ".join([f"{scenario.keyword}: {' '.join(name.split())}", *cells])
