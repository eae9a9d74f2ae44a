"""What ends a test bed."""


class TestBedError(Exception):
    """A test bed cannot start or go on; the message says why, and what to do next."""

    # pytest takes the name for that of a class of tests.
    __test__ = False


class MachineError(TestBedError):
    """This machine cannot hold a rehearsal; the message says what is missing."""
