"""Why a run cannot begin, or not go on: each message is a sentence for the person who runs it."""


class ConfigurationError(Exception):
    """A setting of the run cannot be used; the message says which, why and what to type."""
