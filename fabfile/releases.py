"""The releases of a site on its server: a folder for each, and a link to the one that serves."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from acceptance.hosts.presence import ABSENT
from fabfile.deployed_site import Site
from fabfile.locked_shell import LockedShell

KEPT = 3

# manage.py gets the same settings as the unit: those in .env, without the environment of the
# person who logs in.
MANAGE = (
    *("env", "--ignore-environment", "PATH=/usr/bin:/bin", "LANG=C.UTF-8"),
    *("virtualenv/bin/python", "manage.py"),
)
"""The command that runs manage.py in a release's folder."""

_NAME = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{7}")
_VIRTUALENV = re.compile(r"\d+\.\d+-[0-9a-f]{12}")
_COMMIT = re.compile(r"[0-9a-f]{40}")

# Prints a line for each release: its name, its commit if it is complete, its environment, and its
# kind. Only the releases of staging sites have the app that can empty a site; older ones have it
# in staging/.
_LIST = f"""{ABSENT}
if absent "$1/releases"; then exit; fi
ls "$1/releases/." >/dev/null || exit
cd "$1/releases" || exit
for name in *; do
    [ -d "$name" ] || continue
    commit= kind=production
    if ! absent "$name/COMMIT"; then commit=$(cat "$name/COMMIT") || exit; fi
    for app in acceptance/server staging; do
        if ! absent "$name/$app"; then kind=staging; fi
    done
    printf '%s\\t%s\\t%s\\t%s\\n' "$name" "$commit" "$(readlink "$name/virtualenv")" "$kind"
done
printf 'current\\t%s\\n' "$(readlink ../current)"
"""

# GNU mv replaces the link atomically, whereas ln would delete it first.
_SWITCH = 'ln -s -f -n "releases/$1" current.new && mv -T current.new current'


@dataclass(frozen=True)
class Release:
    """A folder in `releases/`.

    Attributes:
        name: the folder's name.
        commit: 40 hexadecimal digits, or None if it was never completed or was taken back.
        virtualenv: the name of the environment that it uses, or None.
        staging: whether it was deployed as staging, with the app that can empty the site.

    """

    name: str
    commit: str | None
    virtualenv: str | None
    staging: bool = False


@dataclass(frozen=True)
class Releases:
    """All releases, the oldest first, and the one that serves, if any."""

    all: Sequence[Release]
    current: Release | None

    def before(self, release: Release) -> Release | None:
        """Return the last complete release of the same kind that is older than this one."""
        older = [
            each
            for each in self.all
            if each.commit and each.name < release.name and each.staging == release.staging
        ]
        return older[-1] if older else None

    def superfluous(self) -> Iterator[Release]:
        """Yield the releases that no one will go back to."""
        complete = [each for each in self.all if each.commit]
        for each in self.all:
            if each != self.current and each not in complete[-KEPT:]:
                yield each

    def unneeded(self, virtualenvs: Sequence[str]) -> Iterator[str]:
        """Yield the paths, in the site's folder, of what no release needs.

        Args:
            virtualenvs: the names in the folder `virtualenvs`; those that no deployment has made
                are left alone.

        """
        superfluous = list(self.superfluous())
        yield from (f"releases/{each.name}" for each in superfluous)
        kept = {each.virtualenv for each in self.all if each not in superfluous}
        for name in virtualenvs:
            if name not in kept and _VIRTUALENV.fullmatch(name):
                yield f"virtualenvs/{name}"


def release_name(moment: datetime, commit: str) -> str:
    """Return the name of a release; names sort by time."""
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}-{commit[:7]}"


def list_command(site: Site) -> list[str]:
    """Return the command whose output `parse` reads."""
    return ["sh", "-c", _LIST, "sh", site.folder]


def parse(listing: str) -> Releases:
    """Parse the output of `list_command`."""
    found: list[Release] = []
    current = ""
    for line in listing.splitlines():
        name, *rest = line.split("\t")
        if name == "current":
            current = rest[0].rpartition("/")[2]
        elif _NAME.fullmatch(name):
            commit, virtualenv, kind = rest
            complete = commit if _COMMIT.fullmatch(commit) else None
            found.append(
                Release(name, complete, virtualenv.rpartition("/")[2] or None, kind == "staging")
            )
    found.sort(key=lambda each: each.name)
    return Releases(found, next((each for each in found if each.name == current), None))


def switch(shell: LockedShell, site: Site, release: Release) -> None:
    """Let the site run this release from its next start."""
    shell.run(["sh", "-c", _SWITCH, "sh", release.name], site.folder)
