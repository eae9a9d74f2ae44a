"""Switching a site to a release so that it serves only what was seen to answer.

Between the switch and the moment when the site has answered, the connection may break, or the
process here may be killed. So before the switch the server starts a guard of its own, which puts
the release from before back unless it hears in time that all is well. A link, `current.before`, is
what it would put back: renaming one takes no room, not even on a full disk, and whoever takes it
away first, the guard or the deployment, has decided.
"""

import shlex
from collections.abc import Iterator
from contextlib import contextmanager

from acceptance.hosts.errors import ConnectionLostError, ServerError
from fabfile.deployed_site import Site
from fabfile.errors import DeploymentError
from fabfile.interruption import shielded
from fabfile.locked_shell import ALIVE, CommandFailedError, LockedShell
from fabfile.progress import tell

PATIENCE = 180
"""How long the guard waits for the site to have answered, in seconds."""

RESTART_TIMEOUT = 120
"""How long a restart may take, in seconds."""

_NONE = "none"
"""What the link leads to where nothing served before."""

# Takes the switch back, unless that is decided already. $1 is a release that is not to be gone back
# to, or "".
_GO_BACK = """\
if [ ! -L current.reverting ]; then
    mv -T current.before current.reverting || exit 0
fi
if [ "$(readlink current.reverting)" = {none} ]; then
    rm -f current current.reverting
else
    mv -T current.reverting current
fi
if [ -e "releases/$1/COMMIT" ] && [ -n "$1" ]; then
    mv -f "releases/$1/COMMIT" "releases/$1/TAKEN_BACK"
fi
sudo --non-interactive {restart}
"""

# Whoever deploys holds the second lock as long as the connection is there, or a command still runs.
# The guard holds the first one: nobody else deploys until it has ended.
_GUARD = """\
trap '' HUP INT TERM PIPE
exec 7>>{alive}
flock --timeout {patience} 7
{go_back}
"""

# Prints the names of the release that was switched to and of the one before, if that is left.
_WHAT_IS_LEFT = """\
for link in current.reverting current.before; do
    if [ -L "$link" ]; then
        basename "$(readlink current)"
        basename "$(readlink "$link")"
        exit
    fi
done
"""

_BEGIN = """\
rm -f current.before
if [ -L current ]; then
    cp -P current current.before
else
    ln -s {none} current.before
fi || exit
setsid sh -c "$1" sh "$2" </dev/null >/dev/null 2>&1 8>&- &
echo $!
"""


class NotSwitchedBackError(DeploymentError):
    """A switch could not be taken back from here; says what becomes of it."""


@contextmanager
def switched_back_on_failure(shell: LockedShell, site: Site, release: str = "") -> Iterator[None]:
    """Let the release from before serve again unless the block succeeds, whatever becomes of us.

    Args:
        shell: holds the lock.
        site: whose release is switched in the block.
        release: the name of a release that is not to be gone back to if the block fails, or "".

    Raises:
        NotSwitchedBackError: the block failed, and so did going back.
        DeploymentError: the server has gone back already, because it took too long.
        ServerError: the server cannot be worked with.

    """
    begin = _BEGIN.format(none=_NONE)
    guard = _GUARD.format(alive=ALIVE, patience=PATIENCE, go_back=_going_back(site))
    number = shell.run(["sh", "-c", begin, "sh", guard, release], site.folder)
    try:
        yield
        _confirm(shell, site)
    except BaseException as error:
        with shielded():
            try:
                tell("going back", "to what served before")
                _go_back(shell, site, release)
            except ConnectionLostError:
                sentence = str(error).rstrip(".") or type(error).__name__
                message = (
                    f"{sentence}; the server lets the release from before serve again by itself, "
                    f"in {PATIENCE} s at the latest: see `fab -H {site.user}@{site.host} status`."
                )
                raise NotSwitchedBackError(message) from None
            except ServerError as second:
                message = (
                    f"{error} Going back failed, too ({str(second).rstrip('.')}): look with "
                    f"`fab -H {site.user}@{site.host} status`, and deploy again."
                )
                raise NotSwitchedBackError(message) from None
            _end_guard(shell, number)
        raise
    with shielded():
        _end_guard(shell, number)


def finish_what_was_left(shell: LockedShell, site: Site) -> None:
    """Go back where a switch was never confirmed, and its guard was ended, as by a reboot.

    Raises:
        ServerError: the server cannot be worked with.

    """
    left = shell.run(["sh", "-c", _WHAT_IS_LEFT], site.folder).splitlines()
    if left:
        unconfirmed, before = left
        # One that is earlier than what served was a good one once.
        is_new = before == _NONE or unconfirmed > before
        with shielded():
            tell("going back", "to what served before a deployment that was not finished")
            _go_back(shell, site, unconfirmed if is_new else "")


def _confirm(shell: LockedShell, site: Site) -> None:
    try:
        shell.run(["rm", "current.before"], site.folder)
    except CommandFailedError:
        message = (
            f"{site.host} serves the release from before again, because it took more than "
            f"{PATIENCE} s until the new one had answered: see how busy it is, and deploy again."
        )
        raise DeploymentError(message) from None


def _go_back(shell: LockedShell, site: Site, release: str) -> None:
    shell.run(["sh", "-c", _going_back(site), "sh", release], site.folder, RESTART_TIMEOUT)


def _going_back(site: Site) -> str:
    return _GO_BACK.format(none=_NONE, restart=shlex.join(site.restart))


def _end_guard(shell: LockedShell, number: str) -> None:
    # With what it waits in; it may have ended by itself.
    shell.run(["sh", "-c", 'kill -KILL -- "-$1" 2>/dev/null; true', "sh", number])
