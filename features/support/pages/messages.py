"""What the site answers to what people did, wherever on the page the answer appears."""

from acceptance.mismatch import Mismatch
from acceptance.pages.page import Page

UNDO = "button[form=id_undo]"
OF_FIELDS = "main [id$=_error]"
MESSAGES = f"main [role=status], main [role=alert], {OF_FIELDS}"
FIELDS = "main input:not([type=hidden], [type=checkbox])"
REFUSED_FIELD = "[aria-invalid=true]"


class Messages(Page):
    """The messages on whatever page is open."""

    def show(self, text: str) -> None:
        """See a message that contains `text`.

        Raises:
            AssertionError: the page shows other messages, or none.

        """

        def message_is_there() -> None:
            shown = self.session.texts(MESSAGES)
            if shown:
                # They say more than the status of the page.
                self.session.accept_response()
            assert any(text in message for message in shown), Mismatch(
                f"the page shows the messages {shown}, none of which contains {text!r}"
                if shown
                else f"the page “{self.session.title}” shows no message, and so not {text!r}",
                text,
                shown,
                "message",
                where=MESSAGES,
            )

        self.session.eventually(message_is_there)
        if any(text in message for message in self.session.texts(OF_FIELDS)):
            # Screen readers read the message with the field.
            field = f"{REFUSED_FIELD}[aria-describedby]"
            assert self.session.matches(field), (
                f"the message {text!r} belongs to no field: no field matches {field!r}, and the "
                f"fields are {self.tags(FIELDS)}"
            )

    def are_gone(self) -> None:
        """See no message.

        Raises:
            AssertionError: one is still there.

        """

        def nothing_is_there() -> None:
            shown = [message for message in self.session.texts(MESSAGES) if message]
            assert not shown, Mismatch(
                f"the page still shows the messages {shown}", "no message", shown, "message"
            )
            # Screen readers go by this.
            assert not self.session.matches(REFUSED_FIELD), (
                f"a field is still marked as refused: {self.tags(REFUSED_FIELD)}"
            )

        self.session.eventually(nothing_is_there)

    def offer_no_undo(self) -> None:
        """See no button that undoes what a message reports.

        Raises:
            AssertionError: there is one.

        """
        buttons = self.session.texts(UNDO)
        assert not buttons, Mismatch(
            f"the page offers {buttons}", "no Undo button", buttons, "button"
        )
