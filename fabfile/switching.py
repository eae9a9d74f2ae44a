"""Switch a site to a release, and back unless the release answers.

Between the switch and the answer of the site, the connection may break, or the process here may be
killed. Therefore the server starts a guard before the switch, which puts the previous release back
unless the switch is confirmed in time. The link `current.before` names that release. Renaming a
link works even on a full disk, and the guard or the deployment, whichever takes the link away
first, has decided.
"""

import shlex
from collections.abc import Iterator
from contextlib import contextmanager

from acceptance.hosts.errors import ConnectionLostError, ServerError
from fabfile.deployed_site import Site
from fabfile.errors import DeploymentError
from fabfile.interruption import shielded
from fabfile.locked_shell import ALIVE, CommandFailedError, LockedShell
from fabfile.progress import show

PATIENCE = 180
"""How long the guard waits for the confirmation that the site has answered, in seconds."""

RESTART_TIMEOUT = 120
"""How long a restart may take, in seconds."""

_NONE = "none"
"""The target of the link if nothing served before."""

# Switches back, unless that has been decided already. $1 is a release that must not be used again,
# or "".
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

# The deployment holds the second lock while its connection lives or a command still runs. The guard
# holds the first one, so that no one else deploys until it has ended.
_GUARD = """\
trap '' HUP INT TERM PIPE
exec 7>>{alive}
flock --timeout {patience} 7
{go_back}
"""

# Prints the names of the new release and of the previous one, if a switch was left unconfirmed.
_UNCONFIRMED = """\
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
    """A switch could not be undone from here; the message explains what happens next."""


@contextmanager
def switched_back_on_failure(shell: LockedShell, site: Site, release: str = "") -> Iterator[None]:
    """Let the previous release serve again unless the block succeeds, even if we are killed.

    Args:
        shell: the shell that holds the lock.
        site: the site whose release is switched in the block.
        release: the name of a release that must not be used again if the block fails, or "".

    Raises:
        NotSwitchedBackError: the block failed, and so did going back.
        DeploymentError: the block took too long, and the server has gone back already.
        ServerError: the server cannot be used.

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
                show("going back", "to the previous release")
                _go_back(shell, site, release)
            except ConnectionLostError:
                sentence = str(error).rstrip(".") or type(error).__name__
                message = (
                    f"{sentence}; the server itself goes back to the previous release within "
                    f"{PATIENCE} s: check with `fab -H {site.user}@{site.host} status`."
                )
                raise NotSwitchedBackError(message) from None
            except ServerError as second:
                message = (
                    f"{error} Going back failed, too ({str(second).rstrip('.')}): check with "
                    f"`fab -H {site.user}@{site.host} status`, and deploy again."
                )
                raise NotSwitchedBackError(message) from None
            _end_guard(shell, number)
        raise
    with shielded():
        _end_guard(shell, number)


def finish_interrupted_switch(shell: LockedShell, site: Site) -> None:
    """Go back if a switch was never confirmed and its guard has ended, as after a reboot.

    Raises:
        ServerError: the server cannot be used.

    """
    left = shell.run(["sh", "-c", _UNCONFIRMED], site.folder).splitlines()
    if left:
        unconfirmed, before = left
        # A release that is older than the previous one has worked once.
        is_new = before == _NONE or unconfirmed > before
        with shielded():
            show("going back", "to the release before a deployment that was not finished")
            _go_back(shell, site, unconfirmed if is_new else "")


def _confirm(shell: LockedShell, site: Site) -> None:
    try:
        shell.run(["rm", "current.before"], site.folder)
    except CommandFailedError:
        message = (
            f"{site.host} serves the previous release again, because the new one took more than "
            f"{PATIENCE} s to answer: check how busy the server is, and deploy again."
        )
        raise DeploymentError(message) from None


def _go_back(shell: LockedShell, site: Site, release: str) -> None:
    shell.run(["sh", "-c", _going_back(site), "sh", release], site.folder, RESTART_TIMEOUT)


def _going_back(site: Site) -> str:
    return _GO_BACK.format(none=_NONE, restart=shlex.join(site.restart))


def _end_guard(shell: LockedShell, number: str) -> None:
    # Including the process in which it waits; it may have ended by itself.
    shell.run(["sh", "-c", 'kill -KILL -- "-$1" 2>/dev/null; true', "sh", number])
