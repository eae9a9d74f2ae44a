"""The field in which items are typed, on the home page and on every list."""

from acceptance.browser.style_sheets import with_style_sheets
from acceptance.mismatch import Mismatch
from acceptance.pages.layout import Layout
from acceptance.pages.measuring import measuring
from acceptance.pages.page import Page

FIELD = "#id_text"
DUPLICATE = "You've already got this in your list"
INVISIBLE = "\u200b \u2060"
"""A text that no one can see, although it has characters."""

_PROBLEM = """
const field = document.querySelector(arguments[0]);
const {top, bottom} = field.getBoundingClientRect();
if (field !== document.activeElement)
    return `the keyboard is at ${document.activeElement.cloneNode().outerHTML}`;
if (field.value) return `it contains "${field.value}"`;
if (top >= 0 && bottom <= innerHeight) return "";
const {position} = getComputedStyle(field.closest("form"));
return `it is ${Math.round(top)} to ${Math.round(bottom)} pixels below the top of a window of `
    + `${innerHeight}, in a form with position: ${position}`;
"""
_SELECTED = measuring("""
const {value, selectionStart, selectionEnd} = document.activeElement;
return [value?.slice(selectionStart, selectionEnd) ?? "", tagOf(document.activeElement)];
""")


class ItemForm(Page):
    """The field for an item and what the browser says about it."""

    def enter(self, text: str) -> None:
        """Type an item and press Enter."""
        self.session.submit(FIELD, text)

    def enter_invisible(self) -> None:
        """Type an item that no one can see, and press Enter."""
        self.enter(INVISIBLE)

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

    def is_ready(self) -> None:
        """See the field empty and in the window, with the keyboard at it.

        Raises:
            AssertionError: it is elsewhere, or not ready.

        """

        def is_ready() -> None:
            problem = self.session.window.run_script(_PROBLEM, FIELD)
            assert not problem, with_style_sheets(
                self.session, f"the field is not ready for the next item: {problem}"
            )

        self.session.eventually(is_ready)

    def has_selected(self, text: str) -> None:
        """See that what is typed would replace `text`.

        Raises:
            AssertionError: it would not.

        """

        def is_selected() -> None:
            selected, place = self.session.window.run_script(_SELECTED)
            assert selected == text, Mismatch(
                f"the selected text is {selected!r}, not {text!r}: the keyboard is at {place}",
                text,
                selected,
                "selection",
            )

        self.session.eventually(is_selected)

    def invites(self) -> None:
        """See that the field says what it is for.

        Raises:
            AssertionError: it does not.

        """
        inviting = f"{FIELD}[placeholder='Enter a to-do item']"
        assert self.session.matches(inviting), (
            f"no field matches {inviting!r}: the field is {self.tags(FIELD)}"
        )

    def demands_text(self) -> None:
        """See that the browser itself refuses the field as it is.

        Raises:
            AssertionError: the browser accepts it.

        """
        self.session.eventually(lambda: self._is_refused(refused=True))

    def accepts_text(self) -> None:
        """See that the browser now accepts the field.

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
        state, other = ("invalid", "valid") if refused else ("valid", "invalid")
        assert self.session.matches(f"{FIELD}:{state}"), (
            f"the browser finds the field {other}, not {state}: {self.tags(FIELD)}"
        )
