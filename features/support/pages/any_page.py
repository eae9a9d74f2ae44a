"""What every page has: a title, a heading, and what people can use there."""

from collections.abc import Mapping, Sequence

from acceptance.browser.errors import Control
from acceptance.browser.markup import Markup
from acceptance.browser.style_sheets import with_style_sheets
from acceptance.mismatch import Mismatch
from acceptance.pages.page import Page

END_OF_TITLES = " · To-Do lists"
CONTROLS = "main a[href], main button, main input, main select, main textarea"

PARTS = "main h2"
ICONS: Mapping[str, str] = {
    "head link[rel~=icon][href]": "in the tab",
    "nav a[href='/'] img[src]": "beside its name",
}
OWN_DIRECTION = "bdi, [dir=auto]"
IDLE_BUTTONS = "form button[type=button]"
"""The buttons that neither send their form nor, on a site without scripts for them, do anything."""

_WITH_WORDS: Mapping[str, str] = {
    "heading": "h1, h2",
    "paragraph": "p",
    "list entry": "li",
    "label": "label",
    "link": "a[href]",
    "button": "button",
    "field": "input:not([type=hidden])",
    "message": "[role=status], [role=alert], main [id$=_error]",
}


class AnyPage(Page):
    """Whatever page is open."""

    def is_called(self, title: str, heading: str) -> None:
        """See this title, which ends with the kind of site, and this heading.

        Raises:
            AssertionError: the page has others, or none.

        """

        def is_called_so() -> None:
            shown, expected = self.session.title, title + END_OF_TITLES
            assert shown == expected, Mismatch(
                f"the title of the page is {shown!r}, not {expected!r}", expected, shown, "title"
            )
            headings = self.session.texts("h1")
            assert headings == [heading], Mismatch(
                f"the heading of the page is {headings}, not {heading!r}"
                if headings
                else f"the page “{shown}” has no heading (h1)",
                heading,
                headings,
                "heading",
                where="h1",
            )

        self.session.eventually(is_called_so)

    def reads(self, text: str) -> None:
        """See `text` somewhere below the bar at the top.

        Raises:
            AssertionError: the page does not say that.

        """

        def says_so() -> None:
            shown = " ".join(" ".join(self.session.texts("main")).split())
            assert text in shown, Mismatch(
                f"the page does not say {text!r}: it says {shown!r}", text, shown, "text"
            )

        self.session.eventually(says_so)

    def is_in_language(self, code: str) -> None:
        """See that the page says in which language it is, so that screen readers pronounce it so.

        Args:
            code: the language (BCP 47), without a region.

        Raises:
            AssertionError: the page says nothing about it, or names another one.

        """
        root = f"html[lang|={code}]"
        assert self.session.matches(root), (
            f"the page does not say that its language is {code!r}: {self.tags('html')}"
        )

    def has_icon(self) -> None:
        """See the icon of the site in the tab of the browser, and beside the name of the site.

        Raises:
            AssertionError: it is missing in one of these places.

        """
        for selector, place in ICONS.items():
            assert self.session.matches(selector), (
                f"the icon of the site is not {place}: no element matches {selector!r}"
            )

    def keeps_direction_of(self, text: str) -> None:
        """See that a text is written from the left or from the right, whatever is around it.

        Raises:
            AssertionError: it takes its direction from the text around it, and changes that.

        """
        shown = self.session.texts(OWN_DIRECTION)
        assert text in shown, Mismatch(
            f"{text!r} does not have a direction of its own ({OWN_DIRECTION!r}) as {shown} have",
            text,
            shown,
            "text",
        )

    def has_part(self, heading: str) -> None:
        """See a part of the page under this heading.

        Raises:
            AssertionError: no part has it.

        """

        def has_heading() -> None:
            shown = self.session.texts(PARTS)
            assert heading in shown, Mismatch(
                f"the parts of the page “{self.session.title}” are {shown}, without {heading!r}",
                heading,
                shown,
                "heading",
                where=PARTS,
            )

        self.session.eventually(has_heading)

    def leads_to_parts(self, names: Sequence[str]) -> None:
        """Hear of exactly these parts of the page, in this order.

        Raises:
            AssertionError: the page has others, or some have no name.

        """
        shown = list(Markup(self.session.html).parts())
        expected = list(names)
        assert shown == expected, Mismatch(
            f"screen readers name the parts {shown} of the page “{self.session.title}”, not "
            f"{expected}",
            expected,
            shown,
            "part",
        )

    def has_nothing_empty(self) -> None:
        """See that each text, link, button and field of the page has words.

        Raises:
            AssertionError: one of them has none.

        """
        for kind, selector in _WITH_WORDS.items():
            names = self.session.names(selector)
            others = [name for name in names if name]
            assert "" not in names, Mismatch(
                f"the page “{self.session.title}” has an empty {kind}; the others are {others}",
                f"no empty {kind}",
                names,
                where=selector,
            )

    def has_no_idle_button(self) -> None:
        """See that each button of a form sends it.

        Raises:
            AssertionError: one of them does nothing.

        """
        idle = self.session.names(IDLE_BUTTONS)
        assert not idle, Mismatch(
            f"a button of the page “{self.session.title}” does nothing: {self.tags(IDLE_BUTTONS)}",
            "buttons that send their form",
            idle,
            where=IDLE_BUTTONS,
        )

    def has_button(self, name: str) -> None:
        """See a button with this name.

        Raises:
            AssertionError: there is none.

        """
        buttons = self.session.names("button")
        assert name in buttons, Mismatch(
            f"the page “{self.session.title}” has the buttons {buttons}, and not {name!r}",
            name,
            buttons,
            "button",
            cause=self._hidden(name),
        )

    def _hidden(self, button: str) -> str:
        if not self.is_hidden(Control.BUTTON, button):
            return ""
        return with_style_sheets(
            self.session, f"the button {button!r} is on the page, but cannot be seen"
        )

    def offers(self, controls: Sequence[str]) -> None:
        """See exactly these links, buttons and fields below the bar at the top, in this order.

        Raises:
            AssertionError: the page has others, or has them in another order.

        """

        def offers_these() -> None:
            shown = self.session.names(CONTROLS)
            expected = list(controls)
            assert shown == expected, Mismatch(
                with_style_sheets(self.session, f"the page offers {shown}, not {expected}"),
                expected,
                shown,
                "control",
            )

        self.session.eventually(offers_these)
