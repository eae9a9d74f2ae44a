"""What ends a rehearsal."""


class RehearsalError(Exception):
    """The rehearsal cannot go on; the message says why, and what to do next."""


class MachineError(RehearsalError):
    """This machine cannot hold a rehearsal; the message says what is missing."""
