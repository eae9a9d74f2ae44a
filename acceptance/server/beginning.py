"""What a process began with: it changes the site only as long as that is what is there.

A process keeps the settings and the code that it started with, while the site may become another
one: its `.env` is edited, another release is switched to. Nothing of that reaches the process by
itself, so the guard looks at the disk each time.
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
    """What a process began with."""

    def see_that_it_holds(self) -> None:
        """Raise Refused where the site is not what it was when the process began."""


class BeginningElsewhere:
    """Whoever asks looks after that, since this process runs on another machine than the site."""

    def see_that_it_holds(self) -> None:
        """See nothing."""


@dataclass(frozen=True)
class BeginningOnServer:
    """What a process began with that runs where the site lies.

    Attributes:
        settings_file: the `.env`, or None where it had none.
        places: where each path led that decides which code runs.
        commit: what the file `COMMIT` said.

    """

    settings_file: SettingsFile | None
    places: Mapping[Path, Path | None] = field(repr=False)
    commit: bytes | None

    def see_that_it_holds(self) -> None:
        """See that the settings and the release are those that the process began with.

        Raises:
            Refused: they are not, or cannot be read.

        """
        self._see_settings()
        self._see_release()

    def _see_settings(self) -> None:
        began = self.settings_file
        if began is None:
            raise Refused(
                f"There is no {settings.BASE_DIR / '.env'}, and only what stands in it decides what"
                " may be wiped here: see how the site was deployed."
            )
        if began.overridden:
            names = ", ".join(began.overridden)
            raise Refused(
                f"{names} in the environment of the user {_user()} overrides {began.path}, so that"
                " this may be another site's: take it out of what that user's shell reads, such as"
                " ~/.bashrc."
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
            became = "" if site().is_staging(found) else " and makes no staging site now"
            raise Refused(
                f"{', '.join(changed)} in {began.path} changed after this run began{became}: see"
                " what the site is now before you start another run."
            )

    def _see_release(self) -> None:
        for path, led_to in self.places.items():
            leads_to = _target(path)
            if led_to is None or leads_to != led_to:
                shown = "nowhere" if leads_to is None else f"to {leads_to}"
                raise Refused(
                    f"{path} leads {shown}, and this run began with {settings.BASE_DIR}: another"
                    " release serves, or none; see what the site is now before you start another"
                    " run."
                )
        if _content(Path(settings.BASE_DIR) / "COMMIT") != self.commit:
            raise Refused(
                f"The code in {settings.BASE_DIR} is another than when this run began: see what the"
                " site is now before you start another run."
            )


def begin() -> BeginningOnServer:
    """Return what this process begins with; call it before anything else."""
    base = Path(settings.BASE_DIR)
    places: dict[Path, Path | None] = {path: _target(path) for path in _way_in()}
    folder = base.parent.parent
    if base.parent.name == "releases":
        # A process that was started by the way through an old release finds this at once.
        places |= {
            folder / "current": base,
            folder / "manage.py": base / "manage.py",
            folder / "virtualenv": _target(base / "virtualenv"),
        }
    return BeginningOnServer(site().settings_file(), places, _content(base / "COMMIT"))


def _way_in() -> list[Path]:
    """Return the path of manage.py as it was typed, links and all."""
    typed = os.environ.get("PWD", "")
    folder = Path(typed)
    try:
        # What the shell says has the links in it that led here.
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
            f"{path} cannot be read ({error.strerror}), and only what stands in it decides what may"
            " be wiped here: see what the site is now."
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
