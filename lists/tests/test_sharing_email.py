"""The email to a person that a list is shared with, and what happens if it cannot be sent."""

import smtplib
from collections.abc import Callable

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from pytest_django import Settings
from pytest_django.asserts import assertContains, assertNotContains

from accounts.models import User
from accounts.tests.emails import assert_goes_only_to, links_in
from lists.models import List
from lists.tests.reading import elements, refusals, sharees

pytestmark = pytest.mark.django_db(transaction=True)

SENT = "We have sent them an email."


@pytest.fixture
def address(list_of_edith: List) -> str:
    return f"{list_of_edith.get_absolute_url()}share"


def test_the_sharee_gets_one_email_that_leads_to_my_lists(
    client_of_edith: Client, list_of_edith: List, address: str, mailoutbox: list[EmailMessage]
) -> None:
    list_of_edith.share_with("francis@example.com")
    page = client_of_edith.post(address, {"sharee": "Oni@example.com"}, follow=True)
    assertContains(page, SENT)
    (email,) = mailoutbox
    assert_goes_only_to("oni@example.com", email)
    assert email.subject == "A to-do list has been shared with you"
    assert "edith@example.com has shared a to-do list with you" in str(email.body)
    assert "when you log in with this email address, oni@example.com:" in str(email.body)
    assert "If you do not know this person, you can ignore this email." in str(email.body)
    assert links_in(email) == ["http://testserver/my-lists/"]


def test_the_email_contains_nothing_of_the_list(
    client_of_edith: Client, edith: User, mailoutbox: list[EmailMessage]
) -> None:
    spam = List.objects.start("Visit http://spam.example.com", edith)
    client_of_edith.post(f"{spam.get_absolute_url()}share", {"sharee": "oni@example.com"})
    assert "spam" not in f"{mailoutbox[0].subject} {mailoutbox[0].body}"


def test_a_person_who_can_see_the_list_already_gets_no_email(
    client_of_edith: Client, list_of_edith: List, address: str, mailoutbox: list[EmailMessage]
) -> None:
    list_of_edith.share_with("oni@example.com")
    page = client_of_edith.post(address, {"sharee": "oni@example.com"}, follow=True)
    assertContains(page, "This list is already shared with oni@example.com.")
    assert not mailoutbox


def test_each_person_gets_an_email_about_each_list(
    client_of_edith: Client, edith: User, address: str, mailoutbox: list[EmailMessage]
) -> None:
    other_list = List.objects.start("Buy milk", edith)
    for share in (address, f"{other_list.get_absolute_url()}share"):
        for person in ("oni@example.com", "francis@example.com"):
            page = client_of_edith.post(share, {"sharee": person}, follow=True)
            assertContains(page, SENT)
    assert len(mailoutbox) == 4


def test_sharing_again_sends_no_second_email(
    client_of_edith: Client, address: str, mailoutbox: list[EmailMessage]
) -> None:
    client_of_edith.post(address, {"sharee": "oni@example.com"}, follow=True)
    client_of_edith.post(
        address.replace("share", "stop-sharing"), {"person": "oni@example.com"}, follow=True
    )
    page = client_of_edith.post(address, {"sharee": "oni@example.com"}, follow=True)
    assert sharees(page) == ["oni@example.com"]
    assertNotContains(page, SENT)
    assert len(mailoutbox) == 1


@pytest.mark.parametrize(
    "limit", ["SHARING_EMAILS_PER_OWNER_PER_HOUR", "SHARING_EMAILS_PER_ADDRESS_PER_HOUR"]
)
def test_too_many_emails_are_not_sent_and_the_owner_is_asked_to_tell(
    client_of_edith: Client,
    edith: User,
    settings: Settings,
    mailoutbox: list[EmailMessage],
    limit: str,
) -> None:
    setattr(settings, limit, 2)
    for number in range(3):
        todo_list = List.objects.start(f"List {number}", edith)
        page = client_of_edith.post(
            f"{todo_list.get_absolute_url()}share", {"sharee": "oni@example.com"}, follow=True
        )
    assertContains(page, "too many have been sent in the last hour. Please tell them yourself.")
    assert sharees(page) == ["oni@example.com"]
    assert len(mailoutbox) == 2


@pytest.mark.parametrize("end", [List.delete, List.open])
def test_a_list_that_is_deleted_or_given_up_while_the_email_is_sent_is_not_shared(
    client_of_edith: Client,
    list_of_edith: List,
    address: str,
    end: Callable[[List], object],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(EmailMessage, "send", lambda _email: end(list_of_edith))
    page = client_of_edith.post(address, {"sharee": "oni@example.com"})
    assertNotContains(page, "Shared with", status_code=404)
    assert not List.shared_with.through.objects.exists()


def test_the_owner_reads_that_the_email_could_not_be_sent(
    client_of_edith: Client,
    address: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    _fail(monkeypatch, ConnectionRefusedError("nothing listens"))
    page = client_of_edith.post(address, {"sharee": "oni@example.com"}, follow=True)
    assert _logged(caplog, "lists.mail") == [
        ("No email about a shared list to oni@example.com", address)
    ]
    assertContains(page, "We could not send them an email, so please tell them yourself.")
    assert elements(page, "p.alert-warning[role=alert]")
    assert sharees(page) == ["oni@example.com"]


def test_an_address_that_no_email_can_reach_is_refused(
    client_of_edith: Client,
    list_of_edith: List,
    address: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    refusal = {"oni@example.com": (550, b"5.1.1 no such mailbox")}
    _fail(monkeypatch, smtplib.SMTPRecipientsRefused(refusal))
    for _ in range(2):
        caplog.clear()
        page = client_of_edith.post(address, {"sharee": "oni@example.com"})
        assert page.status_code == 400
        assert len(refusals(page)) == 1
        ((message, of_request),) = _logged(caplog, "lists.sharing_views")
        assert message.startswith("oni@example.com is refused: ")
        assert of_request == address
        assert not list_of_edith.shared_with.exists()


def test_sharing_again_sends_the_email_that_could_not_be_sent(
    client_of_edith: Client,
    address: str,
    monkeypatch: pytest.MonkeyPatch,
    mailoutbox: list[EmailMessage],
) -> None:
    with monkeypatch.context() as broken:
        _fail(broken, ConnectionRefusedError("nothing listens"))
        client_of_edith.post(address, {"sharee": "oni@example.com"}, follow=True)
    client_of_edith.post(
        address.replace("share", "stop-sharing"), {"person": "oni@example.com"}, follow=True
    )
    page = client_of_edith.post(address, {"sharee": "oni@example.com"}, follow=True)
    assertContains(page, SENT)
    assert len(mailoutbox) == 1


def _logged(caplog: pytest.LogCaptureFixture, logger: str) -> list[tuple[str, str]]:
    """What was logged, each with the path of the request that it is about."""
    return [
        (record.getMessage(), record.__dict__["request"].path)
        for record in caplog.records
        if record.name == logger
    ]


def _fail(monkeypatch: pytest.MonkeyPatch, error: OSError) -> None:
    def send(_email: EmailMessage) -> int:
        raise error

    monkeypatch.setattr(EmailMessage, "send", send)
