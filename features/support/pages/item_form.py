"""The field in which items are typed, on the home page and on every list."""

from acceptance.pages.layout import Layout
from acceptance.pages.page import Page

FIELD = "#id_text"
COMPLAINT = ".invalid-feedback"
DUPLICATE = "You've already got this in your list"


class ItemForm(Page):
    """The field for an item and what the site says about it."""

    def enter(self, text: str) -> None:
        """Type an item and press Enter."""
        self.session.submit(FIELD, text)

    def enter_nothing(self) -> None:
        """Press Enter in the empty field, which the browser does not let pass."""
        self.session.window.submit_in_vain(FIELD)

    def type(self, text: str) -> None:
        """Type without pressing Enter."""
        self.session.window.type_into(FIELD, text)

    def is_in_the_middle(self) -> None:
        """See the field in the middle of the window.

        Raises:
            AssertionError: it stands to one side.

        """
        Layout(self.session, self.site).has_in_the_middle(FIELD)

    def invites(self) -> None:
        """See that the field says what it is for.

        Raises:
            AssertionError: it does not.

        """
        inviting = f"{FIELD}[placeholder='Enter a to-do item']"
        assert self.session.matches(inviting), "the field does not invite to enter an item"

    def complains(self, message: str) -> None:
        """See `message` beside the field.

        Raises:
            AssertionError: the page shows something else, or nothing.

        """
        self.says(COMPLAINT, message)

    def complains_of_duplicate(self) -> None:
        """See that the list has the item already."""
        self.complains(DUPLICATE)

    def complains_no_more(self) -> None:
        """See nothing beside the field.

        Raises:
            AssertionError: a message stays.

        """

        def nothing_is_there() -> None:
            complaints = self.session.texts(COMPLAINT)
            assert not complaints, f"the field still says {complaints}"

        self.session.eventually(nothing_is_there)

    def demands_text(self) -> None:
        """See that the browser itself refuses the field as it is.

        Raises:
            AssertionError: the browser accepts it.

        """
        self.session.eventually(lambda: self._is_refused(refused=True))

    def accepts_text(self) -> None:
        """See that the browser has nothing against the field any more.

        Raises:
            AssertionError: it still refuses it.

        """
        self.session.eventually(lambda: self._is_refused(refused=False))

    def keeps(self, text: str) -> None:
        """See that what was typed is still there.

        Raises:
            AssertionError: it is not.

        """
        self.holds(FIELD, text)

    def _is_refused(self, *, refused: bool) -> None:
        state = "invalid" if refused else "valid"
        assert self.session.matches(f"{FIELD}:{state}"), f"the browser does not find it {state}"
