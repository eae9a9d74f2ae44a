"""What a person can check without a browser."""

from collections.abc import Sequence
from email.message import EmailMessage
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from acceptance.evidence.log_records import LogRecord
from acceptance.person import Person

if TYPE_CHECKING:
    from acceptance.slot import Slot

EDITH = "edith@example.com"


class Site:
    """A profile of a site that has sent emails and written a log."""

    def __init__(self, emails: Sequence[EmailMessage] = (), log: Sequence[str] = ()) -> None:
        self.mailbox = self
        self._emails = emails
        self._log = log

    def address_for(self, _name: str) -> str:
        return EDITH

    def wait_for(self, _to: str, _subject: str) -> EmailMessage:
        return self._emails[0]

    def mails(self) -> Sequence[EmailMessage]:
        return self._emails

    def server_log(self) -> Sequence[LogRecord]:
        return [LogRecord((line,)) for line in self._log]


def edith_at(site: Site) -> Person:
    configuration = SimpleNamespace(project=None)
    slot = SimpleNamespace(profile=site, configuration=configuration, browser=None, secrets=None)
    return Person("Edith", cast("Slot", slot))


def email(**fields: str) -> EmailMessage:
    message = EmailMessage()
    for name, text in {"To": EDITH, "Subject": "News", **fields}.items():
        message[name] = text
    return message


def check_recipients(*emails: EmailMessage) -> None:
    edith = edith_at(Site(emails))
    edith.gets_mail("News")
    edith.is_only_recipient()


def test_an_email_to_one_person_has_one_recipient() -> None:
    check_recipients(email(To="Edith <EDITH@example.com>"))


@pytest.mark.parametrize(
    "fields", [{"To": f"{EDITH}, oni@example.com"}, {"Cc": "Oni <oni@example.com>"}]
)
def test_an_email_names_all_its_recipients(fields: dict[str, str]) -> None:
    with pytest.raises(AssertionError, match=r"to edith@.* also went to oni@example\.com$"):
        check_recipients(email(**fields))


def test_a_copy_for_a_hidden_recipient_is_another_email() -> None:
    hidden = email(**{"Delivered-To": "oni@example.com"})

    with pytest.raises(
        AssertionError, match=r"sent 2 emails instead of 1: .*'News' to oni@example\.com$"
    ):
        check_recipients(email(), hidden)


def test_a_log_without_the_text_is_as_expected() -> None:
    edith_at(Site(log=["INFO: all is well"])).is_not_in_log(EDITH)


def test_the_line_of_the_log_with_the_text_is_shown() -> None:
    site = Site(log=["INFO: all is well", f"INFO: {EDITH} logs in"])

    with pytest.raises(AssertionError, match=f"contains {EDITH}: INFO: {EDITH} logs in"):
        edith_at(site).is_not_in_log("sesame", EDITH)
