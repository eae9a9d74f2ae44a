"""What a server logs while a scenario runs."""

import posixpath
from collections.abc import Sequence
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
    """Follows the log of a site: the journal of a systemd unit, or a file."""

    def __init__(self, host: Host, log: str) -> None:
        self._host = host
        self._log = log
        self._follower: Program | None = None
        self._logged = ""

    def begin(self) -> None:
        """Leave out what was logged until now.

        Raises:
            ConnectionLostError: the connection is not there.

        """
        if self._follower is None or not self._follower.is_running:
            command, folder = self._following()
            ending = ["sh", "-c", _UNTIL_THE_END_OF_INPUT, "sh", *command]
            self._follower = self._host.start(ending, folder)
        self._follower.skip()
        self._logged = ""

    def since_begin(self, *, patiently: bool) -> Sequence[LogRecord]:
        """Return what was logged since.

        Args:
            patiently: wait until nothing more comes; otherwise, return at once.

        """
        if self._follower is not None:
            more = (
                self._follower.read_until_quiet(_PAUSE, _LONGEST)
                if patiently
                else self._follower.read_what_is_there()
            )
            self._logged = (self._logged + printable(more))[-_MOST_CHARACTERS:]
        return records_in(self._logged)

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
        if self._follower is not None:
            self._follower.close()
            self._follower = None

    def _following(self) -> tuple[Sequence[str], str]:
        """Return the command that follows the log, and the folder in which it runs."""
        if self._log.startswith(JOURNAL):
            unit = self._log.removeprefix(JOURNAL)
            follow = ["journalctl", "--quiet", "--follow", "--lines=0", "--output=cat"]
            return [*follow, f"--unit={unit}"], "/"
        folder, name = posixpath.split(self._log)
        return ["tail", "-n", "0", "-F", f"./{name}"], folder
