"""Fixtures on a server: asked for in JSON, over one process that is kept there for the run.

The other end is `manage.py answer_fixture_requests`: a line for each request, a line for each
answer, as `staging.fixture_requests` describes them.
"""

import getpass
import json
import re
import socket
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any, Protocol
from uuid import uuid4

from features.support.server.connection import Server
from features.support.server.errors import ConnectionLostError, ServerError
from features.support.site_folder import PYTHON, see_site

# Python and Django may take a while to start on a small server; in seconds.
START_TIMEOUT = 20
# Longer than a site waits for a database that others have locked, or for its mail server.
ANSWER_TIMEOUT = 45

# How long nobody else gets the site after a fixture, at least; in seconds.
SHORTEST_HOLD = 120

COMMAND = (PYTHON, "manage.py", "answer_fixture_requests")

_COMMIT = re.compile(r"[0-9a-f]{40}")

_MOST_SHOWN = 200
"""How many characters of an answer that is none are shown."""

_READY = json.dumps({"ready": True})


class FixtureRefusedError(ServerError):
    """The site on the server refuses to be changed; the message is its own."""


class FixtureFailedError(ServerError):
    """A fixture broke on the server; the message holds the server's own traceback.

    Attributes:
        sentence: what went wrong, without the traceback.

    """

    def __init__(self, message: str, sentence: str) -> None:
        super().__init__(message)
        self.sentence = sentence


class FixtureProgram(Protocol):
    """A process that answers fixture requests, spoken to in lines of UTF-8."""

    def write_line(self, line: str) -> None:
        """Hand it a line; raises ConnectionLostError."""

    def write_no_more(self) -> None:
        """Tell it that this was all; raises ConnectionLostError."""

    def read_line(self, timeout: float) -> str:
        """Wait so many seconds for its next line; raises ConnectionLostError."""

    def errors(self) -> str:
        """Return the end of what it wrote on stderr."""

    def close(self) -> None:
        """Let it end."""


class FixturePrograms(Protocol):
    """Where such processes run.

    Attributes:
        shown: that, in a few words.

    """

    shown: str

    def start(self, *options: str) -> FixtureProgram:
        """Start one, over the connection that is there.

        Raises:
            ConnectionLostError: there is no connection any more.
            ServerError: it cannot be started.

        """

    def facts_of_server(self) -> Mapping[str, Any]:
        """Return what such a process does not know of the server when it describes the site.

        Raises:
            ServerError: the server does not tell.

        """


class ProgramsOnServer:
    """They run beside the site, with its own code."""

    shown = "one process answers for the whole run"

    def __init__(self, server: Server, folder: str) -> None:
        self._server = server
        self._folder = folder

    def start(self, *options: str) -> FixtureProgram:
        """Start one in the site's folder."""
        return self._server.start((*COMMAND, *options), self._folder)

    def facts_of_server(self) -> Mapping[str, Any]:
        """Return nothing: there they know it all."""
        return {}


@dataclass(frozen=True)
class SiteDescription:
    """What a site on a server says of itself.

    Attributes:
        site_name: the host name that it answers to.
        commit: the commit that is deployed, 40 hexadecimal digits, or None if nobody knows.
        time: what its clock says, in seconds since 1970.
        marked_for: the site whose database may be wiped, as the database says, or None.
        identity: what tells this database from all others, or None if it may not be wiped.
        production_sites: the names of the production sites that served from that database.
        hold: `holder`, who is using the site for a run, `since` when, and when that `expires_at`,
            both in ISO 8601; may have expired; or None.

    """

    site_name: str
    commit: str | None
    time: float
    marked_for: str | None
    identity: str | None
    production_sites: Sequence[str]
    hold: Mapping[str, str] | None


class RemoteFixtures:
    """Asks the site in a folder of a server for fixtures.

    Attributes:
        slow_because: why each fixture starts a process of its own, or None as long as one is kept.

    """

    def __init__(  # noqa: PLR0913 (what tests change has names)
        self,
        server: Server,
        folder: str,
        host: str,
        *,
        start_timeout: float = START_TIMEOUT,
        answer_timeout: float = ANSWER_TIMEOUT,
        longest_wait: float = 0,
        programs: FixturePrograms | None = None,
    ) -> None:
        """Ask for nothing yet.

        Args:
            server: where the site is.
            folder: where it lies there; may start with ~/.
            host: the name under which the run knows the site.
            start_timeout: how long the site may take until it can answer, in seconds.
            answer_timeout: how long it may take for an answer, in seconds.
            longest_wait: for how long a step may wait without asking for a fixture, in seconds.
            programs: what answers, or None for processes on the server.

        """
        self._server = server
        self._folder = folder
        self._host = host
        self._start_timeout = start_timeout
        self._answer_timeout = answer_timeout
        self._run = {
            "id": uuid4().hex,
            "holder": f"{getpass.getuser()}@{socket.gethostname()}",
            # A scenario may wait more than once.
            "longest_pause": max(SHORTEST_HOLD, ceil(2 * longest_wait)),
        }
        self._programs = programs or ProgramsOnServer(server, folder)
        self._program: FixtureProgram | None = None
        self._identity: str | None = None
        self.slow_because: str | None = None

    @property
    def answered_by(self) -> str:
        """What answers, in a few words."""
        return self._programs.shown

    def describe(self) -> SiteDescription:
        """Ask the site who it is; changes nothing.

        Raises:
            ServerError: there is no site, or none that answers fixture requests.

        """
        self._start()
        try:
            said = {**self.call("describe"), **self._programs.facts_of_server()}
            return self._description(said)
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            message = (
                f"The site in {self._folder} on {self._server} describes itself in a way that "
                f"cannot be understood ({error}): see that what is deployed there fits this suite."
            )
            raise ServerError(message) from None

    def _description(self, said: Mapping[str, Any]) -> SiteDescription:
        """Return the description, whose parts get into messages, reports and comparisons.

        Raises:
            ValueError: a part is none; the same for KeyError, TypeError and AttributeError.

        """
        marker = said["marker"] or {}
        hold = said["hold"]
        if said["commit"] is not None and not _COMMIT.fullmatch(said["commit"]):
            message = "its commit is none"
            raise ValueError(message)
        if hold is not None:
            for moment in ("since", "expires_at"):
                datetime.fromisoformat(hold[moment])
        # What the run began with, whatever answers later.
        self._identity = self._identity or said["identity"]
        return SiteDescription(
            site_name=str(said["site_name"]),
            commit=said["commit"],
            time=float(said["time"]),
            marked_for=marker.get("site_name"),
            identity=said["identity"],
            # Versions before knew of none.
            production_sites=said.get("production_sites", []),
            hold=hold,
        )

    def reset(self) -> None:
        """Empty the site; connects anew, once, if the connection broke since the last scenario.

        Raises:
            ServerError: the site could not be emptied, or refuses.

        """
        try:
            self._start()
            self.call("reset")
        except ConnectionLostError:
            self._leave()
            self._server.disconnect()
            self._start()
            self.call("reset")

    def call(self, name: str, **arguments: object) -> Any:  # noqa: ANN401 (as the fixture returns)
        """Have a fixture made, and return what it returns.

        Raises:
            FixtureRefusedError: the site refuses.
            FixtureFailedError: the fixture broke there.
            ConnectionLostError: the connection broke before the answer came.

        """
        request = json.dumps(
            {
                "call": name,
                "arguments": arguments,
                "host": self._host,
                "run": self._run,
                "identity": self._identity,
            }
        )
        try:
            line = self._ask(request)
        except ConnectionLostError as error:
            self._leave()
            message = (
                f"{name} was not done on {self._server}, or nobody knows ({error}): the next "
                "scenario connects anew."
            )
            raise ConnectionLostError(message) from None
        return self._understand(name, line)

    def close(self) -> None:
        """Let others use the site again."""
        # Where this cannot be said any more, the hold expires by itself.
        with suppress(ServerError):
            self.call("release")
        self._leave()

    def _ask(self, request: str) -> str:
        if self.slow_because is not None:
            return self._ask_new_program(request)
        if self._program is None:
            message = "the connection broke earlier in this scenario"
            raise ConnectionLostError(message)
        self._program.write_line(request)
        return self._program.read_line(self._answer_timeout)

    def _ask_new_program(self, request: str) -> str:
        # The hold must outlive the process, which ends with this request.
        program = self._programs.start("--keep-hold")
        try:
            program.write_line(request)
            program.write_no_more()
            self._see_ready(program)
            return program.read_line(self._answer_timeout)
        finally:
            program.close()

    def _start(self) -> None:
        """Start the process that answers, unless it is running or cannot be kept."""
        if self._program is not None:
            return
        self._server.connect()
        if self.slow_because is not None:
            return
        program = self._programs.start()
        try:
            self._see_ready(program)
        except ConnectionLostError as error:
            program.close()
            if not self._server.is_connected:
                raise
            self._go_on_slowly(error, self._explain(program, error))
        else:
            self._program = program

    def _go_on_slowly(self, error: ConnectionLostError, explanation: ServerError) -> None:
        """Ask a process of its own for each fixture, if that works at least."""
        request = json.dumps({"call": "describe", "arguments": {}})
        try:
            self._understand("describe", self._ask_new_program(request))
        except ServerError:
            raise explanation from None
        self.slow_because = (
            f"No process that answers fixture requests can be kept on {self._server} ({error}), so "
            "each fixture starts Python anew, which takes about half a second: see that the "
            "server runs commands as they are, with their input and output passed on at once."
        )

    def _see_ready(self, program: FixtureProgram) -> None:
        line = program.read_line(self._start_timeout)
        if line != _READY:
            message = f"it printed {line[:_MOST_SHOWN]!r} instead of that it is ready"
            raise ConnectionLostError(message)

    def _explain(self, program: FixtureProgram, error: ConnectionLostError) -> ServerError:
        said = program.errors()
        if "Unknown command" in said:
            return FixtureRefusedError(
                f"The site in {self._folder} on {self._server} cannot be tested, because its app "
                "`staging` is not installed: on a production site that is as it should be; see "
                "that you named your staging host, and how it was deployed (docs/staging.md)."
            )
        try:
            see_site(self._server, self._folder)
        except ServerError as reason:
            return reason
        return ServerError(
            f"manage.py answers no fixture requests in {self._folder} on {self._server}, because "
            f"{str(error).removesuffix('.')}."
        )

    def _understand(self, name: str, line: str) -> Any:  # noqa: ANN401 (as the fixture returns)
        try:
            reply = json.loads(line)
        except ValueError:
            reply = {}
        match reply:
            case {"answer": answer}:
                return answer
            case {"refused": str(sentence)}:
                raise FixtureRefusedError(sentence)
            case {"failed": str(sentence), "traceback": str(traceback)}:
                message = f"{name} failed on {self._server}: {sentence}\n{traceback}".rstrip()
                raise FixtureFailedError(message, sentence)
        message = (
            f"{name} was answered by {self._server} with what is no answer: {line[:_MOST_SHOWN]!r}."
        )
        raise ServerError(message)

    def _leave(self) -> None:
        if self._program is not None:
            self._program.close()
            self._program = None
