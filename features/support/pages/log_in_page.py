"""The pages between a login link and being logged in."""

from features.support.pages.page import Page

CONFIRM = "main form button[type=submit]"
ADDRESS_FIELD = "main input[name=email]"
COMPLAINT = ".invalid-feedback"


class LogInPage(Page):
    """What people see who open a login link, or whose address the site refuses."""

    def confirm(self) -> None:
        """Press the button that a login link leads to."""
        self.session.press_button(CONFIRM)

    def asks_for_address(self) -> None:
        """See a field that asks for an address to send a link to.

        Raises:
            AssertionError: there is none.

        """

        def field_is_there() -> None:
            assert self.session.matches(ADDRESS_FIELD), "the page asks for no address"

        self.session.eventually(field_is_there)

    def complains(self, message: str) -> None:
        """See `message` beside the address.

        Raises:
            AssertionError: something else is said, or nothing.

        """
        self.says(COMPLAINT, message)

    def keeps(self, address: str) -> None:
        """See that the address that was typed is still there.

        Raises:
            AssertionError: it is not.

        """
        self.holds(ADDRESS_FIELD, address)
