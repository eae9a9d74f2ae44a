"""The statuses of scenarios, in the words that readers of reports know."""

from enum import Enum


class Status(Enum):
    """How a scenario ended, or why it has no result; its slug also names its symbol."""

    PASSED = "passed"
    FAILED = "failed"
    UNWRITTEN = "not automated yet"
    NOT_RUN = "not run"
    PLANNED = "planned"

    @property
    def slug(self) -> str:
        """The status as the name of a class or an element."""
        return self.value.replace(" ", "-")
