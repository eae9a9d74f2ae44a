"""The duration of a run, by the clock."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from behave.reporter.summary import SummaryReporter
from behave.runner import Context


@contextmanager
def true_run_time(context: Context) -> Iterator[None]:
    """Make behave's summary show the duration of the run.

    By default, behave 1.3 adds up the steps of scenarios outside of rules.
    """
    began = time.monotonic()
    yield
    for reporter in context.config.reporters:
        if isinstance(reporter, SummaryReporter):
            reporter.duration = time.monotonic() - began
