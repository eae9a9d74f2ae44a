"""Hide secrets in reports: passwords, sessions, tokens and keys, however encoded.

Secrets that a run has seen or made are found as they are, in every encoding. Secrets that only the
server knows are found by the typical forms of settings, headers and addresses, which do not occur
in ordinary sentences.
"""

import base64
import re
import shlex
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields, is_dataclass, replace
from typing import TypeVar, cast
from urllib.parse import quote, unquote, urlsplit

from acceptance.hosts.spellings import Reading, readings_of

Value = TypeVar("Value")

HIDDEN = "***"

SHORTEST = 8
"""The length below which secrets are only hidden if they cannot be words, in characters."""

_SHORTEST_MIXED = 5
_SHORTEST_RANDOM = 16
_SHORTEST_NEEDLE = 6
_PIECE = 8

# Passwords that are also ordinary words: hidden only where they are used as passwords.
_WORDS = frozenset(
    {
        *("administrator", "changeit", "changeme", "password", "passwords", "passwort"),
        *("superuser", "testtest", "username", "whatever"),
    }
)

_NAMES = (
    r"[\w.-]{0,40}(?:password|passwd|passphrase|secret|token|session_?id|session_?key|api_?key)"
)
_SETTINGS = (
    r"[A-Z0-9_]{0,40}(?:PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|SECRET_KEY|API_KEY|ACCESS_KEY)"
)
_TELLING_NAME = re.compile(rf"{_NAMES}|secret_?key|access_?key|private_?key", re.IGNORECASE)
_PASSWORD_NAME = re.compile("passw|passphrase", re.IGNORECASE)
_COOKIE_NAME = re.compile("sess|csrf|xsrf|token|auth|secret", re.IGNORECASE)

# Not an expression in a line of Python.
_VALUE = r"""(?P<secret>(?![\w.]+[(\[]|(?:self|settings|os|request|cls)\.)[^\s"'&;,<>)#]+)"""
_LOG_IN = r"""(?:basic|bearer|digest|token|negotiate|apikey)\s+(?P<secret>[^"'\n]+)"""

_FORMS = tuple(
    re.compile(form.encode())
    for form in (
        # The settings of a .env file, of a shell, and of Python.
        rf"""\b{_SETTINGS}\s?=\s?(?P<secret>"[^"\n]+"|'[^'\n]+'|[^\s"'&;,<>)]+)""",
        # "name": "value", as in JSON and Python; sentences have no such quotation marks.
        rf"""(?i)["'](?:{_NAMES}|{_SETTINGS})["']\s*[:=]\s*b?(?P<secret>"[^"\n]+"|'[^'\n]+')""",
        # name='value', as Python shows objects; name=value, as in libpq and in addresses.
        rf"""(?i)\b{_NAMES}=b?(?P<secret>"[^"\n]+"|'[^'\n]+')""",
        rf"""(?i)(?:[?&;#]|\A|(?<=[\s"'(,]))(?:amp;)?{_NAMES}={_VALUE}""",
        # Only the value shows that this is not a sentence.
        rf"(?i)\b{_NAMES}:\s+(?P<secret>(?=[^\s,;]*\d)(?=[^\s,;]*[a-z])[^\s,;\"'<>/]{{{SHORTEST},}}+)(?!/)",
        # As in PostgreSQL's messages: Key (session_key)=(value) already exists.
        rf"""(?i)\({_NAMES}\)=\((?P<secret>[^)\n]+)""",
        # A field of a form.
        rf"""(?i)<input\b[^>]*\bname=["']?{_NAMES}["']?[\s/][^>]*\bvalue=["'](?P<secret>[^"']+)""",
        rf"""(?i)<input\b[^>]*\bvalue=["'](?P<secret>[^"']+)["'][^>]*\bname=["']?{_NAMES}["'\s/>]""",
        # The password in an address.
        r"://[^/\s:@?#]*:(?P<secret>[^/\s?#]+)@",
        # Headers, as in HTTP, in Python and in WSGI.
        rf"""(?i)\b(?:proxy-|http_|http_proxy_)?authorization["']?\s*[:=]\s*["']?{_LOG_IN}""",
        r"""(?i)\b(?:set-|http_)?cookie["']?\s*:\s*["']?(?P<secret>[\w.!#$%&*+^`|~-]+=[^"'\n]+)""",
        r"""(?i)\bx-?(?:csrf|xsrf)-?token["']?\s*:\s*["']?(?P<secret>[^\s"',]+)""",
    )
)


# Every form contains one of these, and searching for them takes a fraction of the time.
_SIGNS = re.compile(
    rb"(?i)passw|passphrase|secret|token|session|api_?key|access_key|cookie|authorization|://[^/\s]*@"
)
_MOST_BEFORE = 400
_MOST_AFTER = 400


class Secrets:
    """The known secrets of a run, and the forms of the unknown ones."""

    def __init__(
        self, values: Iterable[str | None] = (), *, ordinary_words: Iterable[str] = ()
    ) -> None:
        """Start with some known secrets.

        Args:
            values: sessions, tokens and keys.
            ordinary_words: passwords that are also words, such as the site's name, in lower case.

        """
        self._words = _WORDS.union(ordinary_words)
        self._known: set[str] = set()
        self._needles: set[bytes] = set()
        self._mixed: set[bytes] = set()
        self._pieces: dict[bytes, tuple[bytes, ...]] = {}
        self._beginnings: set[bytes] = set()
        # Secrets may be added from a page or an email while another text is being hidden.
        self._lock = threading.Lock()
        for value in values:
            self.add(value)

    def add(self, value: str | None) -> None:
        """Add a session, token or key that a program made.

        Parts of it are hidden, too, for example at the end of a line or of a shortened text.
        """
        if value and len(value) >= SHORTEST:
            self._learn(value, in_pieces=_looks_random(value))

    def add_password(self, value: str | None) -> None:
        """Add a password, which a person may have chosen, so that its parts may be words."""
        if not value:
            return
        if len(value) >= SHORTEST and value.lower() not in self._words:
            self._learn(value, in_pieces=False)
            return
        with self._lock:
            self._needles.update(_in_base64(value))
            if len(value) >= _SHORTEST_MIXED and not value.isalpha() and not value.isdigit():
                self._mixed.add(value.encode())

    def add_log_in(self, user: str, password: str) -> None:
        """Add a user and a password, also in the form of HTTP basic authentication (RFC 7617)."""
        self.add_password(password)
        self.add(base64.b64encode(f"{user}:{password}".encode()).decode())

    def add_cookie(self, name: str, value: str) -> None:
        """Add a cookie, unless its name and value show that it is not secret."""
        if _COOKIE_NAME.search(name) or _looks_random(value):
            self.add(value)

    def add_settings(self, variables: Mapping[str, str]) -> None:
        """Add the secrets among variables, by their names, and the passwords in addresses."""
        for name, value in variables.items():
            if _PASSWORD_NAME.search(name):
                self.add_password(value)
            elif _TELLING_NAME.search(name):
                self.add(value)
            if "://" in value:
                self._learn_from_address(value)

    def learn_from(self, text: str) -> None:
        """Add the sessions, tokens and keys that a text contains in a typical form."""
        self._learn_from_readings(readings_of(text.encode(errors="replace")))

    def hidden_in(self, text: str) -> str:
        """Return the text with all secrets hidden, and otherwise unchanged."""
        content = text.encode(errors="surrogateescape")
        readings = list(readings_of(content))
        places = {place for reading in readings for place in self._learn_from_readings([reading])}
        with self._lock:
            for reading in readings:
                places |= {reading.place(*place) for place in self._places_in(reading)}
        if not places:
            return text
        kept: list[bytes] = []
        read = 0
        for begin, end in _merged(sorted(places)):
            kept += [content[read:begin], HIDDEN.encode()]
            read = end
        kept.append(content[read:])
        return b"".join(kept).decode(errors="surrogateescape")

    def hidden(self, value: Value) -> Value:
        """Return an object with all secrets hidden in the texts of its fields."""
        # Twice, because the last text may reveal by its form a secret in the first one.
        return cast("Value", self._hidden_in(self._hidden_in(value)))

    @contextmanager
    def kept_out_of_errors(self) -> Iterator[None]:
        """Hide secrets in the message of any error that leaves the block."""
        try:
            yield
        except Exception as error:
            self.hide_in(error)
            raise

    def hide_in(self, error: BaseException) -> None:
        """Hide secrets in the message of an error, of its notes and of its causes."""
        known: set[int] = set()
        left: list[BaseException | None] = [error]
        while left:
            each = left.pop()
            if each is None or id(each) in known:
                continue
            known.add(id(each))
            left += [each.__cause__, each.__context__, *getattr(each, "exceptions", ())]
            each.args = tuple(self._hidden_in(argument) for argument in each.args)
            # Also in attributes, such as the message of WebDriver's errors.
            for name, value in vars(each).items():
                setattr(each, name, self._hidden_in(value))

    def _hidden_in(self, argument: object) -> object:
        match argument:
            case str():
                return self.hidden_in(argument)
            case bytes():
                return self.hidden_in(argument.decode(errors="surrogateescape")).encode(
                    errors="surrogateescape"
                )
            case list() | tuple() | set() | frozenset():
                return type(argument)(map(self._hidden_in, argument))
            case dict():
                return {name: self._hidden_in(each) for name, each in argument.items()}
        if is_dataclass(argument) and not isinstance(argument, type):
            texts = {each.name: getattr(argument, each.name) for each in fields(argument)}
            hidden = {name: self._hidden_in(text) for name, text in texts.items()}
            return argument if hidden == texts else replace(argument, **hidden)
        return argument

    def _learn_from_readings(self, readings: Iterable[Reading]) -> list[tuple[int, int]]:
        """Add the secrets that the forms reveal, and return their places in the text."""
        places = []
        for reading in readings:
            if not reading.has_words:
                continue
            for begin, end in _places_of_forms(reading.content):
                places.append(reading.place(begin, end))
                for value in _values_in(reading.content[begin:end].decode(errors="replace")):
                    if _looks_random(value):
                        self.add(value)
        return places

    def _learn(self, value: str, *, in_pieces: bool) -> None:
        with self._lock:
            if value in self._known:
                return
            self._known.add(value)
            for needle in _needles_of(value):
                self._needles.add(needle)
                self._beginnings.add(needle)
                if in_pieces:
                    for piece in _pieces_of(needle):
                        self._pieces[piece] = (*self._pieces.get(piece, ()), needle)
            self._needles.update(_in_base64(value))

    def _learn_from_address(self, address: str) -> None:
        try:
            password = urlsplit(address).password
        except ValueError:
            return
        if password:
            self.add_password(unquote(password))

    def _places_in(self, reading: Reading) -> Iterator[tuple[int, int]]:
        text = reading.content
        for needle in self._needles:
            yield from _all_places(text, needle)
        for needle in self._mixed:
            for begin, end in _all_places(text, needle):
                if not (text[begin - 1 : begin].isalnum() or text[end : end + 1].isalnum()):
                    yield begin, end
        for piece, needles in self._pieces.items():
            for begin, end in _all_places(text, piece):
                yield from (_stretched(text, begin, end, needle) for needle in needles)
        yield from self._half_at_the_end(text)

    def _half_at_the_end(self, text: bytes) -> Iterator[tuple[int, int]]:
        """Find the beginning of a secret where a text was cut."""
        end = len(text.rstrip(b"\xe2\x80\xa6.)'\" \n"))
        for needle in self._beginnings:
            for length in range(min(len(needle), end), SHORTEST - 1, -1):
                begun = needle[:length]
                if text.endswith(begun, 0, end):
                    if not begun.isalpha():
                        yield end - length, end
                    break


def secrets_of(environment: Mapping[str, str], ordinary_words: Iterable[str] = ()) -> Secrets:
    """Return the secrets in an environment, found by the names of the variables."""
    secrets = Secrets(ordinary_words=ordinary_words)
    secrets.add_settings(environment)
    return secrets


def _looks_random(value: str) -> bool:
    return (
        len(value) >= _SHORTEST_RANDOM
        and value.isprintable()
        and " " not in value
        and any(map(str.isalpha, value))
        and (any(map(str.isdigit, value)) or not (value.islower() or value.isupper()))
    )


def _needles_of(value: str) -> set[bytes]:
    """Return the byte strings to search for in the readings of a text."""
    spelled = {value, value.replace("'", "''"), shlex.quote(value).strip("'")}
    # As in encoded words (RFC 2047), forms, and Proofpoint's URL Defense, version 2.
    spelled |= {re.sub(r"\s", space, value) for space in "_+"}
    spelled.add(value.replace("-", "-2D").replace("_", "-5F"))
    written = {each.encode() for each in spelled}
    if not value.isascii():
        written |= {each.encode("latin-1") for each in spelled if _is_latin(each)}
    hexadecimal = value.encode().hex()
    read = {reading.content for each in written for reading in readings_of(each)}
    read |= {reading.joined().content for each in written for reading in readings_of(each)}
    read |= {hexadecimal.encode(), hexadecimal.upper().encode()}
    return {needle for needle in read if len(needle) >= _SHORTEST_NEEDLE}


def _is_latin(text: str) -> bool:
    return all(ord(letter) < 0x100 for letter in text)  # noqa: PLR2004 (ISO 8859-1)


def _in_base64(value: str) -> set[bytes]:
    """Return the base64 and base64url encodings of a value at any offset in a text."""
    needles: set[bytes] = set()
    for written in {value.encode(), quote(value, safe="").encode(), value.encode("utf-16-le")}:
        for before in range(3):
            # Characters that depend on the surrounding bytes are left out: 6 bits each.
            first, last = -(-before * 8 // 6), (before + len(written)) * 8 // 6
            encoded = base64.b64encode(bytes(before) + written)[first:last]
            if len(encoded) >= _SHORTEST_NEEDLE:
                needles |= {encoded, encoded.translate(bytes.maketrans(b"+/", b"-_"))}
    return needles


def _pieces_of(needle: bytes) -> set[bytes]:
    begins = [*range(0, len(needle) - _PIECE, _PIECE), len(needle) - _PIECE]
    return {needle[begin : begin + _PIECE] for begin in begins if begin >= 0}


def _stretched(text: bytes, begin: int, end: int, needle: bytes) -> tuple[int, int]:
    """Return how far a text matches a needle around a piece of it."""
    at = needle.find(text[begin:end])
    left, right = at, at + end - begin
    while left and begin and needle[left - 1] == text[begin - 1]:
        left, begin = left - 1, begin - 1
    while right < len(needle) and end < len(text) and needle[right] == text[end]:
        right, end = right + 1, end + 1
    return begin, end


def _all_places(text: bytes, needle: bytes) -> Iterator[tuple[int, int]]:
    begin = text.find(needle)
    while begin >= 0:
        yield begin, begin + len(needle)
        begin = text.find(needle, begin + 1)


def _places_of_forms(text: bytes) -> Iterator[tuple[int, int]]:
    """Return the places of secrets by the forms."""
    for begin_of_part, end_of_part in _telling_parts(text):
        for form in _FORMS:
            for found in form.finditer(text, begin_of_part, end_of_part):
                begin, end = found.span("secret")
                if text[begin : begin + 1] in {b'"', b"'"}:
                    begin, end = begin + 1, end - 1
                if text[begin:end].strip(b"*"):
                    yield begin, end


def _telling_parts(text: bytes) -> Iterator[tuple[int, int]]:
    parts = []
    for sign in _SIGNS.finditer(text):
        line_ends = text.find(b"\n", sign.end())
        after = sign.end() + _MOST_AFTER
        parts.append(
            (
                max(0, sign.start() - _MOST_BEFORE),
                max(after, len(text) if line_ends < 0 else line_ends),
            )
        )
    return _merged(parts)


def _values_in(header: str) -> Iterator[str]:
    """Return the values of cookies, or of other content of a form."""
    for pair in re.split(r";\s*", header):
        yield pair
        yield pair.partition("=")[2]


def _merged(places: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Join overlapping places, which have to be sorted."""
    begun: tuple[int, int] | None = None
    for begin, end in places:
        if begun is None:
            begun = begin, end
        elif begin <= begun[1]:
            begun = begun[0], max(begun[1], end)
        else:
            yield begun
            begun = begin, end
    if begun is not None:
        yield begun
