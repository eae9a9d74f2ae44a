"""The page on which a list is started."""

from acceptance.mismatch import Mismatch
from acceptance.pages.page import Page
from features.support.pages.item_form import ItemForm


class HomePage(Page):
    """The page at the root of the site."""

    def open_home(self) -> None:
        """Go to the home page."""
        self.open("/")

    def start_list(self, text: str) -> str:
        """Start a list with one item, and return the address of its page.

        Raises:
            AssertionError: the site does not go to the page of a list.

        """
        self.open_home()
        ItemForm(self.session, self.site).enter(text)

        def on_a_list_page() -> str:
            address = self.session.address
            assert address.startswith(f"{self.site}/lists/"), (
                f"no list was started: the page “{self.session.title}” is open ({address})"
            )
            assert self.session.matches("#id_list_table"), (
                f"the page “{self.session.title}” has no list ('#id_list_table')"
            )
            return address

        return self.session.eventually(on_a_list_page)

    def invites_to_start_list(self) -> None:
        """See what the site is for, and where to begin.

        Raises:
            AssertionError: title, heading or field do not say it.

        """
        title = self.session.title
        assert "To-Do" in title, Mismatch(f"the title is {title!r}", "To-Do", title, "title")
        headings = self.session.texts("h1")
        other = Mismatch(f"the headings are {headings}", "To-Do", headings, "heading")
        assert "To-Do" in " ".join(headings[:1]), other
        ItemForm(self.session, self.site).invites()
