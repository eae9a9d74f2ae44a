"""What ends a task."""


class DeploymentError(Exception):
    """A task cannot go on; the message says why, and what to do next."""
