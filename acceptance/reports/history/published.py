"""The runs that a published page has beside it, so that the next one can be compared with them."""

import time
from collections.abc import Iterable
from urllib.parse import urljoin, urlsplit

import urllib3

from acceptance.reports.errors import ReportError
from acceptance.reports.history.past_run import DamagedRunError, PastRun, lines_of, runs_in

FILE = "runs.ndjson"
"""What the file is called: all runs that are kept, one after the other."""

MOST_BYTES = 100_000_000
"""How large it may be."""

TIMEOUT = 30
"""How long the server may be silent, in seconds."""

_OK, _NOT_FOUND = 200, 404


def text_of(runs: Iterable[PastRun]) -> str:
    """Return the content of the file that is published."""
    return "".join(
        line for run in sorted(runs, key=lambda run: run.started) for line in lines_of(run)
    )


def published_runs(page: str) -> list[PastRun]:
    """Return the runs beside a published page; there are none where it was never published.

    Args:
        page: the address of the page, or of the folder that holds it.

    Raises:
        ReportError: it cannot be known what is there, so that to publish would lose it.

    """
    # A name of its own for each request, as what a CDN keeps may be the file before the last.
    address = f"{urljoin(page, FILE)}?at={time.time_ns()}"
    if urlsplit(address).scheme not in {"http", "https"}:
        message = f"{page} is not the address of a page: name one that begins with https://."
        raise ReportError(message)
    pool = urllib3.PoolManager(timeout=TIMEOUT, retries=urllib3.Retry(3, backoff_factor=1))
    try:
        response = pool.request("GET", address, preload_content=False)
        content = response.read(MOST_BYTES + 1)
    except urllib3.exceptions.HTTPError as error:
        reason = getattr(error, "reason", error)
        raise _unknown(page, f"the server does not answer: {reason}") from None
    finally:
        pool.clear()
    if response.status == _NOT_FOUND:
        return []
    if response.status != _OK:
        raise _unknown(page, f"the server answers with the status {response.status}")
    if len(content) > MOST_BYTES:
        raise _unknown(page, f"it is larger than {MOST_BYTES:,} bytes")
    try:
        return list(runs_in(content.decode("utf-8")))
    except UnicodeDecodeError:
        raise _unknown(page, "it is not text") from None
    except DamagedRunError as error:
        raise _unknown(page, str(error)) from None


def _unknown(page: str, reason: str) -> ReportError:
    return ReportError(
        f"The runs published with {page} cannot be read ({' '.join(reason.split())}): try again, "
        "or leave this step out once, which begins a new history."
    )
