"""The folder of a deployed site on a server: is all there, and if not, what exactly is wrong."""

import posixpath

from acceptance.hosts.connection import Server
from acceptance.hosts.errors import CommandFailedError, ServerError
from acceptance.hosts.presence import ABSENT

PYTHON = "virtualenv/bin/python"

# Prints what is missing. What cannot be looked at ends it with status 1.
_LOOK = f"""{ABSENT}
folder=$1
if absent "$folder"; then echo folder; exit; fi
ls "$folder/." >/dev/null || exit
cd "$folder" || exit
if absent manage.py; then echo manage.py; exit; fi
if absent virtualenv; then
    for other in .venv venv env .virtualenv; do
        if [ -e "$other/bin/python" ]; then printf '%s\\n' "$other"; exit; fi
    done
    echo virtualenv
    exit
fi
if absent {PYTHON}; then echo {PYTHON}; exit; fi
{PYTHON} -c '' >/dev/null || exit
[ -r manage.py ] || {{ echo "manage.py: Permission denied" >&2; exit 1; }}
echo complete
"""


class NoSiteError(ServerError):
    """There is no deployed site in a folder: it was looked at, and is not there."""


def see_site(server: Server, folder: str) -> None:
    """See that a folder of a server holds a site that can be run.

    Raises:
        NoSiteError: there is none.
        ServerError: it cannot be looked at, or what is there does not run; says why.

    """
    where = f"{folder} on {server}"
    try:
        found = server.run(["sh", "-c", _LOOK, "sh", _from_home(folder)], _start(folder)).strip()
    except CommandFailedError as error:
        reason = str(error).partition(" with status ")[2].partition(": ")[2].rstrip(".")
        message = (
            f"The site in {where} cannot be used ({reason or error}): correct that there, or name "
            "another folder with -D site_folder=PATH."
        )
        raise ServerError(message) from None
    if found == "complete":
        return
    elsewhere = "deploy it, or say where it is with -D site_folder=PATH."
    if found == "folder":
        message = f"There is no deployed site in {where}, for there is no such folder: {elsewhere}"
        raise NoSiteError(message)
    if found in {"manage.py", "virtualenv", PYTHON}:
        message = f"There is no deployed site in {where}, for it has no {found}: {elsewhere}"
        raise NoSiteError(message)
    message = (
        f"The site in {where} has its environment in {found}/, where neither the suite nor `fab` "
        f"looks: type `ln -s {found} virtualenv` in that folder."
    )
    raise ServerError(message)


def _start(folder: str) -> str:
    """Return a folder that is there, to look from."""
    return "~/" if folder.startswith("~/") else "/"


def _from_home(folder: str) -> str:
    return posixpath.join(".", folder.removeprefix("~/")) if folder.startswith("~/") else folder
