"""The text of an HTML document, extracted without a browser."""

import re
from html.parser import HTMLParser

_INLINE = frozenset(
    {"a", "abbr", "b", "big", "code", "em", "font", "i", "img", "small", "span", "strong", "sub"}
    | {"sup", "u", "wbr"}
)
_UNSEEN = frozenset({"head", "script", "style", "template", "title"})

_WHITE_SPACE = re.compile(r"\s+")
# Browsers leave these out of an address (URL Standard, "basic URL parser").
_IGNORED_IN_ADDRESSES = re.compile(r"[\t\r\n]")


def text_of_html(html: str) -> str:
    """Return the visible text of `html`, each link followed by its address in angle brackets.

    A link whose text is its address is returned once.
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = (_WHITE_SPACE.sub(" ", line).strip() for line in "".join(reader.text).split("\n"))
    return "\n".join(line for line in lines if line)


class _Reader(HTMLParser):
    """Gathers the text of a document, with a line break wherever a block begins or ends."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []
        self._unseen: list[str] = []
        self._links: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen.append(tag)
        elif tag in {"a", "area"}:
            self._end_link()
            address = _IGNORED_IN_ADDRESSES.sub("", dict(attrs).get("href") or "").strip()
            self._links.append((address, len(self.text)))
            if tag == "area":
                self._end_link()
        self._break_at(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._unseen:
            del self._unseen[self._unseen.index(tag) :]
        elif tag == "body":
            # A head that was never closed must not hide the body.
            self._unseen.clear()
        elif tag == "a":
            self._end_link()
        self._break_at(tag)

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.text.append(_WHITE_SPACE.sub(" ", data))

    def parse_marked_section(self, i: int, report: bool = True) -> int:  # noqa: FBT001, FBT002
        try:
            return super().parse_marked_section(i, report)
        except AssertionError:
            # Word processors write proprietary sections; an unknown one must not hide the text.
            return self.rawdata.find(">", i) + 1 or -1

    def close(self) -> None:
        super().close()
        self._end_link()

    def _break_at(self, tag: str) -> None:
        if tag not in _INLINE:
            self.text.append("\n")
        if tag == "body":
            self._unseen.clear()

    def _end_link(self) -> None:
        while self._links:
            address, begin = self._links.pop()
            if address and "".join(self.text[begin:]).strip() != address:
                self.text.append(f" <{address}> ")
