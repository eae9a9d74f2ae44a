"""The page that asks whether to delete a list."""

from acceptance.mismatch import Mismatch
from acceptance.pages.page import Page

CONFIRM = "#id_delete"
WARNING = "main p"


class DeletePage(Page):
    """The question, and its two answers."""

    def asks(self, question: str) -> None:
        """See the question, as the heading and in the title of the page.

        Raises:
            AssertionError: the page asks something else, or nothing.

        """
        self.shows_message("h1", question)
        title = self.session.title
        assert title.startswith(f"{question} "), Mismatch(
            f"the title is {title!r}", question, title, "title"
        )

    def warns(self, warning: str) -> None:
        """See the warning below the question.

        Raises:
            AssertionError: the page does not warn so.

        """

        def warning_is_there() -> None:
            shown = " ".join(self.session.texts(WARNING))
            assert warning in shown, Mismatch(
                f"the page explains {shown!r}, without {warning!r}", warning, shown, "warning"
            )

        self.session.eventually(warning_is_there)

    def confirm(self) -> None:
        """Delete the list."""
        self.session.press(CONFIRM)

    def keep(self) -> None:
        """Return to the list."""
        self.session.follow("Keep the list")
