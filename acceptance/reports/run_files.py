"""The files that runs leave behind: `behave -f messages -o reports/run.ndjson`."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from cucumber_messages import Envelope
from cucumber_messages.json_converter import snake_to_camel

from acceptance.evidence.facts import Facts, facts_in
from acceptance.reports.errors import ReportError

Message = Mapping[str, Any]

KINDS = frozenset(snake_to_camel(field.name) for field in fields(Envelope))

RUN_AGAIN = "run it again with `behave -f messages -o {path}`"


@dataclass(frozen=True)
class RecordedRun:
    """A run, as its file records it.

    Attributes:
        path: the file.
        messages: all that happened, in order.

    """

    path: Path
    messages: Sequence[Message]

    def all(self, kind: str) -> list[Any]:
        """Return the messages of a kind, such as "pickle"."""
        return [message[kind] for message in self.messages if kind in message]

    def facts(self) -> Facts | None:
        """Return what the suite attached to the run about the run itself; None where it did not."""
        for attachment in self.all("attachment"):
            if "testRunStartedId" in attachment and attachment["mediaType"] == "application/json":
                facts = facts_in(attachment["body"])
                if facts is not None:
                    return facts
        return None

    def place(self) -> str | None:
        """Return where the run was, in a word: "local", or the host of a deployed site."""
        facts = self.facts()
        return facts.where if facts else None


def read_run(path: Path) -> RecordedRun:
    """Read the file of a run.

    Raises:
        ReportError: there is none, or it is something else, or its end is missing.

    """
    again = RUN_AGAIN.format(path=path)
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        message = f"{path} does not exist: make it with `behave -f messages -o {path}`."
        raise ReportError(message) from None
    except OSError as error:
        message = f"{path} cannot be read ({error.strerror}): name the file of a run instead."
        raise ReportError(message) from None
    except UnicodeDecodeError:
        message = f"{path} is not text: name the file that `behave -f messages -o FILE` wrote."
        raise ReportError(message) from None
    # Nothing but a line feed ends a line: JSON may hold all else that Unicode breaks lines at.
    lines = text.removesuffix("\n").split("\n")
    if not text:
        message = f"{path} is empty, so its run ended before it began: {again}."
        raise ReportError(message)
    messages = []
    for number, line in enumerate(lines, 1):
        message = _json(line)
        if _is_envelope(message):
            messages.append(message)
        elif messages and number == len(lines) and not text.endswith("\n"):
            broken = f"{path} ends in the middle of line {number}, as its run did: {again}."
            raise ReportError(broken)
        else:
            broken = (
                f"{path} holds no Cucumber Messages (line {number} is none): "
                "name the file that `behave -f messages -o FILE` wrote."
            )
            raise ReportError(broken)
    run = RecordedRun(path, messages)
    if not run.all("testRunStarted"):
        message = f"{path} tells of no run, only of other things: {again}."
        raise ReportError(message)
    return run


def _is_envelope(message: Any) -> bool:  # noqa: ANN401 (any JSON)
    return (
        isinstance(message, dict)
        and len(message) == 1
        and message.keys() <= KINDS
        and all(isinstance(content, dict) for content in message.values())
    )


def _json(text: str) -> Any:  # noqa: ANN401
    try:
        return json.loads(text)
    except ValueError:
        return None
