"""A page in dark mode and on paper, as its style sheets define them."""

from acceptance.browser.style_sheets import style_sheets_of, with_style_sheets
from acceptance.pages.measuring import measuring
from acceptance.pages.page import Page

# This changes the conditions in the style sheets instead of the browser's settings, because not
# every browser has a command for those. `style_sheets` names the conditions as they were before.
_APPLY = """
const [condition, instead] = arguments;
const lists = [...document.styleSheets]
    .flatMap(sheet => [...sheet.cssRules])
    .filter(rule => rule.media)
    .map(rule => rule.media);
const found = lists.filter(media => media.mediaText.includes(condition));
window.conditionsBefore ??= new Map();
for (const media of found) {
    if (!conditionsBefore.has(media)) conditionsBefore.set(media, media.mediaText);
    media.mediaText = media.mediaText.replace(condition, instead);
}
return found.length;
"""

# In dark mode, the text is lighter than its background.
_COLORS = """
const {color, backgroundColor} = getComputedStyle(document.body);
const lightnessOf = value =>
    value.match(/[\\d.]+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0);
const isDark = lightnessOf(color) > lightnessOf(backgroundColor);
// Without these, check boxes and scroll bars stay light (CSS Color Adjustment, section 2).
const schemes = document.querySelector("meta[name=color-scheme]")?.content ?? "";
const hasDarkParts = `${schemes} ${getComputedStyle(document.documentElement).colorScheme}`
    .includes("dark");
return [color, backgroundColor, isDark, hasDarkParts];
"""

_DARK = "(prefers-color-scheme: dark)"
_PAPER = "print"
_ALWAYS = "(min-width: 0px)"
_EVERYWHERE = "all"

_CONTROLS = measuring("""
// A check box can be ticked on paper, too.
const controls = "a[href], button, input:not([type=checkbox]), select, textarea";
const nameOf = each => (each.ariaLabel || each.innerText || "").replace(/\\s+/g, " ").trim();
return [...document.querySelectorAll(controls)]
    .filter(element => element.checkVisibility())
    .map(element => nameOf(element)
        ? `${tagOf(element)} “${nameOf(element)}”` : tagOf(element));
""")

LEAST_CONTRAST = 4.5
"""The contrast of text and ground (WCAG 2.2, success criterion 1.4.3)."""

# Paper is white, whatever the ground.
_PALE_TEXTS = measuring("""
const lightnessOf = color => {
    const [red, green, blue] = color.match(/[\\d.]+/g).slice(0, 3).map(part => {
        const value = Number(part) / 255;
        return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};
const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
const pale = [];
while (texts.nextNode()) {
    const {data, parentElement} = texts.currentNode;
    if (!data.trim() || !parentElement.checkVisibility()) continue;
    const {color} = getComputedStyle(parentElement);
    const contrast = 1.05 / (lightnessOf(color) + 0.05);
    if (contrast < arguments[0])
        pale.push(`“${data.trim()}” (color: ${color}; ${tagOf(parentElement)})`);
}
return pale;
""")

_SPLIT = measuring("""
return [...document.querySelectorAll(arguments[0])]
    .filter(element => !getComputedStyle(element).breakInside.startsWith("avoid"))
    .map(element => `${tagOf(element)} (${styleOf(element, "break-inside")})`);
""")

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
        text, background, is_dark, has_dark_parts = self.session.window.run_script(_COLORS)
        assert not is_dark, with_style_sheets(
            self.session,
            f"the page is dark for people who have not chosen dark mode: the body's color is "
            f"{text}, and its background-color {background}",
        )
        assert self._apply(_DARK, _ALWAYS), (
            f"the page has no style for dark mode ({_DARK}): {style_sheets_of(self.session)}"
        )
        text, background, is_dark, has_dark_parts = self.session.window.run_script(_COLORS)
        assert is_dark, with_style_sheets(
            self.session,
            f"the page stays light in dark mode: the body's color is {text}, and its "
            f"background-color {background}",
        )
        assert has_dark_parts, with_style_sheets(
            self.session,
            "check boxes and scroll bars stay light in dark mode: neither the color-scheme of the "
            "page nor its meta element includes dark",
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
        assert not controls, with_style_sheets(
            self.session, "the page shows what is of no use on paper:", *controls
        )

    def is_readable(self) -> None:
        """Check that the texts of the page differ enough from the paper.

        Raises:
            AssertionError: some do not.

        """
        pale = self.session.window.run_script(_PALE_TEXTS, LEAST_CONTRAST)
        assert not pale, with_style_sheets(
            self.session, f"too pale to be read on white paper: {pale[0]}", *pale[1:]
        )

    def keeps_whole(self, selector: str) -> None:
        """Check that no element that matches is split between two pages of paper.

        Raises:
            AssertionError: they may be split.

        """
        split = self.session.window.run_script(_SPLIT, selector)
        assert not split, with_style_sheets(
            self.session, f"may be split between two pages of paper: {', '.join(split)}"
        )

    def shows_only(self, selector: str) -> None:
        """Check that the page shows no text outside the elements that match.

        Raises:
            AssertionError: it shows other text.

        """
        others = self.session.window.run_script(_OTHER_TEXTS, selector)
        assert not others, with_style_sheets(self.session, f"the page also shows {others}")

    def _apply(self, condition: str, instead: str) -> int:
        return int(self.session.window.run_script(_APPLY, condition, instead))
