"""What a server logs while a scenario runs."""

import posixpath
from collections.abc import Sequence
from threading import RLock
from typing import TYPE_CHECKING

from acceptance.evidence.log_records import LogRecord, records_in
from acceptance.hosts.host import Host
from acceptance.hosts.printable import printable

if TYPE_CHECKING:
    from acceptance.hosts.program import Program

JOURNAL = "journal:"

# The site logs before it answers, so that little is still on its way when a step has failed. In
# seconds.
_PAUSE = 0.25
_LONGEST = 2.0

_MOST_CHARACTERS = 1_000_000

# What follows a log never reads, and would outlive a command in front that hangs up.
_UNTIL_THE_END_OF_INPUT = """\
exec 3<&0
{ read -r _ <&3; kill $$; } >/dev/null 2>&1 &
exec "$@" </dev/null 3<&-
"""


class ServerLog:
    """Follows the log of a site: the journal of a systemd unit, or a file.

    It is followed once, for all who read what was logged since they began.
    """

    def __init__(self, host: Host, log: str) -> None:
        self._host = host
        self._log = log
        self._follower: Program | None = None
        self._logged = ""
        self._forgotten = 0
        self._lock = RLock()

    def begin(self) -> int:
        """Follow the log, unless that is done.

        Returns:
            where the log is now, for `since`.

        Raises:
            ConnectionLostError: the connection is not there.

        """
        with self._lock:
            if self._follower is None or not self._follower.is_running:
                command, folder = self._following()
                ending = ["sh", "-c", _UNTIL_THE_END_OF_INPUT, "sh", *command]
                self._follower = self._host.start(ending, folder)
            self._remember(self._follower.read_what_is_there())
            return self._forgotten + len(self._logged)

    def since(self, place: int, *, patiently: bool) -> Sequence[LogRecord]:
        """Return what was logged since the log was at a place.

        Args:
            place: what `begin` returned.
            patiently: wait until nothing more comes; otherwise, return at once.

        """
        with self._lock:
            if self._follower is not None:
                self._remember(
                    self._follower.read_until_quiet(_PAUSE, _LONGEST)
                    if patiently
                    else self._follower.read_what_is_there()
                )
            return records_in(self._logged[max(0, place - self._forgotten) :])

    def check(self) -> str:
        """See that the log can be read, and say what it is.

        Raises:
            ServerError: it cannot.

        """
        if self._log.startswith(JOURNAL):
            unit = self._log.removeprefix(JOURNAL)
            self._host.run(["journalctl", "--quiet", "--lines=1", f"--unit={unit}"], "/")
            return f"journal of {unit}"
        folder, name = posixpath.split(self._log)
        self._host.run(["head", "-c", "1", f"./{name}"], folder)
        return self._log

    def close(self) -> None:
        """Stop following."""
        with self._lock:
            if self._follower is not None:
                self._follower.close()
                self._follower = None

    def _remember(self, more: str) -> None:
        logged = self._logged + printable(more)
        self._logged = logged[-_MOST_CHARACTERS:]
        self._forgotten += len(logged) - len(self._logged)

    def _following(self) -> tuple[Sequence[str], str]:
        """Return the command that follows the log, and the folder in which it runs."""
        if self._log.startswith(JOURNAL):
            unit = self._log.removeprefix(JOURNAL)
            follow = ["journalctl", "--quiet", "--follow", "--lines=0", "--output=cat"]
            return [*follow, f"--unit={unit}"], "/"
        folder, name = posixpath.split(self._log)
        return ["tail", "-n", "0", "-F", f"./{name}"], folder
