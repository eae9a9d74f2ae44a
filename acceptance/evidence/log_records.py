"""The log of a site, split into records, and the part of it that fits on a screen."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from acceptance.evidence.tracebacks import (
    direct_causes,
    has_traceback,
    origin,
    outside_libraries,
)

_MOST_RECORDS = 3
_MOST_LINES = 25

# The formats of the site, of gunicorn, and of systemd's messages about a service in its journal.
_SITE = re.compile(
    r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} (?P<level>[A-Z]+) (?P<logger>[\w.]+)"
    r"(?: \[(?P<request_id>[^]]+)\])?: "
)
_GUNICORN = re.compile(r"\[[^]]+\] \[\d+\] \[(?P<level>[A-Z]+)\] ")
_SYSTEMD = re.compile(r"\S+\.service: |(?:Started|Starting|Stopped|Stopping|Reloading) ")

# The loggers of exceptions that no code of the site has caught.
_OF_LAST_RESORT = {"django.request", "gunicorn"}


@dataclass(frozen=True)
class LogRecord:
    """A record of a log, with its traceback.

    Attributes:
        lines: its lines.
        level: `ERROR` and so on, or "" if it has none.
        logger: the name of its logger, or "" if it has none.
        request_id: the request during which it was logged, or None outside of requests.

    """

    lines: tuple[str, ...]
    level: str = ""
    logger: str = ""
    request_id: str | None = None

    @property
    def has_traceback(self) -> bool:
        """Whether it has a traceback."""
        return has_traceback(self.lines)

    @property
    def is_error(self) -> bool:
        """Whether its level is that of an error."""
        return self.level in {"ERROR", "CRITICAL"}

    @property
    def is_unhandled_exception(self) -> bool:
        """Whether it reports an exception that no code of the site has caught."""
        return self.has_traceback and self.is_error and self.logger in _OF_LAST_RESORT

    @property
    def message(self) -> str:
        """Its first line, without what its format puts before it."""
        for form in (_SITE, _GUNICORN):
            if found := form.match(self.lines[0]):
                return self.lines[0][found.end() :]
        return self.lines[0]

    @property
    def cause(self) -> str:
        """The exception, what it was raised from, and the place; the first line if there is none.

        The place is that of the first exception, as far as that passed through the site's own code.
        """
        if not self.has_traceback:
            return self.lines[0]
        return direct_causes(self.lines)[-1].named + origin(self.lines)

    @property
    def brief(self) -> str:
        """The record without the frames of libraries, and without the middle of a long one."""
        lines = list(outside_libraries(self.lines))
        left_out = len(lines) - _MOST_LINES
        if left_out > 0:
            lines[1 : left_out + 1] = [f"({left_out} lines omitted)"]
        return "\n".join(lines)

    def __str__(self) -> str:
        """Return the record as it was logged."""
        return "\n".join(self.lines)


def records_in(log: str) -> Sequence[LogRecord]:
    """Split a log into its records."""
    return tuple(_record(lines) for lines in _grouped(log.splitlines()))


def concerning(records: Iterable[LogRecord], requests: Collection[str]) -> Sequence[LogRecord]:
    """Return the records of requests with these IDs, and those outside of any request."""
    return [each for each in records if each.request_id is None or each.request_id in requests]


def most_relevant(records: Sequence[LogRecord]) -> Sequence[LogRecord]:
    """Return the last few records with a traceback, or if there are none, the last few of all.

    Other records may show what led to a failure.
    """
    wrong = [record for record in records if record.has_traceback]
    return wrong[-_MOST_RECORDS:] or records[-_MOST_RECORDS:]


def _grouped(lines: Iterable[str]) -> Iterator[list[str]]:
    group: list[str] = []
    for line in lines:
        if group and _begins(line):
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _begins(line: str) -> bool:
    return any(form.match(line) for form in (_SITE, _GUNICORN, _SYSTEMD))


def _record(lines: Sequence[str]) -> LogRecord:
    if found := _SITE.match(lines[0]):
        return LogRecord(tuple(lines), found["level"], found["logger"], found["request_id"])
    if found := _GUNICORN.match(lines[0]):
        return LogRecord(tuple(lines), found["level"], "gunicorn")
    return LogRecord(tuple(lines))
