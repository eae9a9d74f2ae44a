"""The page on which a list is renamed."""

from acceptance.pages.page import Page

FIELD = "#id_name"


class RenamePage(Page):
    """The field for the name of a list."""

    def save(self, name: str) -> None:
        """Type a name and press Enter."""
        self.session.submit(FIELD, name)

    def keeps(self, name: str) -> None:
        """See that the field still has what was typed.

        Raises:
            AssertionError: it does not.

        """
        self.holds(FIELD, name)
