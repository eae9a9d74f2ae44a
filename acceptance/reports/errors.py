"""What keeps a report from being made."""


class ReportError(Exception):
    """No report could be made; the message says in one sentence why, and what to do next."""
