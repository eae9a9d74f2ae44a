"""A page in dark mode and on paper, as its style sheets define them."""

from acceptance.pages.page import Page
from acceptance.pages.style_sheets import style_sheets_of

# This changes the conditions in the style sheets instead of the browser's settings, because not
# every browser has a command for those.
_APPLY = """
const [condition, instead] = arguments;
const lists = [...document.styleSheets]
    .flatMap(sheet => [...sheet.cssRules])
    .filter(rule => rule.media)
    .map(rule => rule.media);
const found = lists.filter(media => media.mediaText.includes(condition));
for (const media of found) media.mediaText = media.mediaText.replace(condition, instead);
return found.length;
"""

# In dark mode, the text is lighter than its background.
_COLORS = """
const {color, backgroundColor} = getComputedStyle(document.body);
const lightnessOf = value =>
    value.match(/[\\d.]+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0);
return [color, backgroundColor, lightnessOf(color) > lightnessOf(backgroundColor)];
"""

_DARK = "(prefers-color-scheme: dark)"
_PAPER = "print"
_ALWAYS = "(min-width: 0px)"
_EVERYWHERE = "all"

_CONTROLS = """
// A check box can be ticked on paper, too.
const controls = "a[href], button, input:not([type=checkbox]), select, textarea";
return [...document.querySelectorAll(controls)]
    .filter(element => element.checkVisibility())
    .map(element => element.outerHTML);
"""


_OTHER_TEXTS = """
const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
const others = [];
while (texts.nextNode()) {
    const {data, parentElement} = texts.currentNode;
    const isShown = data.trim() && parentElement.checkVisibility();
    if (isShown && !parentElement.closest(arguments[0])) others.push(data.trim());
}
return others;
"""


class Media(Page):
    """The open page in other media than a light screen."""

    def turn_dark(self) -> None:
        """Show the page as in dark mode, until `turn_light`.

        Raises:
            AssertionError: the page has no style for dark mode, or stays light in it.

        """
        assert self._apply(_DARK, _ALWAYS), (
            f"the page has no style for dark mode ({_DARK}): {style_sheets_of(self.session)}"
        )
        text, background, is_dark = self.session.window.run_script(_COLORS)
        assert is_dark, (
            f"the page stays light in dark mode: the body's color is {text}, and its "
            f"background-color {background}"
        )

    def turn_light(self) -> None:
        """Show the page as it was before `turn_dark`."""
        self._apply(_ALWAYS, _DARK)

    def print(self) -> None:
        """Show the page as on paper, until another page is open.

        Raises:
            AssertionError: the page has no style for paper.

        """
        assert self._apply(_PAPER, _EVERYWHERE), (
            f"the page has no style for paper (@media print): {style_sheets_of(self.session)}"
        )

    def has_no_controls(self) -> None:
        """Check that the page shows nothing to press or to type into.

        Raises:
            AssertionError: it shows such elements.

        """
        controls = self.session.window.run_script(_CONTROLS)
        assert not controls, "the page shows what is of no use on paper:\n" + "\n".join(controls)

    def shows_only(self, selector: str) -> None:
        """Check that the page shows no text outside the elements that match.

        Raises:
            AssertionError: it shows other text.

        """
        others = self.session.window.run_script(_OTHER_TEXTS, selector)
        assert not others, f"the page also shows {others}"

    def _apply(self, condition: str, instead: str) -> int:
        return int(self.session.window.run_script(_APPLY, condition, instead))
