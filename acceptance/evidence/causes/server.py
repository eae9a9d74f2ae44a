"""The causes that the server reports in its log."""

import re
from collections.abc import Iterable, Iterator, Sequence
from http import HTTPStatus

from acceptance.evidence.causes.answers import Answers
from acceptance.evidence.causes.cause import Cause, Kind
from acceptance.evidence.log_records import LogRecord

# Django's words for a form without a valid token: "Forbidden (CSRF token missing.): /lists/new".
_REFUSED_FORM = re.compile(r"Forbidden \((?P<reason>.+?)\.?\): (?P<path>\S+)")

TEMPLATES = "acceptance.templates"
"""The logger of variables of templates that do not exist."""

_SECURITY = "django.security"
_WRONG_METHOD = "Method Not Allowed ("


def exceptions(records: Iterable[LogRecord]) -> list[Cause]:
    """Return the exceptions that no code of the site has caught."""
    return [
        Cause(Kind.EXCEPTION, f"the site broke: {record.cause}")
        for record in records
        if record.is_unhandled_exception
    ]


def undefined_variables(records: Iterable[LogRecord]) -> list[Cause]:
    """Return the first variable of each template that does not exist.

    A variable that the view leaves out is missing in many places of a template.
    """
    first: dict[str, str] = {}
    for record in records:
        if record.logger == TEMPLATES:
            first.setdefault(record.message.partition(":")[0], record.message)
    return [Cause(Kind.UNDEFINED_VARIABLE, message) for message in first.values()]


def handled_exceptions(records: Iterable[LogRecord]) -> Iterator[Cause]:
    """Yield the exceptions that the site has caught, and logged as errors."""
    for record in records:
        if record.is_error and record.has_traceback and not record.is_unhandled_exception:
            sentence = f"the site logged an error: {record.message}: {record.cause}"
            yield Cause(Kind.HANDLED_EXCEPTION, sentence)


def refused_request(
    records: Sequence[LogRecord], request_id: str, path: str, answers: Answers
) -> Cause | None:
    """Return the logged reason why the site refused a request, if it logged one.

    Args:
        records: what the site logged.
        request_id: the ID of the person's requests.
        path: the path that was requested.
        answers: what is known about the answers of the site.

    """
    for record in reversed(records):
        if record.request_id != request_id or path not in record.message or record.has_traceback:
            continue
        if found := _REFUSED_FORM.match(record.message):
            reason, where = found["reason"], found["path"]
            return Cause(
                Kind.REFUSED_REQUEST, f"the site refused the form: {reason} (POST {where})"
            )
        # Django's other messages about a request say no more than the status of the page.
        refused = f"the site refused the request: {record.message}"
        if record.message.startswith(_WRONG_METHOD):
            maker = answers.maker(request_id, path, HTTPStatus.METHOD_NOT_ALLOWED)
            return Cause(Kind.REFUSED_REQUEST, ", ".join(filter(None, [refused, maker])))
        if record.logger.startswith(_SECURITY):
            return Cause(Kind.REFUSED_REQUEST, refused)
    return None
