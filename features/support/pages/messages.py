"""What the site answers to what people did, wherever on the page the answer appears."""

from acceptance.browser.markup import Markup
from acceptance.browser.style_sheets import with_style_sheets
from acceptance.mismatch import Mismatch
from acceptance.pages.measuring import measuring
from acceptance.pages.page import Page

UNDO = "button[form=id_undo]"
WARNINGS = "main [role=alert]"
CONFIRMATIONS = "main [role=status]"
OF_FIELDS = "main [id$=_error]"
MESSAGES = f"{CONFIRMATIONS}, {WARNINGS}, {OF_FIELDS}"
FIELDS = "main input:not([type=hidden], [type=checkbox])"
REFUSED_FIELD = "[aria-invalid=true]"

# The messages whose ground is that of the page.
_PLAIN = measuring("""
return [...document.querySelectorAll(arguments[0])]
    .filter(element => element.checkVisibility())
    .filter(element => {
        const {backgroundColor} = getComputedStyle(element);
        return backgroundColor === "rgba(0, 0, 0, 0)"
            || backgroundColor === getComputedStyle(document.body).backgroundColor;
    })
    .map(element => `${tagOf(element)} does not stand out from the page (${
        styleOf(element, "background-color", "border")})`);
""")

# The messages, whether a person sees them or the room that they take, and their style.
_HEARD = measuring("""
const main = document.querySelector("main");
const roomFor = element => {
    const height = main.offsetHeight;
    element.style.display = "none";
    const room = height - main.offsetHeight;
    element.style.display = "";
    return room;
};
return [...document.querySelectorAll(arguments[0])].map(element => {
    const tag = tagOf(element);
    const {width, height} = element.getBoundingClientRect();
    const {clipPath, overflowX} = getComputedStyle(element);
    const isShown = clipPath === "none" && (overflowX === "visible" || width > 1 && height > 1);
    const room = roomFor(element);
    const isSeen = isShown || room > 1;
    const style = `${tag} is ${sizeOf({width, height})}, and takes ${room} pixels of `
        + `the height of the page (${styleOf(element, "position", "clip-path", "overflow")})`;
    return [element.textContent.trim(), isSeen, style];
});
""")


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

    def do_not_show(self, text: str) -> None:
        """See messages, none of which contains `text`.

        Raises:
            AssertionError: one of them contains it, or there is no message.

        """

        def messages_are_others() -> None:
            shown = self.session.texts(MESSAGES)
            assert shown, f"the page “{self.session.title}” shows no message"
            assert not any(text in message for message in shown), Mismatch(
                f"the page shows the messages {shown}, with {text!r}",
                f"no message with {text!r}",
                shown,
                "message",
            )

        self.session.eventually(messages_are_others)

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

    def stand_out(self) -> None:
        """See each message on a ground of its own.

        Raises:
            AssertionError: one of them looks like other text.

        """
        plain = self.session.window.run_script(_PLAIN, f"{WARNINGS}, {CONFIRMATIONS}")
        assert not plain, with_style_sheets(self.session, *plain)

    def is_heard(self, text: str, *, is_seen: bool) -> None:
        """Hear a message from a screen reader.

        Args:
            text: the message.
            is_seen: whether the page shows it, too.

        Raises:
            AssertionError: there is no such message, or the page shows or hides it.

        """

        def is_heard() -> None:
            heard = self.session.window.run_script(_HEARD, CONFIRMATIONS)
            assert [text] == [each for each, _, _ in heard], Mismatch(
                f"screen readers read {[each for each, _, _ in heard]}, not {text!r}",
                text,
                heard,
                "message",
            )
            otherwise = [style for _, seen, style in heard if seen != is_seen]
            wrong = "only screen readers" if is_seen else "not only screen readers, but everyone"
            assert not otherwise, with_style_sheets(
                self.session, f"{wrong} can read {text!r}: {otherwise[0]}"
            )

        self.session.eventually(is_heard)

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
                f"the page still shows the messages {shown}; it loads {self.scripts()}, and its "
                f"fields are now {self.tags(FIELDS)}",
                "no message",
                shown,
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
            f"the page offers the button {buttons}", "no Undo button", buttons
        )
