"""What a mail says, whatever way it came."""

from email.message import EmailMessage
from urllib.parse import urlsplit


def text_of(mail: EmailMessage) -> str:
    """Return the plain text of a mail, decoded, with line ends as newlines.

    Raises:
        AssertionError: the mail has no plain text.

    """
    body = mail.get_body(preferencelist=("plain",))
    assert body is not None, f"the mail {mail['subject']!r} has no plain text"
    # Mails travel with the line ends of RFC 5322, CR LF, and keep them when they are parsed.
    return str(body.get_content()).replace("\r\n", "\n")


def link_at_the_end_of(mail: EmailMessage) -> str:
    """Return the web address that a mail ends with.

    Raises:
        AssertionError: the last word of the mail is no web address.

    """
    words = text_of(mail).split()
    last = words[-1] if words else ""
    parts = urlsplit(last)
    is_link = parts.scheme in {"http", "https"} and bool(parts.netloc)
    assert is_link, f"the mail {mail['subject']!r} does not end with a link but with {last!r}"
    return last
