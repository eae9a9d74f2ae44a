"""Requests for fixtures over a connection: one line of JSON for each, and one for its answer.

`manage.py answer_fixture_requests` runs this on the server, at the other end of an SSH connection.
Both ends write UTF-8. A request is, on one line,

    {"call": "start_list", "arguments": {"owner": null, "items": ["a"], "shared_with": []},
     "host": "staging.example.com",
     "run": {"id": "0123456789abcdef0123456789abcdef", "holder": "elspeth@laptop",
             "longest_pause": 120}}

and its answer is one of

    {"answer": …}
    {"refused": "One sentence: the guard refuses, or the request is invalid."}
    {"failed": "One sentence, or the exception.", "traceback": "Traceback …", or ""}

A run that has read the site's description adds its `"identity"`; the guard refuses a database with
another one. `call` names a fixture (known_fixtures.py) or one of two calls that need less:
`describe` needs only its name, answers with the description (description.py), and writes nothing;
`release` needs the run, and gives the site back.
"""

import json
import re
import traceback
from dataclasses import replace
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.db import (
    DatabaseError,
    DataError,
    IntegrityError,
    InterfaceError,
    close_old_connections,
    connection,
)

from acceptance.server import guard, known_fixtures
from acceptance.server.beginning import Beginning
from acceptance.server.description import describe
from acceptance.server.guard import Run
from acceptance.server.models import HOLDER_LENGTH, Lease, Marker
from acceptance.server.refusal import Refused
from acceptance.server.site import site

LINE_LENGTH = 1_000_000
"""The most bytes in a request, including its line break."""

LONGEST_PAUSE = 3600
"""How long a run may keep the site without a request, in seconds."""

_RUN_ID = re.compile(r"[0-9a-f]{32}")

Answer = dict[str, Any]


class FixtureRequests:
    """Answers requests, and remembers the lease of the run that makes them."""

    def __init__(self, beginning: Beginning) -> None:
        """Take the state of the site when this process began."""
        self._beginning = beginning
        self._lease: Lease | None = None
        self._identity: str | None = None

    def answer_all(self, requests: BinaryIO, answers: BinaryIO) -> None:
        """Write `{"ready": true}`, then answer each line until the input ends."""
        _write(answers, {"ready": True})
        while line := requests.readline(LINE_LENGTH):
            if len(line) == LINE_LENGTH and not line.endswith(b"\n"):
                _skip_line(requests)
                answer = {
                    "refused": f"A request has at most {LINE_LENGTH} bytes: send a shorter one."
                }
            else:
                answer = self.answer(line)
            _write(answers, answer)

    def answer(self, line: bytes) -> Answer:
        """Answer one request; the answer also reports all errors."""
        try:
            return {"answer": self._do(_parse(line))}
        except Refused as refusal:
            return {"refused": str(refusal)}
        except ValidationError as error:
            return {"refused": " ".join(error.messages)}
        except (IntegrityError, DataError) as error:
            return _failure(error)
        except (DatabaseError, InterfaceError) as error:
            # With a new connection, the next request finds a database that is repaired meanwhile.
            connection.close()
            # If the sentence explains the error, a traceback through Django does not help.
            trace = traceback.format_exc() if site().known_meaning(error) is None else ""
            return {"failed": site().sentence_about(error), "traceback": trace}
        except Exception as error:  # noqa: BLE001 (the other end shows it)
            return _failure(error)
        finally:
            # As Django does after each HTTP request, so that the next one works even if the
            # database is replaced or restarted meanwhile.
            close_old_connections()

    def end(self) -> None:
        """Let the run's lease expire soon, if it was not released."""
        if self._lease is not None:
            guard.expire_soon(self._lease)

    def _do(self, request: dict[str, Any]) -> Any:  # noqa: ANN401
        name = request.get("call")
        if name == "release":
            guard.release(_run(request))
            return None
        # Before the database is read, because it may be that of another site.
        self._beginning.check()
        if name == "describe":
            description = describe()
            self._identity = self._identity or description["identity"]
            return description
        fixture = known_fixtures.find(name)
        run = replace(_run(request), identity=_identity(request) or self._first_identity())
        answer, self._lease = known_fixtures.make(
            fixture, request.get("arguments"), _host(request), run, self._beginning
        )
        return answer

    def _first_identity(self) -> str | None:
        """Return the identity of the first marker that this process has seen."""
        if self._identity is None:
            self._identity = Marker.objects.values_list("identity", flat=True).first()
        return self._identity


def _failure(error: Exception) -> Answer:
    summary = " ".join(traceback.format_exception_only(error)).split()
    return {"failed": " ".join(summary), "traceback": traceback.format_exc()}


def _parse(line: bytes) -> dict[str, Any]:
    try:
        request = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError):
        request = None
    if not isinstance(request, dict):
        raise Refused(
            "A request is one JSON object on one line, in UTF-8: see fixture_requests.py."
        )
    return request


def _host(request: dict[str, Any]) -> str:
    host = request.get("host")
    if not isinstance(host, str):
        raise Refused("The request names no host: name the site that it is meant for.")
    return host


def _run(request: dict[str, Any]) -> Run:
    run = request.get("run")
    if isinstance(run, dict) and run.keys() == {"id", "holder", "longest_pause"}:
        key, holder, pause = run["id"], run["holder"], run["longest_pause"]
        is_named = isinstance(key, str) and _RUN_ID.fullmatch(key) and _can_be_shown(holder)
        # isinstance() would accept True as an int.
        if is_named and type(pause) is int and 0 < pause <= LONGEST_PAUSE:
            return Run(id=key, holder=holder, longest_pause=pause)
    raise Refused(
        "The request does not identify its run: give the run an id of 32 hexadecimal digits,"
        f" a holder of 1 to {HOLDER_LENGTH} printable characters, and a longest_pause of 1 to"
        f" {LONGEST_PAUSE} seconds."
    )


def _identity(request: dict[str, Any]) -> str | None:
    identity = request.get("identity")
    if identity is None or (isinstance(identity, str) and _RUN_ID.fullmatch(identity)):
        return identity
    raise Refused(
        "The identity in the request is not 32 hexadecimal digits: see fixture_requests.py."
    )


def _can_be_shown(holder: object) -> bool:
    # It becomes part of a message to others, which it must not falsify.
    return isinstance(holder, str) and 0 < len(holder) <= HOLDER_LENGTH and holder.isprintable()


def _skip_line(requests: BinaryIO) -> None:
    while (rest := requests.readline(LINE_LENGTH)) and not rest.endswith(b"\n"):
        pass


def _write(answers: BinaryIO, answer: Answer) -> None:
    answers.write(json.dumps(answer).encode() + b"\n")
    answers.flush()
