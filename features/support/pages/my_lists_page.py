"""The page of a person's own lists and of those shared with them."""

from collections.abc import Sequence

from acceptance.mismatch import Mismatch
from acceptance.pages.page import Page

OWN = "#id_own_lists a"
SHARED = "#id_shared_lists a"
SHARER = "#id_shared_lists .note"


class MyListsPage(Page):
    """The page "My Lists"."""

    def open_address(self) -> None:
        """Go to the address of the page, without a link that leads there."""
        self.open("/my-lists/")

    def choose(self, name: str) -> None:
        """Follow the link to a list."""
        self.session.follow(name)

    def shows_own(self, names: Sequence[str]) -> None:
        """See exactly these lists of one's own, in this order.

        Raises:
            AssertionError: others are there, or some are missing.

        """
        self._shows(OWN, names)

    def shows_shared(self, names: Sequence[str]) -> None:
        """See exactly these lists of other people, in this order.

        Raises:
            AssertionError: others are there, or some are missing.

        """
        self._shows(SHARED, names)

    def names_sharer(self, address: str) -> None:
        """See that the only list of other people is from the owner of `address`.

        Raises:
            AssertionError: the page names another owner, or none.

        """
        self.shows_message(SHARER, f"from {address}")

    def _shows(self, selector: str, names: Sequence[str]) -> None:
        def lists_are_named() -> None:
            headings = self.session.texts("h1")
            other = Mismatch(
                f"the page is {headings}, not My Lists", "My Lists", headings, "heading"
            )
            assert headings == ["My Lists"], other
            shown = self.session.texts(selector)
            expected = list(names)
            assert shown == expected, Mismatch(
                f"the lists are {shown}, not {expected}", expected, shown
            )

        self.session.eventually(lists_are_named)
