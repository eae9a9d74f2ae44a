"""The answers of the site to requests, and the places in its code that made them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

FindView = Callable[[str], str | None]
"""Returns the name and the file of the view at a path; "" if there is none, None if unknown."""


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
        known: what the code knew there, without anything that may be secret, for each of its lines,
            such as "at lists/views.py:12: person is a User, next is empty".
        refused: what the database refused meanwhile, or "".

    """

    request_id: str
    method: str
    path: str
    status: int
    location: str = ""
    made: str = ""
    library: str = ""
    known: tuple[str, ...] = ()
    refused: str = ""

    @property
    def led(self) -> str:
        """The status, and where it leads to."""
        return f"{self.status} to {self.location}" if self.location else str(self.status)


def no_view_known(path: str) -> None:
    """Return None, because it is unknown which view answers at a path."""


@dataclass(frozen=True)
class Answers:
    """What is known about the answers of the site.

    Attributes:
        recorded: the answers during the scenario, oldest first, as far as the site records them.
        find_view: finds the view at a path, for the other answers.

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
        return self.view(path)

    def maker_of(self, answer: Answer) -> str:
        """Return what made a recorded answer, in a few words; "" if it is unknown."""
        maker = answer.made or self.view(answer.path, answer.library)
        refused = f"after the database refused: {answer.refused}" if answer.refused else ""
        return ", ".join(filter(None, [maker, refused]))

    def view(self, path: str, library: str = "") -> str:
        """Return the view at a path, in a few words; "" if it is unknown.

        Args:
            path: the path that was requested.
            library: the file of a library that answered instead of the view, or "".

        """
        view = self.find_view(path)
        if view is None:
            return ""
        if not view:
            return "where the site has no view"
        return f"answered by {library} in front of {view}" if library else f"answered by {view}"


NONE_KNOWN = Answers()
"""The answers of which nothing is known."""
