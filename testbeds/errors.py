"""The errors that end a test bed."""


class TestBedError(Exception):
    """A test bed cannot start or continue; the message gives the reason and what to do next."""

    # pytest would take this for a class of tests because of its name.
    __test__ = False


class MachineError(TestBedError):
    """This machine cannot run a rehearsal; the message says what is missing."""
