"""Secrets in every encoding and place, and ordinary texts that stay unchanged."""

import base64
import email.message
import email.policy
import html
import json
import quopri
import random
import shlex
import string
import time
from collections.abc import Callable
from email.header import Header
from urllib.parse import quote, urlencode

import pytest

from acceptance.hosts.secrets import HIDDEN, Secrets, secrets_of

TOKEN = "ab3Kx-9Zf_Q2mW7cTe0LhR5uVnY8sDgJpB1oXi4kEz6"
SESSION = "k3v9x0w2m7q4z8r1t6y5u0i3o9p2a7s4"
PASSWORD = "Staple-correct_7"
ODD_PASSWORD = "pä ss%41=3D'w\"rd&<7>\\n+/?"
PHRASE = "correct horse battery staple"

SECRETS = {
    "token": TOKEN,
    "session": SESSION,
    "password": PASSWORD,
    "odd password": ODD_PASSWORD,
    "phrase": PHRASE,
}

Spelling = Callable[[str], str]


def known(secret: str) -> Secrets:
    secrets = Secrets()
    if secret in {TOKEN, SESSION}:
        secrets.add(secret)
    else:
        secrets.add_password(secret)
    return secrets


def in_percent(text: str) -> str:
    """Encode every letter, even those for which that is not necessary."""
    return "".join(f"%{byte:02X}" for byte in text.encode())


def in_quoted_printable(text: str) -> str:
    return quopri.encodestring(text.encode()).decode()


def with_soft_breaks(text: str, end: str = "\r\n") -> str:
    written = [chr(b) if chr(b).isalnum() and b < 128 else f"={b:02X}" for b in text.encode()]
    return f"={end}".join(
        "".join(written[begin : begin + 7]) for begin in range(0, len(written), 7)
    )


def wrapped(text: str, width: int = 11, end: str = "\r\n    ") -> str:
    return end.join(text[begin : begin + width] for begin in range(0, len(text), width))


def in_base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def as_mail(text: str, encoding: str) -> str:
    mail = email.message.EmailMessage()
    mail.set_content(f"Your link:\n\nhttps://safe.example/?x={text}\n", cte=encoding)
    return mail.as_string(policy=email.policy.SMTP)


SPELLINGS: dict[str, Spelling] = {
    "raw": str,
    "percent": lambda text: quote(text, safe=""),
    "percent, lower case": lambda text: in_percent(text).lower(),
    "percent, every letter": in_percent,
    "percent twice": lambda text: quote(quote(text, safe=""), safe=""),
    "percent twice, every letter": lambda text: in_percent(in_percent(text)),
    "percent three times": lambda text: quote(quote(in_percent(text), safe=""), safe=""),
    "form": lambda text: urlencode({"q": text}),
    "quoted-printable": in_quoted_printable,
    "quoted-printable, lower case": lambda text: "".join(f"={b:02x}" for b in text.encode()),
    "soft breaks": with_soft_breaks,
    "soft breaks, LF": lambda text: with_soft_breaks(text, "\n"),
    "wrapped": wrapped,
    "wrapped, LF": lambda text: wrapped(text, 9, "\n"),
    "wrapped by a terminal": lambda text: wrapped(text, 13, "\n  │ ".replace("│", "|")),
    "quoted in an answer": lambda text: wrapped(text, 12, "\n> > "),
    "wbr": lambda text: wrapped(text, 6, "<wbr>"),
    "zero-width spaces": lambda text: wrapped(text, 6, "\u200b"),
    "soft hyphens": lambda text: wrapped(text, 6, "&shy;"),
    "coloured": lambda text: wrapped(text, 6, "\x1b[31m"),
    "HTML": html.escape,
    "HTML, decimal": lambda text: "".join(f"&#{ord(letter)};" for letter in text),
    "HTML, leading zeros": lambda text: "".join(f"&#{ord(letter):07d};" for letter in text),
    "HTML, hexadecimal": lambda text: "".join(f"&#x{ord(letter):x};" for letter in text),
    "HTML, HEXADECIMAL": lambda text: "".join(f"&#X00{ord(letter):X};" for letter in text),
    "HTML, named": lambda text: html.escape(text).replace("_", "&lowbar;").replace("/", "&sol;"),
    "base64, alignment 0": in_base64,
    "base64, alignment 1": lambda text: in_base64(f"u{text} and more"),
    "base64, alignment 2": lambda text: in_base64(f"us{text} and more"),
    "base64url": lambda text: base64.urlsafe_b64encode(f"?>{text}".encode()).decode(),
    "base64, wrapped": lambda text: base64.encodebytes(f"{'x' * 40}{text}".encode()).decode(),
    "base64 of percent": lambda text: in_base64(f"token={quote(text, safe='')}"),
    "JSON": json.dumps,
    "JSON, every letter": lambda text: "".join(f"\\u{ord(letter):04x}" for letter in text),
    "JSON of JSON": lambda text: json.dumps(json.dumps(text)),
    "Python": repr,
    "Python, ASCII": ascii,
    "Python, bytes": lambda text: repr(text.encode()),
    "Python, wrapped": lambda text: repr(wrapped(text)),
    "shell": shlex.quote,
    "UTF-16": lambda text: text.encode("utf-16-le").decode("latin-1"),
    "hexadecimal": lambda text: text.encode().hex(),
    "encoded word, Q": lambda text: Header(text, "utf-8", header_name="Subject").encode(),
    "encoded word, B": lambda text: Header(f"{text}\u65e5", "utf-8").encode(),
    "mail, quoted-printable": lambda text: as_mail(text, "quoted-printable"),
    "mail, base64": lambda text: as_mail(text, "base64"),
    "percent in quoted-printable": lambda text: in_quoted_printable(quote(text, safe="")),
    "percent in soft breaks": lambda text: with_soft_breaks(in_percent(text)),
    "percent, wrapped": lambda text: wrapped(in_percent(text)),
    "percent in HTML in JSON": lambda text: json.dumps(html.escape(quote(text, safe=""))),
    "HTML in percent": lambda text: quote(html.escape(text), safe=""),
    "Proofpoint": lambda text: quote(text, safe="").replace("-", "-2D").replace("_", "-5F"),
}

PLACES = {
    "alone": "{}",
    "in a sentence": "Edith opened {} and saw nothing.",
    "in an address": "https://example.com/x?token={}&next=/",
    "in a relay's": "https://safe.example/?url=https%3A%2F%2Fsite%2Flogin%3Ftoken%3D{}&data=05",
    "in a page": '<p>Hello &amp; welcome</p><a title="x" href="/login?a={}">Log in</a>',
    "in a log": "2030-01-31 12:00:00,190 ERROR django: /x\n  File 'a.py'\n{}\nValueError: no",
    "in a header": "Subject: a\r\nX-Original: {}\r\nTo: edith@example.com\r\n\r\nHello",
    "in a traceback": 'raise ValueError("{}")\nValueError: {}',
}


def traces_of(secret: str, text: str) -> list[str]:
    """Return the parts of a secret that are still readable in any encoding."""
    pieces = [secret[begin : begin + 8] for begin in range(len(secret) - 7)]
    return [piece for piece in pieces if piece in text]


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_is_hidden_in_every_encoding_and_place(name: str, spelling: str) -> None:
    secret = SECRETS[name]
    spelled = SPELLINGS[spelling](secret)
    for place in PLACES.values():
        text = place.replace("{}", spelled)
        hidden = known(secret).hidden_in(text)

        assert HIDDEN in hidden, text
        assert spelled not in hidden, text
        assert traces_of(secret, hidden) == [], hidden
        assert hidden.startswith(place.partition("{}")[0][:8])


def test_random_secrets_are_hidden_in_two_layers_of_encoding() -> None:
    chance = random.Random(9)  # noqa: S311 (the same each time)
    chains = [
        spelling
        for spelling in SPELLINGS
        if not spelling.startswith(("base64", "mail", "encoded", "UTF", "hexa", "Proof", "form"))
        and "three" not in spelling
        and "JSON of" not in spelling
    ]
    for _ in range(200):
        secret = "".join(chance.choices(f"{string.ascii_letters}{string.digits}-_", k=32))
        first, second = chance.choice(chains), chance.choice(chains)
        spelled = SPELLINGS[second](SPELLINGS[first](secret))
        secrets = Secrets()
        secrets.add(secret)

        hidden = secrets.hidden_in(f"before {spelled} after")

        assert HIDDEN in hidden, (first, second, spelled)
        assert traces_of(secret, hidden) == [], (first, second, spelled)
        assert hidden.startswith("before ")
        assert hidden.endswith(" after")


@pytest.mark.parametrize(
    "text",
    [
        TOKEN[:8],
        f"https://example.com/login?a={TOKEN[:20]}",
        f"(after 5 s) the page said {TOKEN[:15]}…",
        f"{TOKEN[:22]} (continued)\nthe rest: {TOKEN[22:]}",
        f"| {TOKEN[:22]} |\n| {TOKEN[22:]} |",
        f"{TOKEN[30:]} was cut at its beginning",
        f"{quote(TOKEN[:20])}%",
    ],
)
def test_half_of_a_token_is_hidden(text: str) -> None:
    hidden = known(TOKEN).hidden_in(text)

    assert traces_of(TOKEN, hidden) == []
    assert HIDDEN in hidden


@pytest.mark.parametrize("cut", [9, 12, 15])
def test_a_password_is_hidden_where_a_text_was_cut(cut: int) -> None:
    text = f"the server answered {PASSWORD}"[: 20 + cut]

    assert known(PASSWORD).hidden_in(text) == f"the server answered {HIDDEN}"


def test_basic_authentication_is_hidden_with_its_user() -> None:
    secrets = Secrets()
    secrets.add_log_in("edith", "pw")
    header = base64.b64encode(b"edith:pw").decode()

    assert secrets.hidden_in(f"GET / {header}") == f"GET / {HIDDEN}"


UNKNOWN = "open-sesame-42"


@pytest.mark.parametrize(
    "text",
    [
        f"http://localhost/accounts/login?token={UNKNOWN}",
        f"http://localhost/accounts/login?token={UNKNOWN}&next=/",
        f"https://safe.example/?url=https%3A%2F%2Fx%2Flogin%3Ftoken%3D{UNKNOWN}&data=1",
        f"https://safe.example/?url=https%253A%252F%252Fx%253Ftoken%253D{UNKNOWN}&data=1",
        f'<a href=3D"https://x/login?token=3D{UNKNOWN}">',
        f"EMAIL_PASSWORD={UNKNOWN}",
        f"EMAIL_PASSWORD='{UNKNOWN} and more'",
        f"DJANGO_SECRET_KEY='{UNKNOWN}'",
        f"SECRET_KEY = {UNKNOWN!r}",
        f"{{'EMAIL_HOST_PASSWORD': '{UNKNOWN}'}}",
        f'{{"session_key": "{UNKNOWN}"}}',
        f"Cookie: sessionid={UNKNOWN}; csrftoken={UNKNOWN}",
        f"Set-Cookie: sessionid={UNKNOWN}; Path=/; HttpOnly",
        f"{{'Cookie': 'sessionid={UNKNOWN}', 'Host': 'localhost'}}",
        f"{{'HTTP_COOKIE': 'sessionid={UNKNOWN}'}}",
        f'<input type="hidden" name="csrfmiddlewaretoken" value="{UNKNOWN}">',
        f"<input value='{UNKNOWN}' type=hidden name='token'>",
        f'<input type="password" name="password" value="{UNKNOWN}">',
        f"postgres://superlists:{UNKNOWN}@db.example.com/superlists",
        f"postgres%3A%2F%2Fsuperlists%3A{UNKNOWN}%40db.example.com",
        f"https://edith:{UNKNOWN}@grid.example.com/wd/hub",
        f"https://edith:p@{UNKNOWN}@grid.example.com/wd/hub",
        f"host=db password={UNKNOWN} dbname=superlists",
        f"connect(user='edith', password='{UNKNOWN}')",
        f"Authorization: Basic {UNKNOWN}",
        f"{{'Authorization': 'Bearer {UNKNOWN}'}}",
        f"X-CSRFToken: {UNKNOWN}",
        f"password: {UNKNOWN}",
    ],
)
def test_text_in_the_form_of_a_secret_is_hidden(text: str) -> None:
    hidden = Secrets().hidden_in(text)

    assert UNKNOWN not in hidden
    assert HIDDEN in hidden


ORDINARY = [
    "You need no password: mail you a link",
    "password: word",
    "Password: ",
    "token of thanks",
    "a secret: no one knows",
    "Enter your email to log in. There is no password to remember.",
    "There is no password to remember: we mail you a link.",
    '<input type="text" name="text" value="Buy milk">',
    "<p>The token: a story</p>\n<p>2 items</p>",
    "edith@example.com asked http://localhost:8000/lists/1/",
    "http://localhost:8000/share?with=edith@example.com",
    "tests+edith.k3f9@example.com in pop3s://tests@pop.example.com",
    "The cookie: a recipe = flour and sugar",
    "Cookie: what browsers keep",
    "Authorization: only for members",
    'File "accounts/views.py", line 3, in login\n    token = request.GET["token"]',
    "    connection.login(self.username, self.password)",
    "    send(password=settings.EMAIL_HOST_PASSWORD)",
    "    super().__init__(token=token_of(link))",
    "correct SUPERLISTS_MAILBOX_PASSWORD, or the user in the setting mailbox",
    "Buy 100% milk = 3 bottles & 20%20 more &amp; more =3D \\n \\u0041 d&eacute;j&agrave;",
    "artifacts/2030-01-31T120003Z/log_in/edith-asks-for-a-login-link",
    "0f3c9a1be2d84c7f9a0b1c2d3e4f5a6b7c8d9e0f is deployed",
    "2030-01-31 12:00:00,190 ERROR accounts.views [f0b787a4396e4bb49c9a3561c54635d1]: No mail",
    "behave features/log_in.feature:9 -D staging=superlists-staging.example.com",
    "d\u00e9j\u00e0 vu \U0001f600 \u65e5\u672c\u8a9e\r\n\ttabs  and   spaces\x0c",
]


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_words_stay_unchanged(text: str) -> None:
    secrets = Secrets()
    for secret in (TOKEN, SESSION):
        secrets.add(secret)
    for password in (PASSWORD, ODD_PASSWORD, PHRASE, "password", "test", "abc", "", "s3cr3t"):
        secrets.add_password(password)

    assert secrets.hidden_in(text) == text


def test_generated_sentences_stay_unchanged() -> None:
    chance = random.Random(9)  # noqa: S311 (the same each time)
    words = [*" ".join(ORDINARY).split(), "password", "token", "secret", "session", "cookie"]
    secrets = Secrets([TOKEN, SESSION])
    for _ in range(300):
        chosen = [
            word for word in chance.choices(words, k=12) if word.isalpha() or word[:-1].isalpha()
        ]
        text = "".join(f"{word}{chance.choice([' ', ', ', chr(10)])}" for word in chosen)

        assert secrets.hidden_in(text) == text


@pytest.mark.parametrize("password", ["", "abc", "test", "password", "Password", "superlists"])
def test_a_password_that_is_a_word_is_hidden_only_where_it_is_used_as_one(password: str) -> None:
    secrets = Secrets(ordinary_words=["superlists"])
    secrets.add_password(password)
    sentence = "A test of the abc: Password or password, as superlists has it."

    assert secrets.hidden_in(sentence) == sentence
    address = secrets.hidden_in(f"https://edith:{password}@example.com/")
    assert address == (f"https://edith:{HIDDEN}@example.com/" if password else address)


def test_a_short_password_is_hidden_where_it_is_not_a_word() -> None:
    secrets = Secrets()
    secrets.add_password("Gh7kQ")

    assert secrets.hidden_in("Gh7kQ, not Gh7kQx") == f"{HIDDEN}, not Gh7kQx"


def test_a_secret_that_a_text_reveals_is_hidden_everywhere_else() -> None:
    secrets = Secrets()
    text = f"GET /login?token={TOKEN}\nwhat is {TOKEN}?"

    assert secrets.hidden_in(text) == f"GET /login?token={HIDDEN}\nwhat is {HIDDEN}?"
    assert secrets.hidden_in(TOKEN) == HIDDEN


def test_a_known_secret_is_hidden_everywhere() -> None:
    secrets = Secrets([UNKNOWN])

    assert secrets.hidden_in(f"<b>{UNKNOWN}</b> {UNKNOWN}x") == f"<b>{HIDDEN}</b> {HIDDEN}x"


def test_a_secret_within_another_does_not_reveal_the_rest() -> None:
    secrets = Secrets([UNKNOWN, f"{UNKNOWN}-and-more"])

    assert secrets.hidden_in(f"say {UNKNOWN}-and-more") == f"say {HIDDEN}"


def test_hiding_twice_changes_nothing_more() -> None:
    once = Secrets().hidden_in(f"token={UNKNOWN} password: {UNKNOWN} Cookie: a={UNKNOWN}")

    assert Secrets().hidden_in(once) == once


def test_the_secrets_of_an_environment_are_found_by_their_names() -> None:
    secrets = secrets_of(
        {
            "SUPERLISTS_MAILBOX_PASSWORD": "mailbox-password",
            "DJANGO_SECRET_KEY": "signing-key",
            "GITHUB_TOKEN": "github-token",
            "DATABASE_URL": "postgres://site:data%2Fbase-9@localhost/site",
            "HOME": "/home/elspeth",
        }
    )

    assert secrets.hidden_in("mailbox-password signing-key github-token") == "*** *** ***"
    assert secrets.hidden_in("data/base-9") == HIDDEN
    assert secrets.hidden_in("/home/elspeth") == "/home/elspeth"


def test_a_long_log_is_read_in_time() -> None:
    secrets = Secrets([TOKEN, SESSION])
    secrets.add_password(PASSWORD)
    line = "2030-01-31 12:00:00,190 INFO accounts.views [f0b787a4]: GET /lists/?a=%2Fb &amp; \\n\n"
    log = f"{line * 2000}{TOKEN}"

    began = time.process_time()
    hidden = secrets.hidden_in(log)

    assert hidden == f"{line * 2000}{HIDDEN}"
    assert time.process_time() - began < 5


def test_a_session_in_a_message_of_postgresql_is_hidden() -> None:
    hidden = Secrets().hidden_in("DETAIL:  Key (session_key)=(k3j9x0q7vbn2) already exists.")

    assert hidden == f"DETAIL:  Key (session_key)=({HIDDEN}) already exists."
