import pytest

from acceptance.hosts.secret_setting import SecretSetting
from acceptance.mail.addresses import AddressBook
from acceptance.mail.catch_all import MailDevInbox
from acceptance.mail.errors import MailboxError
from acceptance.mail.pop3 import Pop3Inbox
from acceptance.mail.select import checked_address, inbox_of, mailbox_of

PASSWORD = SecretSetting("MAILBOX_PASSWORD", "correct horse")
NO_PASSWORD = SecretSetting("MAILBOX_PASSWORD")


@pytest.mark.parametrize(
    ("address", "sought"),
    [
        ("pop3s://elspeth@pop.superlists.invalid", "pop.superlists.invalid:995"),
        ("pop3s://elspeth@pop.superlists.invalid/", "pop.superlists.invalid:995"),
        ("pop3s://elspeth%40example.com@pop.superlists.invalid:1995", "invalid:1995"),
        ("pop3s://elspeth@example.com@POP.superlists.invalid", "pop.superlists.invalid:995"),
        ("maildev+http://maildev.superlists.invalid:1080", "maildev.superlists.invalid:1080"),
        ("maildev+https://elspeth@maildev.superlists.invalid/mails/", "maildev.superlists.invalid"),
    ],
)
def test_an_address_names_a_mailbox(address: str, sought: str) -> None:
    mailbox = mailbox_of(address, PASSWORD, AddressBook("elspeth@example.com"), 0.1)

    with pytest.raises(MailboxError, match=f"cannot resolve the host of .*{sought}:"):
        mailbox.check()


def test_the_kind_of_mailbox_is_in_the_address() -> None:
    assert isinstance(inbox_of("pop3s://elspeth@localhost", PASSWORD), Pop3Inbox)
    assert isinstance(inbox_of("maildev+http://localhost", NO_PASSWORD), MailDevInbox)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "elspeth",
        "elspeth@example.com",
        "localhost:995",
        "pop3s://",
        "pop3s://elspeth@",
        "pop3s://localhost",
        "pop3s://@localhost",
        "pop3://elspeth@localhost",
        "imaps://elspeth@localhost",
        "pop3s://elspeth@localhost:0",
        "pop3s://elspeth@localhost:99999",
        "pop3s://elspeth@localhost:pop",
        "pop3s://elspeth@localhost/inbox",
        "pop3s://elspeth@localhost?ssl=no",
        "pop3s://elspeth@local host",
        "pop3s://elspeth@-localhost",
        "pop3s://elspeth@pop..example.com",
        "pop3s://elspeth@" + "x" * 64 + ".example.com",
        "pop3s://elspeth%0D%0ADELE%201@localhost",
        "pop3s://elspeth\n@localhost",
        "pop3s://elspeth@[::1",
        "maildev://localhost",
        "maildev+http://",
        "maildev+ftp://localhost",
        "maildev+http://localhost:1080#inbox",
        "http://localhost:1080",
    ],
)
def test_an_invalid_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match=r"^give pop3s://you@pop\.example\.com, or maildev"):
        checked_address(address)


@pytest.mark.parametrize(
    "address", [f"pop3s://elspeth:{PASSWORD.value}@localhost", "maildev+http://elspeth:@localhost"]
)
def test_a_password_in_an_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match=r"^give it without the password") as refusal:
        checked_address(address)

    assert str(PASSWORD.value) not in str(refusal.value)


@pytest.mark.parametrize("address", ["pop3s://elspeth@localhost", "maildev+http://e@localhost"])
def test_a_user_needs_a_password(address: str) -> None:
    with pytest.raises(ValueError, match=r"^set MAILBOX_PASSWORD"):
        inbox_of(address, NO_PASSWORD)


def test_a_password_cannot_contain_commands() -> None:
    with pytest.raises(ValueError, match=r"^give a password without control characters"):
        inbox_of("pop3s://elspeth@localhost", SecretSetting("", "wrong\r\nDELE 1"))
