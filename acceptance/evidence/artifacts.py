"""The folders for evidence: artifacts/TIME/FEATURE/RULE/SCENARIO/, and latest for the last run."""

import re
import shutil
from contextlib import suppress
from datetime import UTC, datetime
from functools import cached_property
from itertools import count
from pathlib import Path, PurePath
from threading import Lock
from typing import Protocol

from acceptance.evidence.naming import Names, readable_name

KEPT = 10
"""How many runs with failures are kept."""

LATEST = "latest"

_FEATURES = "features"
_RUN = re.compile(r"\d{4}-\d\d-\d\dT\d{6}Z(-\d+)?")


class ScenarioFolders(Protocol):
    """The folders for the evidence of scenarios."""

    def folder_for(
        self, feature: str, scenario: str, *, rule: str = "", occurrence: int = 0
    ) -> Path:
        """Make the folder of a scenario, as `Artifacts` does, and return it.

        Raises:
            OSError: it cannot be made.

        """
        ...


class Artifacts:
    """The folder of one run; workers ask the process that has this object."""

    def __init__(self, root: Path) -> None:
        """Use folders below `root`, and remove the link to the last run's folder."""
        self._root = root
        self._names = Names()
        self._lock = Lock()
        with suppress(OSError):
            self._latest.unlink(missing_ok=True)

    def folder_for(
        self, feature: str, scenario: str, *, rule: str = "", occurrence: int = 0
    ) -> Path:
        """Make the folder of a scenario, and return it.

        Args:
            feature: the path of the feature's file.
            scenario: the scenario's name.
            rule: the name of its rule, or "".
            occurrence: how many scenarios of that name come before it there.

        Raises:
            OSError: it cannot be made.

        """
        file = PurePath(feature).with_suffix("")
        names = [part for part in file.parts if part not in {file.anchor, ".."}]
        if names[0] == _FEATURES and len(names) > 1:
            del names[0]
        if rule:
            names.append(readable_name(rule, otherwise="rule"))
        names.append(readable_name(scenario, occurrence=occurrence))
        owner = (feature, rule, scenario, str(occurrence))
        with self._lock:
            folder = self.folder / self._names.name_for(owner, "/".join(names))
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    @cached_property
    def folder(self) -> Path:
        """The run's folder, made on first access.

        Raises:
            OSError: it cannot be made.

        """
        self._root.mkdir(parents=True, exist_ok=True)
        folder = self._new_folder()
        # Replaced in one step, so that the link always exists.
        link = self._root / f"{LATEST}.{folder.name}"
        link.symlink_to(folder.name)
        link.replace(self._latest)
        self._prune(folder)
        return folder

    def _new_folder(self) -> Path:
        began = f"{datetime.now(UTC):%Y-%m-%dT%H%M%SZ}"
        for number in count(1):
            folder = self._root / (began if number == 1 else f"{began}-{number}")
            # Two runs may begin in the same second.
            with suppress(FileExistsError):
                folder.mkdir()
                break
        return folder

    @property
    def _latest(self) -> Path:
        return self._root / LATEST

    def _prune(self, new: Path) -> None:
        earlier = {each for each in self._root.iterdir() if _RUN.fullmatch(each.name)} - {new}
        for old in sorted(earlier)[: -(KEPT - 1)]:
            shutil.rmtree(old, ignore_errors=True)
