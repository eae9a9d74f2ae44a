"""The answers of the site to requests, and the places in its code that made them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

FindView = Callable[[str], str]
"""Returns what answers at a path of the site, in a few words; "" if it is unknown."""


@dataclass(frozen=True)
class Answer:
    """An answer, as the site itself knows it.

    Attributes:
        request_id: the ID of the request, or "".
        method: HTTP's method.
        path: the path of the address.
        status: HTTP's status code.
        location: where a redirect leads to, or "".
        made: the place in the site's own code that made the answer, in a few words, or "".
        library: the file of the library that made it, if none of the site's own code did, or "".

    """

    request_id: str
    method: str
    path: str
    status: int
    location: str = ""
    made: str = ""
    library: str = ""

    @property
    def led(self) -> str:
        """The status, and where it leads to."""
        return f"{self.status} to {self.location}" if self.location else str(self.status)


def no_view_known(path: str) -> str:  # noqa: ARG001
    """Return "", because it is unknown which view answers at a path."""
    return ""


def view_in_words(view: str) -> str:
    """Return a few words about the view that answers at a path.

    Args:
        view: its name and its file, or "" if the site has none there.

    """
    return f"answered by {view}" if view else "where the site has no view"


@dataclass(frozen=True)
class Answers:
    """What is known about the answers of the site.

    Attributes:
        recorded: the answers during the scenario, oldest first, as far as the site records them.
        find_view: finds the view that answers at a path, for the other answers.

    """

    recorded: Sequence[Answer] = ()
    find_view: FindView = no_view_known

    def to(self, request_id: str, method: str, path: str) -> Sequence[Answer]:
        """Return the recorded answers to a person's requests for a path, oldest first."""
        asked = (request_id, method, path)
        return [
            each for each in self.recorded if (each.request_id, each.method, each.path) == asked
        ]

    def maker(self, request_id: str, path: str, status: int) -> str:
        """Return what made the last answer with a status, in a few words; "" if it is unknown.

        Args:
            request_id: the ID of the person's requests.
            path: the path that was requested.
            status: HTTP's status code.

        """
        for each in reversed(self.recorded):
            if (each.request_id, each.path, each.status) == (request_id, path, status):
                return self.maker_of(each)
        return self.find_view(path)

    def maker_of(self, answer: Answer) -> str:
        """Return what made a recorded answer, in a few words; "" if it is unknown."""
        if answer.made:
            return answer.made
        view = self.find_view(answer.path)
        return ", through ".join(filter(None, [view, answer.library]))


NONE_KNOWN = Answers()
"""The answers of which nothing is known."""
