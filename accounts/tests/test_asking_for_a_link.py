import logging
import smtplib
import socket
from collections.abc import Callable, Iterator

import pytest
from aiosmtpd.handlers import Sink
from django.contrib.auth import authenticate
from django.contrib.sessions.models import Session
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings
from pytest_django.asserts import assertContains, assertRedirects

from accounts.models import LoginLink, User
from accounts.tests.emails import assert_goes_only_to, links_in
from accounts.tests.smtp_server import LoopbackController
from lists.tests.reading import elements, heading, refusals

pytestmark = pytest.mark.django_db

PAGE = "/accounts/send_login_email"
AskForLink = Callable[[str], str]


def token_in(link: str) -> str:
    return link.partition("?token=")[2]


def test_a_visitor_is_asked_to_check_their_email(client: Client) -> None:
    answer = client.post(PAGE, {"email": "edith@example.com"}, follow=True)

    assertRedirects(answer, "/")
    assertContains(
        answer,
        "Check your email: we have sent a login link to edith@example.com."
        " It works once, for 15 minutes.",
    )


def test_a_message_is_no_reason_to_recognise_a_visitor_again(client: Client) -> None:
    answer = client.post(PAGE, {"email": "edith@example.com"})

    assert "sessionid" not in answer.cookies
    assert not Session.objects.exists()


def test_the_mail_ends_with_the_link(client: Client, mailoutbox: list[EmailMessage]) -> None:
    client.post(PAGE, {"email": "edith@example.com"})

    (mail,) = mailoutbox
    assert_goes_only_to("edith@example.com", mail)
    assert mail.subject == "Your login link for Superlists"
    body = str(mail.body)
    assert "wants to log in to Superlists as edith@example.com." in body
    assert "If it was not you, ignore this email" in body
    assert "Use this link to log in. It works once, for 15 minutes:" in body
    (link,) = links_in(mail)
    assert body.endswith(f"\n\n{link}")
    assert link.startswith("http://testserver/accounts/login?token=")
    assert LoginLink.looks_like_token(token_in(link))


def test_the_link_is_secure_where_the_site_is(
    client: Client, mailoutbox: list[EmailMessage]
) -> None:
    client.post(PAGE, {"email": "edith@example.com"}, secure=True)

    assert "\nhttps://testserver/accounts/login?token=" in str(mailoutbox[0].body)


def test_the_mail_goes_to_the_canonical_address_however_it_was_typed(
    client: Client, mailoutbox: list[EmailMessage]
) -> None:
    client.post(PAGE, {"email": " Edith@EXAMPLE.com "})

    assert mailoutbox[0].to == ["edith@example.com"]
    assert LoginLink.objects.get().email == "edith@example.com"


def test_no_other_site_can_have_emails_sent(mailoutbox: list[EmailMessage]) -> None:
    answer = Client(enforce_csrf_checks=True).post(PAGE, {"email": "edith@example.com"})

    assert answer.status_code == 403
    assert mailoutbox == []


def test_a_newer_link_replaces_older_ones(ask_for_link: AskForLink) -> None:
    older, others, newer = map(
        ask_for_link, ["edith@example.com", "francis@example.com", "Edith@example.com"]
    )

    assert authenticate(token=token_in(older)) is None
    assert authenticate(token=token_in(others)) is not None
    assert authenticate(token=token_in(newer)) is not None


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"email": ""},
        {"email": "edith"},
        {"email": "edith@example.com\r\nBcc: francis@example.com"},
        {"email": "e" * 255 + "@example.com"},
        {"email": "edith\x00@example.com"},
        {"email": "mi\u212ae@example.com"},
        {"email": "<script>alert(1)</script>"},
    ],
)
def test_an_invalid_address_is_refused_beside_the_field(
    client: Client, mailoutbox: list[EmailMessage], typed: dict[str, str]
) -> None:
    answer = client.post(PAGE, typed)

    assert answer.status_code == 400
    assert len(refusals(answer)) == 1
    field = "#id_email.is-invalid[aria-invalid=true][aria-describedby=id_email_error][autofocus]"
    assert elements(answer, field)
    assert heading(answer) == "Log in to your To-Do lists"
    assert b"<script>alert" not in answer.content
    assert mailoutbox == []
    assert not LoginLink.objects.exists()


def test_a_refused_address_stays_in_the_field(client: Client) -> None:
    answer = client.post(PAGE, {"email": "edith@example"})

    assert answer.status_code == 400
    assert elements(answer, "[name=email][value='edith@example']")


def test_bytes_that_are_not_text_are_refused(client: Client) -> None:
    answer = client.post(
        PAGE, b"email=%FFedith%C3%28@example.com", "application/x-www-form-urlencoded"
    )

    assert answer.status_code == 400


@pytest.mark.parametrize(
    "content_type",
    [
        "application/x-www-form-urlencoded; charset=iso-8859-1",
        "multipart/form-data; boundary=\x00",
        "multipart/form-data",
        "application/json",
    ],
)
def test_a_form_in_no_known_format_is_refused(client: Client, content_type: str) -> None:
    assert client.post(PAGE, b"email=edith@example.com", content_type).status_code == 400


def test_a_fetch_leads_to_the_page_with_the_form(client: Client) -> None:
    assertRedirects(client.get(PAGE), "/accounts/log-in/")


def test_the_response_does_not_show_who_has_an_account(
    client: Client, edith: User, mailoutbox: list[EmailMessage]
) -> None:
    def answer_for(address: str) -> list[str]:
        answer = client.post(PAGE, {"email": address}, follow=True)
        shown = [str(message) for message in answer.context["messages"]]
        sent = str(mailoutbox[-1].body).partition("?token=")[0]
        return [text.replace(address, "ADDRESS") for text in [*shown, sent]]

    assert answer_for(edith.email) == answer_for("no-one@example.com")
    assert [user.email for user in User.objects.all()] == [edith.email]


def test_the_work_does_not_depend_on_who_has_an_account(client: Client, edith: User) -> None:
    with CaptureQueriesContext(connection) as queries:
        client.post(PAGE, {"email": edith.email})

    assert "accounts_loginlink" in str(queries.captured_queries)
    assert "accounts_user" not in str(queries.captured_queries)


def test_too_many_mails_to_one_address_are_not_sent(
    client: Client, edith: User, settings: Settings, mailoutbox: list[EmailMessage]
) -> None:
    settings.LOGIN_MAILS_PER_ADDRESS_PER_HOUR = 1

    for address in [edith.email, "no-one@example.com"]:
        client.post(PAGE, {"email": address})
        answer = client.post(PAGE, {"email": address.title()})

        assertContains(
            answer,
            "Too many login links were requested in the last hour, so we have not sent this one."
            " Please try again in 60 minutes.",
            status_code=429,
        )
        assertContains(answer, f'value="{address.title()}"', status_code=429)
        assert 3590 < int(answer.headers["Retry-After"]) <= 3600

    assert [mail.to for mail in mailoutbox] == [[edith.email], ["no-one@example.com"]]


def test_a_refused_request_does_not_affect_the_link_that_was_sent(
    client: Client, settings: Settings, ask_for_link: AskForLink
) -> None:
    settings.LOGIN_MAILS_PER_ADDRESS_PER_HOUR = 1
    link = ask_for_link("edith@example.com")

    client.post(PAGE, {"email": "edith@example.com"})

    assert authenticate(token=token_in(link)) is not None


def test_too_many_mails_for_one_client_are_not_sent(
    client: Client, settings: Settings, mailoutbox: list[EmailMessage]
) -> None:
    settings.LOGIN_MAILS_PER_CLIENT_PER_HOUR = 2
    settings.TRUSTED_PROXIES = 1

    statuses = [
        client.post(
            PAGE,
            {"email": f"person{number}@example.com"},
            headers={"x-forwarded-for": f"made up {number}, {forwarded}"},
        ).status_code
        for number, forwarded in enumerate(["192.0.2.1"] * 3 + ["192.0.2.2"])
    ]

    assert statuses == [302, 302, 429, 302]
    assert len(mailoutbox) == 3


@pytest.fixture
def server_that_demands_a_password(settings: Settings) -> Iterator[None]:
    controller = LoopbackController(Sink(), auth_required=True, auth_require_tls=False)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = controller.port
    settings.EMAIL_USE_TLS = False
    yield
    controller.stop()


@pytest.mark.usefixtures("server_that_demands_a_password")
@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_the_person_and_the_operator_learn_that_the_mail_server_refuses(
    client: Client,
    caplog: pytest.LogCaptureFixture,
) -> None:
    answer = client.post(PAGE, {"email": "edith@example.com"})

    assertContains(
        answer,
        "We could not send the email just now. Your address is fine: please try"
        " again in a few minutes.",
        status_code=503,
    )
    assertContains(answer, 'value="edith@example.com"', status_code=503)
    (record,) = [record for record in caplog.records if record.name == "accounts.views"]
    assert record.levelno == logging.ERROR
    assert record.exc_info is not None
    cause = record.exc_info[1]
    assert isinstance(cause, smtplib.SMTPSenderRefused)
    assert cause.smtp_code == 530
    assert b"Authentication required" in cause.smtp_error
    assert "Traceback" in caplog.text
    assert record.request.path == PAGE  # type: ignore[attr-defined]


def test_an_older_link_still_works_when_a_newer_one_was_not_sent(
    client: Client, settings: Settings, ask_for_link: AskForLink
) -> None:
    link = ask_for_link("edith@example.com")
    with socket.create_server(("127.0.0.1", 0)) as nobody_answers:
        settings.EMAIL_PORT = nobody_answers.getsockname()[1]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"

    answer = client.post(PAGE, {"email": "edith@example.com"})

    assert answer.status_code == 503
    assert LoginLink.objects.count() == 1
    assert authenticate(token=token_in(link)) is not None
