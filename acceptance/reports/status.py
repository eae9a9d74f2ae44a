"""How a scenario stands, in the words that readers of reports know."""

from enum import Enum


class Status(Enum):
    """What a reader wants to know of a scenario; its slug is also the name of its symbol."""

    PASSED = "passed"
    FAILED = "failed"
    UNWRITTEN = "not automated yet"
    NOT_RUN = "not run"
    PLANNED = "planned"

    @property
    def slug(self) -> str:
        """The status as the name of a class or an element."""
        return self.value.replace(" ", "-")
