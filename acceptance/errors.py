"""The errors that a person can act on: each message names the problem and what to do about it.

The steps of a scenario also fail with AssertionError. Any other exception is an error in the suite
itself, and its traceback shows where.
"""


class ExplainedError(Exception):
    """A run cannot begin or a step cannot be done; the message explains it in full."""


class ConfigurationError(ExplainedError):
    """A setting of the run cannot be used; the message names it, the reason and what to type."""


class NotReadyError(ExplainedError):
    """Something that a run needs is missing."""


class SiteError(ExplainedError):
    """The site, or the test side's access to it, cannot be used."""
