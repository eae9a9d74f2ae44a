import pytest

from features.support.evidence.secrets import HIDDEN, Secrets, secrets_of

SECRET = "open-sesame-42"


@pytest.mark.parametrize(
    "text",
    [
        f"http://localhost/accounts/login?token={SECRET}",
        f"http://localhost/accounts/login?token={SECRET}&next=/",
        f"EMAIL_PASSWORD={SECRET}",
        f"DJANGO_SECRET_KEY='{SECRET}'",
        f"SECRET_KEY = {SECRET!r}",
        f'{{"session_key": "{SECRET}"}}',
        f"Cookie: sessionid={SECRET}; csrftoken={SECRET}",
        f'<input type="hidden" name="csrfmiddlewaretoken" value="{SECRET}">',
        f"<input value='{SECRET}' type=hidden name='token'>",
        f'<input type="password" name="password" value="{SECRET}">',
        f"postgres://superlists:{SECRET}@db.example.com/superlists",
        f"https://edith:{SECRET}@grid.example.com/wd/hub",
        f"Authorization: Basic {SECRET}",
        f"password: {SECRET}",
    ],
)
def test_what_looks_like_a_secret_is_hidden_though_nobody_knows_it(text: str) -> None:
    hidden = Secrets().hidden_in(text)

    assert SECRET not in hidden
    assert HIDDEN in hidden


@pytest.mark.parametrize(
    "text",
    [
        "Enter your email to log in. There is no password to remember.",
        '<input type="text" name="text" value="Buy milk">',
        "<p>The token: a story</p>\n<p>2 items</p>",
        "edith@example.com asked http://localhost:8000/lists/1/",
        "tests+edith.k3f9@example.com in pop3s://tests@pop.example.com",
    ],
)
def test_what_is_no_secret_can_still_be_read(text: str) -> None:
    assert Secrets().hidden_in(text).replace(HIDDEN, "a") == text


def test_a_known_secret_is_hidden_wherever_it_stands() -> None:
    secrets = Secrets([SECRET])

    assert secrets.hidden_in(f"<b>{SECRET}</b> {SECRET}x") == f"<b>{HIDDEN}</b> {HIDDEN}x"


def test_a_secret_that_is_part_of_another_does_not_give_the_rest_away() -> None:
    secrets = Secrets([SECRET, f"{SECRET}-and-more"])

    assert secrets.hidden_in(f"say {SECRET}-and-more") == f"say {HIDDEN}"


def test_hiding_twice_is_hiding_once() -> None:
    once = Secrets().hidden_in(f"token={SECRET} password: {SECRET}")

    assert Secrets().hidden_in(once) == once


def test_a_word_is_not_taken_for_a_secret() -> None:
    assert Secrets(["milk", "", None]).hidden_in("Buy milk") == "Buy milk"


def test_the_secrets_of_an_environment_are_known_by_their_names() -> None:
    secrets = secrets_of(
        {
            "SUPERLISTS_MAILBOX_PASSWORD": "mailbox-password",
            "DJANGO_SECRET_KEY": "signing-key",
            "GITHUB_TOKEN": "github-token",
            "HOME": "/home/elspeth",
        }
    )

    assert secrets.hidden_in("mailbox-password signing-key github-token") == "*** *** ***"
    assert secrets.hidden_in("/home/elspeth") == "/home/elspeth"
