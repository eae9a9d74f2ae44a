"""Read the text and links of an email, however it was encoded or changed on its way."""

import email.policy
import re
from collections.abc import Callable, Iterator
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any, cast

from acceptance.web.html_text import text_of_html
from acceptance.web.links import SiteLink, link_to, links_in, origin_of, without_values

# RFC 5322, sections 2.2 and 4.5.
_FIELD = re.compile(rb"[!-9;-~]+[ \t]*:")
_LINE_END = re.compile(rb"\r\n|\n|\r")
_AFTER_LINE_END = re.compile(rb"(?<=\n)|(?<=\r)(?!\n)")
_ENCODED_WORD = re.compile(r"=\?[^?\s]+\?[bq]\?[^?\s]*\?=", re.IGNORECASE)
# The encoding in which the standard library returns the rest of a field with encoded words.
_UNENCODED = "raw-unicode-escape"
_QUOTED = re.compile(r"(?P<depth>>*) ?(?P<text>.*)", re.DOTALL)
_SIGNATURE = "-- "


def parsed(content: bytes) -> EmailMessage:
    """Parse an email as it arrived; even one that breaks the rules can be read in part."""
    mail = BytesParser(EmailMessage, policy=_LENIENT).parsebytes(_with_whole_head(content))
    return cast("EmailMessage", mail)


def text_of(mail: EmailMessage) -> str:
    """Return the text that a person reads in an email, with newlines as line ends.

    If a text has several versions, this is the plain one; if there is only HTML, it is the text of
    the HTML, with each address beside its link. An email within another, as some filters send it,
    is read, too.
    """
    return "\n".join(text for text in _texts(mail) if text.strip())


def token_link_in(mail: EmailMessage, site: str) -> SiteLink:
    """Return the first link in an email that leads to the site and contains a token.

    People log in with such a link, which may be anywhere among others. If relays have wrapped it in
    links of their own, it is extracted from them, so that its address only leads to the site.

    Args:
        mail: the mail.
        site: the address of the site's home page, without a slash at its end.

    Raises:
        AssertionError: there is no such link; the message names the targets of other links.

    """
    return _first_link(mail, site, "link with a token", lambda place: place.has_token)


def site_link_in(mail: EmailMessage, site: str) -> SiteLink:
    """Return the first link in an email that leads to the site, as `token_link_in` does.

    Args:
        mail: the mail.
        site: the address of the site's home page, without a slash at its end.

    Raises:
        AssertionError: there is no such link; the message names the targets of other links.

    """
    return _first_link(mail, site, "link", lambda _place: True)


def decoded(field: str) -> str:
    """Return the decoded text of a header field; parts that cannot be decoded stay unchanged."""
    try:
        chunks = decode_header(field)
    except (HeaderParseError, ValueError):
        # One of its encoded words is invalid.
        return _ENCODED_WORD.sub(_decoded_alone, field)
    return "".join(
        chunk if isinstance(chunk, str) else _in_letters(chunk, charset or _UNENCODED)
        for chunk, charset in chunks
    )


def fields_of(head: bytes) -> Iterator[tuple[str, str]]:
    """Return the header fields of an email: names in lower case, and texts that are not decoded."""
    fields: list[bytes] = []
    for line in _LINE_END.split(_with_whole_head(head)):
        if not line:
            break
        if line[:1] in {b" ", b"\t"} and fields:
            fields[-1] += line
        else:
            fields.append(line)
    for field in fields:
        name, _, text = field.partition(b":")
        yield name.decode("ascii", "replace").strip().lower(), _in_letters(text, None).strip()


class _LenientPolicy(email.policy.EmailPolicy):
    """Parses fields like the standard library, and returns those that it fails on undecoded."""

    def header_fetch_parse(self, name: str, value: Any) -> Any:  # noqa: ANN401
        try:
            return super().header_fetch_parse(name, value)
        except Exception:  # noqa: BLE001 (the library does not document which)
            raw = str(value).encode("utf-8", "surrogateescape")
            return decoded(_in_letters(_LINE_END.sub(b"", raw), None))


_LENIENT = _LenientPolicy()


def _decoded_alone(word: re.Match[str]) -> str:
    try:
        return "".join(
            chunk if isinstance(chunk, str) else _in_letters(chunk, charset)
            for chunk, charset in decode_header(word[0])
        )
    except (HeaderParseError, ValueError):
        return word[0]


def _with_whole_head(content: bytes) -> bytes:
    """Append each line of the header that is not a field to the field above it.

    The standard library would take such a line for the beginning of the text.
    """
    head, separator, text = _split(content)
    lines = [line for line in _AFTER_LINE_END.split(head) if line]
    fields = [number for number, line in enumerate(lines) if _FIELD.match(line)]
    if not fields:
        return content
    whole = (
        line if _FIELD.match(line) or line[:1] in {b" ", b"\t"} else b" " + line
        for line in lines[fields[0] :]
    )
    return b"".join(whole) + separator + text


def _split(content: bytes) -> tuple[bytes, bytes, bytes]:
    blank = re.search(rb"^(?:\r\n|\n|\r)", content, re.MULTILINE)
    if blank is None:
        return content, b"", b""
    return content[: blank.start()], blank[0], content[blank.end() :]


def _texts(mail: EmailMessage, *, everything: bool = False) -> Iterator[str]:
    """Yield the texts of an email that a person reads, or every text in it."""
    kind = mail.get_content_maintype()
    if mail.is_multipart():
        parts = [part for part in mail.iter_parts() if isinstance(part, EmailMessage)]
        if mail.get_content_subtype() == "alternative" and not everything:
            parts = _best(parts)
        for part in parts:
            yield from _texts(part, everything=everything)
    elif kind == "text" and (everything or mail.get_content_disposition() != "attachment"):
        yield _text_of_part(mail)


def _best(alternatives: list[EmailMessage]) -> list[EmailMessage]:
    """Return the version to read: a plain one that is not blank, or else the last."""
    for part in alternatives:
        if part.get_content_type() == "text/plain" and _text_of_part(part).strip():
            return [part]
    return alternatives[-1:]


def _text_of_part(part: EmailMessage) -> str:
    content = part.get_payload(decode=True)
    charset = part.get_content_charset()
    text = _in_letters(content if isinstance(content, bytes) else b"", charset)
    # Emails have the line ends of RFC 5322, CR LF, and keep them when they are parsed.
    text = text.replace("\r\n", "\n")
    if part.get_content_subtype() == "html":
        return text_of_html(text)
    if str(part.get_param("format", "")).lower() == "flowed":
        return _unflowed(text, joins=str(part.get_param("delsp", "")).lower() == "yes")
    return text


def _in_letters(content: bytes, charset: str | None) -> str:
    # RFC 2231, section 5: a language may follow the charset.
    for name in (charset and charset.partition("*")[0], "utf-8"):
        try:
            return content.decode(name or "ascii")
        except (LookupError, ValueError):
            continue
    return content.decode("latin-1")


def _unflowed(text: str, *, joins: bool) -> str:
    """Join the lines of a paragraph (RFC 3676, sections 4.1 to 4.5)."""
    lines: list[tuple[str, str]] = []
    goes_on = False
    for line in text.split("\n"):
        quoted = _QUOTED.fullmatch(line)
        assert quoted is not None
        depth, words = quoted["depth"], quoted["text"]
        is_signature = words == _SIGNATURE
        if goes_on and lines[-1][0] == depth and not is_signature:
            depth, begun = lines.pop()
            words = (begun[:-1] if joins else begun) + words
        lines.append((depth, words))
        goes_on = words.endswith(" ") and not is_signature
    return "\n".join(f"{depth} {words}" if depth else words for depth, words in lines)


def _first_link(
    mail: EmailMessage, site: str, what: str, is_wanted: Callable[[SiteLink], bool]
) -> SiteLink:
    texts = [*_texts(mail), *_texts(mail, everything=True)]
    links = [link for text in texts for link in links_in(text)]
    found = [place for link in links if (place := link_to(site, link)) and is_wanted(place)]
    # A plain link comes before one that has to be extracted from another.
    found.sort(key=lambda place: place.relay is not None)
    subject = str(mail["Subject"] or "")
    assert found, f"the email {subject!r} has no {what} to {site}: {_links_shown(links, site)}"
    return found[0]


def _links_shown(links: list[str], site: str) -> str:
    if not links:
        return "it has no link at all."
    own = {without_values(place.address) for link in links if (place := link_to(site, link))}
    # What is a secret in the links of another site is unknown.
    others = {f"{origin_of(link)}/…" for link in links if link_to(site, link) is None}
    advice = "; if a mail relay has replaced the site's link, configure it to leave links alone."
    return f"its links lead to {', '.join(sorted(own | others))}{advice if others else '.'}"
