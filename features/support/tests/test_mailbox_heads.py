from datetime import UTC, datetime

import pytest

from features.support.mailboxes.heads import arrival_of


def test_a_head_says_what_came_to_whom_and_when() -> None:
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
def test_a_recipient_may_stand_in_several_fields(field: str) -> None:
    head = f"{field.upper()}: Elspeth+Edith@example.com\r\n".encode()

    assert arrival_of(head).recipients == ["elspeth+edith@example.com"]


@pytest.mark.parametrize(
    ("raw", "subject"),
    [
        (b"Your login link\r\n for Superlists", "Your login link for Superlists"),
        (b"Your login link\r\n\t  for Superlists ", "Your login link for Superlists"),
        (b"=?utf-8?q?Gr=C3=BC=C3=9Fe_aus?= Wien", "Grüße aus Wien"),
        (b"=?utf-8?b?R3LDvMOfZQ==?=\r\n =?utf-8?q?_aus_Wien?=", "Grüße aus Wien"),
        (b"=?iso-8859-1?q?Gr=FC=DFe?=", "Grüße"),
        (b"", ""),
    ],
)
def test_a_subject_is_read_however_it_is_written(raw: bytes, subject: str) -> None:
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
        b"Subject\r\n: a\r\n\r\n\r\nTo: b",
    ],
)
def test_no_head_is_too_bad_to_be_told_of(head: bytes) -> None:
    assert "to " in str(arrival_of(head))
