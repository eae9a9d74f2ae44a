"""What stands below the message of a step that failed: what else tells why, and where to look."""

import re
from collections.abc import Iterator, Mapping, Sequence

from acceptance.browser.event import BrowserEvent
from acceptance.errors import ExplainedError
from acceptance.evidence.log_records import LogRecord

_MOST_RECORDS = 3
_MOST_LINES = 25
_MOST_EVENTS = 5

_FRAME = re.compile(r'  File "(?P<path>[^"]+)", line \d+, in ')
_LIBRARY = re.compile(r"/site-packages/|/lib/python3")


def message_of(error: Exception) -> str | None:
    """Return what a known trouble has to say; None for an error of the suite's own."""
    if isinstance(error, AssertionError | ExplainedError):
        # Fixtures that fail on a server bring its traceback along.
        said = "\n".join(_without_libraries(str(error).splitlines()))
        return said or "an assertion without a message"
    return None


def explanation(
    records: Sequence[LogRecord],
    events: Mapping[str, Sequence[BrowserEvent]],
    folder: str,
    command: str,
) -> str:
    """Return what stands below the message of a step that failed.

    Args:
        records: what the server logged in the scenario.
        events: what went wrong in the browsers of people, by their names.
        folder: where the evidence lies, or why it does not.
        command: what runs just this scenario again.

    """
    parts = [*_server(records), *_browsers(events), f"Evidence: {folder}\nAgain:    {command}"]
    return "\n\n".join(parts)


def brief(record: LogRecord) -> str:
    """Return a record without the frames of libraries."""
    lines = list(_without_libraries(record.lines))
    left_out = len(lines) - _MOST_LINES
    if left_out > 0:
        lines[1 : left_out + 1] = [f"({left_out} lines are left out)"]
    return "\n".join(lines)


def _server(records: Sequence[LogRecord]) -> Iterator[str]:
    # What went wrong comes first; what was merely noted may tell what led to it.
    wrong = [record for record in records if record.has_traceback]
    shown = wrong[-_MOST_RECORDS:] or list(records[-_MOST_RECORDS:])
    if shown:
        yield "The server logged:\n" + "\n".join(map(brief, shown))


def _browsers(events: Mapping[str, Sequence[BrowserEvent]]) -> Iterator[str]:
    for name, of_person in events.items():
        if of_person:
            # The same on page after page is told once.
            different = list(dict.fromkeys(map(str, of_person)))
            told = "\n".join(f"  {event}" for event in different[-_MOST_EVENTS:])
            yield f"{name}'s browser told of\n{told}"


def _without_libraries(lines: Sequence[str]) -> Iterator[str]:
    in_library = False
    for line in lines:
        if found := _FRAME.match(line):
            in_library = bool(_LIBRARY.search(found["path"]))
        elif not line.startswith("    "):
            in_library = False
        if not in_library:
            yield line
