"""What the workers of a run share of a deployed site, kept in one process beside them."""


class Sharing:
    """The process that holds what workers share; they reach it through this object."""

    def stop(self) -> None:
        """Give the site back, and end the process; call it when all workers have ended."""


def start_sharing() -> Sharing:
    """Start the process; it contacts nothing before a worker asks it to.

    Call this before the workers are forked, which inherit the way to it.
    """
    return Sharing()
