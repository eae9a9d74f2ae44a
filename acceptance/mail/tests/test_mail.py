import base64
import email.policy
import quopri
from email.message import EmailMessage
from urllib.parse import quote

import pytest

from acceptance.mail.content import parsed, site_link_in, text_of, token_link_in

SITE = "https://superlists.example.com"
TOKEN = "Zk3-hq_7uWm2Xc9RbT4vYpLs8NdJf6GaQe1oKi5Hx-_"
LINK = f"{SITE}/accounts/login?token={TOKEN}"
LONG_WORD = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"
SUBJECT = "Your login link for Superlists"


def as_it_arrives(mail: EmailMessage) -> EmailMessage:
    """Return the email after its transfer, as the mailbox reads it."""
    return parsed(mail.as_bytes(policy=email.policy.SMTP))


def mail_of(text: str, encoding: str | None = None, subtype: str = "plain") -> EmailMessage:
    """Return an email with this text, as it arrives."""
    mail = EmailMessage()
    mail["Subject"] = SUBJECT
    mail.set_content(text, cte=encoding, subtype=subtype)
    return as_it_arrives(mail)


def raw(fields: str, text: str | bytes) -> EmailMessage:
    """Return an email with only these fields besides its subject, one per line, and this text."""
    head = f"Subject: {SUBJECT}\n{fields}\n\n".replace("\n", "\r\n").encode()
    return parsed(head + (text if isinstance(text, bytes) else text.encode()))


def link_in(mail: EmailMessage, site: str = SITE) -> str:
    return token_link_in(mail, site).address


class TestTexts:
    @pytest.mark.parametrize("encoding", ["quoted-printable", "base64", "7bit"])
    def test_a_text_is_read_in_any_encoding(self, encoding: str) -> None:
        mail = mail_of(f"Use this link to log in:\n\n{LINK}", encoding)

        assert mail["Content-Transfer-Encoding"] == encoding
        assert text_of(mail) == f"Use this link to log in:\n\n{LINK}\n"
        assert link_in(mail) == LINK

    @pytest.mark.parametrize("encoding", ["quoted-printable", "base64", "8bit"])
    def test_a_text_may_hold_any_letter(self, encoding: str) -> None:
        assert text_of(mail_of("Grüße aus 東京", encoding)) == "Grüße aus 東京\n"

    def test_a_line_may_be_longer_than_a_mail_server_allows(self) -> None:
        link = f"{LINK}&long={LONG_WORD * 40}"
        mail = mail_of(f"{LONG_WORD * 40} {link}")

        assert all(len(line) <= 998 for line in mail.as_bytes().splitlines())
        assert text_of(mail) == f"{LONG_WORD * 40} {link}\n"
        assert link_in(mail) == link

    def test_of_two_versions_the_plain_one_is_read(self) -> None:
        mail = EmailMessage()
        mail.set_content(f"In plain text: {LINK}")
        mail.add_alternative(f"<p>In HTML: <a href='{LINK}x'>here</a></p>", "html")
        mail = as_it_arrives(mail)

        assert mail.get_content_type() == "multipart/alternative"
        assert text_of(mail) == f"In plain text: {LINK}\n"
        assert link_in(mail) == LINK

    def test_a_blank_plain_version_is_ignored(self) -> None:
        mail = EmailMessage()
        mail.set_content(" \n")
        mail.add_alternative(f"<p>Hello <a href='{LINK}'>Edith</a>!</p>", "html")

        assert text_of(as_it_arrives(mail)) == f"Hello Edith <{LINK}> !"

    def test_a_link_that_only_the_html_has_is_found_there(self) -> None:
        mail = EmailMessage()
        mail.set_content("To read this mail, have your program show HTML.")
        mail.add_alternative(f"<a href='{LINK}'>Log in</a>", "html")

        assert link_in(as_it_arrives(mail)) == LINK

    def test_an_attachment_is_not_the_text(self) -> None:
        mail = EmailMessage()
        mail.set_content(f"See below: {LINK}")
        mail.add_attachment("https://elsewhere.example.com/", filename="link.txt")
        mail = as_it_arrives(mail)

        assert text_of(mail) == f"See below: {LINK}\n"
        assert link_in(mail) == LINK

    @pytest.mark.parametrize(
        ("html", "text"),
        [
            (f"<a href='{LINK}'>Log in</a>", f"Log in <{LINK}>"),
            (f"<a href={LINK}>{LINK}</a>", LINK),
            ("<p>Use this\n  link</p><p>to log&nbsp;in</p>", "Use this link\nto log in"),
            ("one<br>two<div>three</div>four", "one\ntwo\nthree\nfour"),
            ("<b>You</b>r <i>login</i> link", "Your login link"),
            ("<title>T</title><style>p {}</style><script>s()</script><p>text", "text"),
            ("<html><head><body>a head without an end", "a head without an end"),
            ("<![if !mso]>seen<![endif]> <![bogus[x]> too", "seen too"),
            ("<a href='https://a.example/'>no end", "no end <https://a.example/>"),
            ("<a>none</a> <a href>none</a>", "none none"),
            ("4 < 5 & 6 > 5 &amp; &copy;", "4 < 5 & 6 > 5 & ©"),
            ("", ""),
        ],
    )
    def test_html_is_read_as_text(self, html: str, text: str) -> None:
        assert text_of(raw("Content-Type: text/html; charset=utf-8", html)) == text

    @pytest.mark.parametrize(
        ("fields", "text"),
        [
            ('Content-Type: text/plain; charset="x-unknown"', b"Gr\xc3\xbc\xc3\x9fe"),
            ("Content-Type: text/plain; charset=us-ascii", b"Gr\xc3\xbc\xc3\x9fe"),
            ("Content-Type: text/plain; charset=utf-8", b"Gr\xfc\xdfe"),
            ("Content-Type: text/plain; charset*=utf-8''iso-8859-1", b"Gr\xfc\xdfe"),
            ("Content-Type: text/plain; charset=", b"Gr\xc3\xbc\xc3\x9fe"),
            ("Content-Type: text", b"Gr\xc3\xbc\xc3\x9fe"),
            ("Content-Type: ;;;", b"Gr\xc3\xbc\xc3\x9fe"),
            ("Content-Transfer-Encoding: x-none", b"Gr\xc3\xbc\xc3\x9fe"),
            ("no field at all", b"Gr\xc3\xbc\xc3\x9fe"),
            ("To:\nDate: Mon, 23 Nov 20260 10:15:03 +0000", b"Gr\xc3\xbc\xc3\x9fe"),
        ],
    )
    def test_bad_fields_do_not_affect_the_text(self, fields: str, text: bytes) -> None:
        assert text_of(raw(fields, text)) == "Grüße"

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"\r\n",
            b"\xff\xfe\x00",
            b"no mail",
            b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n--b--",
            b"Content-Type: multipart/alternative\r\n\r\n",
            b"Content-Type: multipart/mixed; boundary=b\r\n\r\nno part",
            b"Content-Type: message/rfc822\r\n\r\n",
            b"Content-Transfer-Encoding: base64\r\n\r\n!!!",
            b"Content-Transfer-Encoding: base64\r\n\r\nYQ=",
            b"Subject: =?utf-8?b?a?=\r\nTo: <<<@>>>, (\r\nDate: \xff\r\n\r\n",
        ],
    )
    def test_even_the_worst_email_can_be_read(self, content: bytes) -> None:
        mail = parsed(content)

        assert isinstance(text_of(mail), str)
        for name in ("From", "To", "Date", "Subject"):
            assert isinstance(str(mail[name]), str)
        with pytest.raises(
            AssertionError, match=f"has no link with a token to {SITE}: it has no link"
        ):
            token_link_in(mail, SITE)

    def test_a_line_without_a_name_does_not_end_the_head(self) -> None:
        mail = parsed(
            b"From someone Mon Nov 23 10:15:03 2026\nSubject: Your login\nlink for Superlists\n"
            b"Content-Transfer-Encoding: base64\n\n" + base64.b64encode(LINK.encode())
        )

        assert mail["Subject"] == SUBJECT
        assert text_of(mail) == LINK


def wrapped_in_mail(disposition: str = "attachment") -> EmailMessage:
    """Wrap an email as SpamAssassin does with report_safe 1."""
    wrapper = EmailMessage()
    wrapper["Subject"] = f"*****SPAM***** {SUBJECT}"
    wrapper.set_content("Spam detection software has found … https://spam.example/x?token=1")
    wrapper.add_attachment(mail_of(LINK), disposition=disposition)
    return as_it_arrives(wrapper)


def wrapped_as_text() -> EmailMessage:
    """Wrap an email as SpamAssassin does with report_safe 2."""
    wrapper = EmailMessage()
    wrapper.set_content("Spam detection software has found …")
    content = mail_of(LINK, "quoted-printable").as_string()
    wrapper.add_attachment(content, filename="original.txt")
    return as_it_arrives(wrapper)


def with_footer_as_part() -> EmailMessage:
    mail = EmailMessage()
    mail.set_content(f"Log in: {LINK}")
    mail.make_mixed()
    footer = EmailMessage()
    footer.set_content("Scanned by https://elsewhere.example/x?token=1")
    mail.attach(footer)
    return as_it_arrives(mail)


HALF = len(LINK) - 20
FLOWED = "Content-Type: text/plain; format=flowed; delsp=yes"


class TestLoginLinks:
    @pytest.mark.parametrize(
        "text",
        [
            f"Log in: {LINK} \t\r\n\r\n  \n",
            f"{LINK}\n-- \nSuperlists http://elsewhere.example/x",
            f"http://elsewhere.example/x?token=1\n{LINK}\nhttp://elsewhere.example/y",
            f"{SITE}/ is the site. {LINK} logs in. {SITE}/help",
            f"<{LINK}>",
            f"<{LINK[:HALF]}\n{LINK[HALF:]}>",
            f"< {LINK} >",
            f"({LINK})",
            f"({LINK}).",
            f"[Log in]({LINK})",
            f"“{LINK}”",
            f"Open {LINK}, or {LINK}x!",
            f"{LINK}.",
            f"{LINK}...",
            f"{LINK}…",
            f"*{LINK}*",
            f'"{LINK}"',
            f"'{LINK}'",
            f"Log in:{LINK}",
            f"See http://elsewhere.example/?back={SITE} and {LINK}",
            f"{LINK}\n\nOn Monday, Superlists wrote:\n> {LINK}x",
            LINK.replace("https://superlists", "HTTPS://Superlists"),
            LINK.replace(".com/", ".com:443/"),
            f"{LINK[:76]}\n{LINK[76:]}\n-- \nSuperlists",
            f"{LINK[:70]}=\r\n{LINK[70:]}\r\n".replace("?token=", "?token=3D"),
        ],
    )
    def test_a_link_to_the_site_is_found_anywhere(self, text: str) -> None:
        found = token_link_in(raw("", text), SITE)

        assert (found.address, found.relay) == (LINK, None)

    @pytest.mark.parametrize("subtype", ["plain", "html"])
    def test_the_rest_of_the_address_is_kept(self, subtype: str) -> None:
        link = f"{LINK}&next=%2Flists%2F1%2F#item"

        assert link_in(mail_of(link.replace("&", "&amp;"), subtype=subtype)) == link

    @pytest.mark.parametrize(
        "mail",
        [
            wrapped_in_mail(),
            wrapped_in_mail("inline"),
            wrapped_as_text(),
            with_footer_as_part(),
            raw("Content-Type: text/html", f"<A HREF='{LINK.replace('?', '&#63;')}'>Log in</A>"),
            raw("Content-Type: text/html", f"<a href='\n {LINK[:50]}\n{LINK[50:]} '>Log in</a>"),
            raw("Content-Type: text/html", f"<a href='http://else.example/1'>{LINK}</a>"),
            raw("Content-Type: text/html", f"<p>{LINK[:40]}<wbr>{LINK[40:]}</p>more"),
            raw(FLOWED, f"Use \r\nthis: {LINK[:HALF]} \r\n{LINK[HALF:]} \r\n\r\n-- \r\nhttps://x"),
            raw(FLOWED, f"> {LINK[:HALF]} \r\n> {LINK[HALF:]}\r\nfine"),
            raw("Content-Transfer-Encoding: quoted-printable", quopri.encodestring(LINK.encode())),
            raw('Content-Type: text/plain; charset="x-unknown"', LINK),
        ],
        ids=str,
    )
    def test_a_link_is_found_in_any_kind_of_email(self, mail: EmailMessage) -> None:
        assert link_in(mail) == LINK

    @pytest.mark.parametrize(
        ("site", "link"),
        [
            ("http://localhost:8081", "http://LOCALHOST:8081/accounts/login?token=a"),
            ("http://localhost", "http://localhost:80/accounts/login?token=a"),
            ("https://localhost:443", "https://localhost/accounts/login?token=a"),
            ("https://xn--bcher-kva.example", "https://BÜCHER.example/accounts/login?token=a"),
            ("https://bücher.example", "https://xn--bcher-kva.example/accounts/login?token=a"),
            (SITE, f"{SITE}/accounts/login#token=a"),
        ],
    )
    def test_an_address_is_the_same_however_it_is_written(self, site: str, link: str) -> None:
        path = link.split("/accounts", 1)[1]

        assert link_in(raw("", link), site) == f"{site}/accounts{path}"

    @pytest.mark.parametrize(
        "link",
        [
            "http://superlists.example.com/accounts/login?token=SECRET",
            "https://superlists.example.com:8443/accounts/login?token=SECRET",
            "https://superlists.example.com.evil.example/accounts/login?token=SECRET",
            "https://superlists.example.com@evil.example/accounts/login?token=SECRET",
            "https://evil.example\\@superlists.example.com/accounts/login?token=SECRET",
            "https://user:SECRET@superlists.example.com/accounts/login?token=SECRET",
            "https://evil.example/superlists.example.com/accounts/login?token=SECRET",
            "https://evil.example?token=SECRET&https://superlists.example.com",
            "https://notsuperlists.example.com/accounts/login?token=SECRET",
            "https://[superlists.example.com/accounts/login?token=SECRET",
            "https://protect.example/s/SECRET",
            f"https://evil.example/?next={quote('https://evil.example/?token=SECRET')}",
            f"{SITE}/accounts/login",
            f"{SITE}/accounts/login?token=",
            "superlists.example.com/accounts/login?token=SECRET",
            "javascript:location='https://evil.example/?token=SECRET'",
            "mailto:edith@superlists.example.com",
            "",
        ],
    )
    def test_a_link_that_does_not_log_in_to_the_site_is_reported(self, link: str) -> None:
        with pytest.raises(AssertionError) as error:
            token_link_in(raw("", f"Log in: {link}\n"), SITE)

        message = str(error.value)
        assert message.startswith(f"the email '{SUBJECT}' has no link with a token to {SITE}: it")
        assert "SECRET" not in message
        assert "\n" not in message

    def test_all_links_of_an_email_are_reported(self) -> None:
        text = "http://a.example/x?token=SECRET https://u:SECRET@b.example:8/ http://a.example"

        with pytest.raises(AssertionError) as error:
            token_link_in(raw("", text), SITE)

        assert "lead to http://a.example/…, https://b.example:8/…; if a mail relay has" in str(
            error.value
        )

    @pytest.mark.parametrize(
        ("link", "shown"),
        [
            ("/accounts/login", "/accounts/login"),
            ("/accounts/login?key=SECRET&next=", "/accounts/login?key=…&next="),
            ("/log-in/SECRET1/?SECRET#SECRET", "/log-in/…/?…#…"),
            ("/#key=SECRET", "/#key=…"),
        ],
    )
    def test_a_link_to_the_site_is_reported_without_its_values(self, link: str, shown: str) -> None:
        with pytest.raises(AssertionError) as error:
            token_link_in(raw("", f"Log in: {SITE}{link}\n"), SITE)

        assert str(error.value).endswith(f": its links lead to {SITE}{shown}.")

    @pytest.mark.parametrize(
        "rewritten",
        [
            f"https://safe.example/?url={quote(LINK, safe='')}&data=05%7C01&reserved=0",
            f"https://safe.example/?data=1&amp;url={quote(LINK, safe='')}",
            f"https://safe.example/?url={LINK}",
            f"https://safe.example/?url={quote(quote(LINK, safe=''), safe='')}",
            f"https://safe.example/#url={quote(LINK, safe='')}",
            f"https://safe.example/1a2b/{quote(LINK, safe='')}",
            f"https://safe.example/v3/__{LINK}__;!!Kx1!a-b$",
            "https://safe.example/v2/url?u="
            + quote(LINK, safe=":").replace("-", "%2D").replace("_", "%5F").replace("%", "-")
            .replace("-2F", "_").replace(":", "-3A") + "&d=Dw",
            "https://safe.example/?url="
            + quote(f"https://other.example/?u={quote(LINK, safe='')}", safe=""),
        ],
    )  # fmt: skip
    def test_a_link_is_extracted_from_that_of_a_relay(self, rewritten: str) -> None:
        found = token_link_in(raw("", f"Log in:\n\n{rewritten}\n"), SITE)

        assert (found.address, found.relay) == (LINK, "https://safe.example")

    def test_a_plain_link_comes_first(self) -> None:
        wrapped = f"https://safe.example/?url={quote(LINK, safe='')}x"

        assert link_in(raw("", f"{wrapped}\n{LINK}\n")) == LINK


def test_a_link_to_the_site_needs_no_token() -> None:
    text = f"See https://elsewhere.example.com/my-lists/ or {SITE}/my-lists/ today.\n"

    assert site_link_in(raw("", text), SITE).address == f"{SITE}/my-lists/"


def test_an_email_without_a_link_to_the_site_is_refused() -> None:
    with pytest.raises(AssertionError, match=r"has no link to .*elsewhere\.example\.com"):
        site_link_in(raw("", "See https://elsewhere.example.com/my-lists/\n"), SITE)
