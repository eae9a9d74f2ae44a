"""The bar at the top of every page: who is logged in, and the ways in and out."""

from acceptance.mismatch import Mismatch
from acceptance.pages.page import Page

ADDRESS_FIELD = "input[name=email]"
SESSION_COOKIE = "sessionid"
LOG_OUT = "nav #id_logout"


class Navbar(Page):
    """The bar at the top, on whatever page is open."""

    def ask_for_login_link(self, address: str) -> None:
        """Type an address where the site asks for it, and press Enter."""
        self.session.submit(ADDRESS_FIELD, address)

    def asks_for_address(self, places: int) -> None:
        """See that the page, its bar included, asks for an address in so many places.

        Raises:
            AssertionError: it asks in more, or in fewer.

        """

        def fields_are_counted() -> None:
            shown = len(self.session.texts(ADDRESS_FIELD))
            assert shown == places, Mismatch(
                f"the number of fields for an address on the page “{self.session.title}” is "
                f"{shown}, not {places}: {self.tags(ADDRESS_FIELD)}",
                places,
                shown,
            )

        self.session.eventually(fields_are_counted)

    def open_my_lists(self) -> None:
        """Follow the link to one's own lists."""
        self.session.follow("My lists")

    def log_out(self) -> None:
        """Press the button that ends the session."""
        self.session.press(LOG_OUT)

    def shows_log_in_of(self, address: str) -> None:
        """See that this address, and no other, is logged in.

        Raises:
            AssertionError: someone else is, or no one.

        """

        def address_is_shown() -> None:
            shown = " ".join(" ".join(self.session.texts("nav")).split())
            has = "a" if SESSION_COOKIE in self.session.cookies() else "no"
            expected = f"Logged in as {address}"
            assert expected in shown, Mismatch(
                f"{address} is not logged in: the browser has {has} session cookie, and the navbar"
                f" reads {shown!r}",
                expected,
                shown,
            )
            assert self.session.texts(LOG_OUT), (
                f"the navbar has no way to log out ({LOG_OUT!r}): it has {self.tags('nav button')}"
            )

        self.session.eventually(address_is_shown)

    def shows_no_one_logged_in(self) -> None:
        """See that the site asks for an address and offers no personal page.

        Raises:
            AssertionError: someone is still logged in.

        """

        def asks_for_an_address() -> None:
            shown = " ".join(" ".join(self.session.texts("nav")).split())
            still = Mismatch(
                f"someone is still logged in: the navbar reads {shown!r}", "no one", shown
            )
            assert not self.session.texts(LOG_OUT), still
            assert "My lists" not in self.session.texts("nav a"), still
            assert self.session.matches(ADDRESS_FIELD), (
                f"the page asks for no address ({ADDRESS_FIELD!r}): it has {self.tags('input')}"
            )

        self.session.eventually(asks_for_an_address)
