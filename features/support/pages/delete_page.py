"""The page that asks whether to delete a list."""

from acceptance.pages.page import Page

CONFIRM = "#id_delete"


class DeletePage(Page):
    """The question, and its two answers."""

    def asks(self, question: str) -> None:
        """See the question.

        Raises:
            AssertionError: the page asks something else, or nothing.

        """
        self.shows_message("h1", question)

    def confirm(self) -> None:
        """Delete the list."""
        self.session.press(CONFIRM)

    def keep(self) -> None:
        """Return to the list."""
        self.session.follow("Keep the list")
