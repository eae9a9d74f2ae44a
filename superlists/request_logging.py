"""Log lines that name the request they belong to."""

import logging

from django.http import HttpRequest
from django_guid import get_guid


class RequestFormatter(logging.Formatter):
    """Adds ` (GET /the/path)` to the message of a record that carries a Django request.

    Only the path: the query string of a login link is a secret. `%(request_tag)s` in the format
    stands for ` [ID]` while a request is answered, and for nothing otherwise.
    """

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        """Format the record, without its traceback, as `logging` asks for it."""
        request_id = get_guid()
        record.request_tag = f" [{request_id}]" if request_id else ""
        line = super().formatMessage(record)
        request = getattr(record, "request", None)
        # Django's development server puts a socket under the same name.
        if isinstance(request, HttpRequest):
            line += f" ({_on_one_line(f'{request.method} {request.path}')})"
        return line


def _on_one_line(text: str) -> str:
    # The client chooses the path: a line break in it must not forge a second log line.
    return text.encode("unicode_escape").decode("ascii")
