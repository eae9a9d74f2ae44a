"""The layout of a page: whether it fits the window, and whether people can touch its controls."""

from collections.abc import Sequence

from acceptance.browser.style_sheets import with_style_sheets
from acceptance.mismatch import Mismatch
from acceptance.pages.measuring import measuring
from acceptance.pages.page import Page

# WCAG 2.2, success criterion 2.5.8: 24 by 24 CSS pixels, except for links within a sentence.
SMALLEST_TARGET = 24

# The tolerance of the book's own test, in CSS pixels.
OFF_CENTRE = 10

# Phones lay out other pages as for a window of about 980 pixels (CSS Viewport, section 3).
_FOR_PHONES = "meta[name=viewport][content*='width=device-width']"

# Of what sticks out, the innermost elements; a text may stick out of its element, unless that hides
# or scrolls what is too long, as fields do.
_WIDTHS = measuring("""
const {scrollWidth, clientWidth} = document.documentElement;
const endOf = element => {
    const {left, right} = element.getBoundingClientRect();
    const isField = element.matches("input, textarea, select");
    const isCut = isField || getComputedStyle(element).overflowX !== "visible";
    return Math.round(scrollX + Math.max(right, isCut ? 0 : left + element.scrollWidth));
};
const wide = [...document.body.querySelectorAll("*")]
    .filter(element => element.checkVisibility() && endOf(element) > clientWidth);
const innermost = wide
    .filter(element => !wide.some(other => other !== element && element.contains(other)))
    .slice(0, 3)
    .map(element => `${tagOf(element)} ends at ${endOf(element)} (${styleOf(element,
        "display", "width", "min-width", "white-space", "overflow-wrap")}; in ${
        tagOf(element.parentElement)} with ${styleOf(element.parentElement,
        "display", "flex-wrap", "max-width")})`);
return [scrollWidth, clientWidth, innermost.join(", ")];
""")

# The width of two borders, in CSS pixels.
OFF_EDGE = 2

_EDGES = """
return arguments[0].map(selector => {
    const {left, right} = document.querySelector(selector).getBoundingClientRect();
    return [Math.round(left), Math.round(right)];
});
"""

_CENTRES = measuring("""
const element = document.querySelector(arguments[0]);
const box = element.getBoundingClientRect();
const style = `${tagOf(element)} is ${sizeOf(box)} (${
    styleOf(element, "margin-left", "margin-right", "max-width")})`;
return [box.left + box.width / 2, innerWidth / 2, style];
""")

_SMALL_TARGETS = measuring("""
return [...document.querySelectorAll("a, button, input:not([type=hidden]), select, textarea")]
    .filter(element => element.checkVisibility())
    .filter(element => !element.closest("p"))
    // No finger can meet what is clipped to nothing until the keyboard is at it.
    .filter(element => getComputedStyle(element).clip !== "rect(0px, 0px, 0px, 0px)")
    .map(element => [element, element.getBoundingClientRect()])
    .filter(([element, box]) => {
        const height = element.type === "checkbox" ? arguments[0] : arguments[1];
        return box.width < arguments[0] || box.height < height;
    })
    .map(([element, box]) => {
        const height = element.type === "checkbox" ? arguments[0] : arguments[1];
        const style = styleOf(
            element, "display", "min-width", "min-height", "padding", "font-size");
        return `${tagOf(element)} is ${sizeOf(box)}, not at least ${arguments[0]} by ${height} `
            + `(${style})`;
    });
""")

FEW_CHARACTERS = 12
"""So many characters stand in one line."""

OFF_MIDDLE = 2
"""How far from the middle of a button its words or its picture may be, in CSS pixels."""

# A picture that is drawn has a size and a color.
_NOT_TO_BE_SEEN = measuring("""
const isDrawn = picture => {
    if (picture.tagName === "IMG") return picture.naturalWidth > 0;
    const {width, height} = picture.getBBox();
    const {stroke, fill} = getComputedStyle(picture);
    return (width > 0 || height > 0) && !(stroke === "none" && fill === "none");
};
// A picture may use another one of the page.
const partsOf = picture => {
    if (picture.tagName === "IMG") return "";
    const parts = [...picture.children].map(part => {
        const used = part.getAttribute("href");
        const isThere = !used?.startsWith("#") || document.getElementById(used.slice(1));
        return `${tagOf(part)}${isThere ? "" : ", which is not on the page"}`;
    });
    return ` with ${parts.join(" and ") || "nothing in it"}`;
};
const problemOf = element => {
    element.scrollIntoView({block: "center", behavior: "instant"});
    const {left, right, top, bottom} = element.getBoundingClientRect();
    const inFront = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    if (!inFront) return "is out of sight";
    if (!element.contains(inFront)) return `is behind ${tagOf(inFront)}`;
    const pictures = [...element.querySelectorAll("img, svg")];
    if (element.innerText.trim() || pictures.some(isDrawn)) return "";
    const drawn = pictures.map(each => `${tagOf(each)}${partsOf(each)} (${
        sizeOf(each.getBoundingClientRect())}; ${styleOf(each, "stroke", "fill")})`);
    if (drawn.length === 0) return "contains neither text nor a picture";
    return `shows no text, and ${drawn.join(", ")}`;
};
const isTransparent = color => color === "transparent" || / 0\\)$/.test(color);
// What can be pressed differs from text by a line, a frame, a ground or a picture.
const looksLikeText = element => {
    const {textDecorationLine, backgroundColor, borderTopStyle, borderTopColor, borderTopWidth}
        = getComputedStyle(element);
    return !textDecorationLine.includes("underline")
        && isTransparent(backgroundColor)
        && (borderTopStyle === "none" || borderTopWidth === "0px" || isTransparent(borderTopColor))
        && !element.querySelector("img, svg");
};
const textsIn = element => {
    const found = [];
    const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const {data, parentElement} = texts.currentNode;
        const isClipped = getComputedStyle(parentElement).clip === "rect(0px, 0px, 0px, 0px)";
        if (data.trim() && !isClipped) found.push(texts.currentNode);
    }
    return found;
};
const boxesOf = (node, start, end) => {
    const range = document.createRange();
    range.setStart(node, start);
    range.setEnd(node, end);
    return [...range.getClientRects()];
};
// Long words, such as addresses, have to be broken; a few short words fit into a line.
const brokenTextOf = element => {
    for (const node of textsIn(element)) {
        const whole = node.data.trim();
        const parts = whole.length <= arguments[0] ? [{0: whole, index: node.data.indexOf(whole)}]
            : node.data.matchAll(/\\S+/g);
        for (const {0: part, index} of parts) {
            const boxes = boxesOf(node, index, index + part.length);
            const lines = new Set(boxes.map(({top}) => Math.round(top)));
            if (part.length <= arguments[0] && lines.size > 1) return part;
        }
    }
    return "";
};
// What stands beside each other in a button, or alone in it, is in the middle of its height.
const offCentreOf = element => {
    const middleOf = boxes => (Math.min(...boxes.map(({top}) => top))
        + Math.max(...boxes.map(({bottom}) => bottom))) / 2;
    const middle = middleOf([element.getBoundingClientRect()]);
    const offOf = boxes => boxes.length ? Math.round(middleOf(boxes) - middle) : 0;
    const words = textsIn(element).flatMap(node => boxesOf(node, 0, node.data.length));
    const pictures = [...element.querySelectorAll("img, svg")];
    const off = [offOf(words), ...pictures.map(each => offOf([each.getBoundingClientRect()]))]
        .find(each => Math.abs(each) > arguments[1]);
    return off ? `${Math.abs(off)} pixels ${off < 0 ? "above" : "below"}` : "";
};
const lookOf = element => {
    const text = brokenTextOf(element);
    if (text)
        return `breaks “${text}” into lines (${
            styleOf(element, "white-space", "overflow-wrap", "flex-shrink")})`;
    const off = offCentreOf(element);
    if (off)
        return `shows what it is for ${off} its middle (${
            styleOf(element, "display", "align-items", "padding-top", "padding-bottom")})`;
    if (!looksLikeText(element)) return "";
    return `looks like text (${
        styleOf(element, "text-decoration-line", "background-color", "border-top")})`;
};
return [...document.querySelectorAll("a, button")]
    .filter(element => element.checkVisibility())
    .filter(element => !element.closest("p"))
    .filter(element => getComputedStyle(element).clip !== "rect(0px, 0px, 0px, 0px)")
    .map(element => [element, problemOf(element), lookOf(element)])
    .flatMap(([element, problem, look]) =>
        problem ? [`cannot be seen: ${tagOf(element)} ${problem}`]
        : look ? [`cannot be recognized: ${tagOf(element)} ${look}`] : []);
""")

# Two things are beside each other if the middle of the lower one is as high as the other.
_NOT_SIDE_BY_SIDE = measuring("""
const nameOf = element => (element.ariaLabel || element.labels?.[0]?.innerText || element.innerText)
    .replace(/\\s+/g, " ").trim();
const shown = ["a, button, input", "strong, span"]
    .flatMap(selector => [...document.querySelectorAll(selector)])
    .filter(element => element.checkVisibility());
const problemOf = pair => {
    const elements = pair.map(name => shown.find(element => nameOf(element) === name));
    const missing = pair.filter((_, index) => !elements[index]).map(each => `“${each}”`);
    if (missing.length) return `the page shows no ${missing.join(" and no ")}`;
    const [one, other] = elements.map(element => element.getBoundingClientRect());
    const [low, high] = one.height < other.height ? [one, other] : [other, one];
    const middle = (low.top + low.bottom) / 2;
    if (high.top < middle && middle < high.bottom && one.left < other.left) return "";
    let around = elements[1].parentElement;
    while (!around.contains(elements[0])) around = around.parentElement;
    return `${tagOf(elements[1])} is ${placeOf(other)}, not beside ${tagOf(elements[0])}, which is `
        + `${placeOf(one)} (${styleOf(elements[1], "display", "position", "white-space")}; both in `
        + `${tagOf(around)} with ${styleOf(around, "display", "flex-direction", "flex-wrap")})`;
};
return arguments[0].map(problemOf).filter(Boolean);
""")


class Layout(Page):
    """The layout of the open page."""

    def fits_width(self) -> None:
        """Check that nothing has to be scrolled sideways.

        Raises:
            AssertionError: something is wider than the window.

        """
        content, window, wide = self.session.window.run_script(_WIDTHS)
        assert content <= window, Mismatch(
            with_style_sheets(
                self.session,
                f"the page is {content} pixels wide, but the window {window}"
                + (f": {wide}" if wide else ""),
            ),
            f"a page that is at most {window} pixels wide",
            f"a page that is {content} pixels wide",
        )
        assert self.session.matches(_FOR_PHONES), (
            f"phones show the page as wide as on a computer, and small: no element matches "
            f"{_FOR_PHONES!r}"
        )

    def can_be_touched(self, height: int = SMALLEST_TARGET) -> None:
        """Check that each link, button and field is large enough for a finger.

        Args:
            height: the smallest height, in CSS pixels; a check box, whose label is as good a
                target, may be smaller.

        Raises:
            AssertionError: some are too small.

        """
        small = self.session.window.run_script(_SMALL_TARGETS, SMALLEST_TARGET, height)
        assert not small, Mismatch(
            with_style_sheets(self.session, f"too small to touch: {small[0]}", *small[1:]),
            "nothing that is too small to touch",
            small,
        )

    def shows_what_can_be_pressed(self) -> None:
        """Check that each link and button looks like one, and shows a text or a picture.

        Raises:
            AssertionError: some are empty or covered, look like text, break a few short words into
                lines, or show their words or their picture beside their middle.

        """
        unseen = self.session.window.run_script(_NOT_TO_BE_SEEN, FEW_CHARACTERS, OFF_MIDDLE)
        assert not unseen, with_style_sheets(self.session, *unseen)

    def has_in_the_middle(self, selector: str) -> None:
        """Check that an element is in the middle of the window.

        Raises:
            AssertionError: it is to one side.

        """
        element, window, style = self.session.window.run_script(_CENTRES, selector)
        assert abs(element - window) <= OFF_CENTRE, Mismatch(
            with_style_sheets(
                self.session,
                f"the middle of {selector} is at {element}, but that of the window at {window}: "
                f"{style}",
            ),
            f"the middle at {window} pixels from the left",
            f"the middle at {element} pixels from the left",
        )

    def has_same_width(self, selector: str, other: str) -> None:
        """Check that an element begins and ends as far from the left as another one.

        Raises:
            AssertionError: it does not.

        """
        edges, others = self.session.window.run_script(_EDGES, [selector, other])
        is_same = all(
            abs(one - another) <= OFF_EDGE for one, another in zip(edges, others, strict=True)
        )
        assert is_same, Mismatch(
            with_style_sheets(
                self.session,
                f"{selector} goes from {edges[0]} to {edges[1]} pixels from the left, and {other} "
                f"from {others[0]} to {others[1]}",
            ),
            others,
            edges,
        )

    def has_side_by_side(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Check that pairs of links, buttons, fields and short texts stand beside each other.

        Args:
            pairs: the name of each, first the left one, as a screen reader names it.

        Raises:
            AssertionError: some do not.

        """
        apart = self.session.window.run_script(_NOT_SIDE_BY_SIDE, [list(pair) for pair in pairs])
        assert not apart, Mismatch(
            with_style_sheets(self.session, *apart), "each pair beside each other", apart
        )
