import email.policy
from email.message import EmailMessage
from email.parser import BytesParser

import pytest

from features.support.mail import link_at_the_end_of, text_of

LINK = "https://superlists.example.com/accounts/login?token=a_b-c&next=%2Flists%2F"
LONG_WORD = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"


def as_it_arrives(mail: EmailMessage) -> EmailMessage:
    """The mail after a way over the network, as the mailbox reads it."""
    arrived = BytesParser(policy=email.policy.default).parsebytes(
        mail.as_bytes(policy=email.policy.SMTP)
    )
    assert isinstance(arrived, EmailMessage)
    return arrived


def mail_of(text: str, encoding: str | None = None) -> EmailMessage:
    """A mail with this text, as it arrives."""
    mail = EmailMessage()
    mail["Subject"] = "Your login link for Superlists"
    mail.set_content(text, cte=encoding)
    return as_it_arrives(mail)


@pytest.mark.parametrize("encoding", ["quoted-printable", "base64", "7bit"])
def test_a_text_is_read_whatever_it_is_encoded_as(encoding: str) -> None:
    mail = mail_of(f"Use this link to log in:\n\n{LINK}", encoding)

    assert mail["Content-Transfer-Encoding"] == encoding
    assert text_of(mail) == f"Use this link to log in:\n\n{LINK}\n"
    assert link_at_the_end_of(mail) == LINK


@pytest.mark.parametrize("encoding", ["quoted-printable", "base64", "8bit"])
def test_a_text_may_hold_any_letter(encoding: str) -> None:
    assert text_of(mail_of("Grüße aus 東京", encoding)) == "Grüße aus 東京\n"


def test_a_line_may_be_longer_than_a_mail_server_allows() -> None:
    link = f"{LINK}&long={LONG_WORD * 40}"
    mail = mail_of(f"{LONG_WORD * 40} {link}")

    assert all(len(line) <= 998 for line in mail.as_bytes().splitlines())
    assert text_of(mail) == f"{LONG_WORD * 40} {link}\n"
    assert link_at_the_end_of(mail) == link


def test_of_two_versions_the_plain_one_is_read() -> None:
    mail = EmailMessage()
    mail.set_content(f"In plain text: {LINK}")
    mail.add_alternative(
        "<p>In HTML: <a href='https://elsewhere.example.com/'>here</a></p>", "html"
    )
    mail = as_it_arrives(mail)

    assert mail.get_content_type() == "multipart/alternative"
    assert text_of(mail) == f"In plain text: {LINK}\n"
    assert link_at_the_end_of(mail) == LINK


def test_an_attachment_is_not_the_text() -> None:
    mail = EmailMessage()
    mail.set_content(f"See below: {LINK}")
    mail.add_attachment("https://elsewhere.example.com/", filename="link.txt")

    assert link_at_the_end_of(as_it_arrives(mail)) == LINK


def test_a_mail_without_plain_text_is_named() -> None:
    mail = EmailMessage()
    mail["Subject"] = "Pretty"
    mail.set_content(f"<a href='{LINK}'>Log in</a>", subtype="html")

    with pytest.raises(AssertionError, match="the mail 'Pretty' has no plain text"):
        text_of(as_it_arrives(mail))


def test_white_space_after_the_link_does_not_count() -> None:
    assert link_at_the_end_of(mail_of(f"Log in: {LINK} \t\r\n\r\n  \n")) == LINK


def test_a_link_on_a_host_of_ones_own_with_a_port_is_one() -> None:
    assert link_at_the_end_of(mail_of("http://localhost:8081/?token=a")).endswith("token=a")


@pytest.mark.parametrize(
    "ending",
    [
        f"{LINK} and no more",
        f"{LINK}\n-- \nSuperlists",
        f"<{LINK}>",
        "superlists.example.com/accounts/login",
        "https://",
        "https:///accounts/login",
        "mailto:edith@example.com",
        "javascript:alert(1)",
        "",
        " \n",
    ],
)
def test_a_mail_that_does_not_end_with_a_link_is_named(ending: str) -> None:
    said = r"^the mail 'Your login link for Superlists' does not end with a link but with "

    with pytest.raises(AssertionError, match=said):
        link_at_the_end_of(mail_of(ending))
