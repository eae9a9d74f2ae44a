"""The state of the site when a process began; the process changes the site only in that state.

A process keeps the settings and the code that it started with, but meanwhile the site may become
another one: someone edits its `.env`, or a deployment switches to another release. The process
does not notice such changes by itself, so the guard reads the files each time.
"""

import getpass
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from django.conf import settings

from acceptance.server.refusal import Refused
from acceptance.server.site import SettingsFile, site


class Beginning(Protocol):
    """The state of the site when a process began."""

    def check(self) -> None:
        """Raise Refused if the site has changed since the process began."""


class BeginningElsewhere:
    """The state of a site on another machine, which the process that sends requests checks."""

    def check(self) -> None:
        """Check nothing."""


@dataclass(frozen=True)
class BeginningOnServer:
    """The state of the site when a process on the same machine began.

    Attributes:
        settings_file: the `.env`, or None if there was none.
        places: the target of each path that decides which code runs.
        commit: the content of the file `COMMIT`.

    """

    settings_file: SettingsFile | None
    places: Mapping[Path, Path | None] = field(repr=False)
    commit: bytes | None

    def check(self) -> None:
        """Check that the settings and the release are those that the process began with.

        Raises:
            Refused: they are not, or cannot be read.

        """
        self._check_settings()
        self._check_release()

    def _check_settings(self) -> None:
        began = self.settings_file
        if began is None:
            raise Refused(
                f"There is no {settings.BASE_DIR / '.env'}, and only that file decides what may be"
                " emptied here: check how the site was deployed."
            )
        if began.overridden:
            names = ", ".join(began.overridden)
            raise Refused(
                f"{names} in the environment of the user {_user()} overrides {began.path}, so this"
                " may be another site: remove it from the files that the user's shell reads, such"
                " as ~/.bashrc."
            )
        content = _content_of(began.path)
        if content == began.content:
            return
        found = _variables_in(content, began.path)
        changed = [
            name
            for name in site().deciding_variables()
            if found.get(name) != began.variables.get(name)
        ]
        if changed:
            became = "" if site().is_staging(found) else ", and the site is no longer for staging"
            raise Refused(
                f"{', '.join(changed)} in {began.path} changed after this run began{became}: check"
                " what the site is now before you start another run."
            )

    def _check_release(self) -> None:
        for path, led_to in self.places.items():
            leads_to = _target(path)
            if led_to is None or leads_to != led_to:
                shown = "nowhere" if leads_to is None else f"to {leads_to}"
                raise Refused(
                    f"{path} leads {shown}, but this run began with {settings.BASE_DIR}, so another"
                    " release is serving, or none: check what the site is now before you start"
                    " another run."
                )
        if _content(Path(settings.BASE_DIR) / "COMMIT") != self.commit:
            raise Refused(
                f"The code in {settings.BASE_DIR} has changed since this run began: check what the"
                " site is now before you start another run."
            )


def begin() -> BeginningOnServer:
    """Return the present state of the site; call it before anything else."""
    base = Path(settings.BASE_DIR)
    places: dict[Path, Path | None] = {path: _target(path) for path in _manage_py()}
    folder = base.parent.parent
    if base.parent.name == "releases":
        # A process that was started in an old release notices that immediately.
        places |= {
            folder / "current": base,
            folder / "manage.py": base / "manage.py",
            folder / "virtualenv": _target(base / "virtualenv"),
        }
    return BeginningOnServer(site().settings_file(), places, _content(base / "COMMIT"))


def _manage_py() -> list[Path]:
    """Return the path of manage.py as it was typed, with its links."""
    typed = os.environ.get("PWD", "")
    folder = Path(typed)
    try:
        # The shell's path still has the links that led here.
        if not typed or not folder.samefile(Path.cwd()):
            folder = Path.cwd()
    except OSError:
        folder = Path(settings.BASE_DIR)
    return [folder / sys.argv[0]]


def _target(path: Path) -> Path | None:
    try:
        return path.resolve(strict=True)
    except (OSError, RuntimeError):
        return None


def _content_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Refused(
            f"{path} cannot be read ({error.strerror}), and only that file decides what may be"
            " emptied here: check what the site is now."
        ) from None


def _variables_in(content: bytes, path: Path) -> Mapping[str, str]:
    try:
        return site().variables_in(content, str(path))
    except ValueError as error:
        raise Refused(str(error)) from None


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())
