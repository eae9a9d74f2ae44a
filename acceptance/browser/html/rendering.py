"""The visible elements of a page and their text, as far as the markup alone defines them.

Style sheets and scripts are ignored. Only a real browser knows what they show or hide.
"""

import re
from collections.abc import Callable, Mapping
from functools import partial

from turbohtml import Document, Element, Node, Text

# HTML Standard, "Rendering": elements that the browsers' own style sheet hides, or shows without
# any text.
_NEVER_SHOWN = frozenset(
    {
        "area",
        "base",
        "basefont",
        "datalist",
        "head",
        "link",
        "meta",
        "noembed",
        "noframes",
        "param",
        "rp",
        "script",
        "style",
        "template",
        "title",
    }
)
_WITHOUT_TEXT = frozenset(
    {"audio", "canvas", "embed", "iframe", "img", "input", "meter", "progress", "textarea", "video"}
)

_BLOCKS = frozenset(
    {
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "html",
        "legend",
        "li",
        "listing",
        "main",
        "menu",
        "nav",
        "ol",
        "optgroup",
        "option",
        "p",
        "plaintext",
        "pre",
        "search",
        "section",
        "summary",
        "table",
        "ul",
        "xmp",
    }
)
_BOXES_IN_LINES = frozenset({"button", "select"})
_PREFORMATTED = frozenset({"listing", "plaintext", "pre", "xmp"})
_TABLE_PARTS = {"td": "table-cell", "th": "table-cell", "tr": "table-row", "table": "table"}
_BLOCK_DISPLAYS = frozenset(
    {"block", "flex", "flow-root", "grid", "list-item", "table", "table-caption"}
)

_WHITE_SPACE = re.compile(r"[ \t\n\r\f]+")
_EDGES = " \t\n\r\f"
_LINE_END = re.compile(r"\r\n?")


class Rendering:
    """The rendering of a page's elements."""

    def __init__(self) -> None:
        self._shown: dict[Node, bool] = {}

    def shows(self, element: Element) -> bool:
        """Whether an element is rendered (CSSOM View, `checkVisibility`)."""
        chain: list[Element] = []
        node: Node | None = element
        while isinstance(node, Element) and node not in self._shown:
            chain.append(node)
            node = node.parent
        # The outermost element in a template has no parent.
        is_shown = self._shown[node] if isinstance(node, Element) else isinstance(node, Document)
        for each in reversed(chain):
            is_shown = (
                is_shown
                and _display(each) != "none"
                and not _is_folded_away(each)
                and not _is_in_closed_list(each)
            )
            self._shown[each] = is_shown
        return is_shown

    def text(self, element: Element) -> str:
        """Return the text of an element (HTML Standard, `innerText`)."""
        return _Reading().of(element)


class _Reading:
    """Collects the text of an element piece by piece."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._line_breaks = 0
        self._has_space = False
        self._is_at_edge = True

    def of(self, element: Element) -> str:
        """Return the text of the element."""
        # Without recursion, because broken markup can nest thousands of elements.
        left: list[Node | Callable[[], None]] = [element]
        while left:
            each = left.pop()
            if isinstance(each, Text):
                self._read(each)
            elif isinstance(each, Element):
                self._enter(each, left)
            elif not isinstance(each, Node):
                each()
        return "".join(self._pieces)

    def _enter(self, element: Element, left: list[Node | Callable[[], None]]) -> None:
        tag, display = element.tag, _display(element)
        if display == "none" or _is_folded_away(element):
            return
        if tag == "br":
            self._break_line()
            return
        if tag in _WITHOUT_TEXT:
            self._stand_beside()
            return
        if display == "table-cell":
            self._is_at_edge = True
            if _has_later(element, "table-cell"):
                left.append(partial(self._put, "\t"))
        elif display == "table-row":
            self._is_at_edge = True
            if _has_later_row(element):
                left.append(partial(self._put, "\n"))
        elif display in _BLOCK_DISPLAYS:
            number = 2 if tag == "p" else 1
            self._separate(number)
            left.append(partial(self._separate, number))
        elif display.startswith("inline-"):
            self._stand_beside()
            left.append(self._leave_box)
            self._is_at_edge = True
        left.extend(reversed(element.children))

    def _read(self, node: Text) -> None:
        parent = node.parent
        if not isinstance(parent, Element) or _is_invisible(parent) or _is_closed(parent):
            return
        if _is_preformatted(parent):
            self._put_as_it_is(_LINE_END.sub("\n", node.data))
            return
        words = _WHITE_SPACE.sub(" ", node.data)
        core = words.strip(" ")
        if words.startswith(" ") and not self._is_at_edge:
            self._has_space = True
        if core:
            self._write(core)
            self._has_space = words.endswith(" ")

    def _put_as_it_is(self, text: str) -> None:
        if text:
            self._write(text)
            self._is_at_edge = text.endswith("\n")

    def _write(self, text: str) -> None:
        if self._line_breaks and self._pieces:
            self._pieces.append("\n" * self._line_breaks)
        if self._has_space:
            self._pieces.append(" ")
        self._line_breaks = 0
        self._has_space = self._is_at_edge = False
        self._pieces.append(text)

    def _put(self, separator: str) -> None:
        """Write the separator of cells or of rows."""
        self._has_space = False
        self._write(separator)
        self._is_at_edge = True

    def _break_line(self) -> None:
        self._has_space = False
        self._write("\n")
        self._is_at_edge = True

    def _separate(self, number: int) -> None:
        self._has_space = False
        self._is_at_edge = True
        self._line_breaks = max(self._line_breaks, number)

    def _stand_beside(self) -> None:
        """Leave a place for a box in the line; the white space on both sides of it stays."""
        if self._has_space:
            self._write("")
        self._is_at_edge = False

    def _leave_box(self) -> None:
        self._has_space = self._is_at_edge = False


def _display(element: Element) -> str:
    """Return the value of the property `display`, as far as the markup defines it."""
    tag = element.tag
    if tag == "input" and (element.attr("type") or "").lower() == "hidden":
        return "none"
    styled = _styles(element).get("display")
    if styled:
        return styled
    if (
        tag in _NEVER_SHOWN
        or element.attr("hidden") is not None
        or (tag == "dialog" and element.attr("open") is None)
    ):
        return "none"
    if tag in _TABLE_PARTS:
        return _TABLE_PARTS[tag]
    if tag in _BLOCKS:
        return "block"
    return "inline-block" if tag in _BOXES_IN_LINES else "inline"


def _styles(element: Element) -> Mapping[str, str]:
    """Return the declarations of the attribute `style`."""
    style = element.attr("style")
    if not style:
        return {}
    declarations = (each.partition(":") for each in style.split(";"))
    return {
        name.strip().lower(): value.partition("!")[0].strip().lower()
        for name, _, value in declarations
    }


def _is_closed(element: Element) -> bool:
    return element.tag == "details" and element.attr("open") is None


def _is_folded_away(element: Element) -> bool:
    """Whether an element is in a closed `<details>`, outside its summary."""
    parent = element.parent
    if not isinstance(parent, Element) or not _is_closed(parent):
        return False
    summaries = (each for each in parent.children if isinstance(each, Element))
    first = next((each for each in summaries if each.tag == "summary"), None)
    return element != first


def _is_in_closed_list(element: Element) -> bool:
    """Whether an element is an option of a closed list."""
    if element.tag != "option":
        return False
    select = element.closest("select")
    return select is not None and not is_list_box(select)


def is_list_box(select: Element) -> bool:
    """Whether a list is always open (HTML Standard, "display size")."""
    size = (select.attr("size") or "").strip()
    return select.attr("multiple") is not None or (size.isdecimal() and int(size) > 1)


def _is_invisible(element: Element) -> bool:
    node: Node | None = element
    while isinstance(node, Element):
        visibility = _styles(node).get("visibility")
        if visibility:
            return visibility in {"hidden", "collapse"}
        node = node.parent
    return False


def _is_preformatted(element: Element) -> bool:
    node: Node | None = element
    while isinstance(node, Element):
        white_space = _styles(node).get("white-space")
        if white_space or node.tag in _PREFORMATTED:
            return not white_space or white_space.startswith(("pre", "break-spaces"))
        node = node.parent
    return False


def _has_later(element: Element, display: str) -> bool:
    return any(
        isinstance(each, Element) and _display(each) == display for each in element.next_siblings
    )


def _has_later_row(row: Element) -> bool:
    if _has_later(row, "table-row"):
        return True
    group = row.parent
    if not isinstance(group, Element) or group.tag not in {"tbody", "thead", "tfoot"}:
        return False
    return any(
        isinstance(each, Element) and each.select_one("tr") is not None
        for each in group.next_siblings
    )
