"""Select the mailbox of a run; the only module that knows all kinds of mailboxes."""

import re
from urllib.parse import SplitResult, unquote, urlsplit

from acceptance.hosts.secret_setting import SecretSetting
from acceptance.mail.addresses import AddressBook
from acceptance.mail.catch_all import MailDevInbox
from acceptance.mail.inbox import Inbox
from acceptance.mail.polled_mailbox import PolledMailbox
from acceptance.mail.pop3 import PORT, Pop3Inbox
from acceptance.mail.shared_inbox import SharedInbox

POP3S = "pop3s"
MAILDEV = "maildev+"

_EXAMPLES = "give pop3s://you@pop.example.com, or maildev+http://localhost:1080"
_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(\.{_LABEL})*")


def mailbox_of(
    address: str, password: SecretSetting, addresses: AddressBook, timeout: float
) -> PolledMailbox:
    """Return the mailbox at an address, without connecting yet.

    Args:
        address: `pop3s://user@host:port` or `maildev+http://host:port`; a user is percent-encoded,
            and the port of POP3 is 995 by default.
        password: the user's password.
        addresses: the addresses of people.
        timeout: how long to wait for an email, in seconds.

    Raises:
        ValueError: a short clause about what to give instead.

    """
    return PolledMailbox(SharedInbox(inbox_of(address, password)), addresses, timeout)


def inbox_of(address: str, password: SecretSetting) -> Inbox:
    """Return the inbox at an address, as `mailbox_of` does."""
    parts = checked_address(address)
    user = unquote(parts.username) if parts.username is not None else None
    if user is not None and password.value is None:
        message = f"set {password.variable}, too, to the password of the mailbox"
        raise ValueError(message)
    if password.value is not None and not password.value.isprintable():
        message = f"give a password without control characters in {password.variable}"
        raise ValueError(message)
    if parts.scheme == POP3S:
        return Pop3Inbox(str(parts.hostname), parts.port or PORT, str(user), password)
    scheme = parts.scheme.removeprefix(MAILDEV)
    host = parts.netloc.rpartition("@")[2]
    return MailDevInbox(f"{scheme}://{host}{parts.path.rstrip('/')}", password, user)


def checked_address(address: str) -> SplitResult:
    """Return the parts of the address of a mailbox.

    Raises:
        ValueError: it is none; a short clause about what to give instead, as `acceptance.readers`
            have it.

    """
    try:
        parts = urlsplit(address)
        is_address = parts.port != 0 and _HOST.fullmatch(parts.hostname or "") is not None
    except ValueError:
        is_address = False
    if not is_address or not address.isprintable() or parts.query or parts.fragment:
        raise ValueError(_EXAMPLES)
    if parts.password is not None:
        message = (
            "give it without the password, which others could read there, and set "
            "$mailbox_password instead"
        )
        raise ValueError(message)
    is_pop3 = parts.scheme == POP3S and bool(parts.username) and parts.path in {"", "/"}
    is_maildev = parts.scheme in {"maildev+http", "maildev+https"} and parts.username != ""
    if not (is_pop3 or is_maildev) or not unquote(parts.username or "").isprintable():
        raise ValueError(_EXAMPLES)
    return parts
