"""The log of a server during a scenario."""

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

# In seconds. The site logs before it answers, so little is missing when a step has failed.
_PAUSE = 0.25
_LONGEST = 2.0

_MOST_CHARACTERS = 1_000_000

# A program that follows a log never reads its input, so it would not notice that the command that
# started it has ended.
_UNTIL_THE_END_OF_INPUT = """\
exec 3<&0
{ read -r _ <&3; kill $$; } >/dev/null 2>&1 &
exec "$@" </dev/null 3<&-
"""


class ServerLog:
    """Follows the log of a site: the journal of a systemd unit, or a file.

    It is followed once, for all readers.
    """

    def __init__(self, host: Host, log: str) -> None:
        self._host = host
        self._log = log
        self._follower: Program | None = None
        self._logged = ""
        self._forgotten = 0
        self._lock = RLock()

    def begin(self) -> int:
        """Follow the log, unless it is already followed.

        Returns:
            The present position in the log, for `since`.

        Raises:
            ConnectionLostError: there is no connection.

        """
        with self._lock:
            if self._follower is None or not self._follower.is_running:
                command, folder = self._following()
                ending = ["sh", "-c", _UNTIL_THE_END_OF_INPUT, "sh", *command]
                self._follower = self._host.start(ending, folder)
            self._remember(self._follower.read_what_is_there())
            return self._forgotten + len(self._logged)

    def since(self, place: int, *, patiently: bool) -> Sequence[LogRecord]:
        """Return the records since a position in the log.

        Args:
            place: the position that `begin` returned.
            patiently: whether to wait until no more lines arrive.

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
        """Check that the log can be read, and return its name.

        Raises:
            ServerError: it cannot be read.

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
