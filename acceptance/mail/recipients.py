"""Find the addresses in the recipient fields of an email, even in badly written ones.

The standard library parses a field as a whole. If one address breaks the rules, its newer versions
find none in the field, and its older ones find addresses that do not exist
(https://github.com/python/cpython/issues/102988). Here each address is parsed on its own.
"""

import re
from collections.abc import Iterator

from acceptance.mail.addresses import comparable
from acceptance.mail.content import decoded

_QUOTED = r'"(?:[^"\\]|\\.)*"'
_ADDRESS = re.compile(rf'(?:{_QUOTED}|[^\s"(),:;<>@\[\\\]]+)@[^\s"(),:;<>@\\]+')
_PIECE = re.compile(
    rf"(?P<word>(?:{_QUOTED}|[^\s<>\",;:])+)|<(?P<enclosed>[^<>]*)>|(?P<separator>[,;:])|[\s<>\"]"
)
_QUOTED_TEXT = re.compile(_QUOTED)
_MARK = re.compile(r'\\.|"')
_AROUND_AT = re.compile(r"\s*@\s*")

_ENCODED_WORD = re.compile(r"=\?[^?\s]+\?[bq]\?[^?]*\?=", re.IGNORECASE)
# Characters that replace encoded words, and have no other meaning in emails.
_PRIVATE_USE = range(0xE000, 0xF900)


def addresses_in(field: str) -> set[str]:
    """Return the complete addresses in the text of a field, in the form of `comparable`.

    A name before an address in angle brackets, a comment, and a group's name are not addresses,
    even if they look like one.

    Args:
        field: its text in the email, undecoded, in one line.

    """
    names: dict[str, str] = {}

    def letter_for(word: re.Match[str]) -> str:
        # The content of an encoded word has no syntax (RFC 2047, section 5).
        letter = chr(_PRIVATE_USE[len(names) % len(_PRIVATE_USE)])
        names[letter] = word[0]
        return f" {letter} "

    found: set[str] = set()
    for item in _items(_ENCODED_WORD.sub(letter_for, field)):
        addresses = _addresses_of(item)
        if not addresses:
            encoded = [decoded(names[word]) for word in item if word in names]
            addresses = [
                each for text in encoded for one in _items(text) for each in _addresses_of(one)
            ]
        found.update(comparable(each) for each in addresses if _ADDRESS.fullmatch(each))
    return found


def _items(field: str) -> Iterator[list[str]]:
    """Split a field into recipients, and each of them into words.

    An address in angle brackets is one word, with its brackets.
    """
    item: list[str] = []
    for piece in _PIECE.finditer(
        _AROUND_AT.sub("@", _without_comments(_with_paired_quotes(field)))
    ):
        if piece["separator"]:
            yield item
            item = []
        elif piece["enclosed"] is not None:
            item.append(piece[0])
        elif piece["word"]:
            item.append(piece["word"])
    yield item


def _addresses_of(item: list[str]) -> list[str]:
    enclosed = [number for number, word in enumerate(item) if word.startswith("<")]
    addresses: list[str] = []
    after = 0
    for number in enclosed:
        # A route may stand before the address (RFC 5322, section 4.4).
        within = [each for each in re.split(r"[,;:\s]", item[number][1:-1]) if "@" in each[1:]]
        if within:
            addresses += within
            after = number + 1
    bare = [_bare(word) for word in item[after:] if not word.startswith("<")]
    addresses += [word for word in bare if _ADDRESS.fullmatch(word)]
    if addresses:
        return addresses
    # Some programs quote an address as if it were a name.
    return [_bare(word[1:-1]) for word in item if word.startswith('"') and word.endswith('"')]


def _bare(word: str) -> str:
    return word.strip("'").rstrip(".")


def _with_paired_quotes(field: str) -> str:
    """Ignore a single quotation mark, since the end of the quotation is unknown."""
    marks = [mark for mark in _MARK.findall(field) if mark == '"']
    return field if len(marks) % 2 == 0 else field.replace('"', " ")


def _without_comments(field: str) -> str:
    """Remove comments, unless their parentheses are unbalanced."""
    kept: list[str] = []
    depth = rest = 0
    while rest < len(field):
        quoted = _QUOTED_TEXT.match(field, rest) if depth == 0 else None
        piece = quoted[0] if quoted else field[rest : rest + 1 + (field[rest] == "\\")]
        depth += (piece == "(") - (piece == ")")
        if depth < 0:
            return field
        kept.append(piece if depth == 0 and piece != ")" else " ")
        rest += len(piece)
    return field if depth else "".join(kept)
