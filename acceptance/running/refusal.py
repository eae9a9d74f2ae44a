"""Why a run does not begin."""


class RunRefusedError(Exception):
    """The run cannot begin; the message says in one sentence why, and what to type."""
