"""The error of a report that cannot be made."""


class ReportError(Exception):
    """No report could be made; the message says in one sentence why, and what to do next."""
