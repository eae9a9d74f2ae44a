"""The pages between a login link and being logged in."""

from acceptance.mismatch import Mismatch
from acceptance.pages.page import Page

HEADING = "Log in to your To-Do lists"
CONFIRM = "main form button[type=submit]"
MESSAGE = "main [role=alert]"
ADDRESS_FIELD = "main input[name=email]"
ANY_FIELD = "main input:not([type=hidden])"
ANY_ADDRESS_FIELD = "input[name=email]"
SENT_BY_SCRIPT = "form[data-submit-by-itself]"
SENDING_SCRIPT = "script[src*=submit_by_itself]"


class LogInPage(Page):
    """What people see who open a login link, or whose address the site refuses."""

    def confirm(self) -> None:
        """Press the button that a login link leads to."""
        self.session.press(CONFIRM)

    def waits_for_script(self) -> bool:
        """Say whether a script of the page is to press its button."""
        return self.session.matches(SENT_BY_SCRIPT) and self.session.matches(SENDING_SCRIPT)

    def asks_whether_to_become(self, address: str, instead_of: str) -> None:
        """See the question whether to log in with another address than the one logged in.

        It is the title of the page, too, and a message contains both addresses.

        Raises:
            AssertionError: the page does not ask, or about other addresses.

        """

        def question_is_there() -> None:
            buttons = self.session.texts(CONFIRM)
            expected = [f"Log in as {address}"]
            assert buttons == expected, Mismatch(
                f"the page has the buttons {buttons}", expected, buttons, "button"
            )

        self.session.eventually(question_is_there)
        self.shows_message("h1", HEADING)
        title, question = self.session.title, f"Log in as {address}?"
        assert title.startswith(question), Mismatch(
            f"the title is {title!r}, and not “{question}”", question, title, "title"
        )
        message = " ".join(self.session.texts(MESSAGE))
        missing = [each for each in (instead_of, address) if each not in message]
        assert not missing, Mismatch(
            f"the message {message!r} does not contain {' and '.join(missing)}",
            missing,
            message,
            "message",
            where=MESSAGE,
        )

    def stay(self, address: str) -> None:
        """Stay logged in with the address that is logged in."""
        self.session.follow(f"Stay logged in as {address}")

    def asks_for_address(self) -> None:
        """See one field that asks for an address to send a link to.

        Raises:
            AssertionError: there is none, or more than one.

        """

        def field_is_there() -> None:
            there = self.session.matches(ADDRESS_FIELD)
            assert there, (
                f"the page “{self.session.title}” asks for no address ({ADDRESS_FIELD!r}): it has "
                f"the fields {self.tags('main input')}"
            )
            fields = self.session.texts(ANY_ADDRESS_FIELD)
            assert len(fields) == 1, (
                f"the page asks for an address in {len(fields)} places: "
                f"{self.tags(ANY_ADDRESS_FIELD)}"
            )
            names = self.session.names(ANY_FIELD)
            assert all(names), Mismatch(
                f"the page shows {len(names)} fields, and one of them does not say what it is for: "
                f"{self.tags(ANY_FIELD)}",
                "no field without a name",
                names,
            )

        self.session.eventually(field_is_there)

    def keeps(self, address: str) -> None:
        """See that the address that was typed is still there.

        Raises:
            AssertionError: it is not.

        """
        self.holds(ADDRESS_FIELD, address)
