"""The email addresses of people, new ones for each scenario."""

import re
import secrets
import string
import unicodedata
from contextlib import suppress
from typing import Self

UNIQUE = "{unique}"

# RFC 5321, sections 4.5.3.1.1 and 4.5.3.1.3, the latter as RFC 3696's erratum 1690 works it out.
LONGEST_LOCAL_PART = 64
LONGEST_ADDRESS = 254

# RFC 2606, section 3: emails to this domain arrive nowhere.
NOWHERE = "no-one+{unique}@example.com"

_LETTERS = string.ascii_lowercase + string.digits
_RANDOM_LETTERS = 8
# RFC 5322, section 3.2.3, without the braces: they are a misspelled {unique}.
_ATOM = r"[a-z0-9!#$%&'*+/=?^_`|~-]+"
_LOCAL_PART = re.compile(rf"{_ATOM}(\.{_ATOM})*")
_OTHER = re.compile(r"[^a-z0-9]+")
_ESCAPED = re.compile(r"\\(.)")


class AddressBook:
    """Gives each person an address that no one else uses and no earlier scenario has used.

    With a pattern such as `elspeth+{unique}@example.com`, all emails go to the mailbox of
    elspeth@example.com. If a mailbox has only one address, the first person in a scenario gets it;
    the others get addresses that lead nowhere.
    """

    def __init__(self, pattern: str) -> None:
        """Make addresses from `pattern`, in which `{unique}` is replaced to make them unique.

        Raises:
            ValueError: a short clause about what to give instead.

        """
        self._pattern = checked_pattern(pattern)
        self._addresses: dict[str, str] = {}
        self._former: set[str] = set()
        self._books = [self]

    def beside(self) -> Self:
        """Return a book with the same pattern, for scenarios that run at the same time."""
        book = type(self)(self._pattern)
        book._books = self._books  # noqa: SLF001 (of its own kind)
        self._books.append(book)
        return book

    @property
    def has_unique_addresses(self) -> bool:
        """Whether each address is used in one scenario only."""
        return UNIQUE in self._pattern

    def begin_scenario(self) -> None:
        """Give people new addresses from now on."""
        self._former.update(map(comparable, self._addresses.values()))
        self._addresses.clear()

    def address_for(self, name: str) -> str:
        """Return the address of the person called `name`, the same throughout a scenario."""
        if name not in self._addresses:
            address = self._new_address(name)
            self._former.discard(comparable(address))
            self._addresses[name] = address
        return self._addresses[name]

    def is_in_use(self, address: str) -> bool:
        """Return whether someone in the scenario has this address."""
        return comparable(address) in map(comparable, self._addresses.values())

    def is_of_others(self, address: str) -> bool:
        """Return whether this is an address of an earlier or parallel scenario only."""
        if self.is_in_use(address):
            return False
        known = comparable(address)
        return any(known in book._former or book.is_in_use(address) for book in self._books)  # noqa: SLF001

    def leads_nowhere(self, address: str) -> bool:
        """Return whether someone has this address only because the mailbox has no other."""
        return (
            not self.has_unique_addresses and self.is_in_use(address) and address != self._pattern
        )

    def _new_address(self, name: str) -> str:
        if self.has_unique_addresses:
            return _unique(self._pattern, name)
        return _unique(NOWHERE, name) if self._addresses else self._pattern


def comparable(address: str) -> str:
    """Return the canonical spelling of an address, for comparisons.

    Servers ignore capitals and unnecessary quotation marks, and accept both forms of an
    international domain (RFC 5890, section 2.3.2.1).
    """
    local_part, _, domain = unicodedata.normalize("NFC", address).lower().rpartition("@")
    if local_part[:1] == local_part[-1:] == '"':
        plain = _ESCAPED.sub(r"\1", local_part[1:-1])
        local_part = plain if _LOCAL_PART.fullmatch(plain) else local_part
    with suppress(UnicodeError):
        domain = domain if domain.isascii() else domain.encode("idna").decode("ascii")
    return f"{local_part}@{domain.rstrip('.')}"


def checked_pattern(pattern: str) -> str:
    """Return the pattern in lower case.

    Raises:
        ValueError: no address can be made from it; a short clause about what to give instead.

    """
    local_part, _, domain = pattern.lower().rpartition("@")
    shortest = local_part.replace(UNIQUE, "x" * _RANDOM_LETTERS, 1)
    if not domain or "{" in domain or not _LOCAL_PART.fullmatch(shortest):
        message = f"give an address such as you+{UNIQUE}@example.com, or one without {UNIQUE}"
        raise ValueError(message)
    if len(shortest) > LONGEST_LOCAL_PART or len(shortest) + 1 + len(domain) > LONGEST_ADDRESS:
        message = f"give a shorter address, which leaves {_RANDOM_LETTERS} letters for {UNIQUE}"
        raise ValueError(message)
    return f"{local_part}@{domain}"


def _unique(pattern: str, name: str) -> str:
    letters = "".join(secrets.choice(_LETTERS) for _ in range(_RANDOM_LETTERS))
    shortest = pattern.replace(UNIQUE, letters)
    room = min(LONGEST_LOCAL_PART - shortest.index("@"), LONGEST_ADDRESS - len(shortest))
    # The letters alone make the address unique; the name is for people who read it.
    shown = _in_plain_letters(name)[: max(room - 1, 0)].rstrip("-")
    return pattern.replace(UNIQUE, f"{shown}.{letters}" if shown else letters)


def _in_plain_letters(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return _OTHER.sub("-", decomposed.lower()).strip("-")
