"""The errors that a person can do something about: each message says what is wrong, and what to do.

The steps of a scenario fail with AssertionError besides; all else is an error of the suite's own,
whose traceback tells where.
"""


class ExplainedError(Exception):
    """Something keeps a run from beginning or a step from being done; the message says it all."""


class ConfigurationError(ExplainedError):
    """A setting of the run cannot be used; the message says which, why and what to type."""


class NotReadyError(ExplainedError):
    """Something that a run needs is not there."""


class SiteError(ExplainedError):
    """The site, or what the test side has to do with it, cannot be used."""
