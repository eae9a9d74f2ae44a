"""The page of one list: its items, its owner and the people who share it."""

from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from acceptance.browser.style_sheets import with_style_sheets
from acceptance.mismatch import Mismatch
from acceptance.pages.layout import Layout
from acceptance.pages.measuring import measuring
from acceptance.pages.page import Page
from features.support.pages.item_form import FIELD
from features.support.pages.messages import UNDO

NAME = "h1 bdi"
KIND = "To-Do list"
TABLE = "#id_list_table"
ROWS = f"{TABLE} td:first-child"
ITEMS = f"{TABLE} label"
TEXT = "label bdi"
CHECK_BOX = "input[type=checkbox]"
EDIT = "a[aria-label^='Edit ']"
REMOVE = "button[aria-label^='Remove ']"
SHAREE_FIELD = "input[name=sharee]"
SHAREES = ".list-sharee"
KEEP = "form[action$='/keep'] button"
STOP_SHARING = "button[name=person]"
OWNER = "#id_list_owner"
PEOPLE = "main section li"
NO_ITEMS = "This list is empty."

_FOCUSED = measuring("return tagOf(document.activeElement)")
_OUT_OF_SIGHT = measuring("""
const row = document.querySelector(arguments[0]);
const hidden = hiddenBy(row);
const field = document.activeElement;
const form = field.closest("form");
return hidden && `${tagOf(row)}: ${hidden}, while the keyboard is at ${tagOf(field)}`
    + (form ? ` in ${tagOf(form)} (${styleOf(form, "position", "top", "z-index")})` : "");
""")
_GROUNDS = measuring("""
const row = document.querySelector(arguments[0]);
const others = [...document.querySelectorAll(arguments[1])].filter(each => each !== row);
const groundOf = each => [each, ...each.children]
    .map(part => getComputedStyle(part).backgroundColor).join(" and ");
return [row, ...others].map(each => [groundOf(each), tagOf(each)]);
""")
_FAR_FROM_NUMBERS = measuring("""
const firstLineIn = element => {
    const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        if (!texts.currentNode.data.trim()) continue;
        const range = document.createRange();
        range.selectNodeContents(texts.currentNode);
        return range.getClientRects()[0];
    }
};
return [...document.querySelectorAll(arguments[0])].flatMap(row => {
    const item = row.querySelector(arguments[1]);
    const [number, text] = [firstLineIn(row), firstLineIn(item)];
    const middle = (text.top + text.bottom) / 2;
    if (number.top < middle && middle < number.bottom && number.right <= text.left + 1) return [];
    return [`“${item.textContent.slice(0, 40)}” begins at ${Math.round(text.left)} across and ${
        Math.round(text.top)} down, not beside its number, which ends at ${
        Math.round(number.right)} across and ${Math.round(number.bottom)} down (${
        styleOf(item, "display", "vertical-align", "max-width")})`];
});
""")
_LINES = """
const lines = [];
for (let each = document.querySelector(arguments[0]); each; each = each.parentElement)
    lines.push(getComputedStyle(each).textDecorationLine);
return lines;
"""


class ListPage(Page):
    """The page of a list."""

    def shows(self, items: Sequence[str]) -> None:
        """See exactly these items, numbered from 1, in this order.

        Raises:
            AssertionError: the list reads otherwise.

        """
        expected = [f"{number}: {text}" for number, text in enumerate(items, start=1)]

        def items_are_as_expected() -> None:
            shown = self.session.texts(ROWS)
            sentence = (
                f"the list reads {shown}, not {expected}"
                if self._is_open()
                else f"the page “{self.session.title}” shows no list, and so not {expected}"
            )
            assert shown == expected, Mismatch(sentence, expected, shown, "list", where=ROWS)
            assert not shown or NO_ITEMS not in self.session.texts("main p"), (
                f"the list reads {shown}, and the page says {NO_ITEMS!r} below it"
            )

        self.session.eventually(items_are_as_expected)

    def is_empty(self) -> None:
        """See that the list has no items.

        Raises:
            AssertionError: it has some, or the page does not say that it has none.

        """
        self.shows([])
        shown = self.session.texts("main p")
        assert NO_ITEMS in shown, Mismatch(
            f"the page does not say {NO_ITEMS!r}: it says {shown}", NO_ITEMS, shown
        )

    def shows_number(self, number: int) -> None:
        """See so many items.

        Raises:
            AssertionError: the list has more, or fewer.

        """

        def items_are_counted() -> None:
            shown = len(self.session.texts(ITEMS))
            assert shown == number, Mismatch(
                f"the list has {shown} items instead of {number}", number, shown, "items"
            )

        self.session.eventually(items_are_counted)

    def is_called(self, name: str) -> None:
        """See the name of the list, in its heading and in the title of the page.

        Raises:
            AssertionError: the list has another name.

        """
        self.shows_message(NAME, name)
        heading = " ".join(self.session.texts("h1"))
        assert heading.startswith(KIND), Mismatch(
            f"the heading is {heading!r}, which does not begin with {KIND!r}",
            KIND,
            heading,
            "heading",
        )
        title = self.session.title
        assert title.startswith(f"{name} "), Mismatch(
            f"the title is {title!r}, which does not begin with {name!r}", name, title, "title"
        )

    def ask_to_rename(self) -> None:
        """Open the page on which the list is renamed."""
        self.session.follow("Rename this list")

    def ask_to_delete(self) -> None:
        """Open the page that asks whether to delete the list."""
        self.session.follow("Delete this list")

    def offers_no_link(self, text: str) -> None:
        """See the list without such a link.

        Raises:
            AssertionError: there is one.

        """
        self.session.eventually(self._has_items)
        links = self.session.texts("main a")
        assert text not in links, Mismatch(
            f"the list has the link {text!r}: its links are {links}", f"no link {text!r}", links
        )

    def toggle(self, item: str) -> None:
        """Tick an item off, or untick it."""
        self.session.toggle(f"{self._row_of(item)} {CHECK_BOX}")

    def shows_done(self, item: str, *, done: bool = True) -> None:
        """See that an item is done, or that it is still to do.

        Raises:
            AssertionError: the list has no such item, or shows it otherwise.

        """

        def is_as_expected() -> None:
            is_done = self.session.matches(f"{self._row_of(item)} {CHECK_BOX}:checked")
            shown, expected = (
                f"{item!r} is {'done' if each else 'still to do'}" for each in (is_done, done)
            )
            assert is_done == done, Mismatch(shown, expected, shown)

        self.session.eventually(is_as_expected)

    def shows_crossed_out(self, item: str, *, crossed_out: bool) -> None:
        """See that an item is crossed out, or that it is not.

        Raises:
            AssertionError: the list has no such item, or shows it otherwise.

        """

        def is_as_expected() -> None:
            text = f"{self._row_of(item)} {TEXT}"
            lines = self.session.window.run_script(_LINES, text)
            is_crossed_out = any("line-through" in each for each in lines)
            shown, expected = (
                f"{item}: {'crossed out' if each else 'not crossed out'}"
                for each in (is_crossed_out, crossed_out)
            )
            assert is_crossed_out == crossed_out, Mismatch(
                with_style_sheets(
                    self.session,
                    f"the list shows {shown!r}: {text} and the elements around it have the "
                    f"text-decoration-line {', '.join(dict.fromkeys(lines))}"
                    if lines
                    else f"the list shows {shown!r}: there is no {text}",
                ),
                expected,
                shown,
            )

        self.session.eventually(is_as_expected)

    def has_in_sight(self, item: str) -> None:
        """See an item in the window, with nothing in front of it.

        Raises:
            AssertionError: it is elsewhere on the page, or covered.

        """

        def is_in_sight() -> None:
            problem = self.session.window.run_script(_OUT_OF_SIGHT, self._row_of(item))
            assert not problem, with_style_sheets(
                self.session, f"{item!r} is out of sight, in {problem}"
            )

        self.session.eventually(is_in_sight)

    def has_items_beside_numbers(self) -> None:
        """See each item begin in the line of its number, to the right of it.

        Raises:
            AssertionError: one of them begins elsewhere.

        """
        far = self.session.window.run_script(_FAR_FROM_NUMBERS, f"{TABLE} tr", TEXT)
        assert not far, with_style_sheets(self.session, *far)

    def is_as_wide_as_form(self) -> None:
        """See the list exactly below the field for an item.

        Raises:
            AssertionError: it begins or ends elsewhere.

        """
        Layout(self.session, self.site).has_same_width(TABLE, FIELD)

    def shows_new(self, item: str) -> None:
        """See that an item is on another ground than all others.

        Raises:
            AssertionError: it looks as the others do, or the list has no such item.

        """
        rows = self.session.window.run_script(_GROUNDS, self._row_of(item), f"{TABLE} tr")
        ground, tag = rows[0]
        alike = [other for same, other in rows[1:] if same == ground]
        assert not alike, with_style_sheets(
            self.session,
            f"{item!r} looks like the others: its row {tag} and another row {alike[0]} have the"
            f" background-color {ground}",
        )

    def names_in_row(self, item: str) -> None:
        """See that each check box, link and button in the row of an item names the item.

        Raises:
            AssertionError: one of them has another name, or the list has no such item.

        """
        names = self.session.names(f"{self._row_of(item)} :is(a, button, {CHECK_BOX})")
        others = [name for name in names if not name.endswith(item)]
        assert names, f"the row of {item!r} has nothing to press"
        assert not others, Mismatch(
            f"in the row of {item!r}, these have names without it: {others}", item, names
        )

    def edit(self, item: str) -> None:
        """Open the page on which an item is edited."""
        self.session.press(f"{self._row_of(item)} {EDIT}")

    def remove(self, item: str) -> None:
        """Remove an item."""
        self.session.press(f"{self._row_of(item)} {REMOVE}")

    def undo(self) -> None:
        """Undo what was done last."""
        self.press_button(UNDO, "Undo")

    def has_focus_on_undo(self) -> None:
        """See that what is pressed on the keyboard goes to the button that undoes the last change.

        Raises:
            AssertionError: it goes elsewhere.

        """
        self._has_focus_on(lambda: UNDO, "Undo")

    def has_focus_on(self, item: str) -> None:
        """See that what is pressed on the keyboard goes to the check box of an item.

        Raises:
            AssertionError: it goes elsewhere.

        """
        self._has_focus_on(lambda: f"{self._row_of(item)} {CHECK_BOX}", item)

    def is_at(self, item: str) -> None:
        """See the list from an item on, as its address says.

        Raises:
            AssertionError: the address leads to something else, or the list has no such item.

        """
        fragment = urlsplit(self.session.address).fragment
        assert self.session.matches(f"{self._row_of(item)} [id='{fragment}']"), Mismatch(
            f"the address does not lead to {item!r}: its end is {fragment!r}", item, fragment
        )

    def share_with(self, address: str) -> None:
        """Type an address into the field for sharing, and press Enter."""
        self.session.submit(SHAREE_FIELD, address)

    def offers_no_sharing(self) -> None:
        """See the list without a field for sharing it.

        Raises:
            AssertionError: there is such a field.

        """
        self.session.eventually(self._has_items)
        assert not self.session.matches(SHAREE_FIELD), (
            f"the list can be shared from here, with the field {self.tags(SHAREE_FIELD)}"
        )

    def stop_sharing_with(self, address: str) -> None:
        """Press the button that stops sharing with the person of this address."""
        self.session.press(f"{STOP_SHARING}[value='{address}']")

    def offers_no_end_of_sharing(self) -> None:
        """See the list without a button that stops sharing it.

        Raises:
            AssertionError: there is such a button.

        """
        self.session.eventually(self._has_items)
        buttons = self.session.texts(STOP_SHARING)
        assert not buttons, Mismatch(
            f"the page offers {buttons}", "no button that stops sharing", buttons
        )

    def keep(self) -> None:
        """Make an open list one's own."""
        self.press_button(KEEP, "Keep this list")

    def offers_no_keeping(self) -> None:
        """See the list without a button that makes it one's own.

        Raises:
            AssertionError: there is such a button.

        """
        self.session.eventually(self._has_items)
        buttons = self.session.texts(KEEP)
        assert not buttons, Mismatch(f"the page offers {buttons}", [], buttons)

    def is_shared_with(self, address: str) -> None:
        """See `address` among the people who share the list.

        Raises:
            AssertionError: it is not there.

        """

        def address_is_there() -> None:
            sharees = self.session.texts(SHAREES)
            assert address in sharees, Mismatch(
                f"the list is shared with {sharees}, not with {address}",
                address,
                sharees,
                where=SHAREES,
            )

        self.session.eventually(address_is_there)

    def is_shared_exactly_with(self, addresses: Sequence[str]) -> None:
        """See these people, in this order, as those who share the list, and no one else.

        Raises:
            AssertionError: others are there, or some are missing.

        """

        def addresses_are_there() -> None:
            sharees = self.session.texts(SHAREES)
            expected = list(addresses)
            assert sharees == expected, Mismatch(
                f"the list is shared with {sharees}, not with {expected}", expected, sharees
            )

        self.session.eventually(addresses_are_there)

    def belongs_to(self, address: str) -> None:
        """See `address` named as the owner of the list.

        Raises:
            AssertionError: the page names another owner, or none.

        """
        self.shows_message(OWNER, address)
        # Where a browser lays the page out, the two may stand on separate lines.
        people = [" ".join(text.split()) for text in self.session.texts(PEOPLE)]
        owner = f"{address} owner"
        assert people[:1] == [owner], Mismatch(
            f"the people of the list are {people}, and the first is not {owner!r}", owner, people
        )

    def keeps_address(self, address: str) -> None:
        """See that the address that was typed for sharing is still there.

        Raises:
            AssertionError: it is not.

        """
        self.holds(SHAREE_FIELD, address)

    def _row_of(self, item: str) -> str:
        """Return a selector for the row of an item.

        Raises:
            AssertionError: the list has no such item.

        """

        def row() -> int:
            items = self.session.texts(ITEMS)
            assert item in items, Mismatch(
                f"{item!r} is not among the items {items}", item, items, where=ITEMS
            )
            return items.index(item) + 1

        return f"{TABLE} tr:nth-child({self.session.eventually(row)})"

    def _has_focus_on(self, find: Callable[[], str], what: str) -> None:
        def has_focus() -> None:
            has_it = self.session.matches(f"{find()}:focus")
            assert has_it, f"the keyboard is not at {what!r}, but at {self._focused()}"

        self.session.eventually(has_focus)

    def _focused(self) -> str:
        return str(self.session.window.run_script(_FOCUSED))

    def _is_open(self) -> bool:
        return self.session.matches(TABLE)

    def _has_items(self) -> None:
        assert self.session.texts(ITEMS), Mismatch(
            f"the page “{self.session.title}” shows no list with items ({ITEMS!r})", "items"
        )
