"""Where evidence lies: artifacts/TIME/FEATURE/SCENARIO/, and the last one in latest."""

import re
import shutil
from contextlib import suppress
from datetime import UTC, datetime
from functools import cached_property
from itertools import count
from pathlib import Path

KEPT = 10
"""How many runs with failures are kept."""

LATEST = "latest"

_LONGEST_NAME = 80
_RUN = re.compile(r"\d{4}-\d\d-\d\dT\d{6}Z(-\d+)?")
_OTHER = re.compile(r"[^a-z0-9]+")


class Artifacts:
    """The folder of one run, which is made when there is something to keep."""

    def __init__(self, root: Path) -> None:
        """Keep everything below `root`; what the run before left is no longer the latest."""
        self._root = root
        with suppress(OSError):
            self._latest.unlink(missing_ok=True)

    def folder_for(self, feature: str, scenario: str) -> Path:
        """Make the folder of a scenario, and return it.

        Args:
            feature: the path of the feature's file.
            scenario: the scenario's name.

        Raises:
            OSError: it cannot be made.

        """
        folder = self._run / Path(feature).stem / _as_name(scenario)
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    @cached_property
    def _run(self) -> Path:
        self._root.mkdir(parents=True, exist_ok=True)
        folder = self._new_folder()
        # Replaced in one step, so that whoever looks always finds one.
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


def _as_name(text: str) -> str:
    return _OTHER.sub("-", text.lower()).strip("-")[:_LONGEST_NAME].rstrip("-") or "scenario"
