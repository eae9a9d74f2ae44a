"""What must not be read in reports: passwords, sessions, tokens and keys."""

import re
from collections.abc import Iterable, Mapping

HIDDEN = "***"

_SHORTEST = 8
"""Shorter values are hidden only where a name beside them says what they are: they may be words."""

_NAMES = r"[\w-]*(?:password|passwd|secret|token|session_?id|session_?key|api_?key|secret_?key)"
_TELLING_NAME = re.compile(_NAMES, re.IGNORECASE)

_FORMS = (
    # name=value, as in addresses, cookies and .env files; "name": "value", as in JSON and Python.
    re.compile(rf"""(?i)(\b{_NAMES}["']?\s*[:=]\s*(?:b?["'])?)(?!\*\*\*)[^\s"'&;,<>)]+"""),
    # A field of a form.
    re.compile(rf"""(?i)(<input\b[^>]*\bname=["']{_NAMES}["'][^>]*\bvalue=["'])[^"']*"""),
    re.compile(rf"""(?i)(<input\b[^>]*\bvalue=["'])[^"']*(?=["'][^>]*\bname=["']{_NAMES}["'])"""),
    # The password in an address.
    re.compile(r"(://[^/\s:@]*:)[^/\s@]+(?=@)"),
    re.compile(r"(?i)(\bauthorization:\s*\w+\s+)\S+"),
)


class Secrets:
    """The secrets of a run that are known, and the forms of those that are not."""

    def __init__(self, values: Iterable[str | None] = ()) -> None:
        """Know some from the beginning."""
        self._values: set[str] = set()
        for value in values:
            self.add(value)

    def add(self, value: str | None) -> None:
        """Know one more, unless it is too short to be told from a word."""
        if value and len(value) >= _SHORTEST:
            self._values.add(value)

    def hidden_in(self, text: str) -> str:
        """Return the text with all secrets hidden."""
        # The longest first: one may be a part of another.
        for value in sorted(self._values, key=len, reverse=True):
            text = text.replace(value, HIDDEN)
        for form in _FORMS:
            text = form.sub(rf"\g<1>{HIDDEN}", text)
        return text


def secrets_of(environment: Mapping[str, str]) -> Secrets:
    """Return the secrets that stand in an environment, known by the names of the variables."""
    return Secrets(value for name, value in environment.items() if _TELLING_NAME.search(name))
