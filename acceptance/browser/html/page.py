"""A page as its markup defines it: what it shows, and what can be found on it."""

from collections.abc import Sequence
from functools import cached_property

from turbohtml import Document, Element

from acceptance.browser.html.rendering import Rendering

# HTML Standard, "labelable element".
LABELABLE = "button, input:not([type=hidden]), meter, output, progress, select, textarea"


class Page:
    """The open page.

    Attributes:
        address: the URL in the address bar.
        document: the parsed markup.
        charset: the name of the page's encoding, which its forms use, too.
        policy: how much requests from its links and forms reveal about it (Referrer Policy).
        typed: the text that a person has typed into fields.

    """

    def __init__(self, address: str, document: Document, policy: str) -> None:
        self.address = address
        self.document = document
        self.charset = document.encoding or "utf-8"
        self.policy = policy
        self.typed: dict[Element, str] = {}
        self.rendering = Rendering()

    @cached_property
    def base(self) -> str:
        """The address to which addresses in the page are relative."""
        return self.document.base_url(self.address) or self.address

    @cached_property
    def title(self) -> str:
        """The title of the page."""
        title = self.document.select_one("title")
        return " ".join(title.text.split()) if title else ""

    @cached_property
    def text(self) -> str:
        """The text of the page as a person reads it."""
        body = self.document.select_one("body")
        if body is None:
            return ""
        # As in browsers, the text of an element that is not rendered is all its text.
        return self.rendering.text(body) if self.rendering.shows(body) else body.text

    @property
    def html(self) -> str:
        """The markup, as the parser understood it."""
        return self.document.root.html if self.document.root else ""

    def select(self, selector: str) -> Sequence[Element]:
        """Find the elements that match, in the order of the page.

        Raises:
            AssertionError: the selector is invalid.

        """
        try:
            return self.document.select(selector)
        except ValueError as error:
            message = f"the selector cannot be used: {error}"
            raise AssertionError(message) from error

    def texts(self, selector: str) -> list[str]:
        """Return the texts of the visible elements that match, in the order of the page."""
        return [
            self.rendering.text(element).strip()
            for element in self.select(selector)
            if self.rendering.shows(element)
        ]

    def names(self, selector: str) -> list[str]:
        """Return the names of the visible controls and links that match."""
        return [
            self._name_of(element)
            for element in self.select(selector)
            if self.rendering.shows(element)
        ]

    def link(self, text: str) -> Element | None:
        """Return the first visible link with this text."""
        for link in self.document.select("a[href], area[href]"):
            if self.rendering.shows(link) and self.rendering.text(link).strip() == text:
                return link
        return None

    def _name_of(self, element: Element) -> str:
        labels = [
            self.rendering.text(label)
            for label in self.document.select("label")
            if self._labeled_by(label) == element
        ]
        name = element.attr("aria-label") or " ".join(labels) or self.rendering.text(element)
        return " ".join(name.split())

    def _labeled_by(self, label: Element) -> Element | None:
        named = label.attr("for")
        if named is None:
            return label.select_one(LABELABLE)
        controls = self.document.select(LABELABLE)
        return next((each for each in controls if each.attr("id") == named), None)
