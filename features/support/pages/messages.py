"""What the site answers to what people did, wherever on the page the answer appears."""

from acceptance.browser.markup import Markup
from acceptance.mismatch import Mismatch
from acceptance.pages.page import Page

UNDO = "button[form=id_undo]"
WARNINGS = "main [role=alert]"
CONFIRMATIONS = "main [role=status]"
OF_FIELDS = "main [id$=_error]"
MESSAGES = f"{CONFIRMATIONS}, {WARNINGS}, {OF_FIELDS}"
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
            described = Markup(self.session.html).descriptions(REFUSED_FIELD)
            assert any(text in each for each in described), (
                f"the message {text!r} belongs to no field: what describes fields that are refused "
                f"(aria-describedby) is {list(described)}, and the fields are {self.tags(FIELDS)}"
            )

    def warn(self, text: str) -> None:
        """See a message that contains `text`, and that screen readers read immediately.

        Raises:
            AssertionError: the page shows other messages, or it does not look urgent.

        """
        self.show(text)
        self._are_of_kind(text, WARNINGS, "a warning (role=alert)")

    def confirm(self, text: str) -> None:
        """See a message that contains `text`, and that does not interrupt screen readers.

        Raises:
            AssertionError: the page shows other messages, or a warning.

        """
        self.show(text)
        self._are_of_kind(text, CONFIRMATIONS, "a confirmation (role=status)")

    def _are_of_kind(self, text: str, selector: str, kind: str) -> None:
        shown = self.session.texts(selector)
        assert any(text in each for each in shown), Mismatch(
            f"the message {text!r} is not {kind}: the messages are {self.tags(MESSAGES)}",
            text,
            shown,
            kind,
        )

    def are_gone(self) -> None:
        """See no message.

        Raises:
            AssertionError: one is still there.

        """

        def nothing_is_there() -> None:
            shown = [message for message in self.session.texts(MESSAGES) if message]
            assert not shown, Mismatch(
                f"the page still shows the messages {shown}; it loads {self.scripts()}",
                "no message",
                shown,
                "message",
            )
            # Screen readers go by this.
            assert not self.session.matches(REFUSED_FIELD), (
                f"a field is still marked as refused: {self.tags(REFUSED_FIELD)}; the page loads "
                f"{self.scripts()}"
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
