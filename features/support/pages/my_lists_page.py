"""The page of a person's own lists and of those shared with them."""

from collections.abc import Sequence

from acceptance.mismatch import Mismatch
from acceptance.pages.page import Page

OWN = "#id_own_lists a"
SHARED = "#id_shared_lists a"
SHARED_ROWS = "#id_shared_lists li"
HOME = "/"

NO_LISTS_YET = "You have no lists yet."
NONE_SHARED_YET = "No one has shared a list with you yet."


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

    def has_none_of_ones_own(self) -> None:
        """See that one has no lists yet, and the way to start one.

        Raises:
            AssertionError: there are lists, or the page does not say that there are none.

        """
        self.shows_own([])
        self._says(NO_LISTS_YET)
        assert self.session.matches(f"main a[href='{HOME}']"), (
            f"no link leads to the home page: the links of the page are {self.tags('main a')}"
        )

    def has_none_of_others(self) -> None:
        """See that no one has shared a list.

        Raises:
            AssertionError: there are lists, or the page does not say that there are none.

        """
        self.shows_shared([])
        self._says(NONE_SHARED_YET)

    def names_sharer(self, address: str) -> None:
        """See that the only list of other people is from the owner of `address`.

        Raises:
            AssertionError: the page names another owner, or none.

        """

        def sharer_is_named() -> None:
            rows = self.session.texts(SHARED_ROWS)
            shown = [" ".join(row.split()[-2:]) for row in rows]
            expected = [f"from {address}"]
            assert shown == expected, Mismatch(
                f"the lists of other people are {shown}, not {expected}", expected, shown
            )

        self.session.eventually(sharer_is_named)

    def _says(self, sentence: str) -> None:
        shown = self.session.texts("main p")
        assert any(sentence in text for text in shown), Mismatch(
            f"the page does not say {sentence!r}: it says {shown}", sentence, shown
        )

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
                f"the lists are {shown}, not {expected}", expected, shown, where=selector
            )

        self.session.eventually(lists_are_named)
