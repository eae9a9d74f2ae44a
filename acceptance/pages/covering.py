"""What lies over something else on a page, so that people cannot read or type it."""

from acceptance.browser.style_sheets import with_style_sheets
from acceptance.mismatch import Mismatch
from acceptance.pages.measuring import measuring
from acceptance.pages.page import Page

# Texts line by line, check boxes and pictures; a line of text is higher than its letters. Texts for
# screen readers are clipped to nothing.
_COVERING = measuring("""
scrollTo({top: 0, behavior: "instant"});
const isClipped = element => {
    for (let each = element; each; each = each.parentElement) {
        const {clip, clipPath, overflowX} = getComputedStyle(each);
        const {width, height} = each.getBoundingClientRect();
        if (clip === "rect(0px, 0px, 0px, 0px)" || clipPath !== "none") return true;
        if (overflowX === "hidden" && (width <= 1 || height <= 1)) return true;
    }
    return false;
};
const isShown = element => element.checkVisibility() && !isClipped(element);
const things = [];
const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (texts.nextNode()) {
    const node = texts.currentNode;
    if (!node.data.trim() || !isShown(node.parentElement)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const boxes = [...range.getClientRects()].map(({left, right, top, bottom}) => {
        const blank = (bottom - top) / 5;
        return {left, right, top: top + blank, bottom: bottom - blank};
    });
    things.push({element: node.parentElement, boxes, name: `the text “${node.data.trim()}”`});
}
for (const element of document.querySelectorAll("input[type=checkbox], img, svg"))
    if (isShown(element))
        things.push({element, boxes: [element.getBoundingClientRect()], name: tagOf(element)});
const meet = (one, other) => Math.min(one.right, other.right) - Math.max(one.left, other.left) > 1
    && Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 1;
const layoutOf = ({element, boxes}) => {
    const margin = getComputedStyle(element).position === "static" ? [] : ["left", "top"];
    return `${boxes.map(placeOf).join(" and ")} (${
        styleOf(element, "display", "position", ...margin, "margin")})`;
};
const problems = [];
things.forEach((one, index) => things.slice(index + 1).forEach(other => {
    if (one.boxes.some(box => other.boxes.some(another => meet(box, another))))
        problems.push(`${other.name} is over ${one.name}: ${layoutOf(other)}, over ${
            layoutOf(one)}`);
}));
const buttons = [...document.querySelectorAll("button")].filter(isShown);
for (const field of document.querySelectorAll("input:not([type=hidden], [type=checkbox])")) {
    if (!isShown(field)) continue;
    const {left, right, top, bottom} = field.getBoundingClientRect();
    const {paddingLeft, paddingRight} = getComputedStyle(field);
    const typed = {left: left + parseFloat(paddingLeft), right: right - parseFloat(paddingRight),
                   top, bottom};
    for (const button of buttons) {
        const box = button.getBoundingClientRect();
        const sticksOut = box.top < top - 1 || box.bottom > bottom + 1;
        if (meet(box, typed))
            problems.push(`${tagOf(button)} covers what is typed into ${tagOf(field)} (${
                styleOf(field, "padding-right")})`);
        else if (meet(box, {left, right, top, bottom}) && sticksOut)
            problems.push(`${tagOf(button)} sticks out of ${tagOf(field)} (${
                styleOf(field, "height")})`);
    }
}
return problems;
""")


class Covering(Page):
    """The open page, whose parts leave room for each other."""

    def leaves_all_readable(self) -> None:
        """Check that no text, check box, picture or button lies over another one.

        Raises:
            AssertionError: one does.

        """
        problems = self.session.window.run_script(_COVERING)
        assert not problems, Mismatch(
            with_style_sheets(self.session, *problems),
            "nothing over something else",
            problems,
        )
