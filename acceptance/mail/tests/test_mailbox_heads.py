from datetime import UTC, datetime

import pytest

from acceptance.mail.heads import arrival_of

EDITH = "edith@x.example"


def test_a_header_has_the_subject_the_recipients_and_the_time() -> None:
    arrival = arrival_of(
        b"Subject: Your login link\r\n"
        b"To: Edith <Edith@Example.com>, francis@example.com\r\n"
        b"Cc: oni@example.com\r\n"
        b"Date: Mon, 23 Nov 2026 11:15:03 +0100\r\n"
    )

    assert arrival.subject == "Your login link"
    assert arrival.recipients == ["edith@example.com", "francis@example.com", "oni@example.com"]
    assert arrival.sent == datetime(2026, 11, 23, 10, 15, 3, tzinfo=UTC)
    assert str(arrival) == (
        "'Your login link' to edith@example.com, francis@example.com, oni@example.com"
        " at 2026-11-23 10:15:03 +0000"
    )


@pytest.mark.parametrize("field", ["To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To"])
def test_a_recipient_may_be_in_several_fields(field: str) -> None:
    head = f"{field.upper()}: Elspeth+Edith@example.com\r\n".encode()

    assert arrival_of(head).recipients == ["elspeth+edith@example.com"]


@pytest.mark.parametrize(
    "field",
    [
        "{}",
        "EDITH@X.EXAMPLE",
        "<{}>",
        "Edith <{}>",
        '"Lofgren, Edith" <{}>',
        '"Edith \\"E\\" (x" <{}>',
        "{},",
        ", {}",
        ",,{};;",
        "A, {}",
        "A; {}",
        "boss@c.example; {}",
        "boss@c.example {}",
        "Boss <boss@c.example> {}",
        "boss@c.example <boss@c.example>, {}",
        "Boss boss@c.example <boss@c.example>, Edith <{}>",
        "=?utf-8?q?Boss_(x?= <boss@c.example>, {}",
        "=?utf-8?q?a(?= <a@c.example>, {}, =?utf-8?q?b)?= <b@c.example>",
        "=?utf-8?b?Qm9zcywgQg==?= <boss@c.example>, {}",
        "=?x-none?q?Boss?= <boss@c.example>, {}",
        "=?utf-8?b?a?= <boss@c.example>, {}",
        "=?utf-8?q?edith=40x.example?=",
        "boss@c.example, =?utf-8?q?Edith_=3Cedith=40x.example=3E?=",
        '"Boss <boss@c.example>, {}, "Bob" <b@c.example>',
        'Boss " <boss@c.example>, {}',
        "Boss (the boss <boss@c.example>, {}",
        "Boss :) <boss@c.example>, {}",
        "Boss (the (very) boss) <boss@c.example>, {} (Edith)",
        '(a lone " mark) {}, (another " one)',
        "(edith)edith(edith)@(of)x.example(edith)",
        "<boss@c.example, {}",
        "<boss@c.example, Edith <{}>",
        "<<{}>>",
        "<boss@c.example>, <{}",
        "{}>, <boss@c.example>",
        "Edith <{}> <>",
        "<> <{}>",
        "{} <>",
        "{} <none>",
        "<@a.example,@b.example:{}>",
        "mailto:{}",
        "<mailto:{}>",
        "friends: boss@c.example, {};",
        "undisclosed-recipients:;, {}",
        "no one: ; friends: <{}>;",
        "'{}'",
        "'Edith' <{}>",
        '"{}"',
        '"edith"@x.example',
        '"ed\\ith"@x.example',
        "edith@x.example.",
        "edith @ x.example",
        "boss@c.example,\r\n\t{}",
        "Boss\r\n <boss@c.example>,\r\n Edith\r\n <{}>",
        "boss@c.example,\r\n{}",
        "B\xf6ss <boss@c.example>, {}",
        "B\x00ss\x0b\x1c <boss@c.example>, {}",
        "@, {}",
        "a@b@c, {}",
        "a@, @b, {}",
        "\\, {}",
        "boss\\@c.example, {}",
        "[boss]@c.example, {}",
        "boss@[IPv6:2001:db8::1], {}",
        "x" * 5000 + ", {}",
        "(" * 500 + ", {}",
    ],
)  # fmt: skip
def test_an_address_is_found_with_anything_beside_it(field: str) -> None:
    head = b"To: " + field.replace("{}", EDITH).encode("latin-1") + b"\r\nSubject: Hello\r\n"

    assert EDITH in arrival_of(head).recipients


@pytest.mark.parametrize(
    "field",
    [
        "notedith@x.example",
        "edith@x.example.evil",
        "edith@x.example@evil",
        "x.edith@x.example",
        "edith+a@x.example",
        "edith-edith@x.example",
        "edith@xyexample",
        "=edith@x.example",
        "'edith@x.example'@evil.example",
        '"edith@x.example"@evil.example',
        '"edith@x.example" <boss@c.example>',
        '"edith@x.example, " <boss@c.example>',
        "edith@x.example <boss@c.example>",
        "=?utf-8?q?edith=40x=2Eexample?= <boss@c.example>",
        "boss@c.example (edith@x.example)",
        "<@edith@x.example:boss@c.example>",
        "edith, x.example",
        "edith@",
        "@x.example",
        "",
    ],
)
def test_text_that_only_looks_like_an_address_is_ignored(field: str) -> None:
    assert EDITH not in arrival_of(f"To: {field}\r\n".encode()).recipients


@pytest.mark.parametrize(
    "field",
    [
        b"elspeth+edith@xn--bcher-kva.example",
        "elspeth+edith@bücher.example".encode(),
        "Elspeth+Edith@BÜCHER.example".encode(),
        "Bücher <elspeth+edith@bücher.example>".encode(),
    ],
)
def test_an_international_domain_has_two_names(field: bytes) -> None:
    assert arrival_of(b"To: " + field).recipients == ["elspeth+edith@xn--bcher-kva.example"]


@pytest.mark.parametrize("field", ["<a@b@c>", "a@b@c", "<a b@>", "@", "A", "undisclosed:;"])
def test_a_field_without_an_address_names_no_one(field: str) -> None:
    assert arrival_of(f"To: {field}".encode()).recipients == []


def test_a_bad_field_does_not_affect_others() -> None:
    arrival = arrival_of(
        b'Cc: "boss@c.example <boss@c.example\r\n'
        b"no field at all\r\n"
        b"To: =?utf-8?b?a?=, (\r\n"
        b"Date: Mon, 23 Nov 20260 10:15:03 +0000\r\n"
        b"Delivered-To: edith@x.example\r\n"
        b"Subject: =?x-none?q?Your_login?= =?utf-8?q?_link?=\r\n"
    )

    assert "edith@x.example" in arrival.recipients
    assert arrival.subject == "Your login link"
    assert arrival.sent is None


@pytest.mark.parametrize(
    ("raw", "subject"),
    [
        (b"Your login link\r\n for Superlists", "Your login link for Superlists"),
        (b"Your login link\r\n\t  for Superlists ", "Your login link for Superlists"),
        (b"Your login link\r\nfor Superlists ", "Your login link for Superlists"),
        (b"=?utf-8?q?Gr=C3=BC=C3=9Fe_aus?= Wien", "Grüße aus Wien"),
        (b"=?utf-8?b?R3LDvMOfZQ==?=\r\n =?utf-8?q?_aus_Wien?=", "Grüße aus Wien"),
        (b"=?iso-8859-1?q?Gr=FC=DFe?=", "Grüße"),
        (b"=?utf-8*de?q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        (b"=?x-unknown?q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        (b"=?utf-8?b?a?= =?utf-8?q?Gr=C3=BC=C3=9Fe?=", "=?utf-8?b?a?= Grüße"),
        ("Grüße".encode(), "Grüße"),
        ("Grüße".encode("latin-1"), "Grüße"),
        ("Grüße =?utf-8?q?aus?= Wien".encode(), "Grüße aus Wien"),
        (b"", ""),
    ],
)
def test_a_subject_is_read_in_any_spelling(raw: bytes, subject: str) -> None:
    assert arrival_of(b"Subject: " + raw + b"\r\n").subject == subject


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"\xff\xfe\x00",
        b"no field at all",
        b"Subject: \xff\xfe\r\nTo: \xff@\xfe\r\nDate: \xff\r\n",
        b"Subject: =?utf-8?b?a?=\r\nTo: =?utf-8?b?a?=\r\nDate: =?utf-8?b?a?=\r\n",
        b"Subject: =?no-such-charset?q?a?=\r\n",
        b"Subject: =?utf-8?q?=FF?=\r\nTo: <<<@>>>, (\r\nDate: Mon, 99 Nov 99999 99:99:99 +9999\r\n",
        b'To: "Edith\r\nDate: 0\r\n',
        b"Date: Mon, 1 Jan 0001 00:00:00 +2359\r\n",
        b"Date: \r\nTo:\r\nSubject:\r\n",
        b"Subject\r\n: a\r\n\r\n\r\nTo: b",
        b"To: " + b"=?utf-8?q?a?= " * 7000,
        b"To: " + "\ue000@\ue001".encode(),
    ],
)
def test_even_the_worst_header_can_be_shown(head: bytes) -> None:
    assert "to " in str(arrival_of(head))
