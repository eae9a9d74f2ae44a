"""What is true of every email that the site sends."""

import re

from django.core.mail import EmailMessage

_LINK = re.compile(r"\w+://\S+")


def links_in(email: EmailMessage) -> list[str]:
    """Return the addresses of all links in an email, whichever site they lead to."""
    return _LINK.findall(str(email.body))


def assert_goes_only_to(address: str, email: EmailMessage) -> None:
    """Check that an email comes from the site and goes to this address, as plain text alone.

    Raises:
        AssertionError: it has other recipients, another sender, or more than its text.

    """
    assert email.recipients() == email.to == [address]
    assert email.from_email == "noreply@localhost"
    sent = email.message()
    assert set(sent.keys()) == {
        "Auto-Submitted",
        "Content-Transfer-Encoding",
        "Content-Type",
        "Date",
        "From",
        "MIME-Version",
        "Message-ID",
        "Subject",
        "To",
    }
    assert sent["From"] == "noreply@localhost"
    assert sent["To"] == address
    assert sent["Auto-Submitted"] == "auto-generated"
    assert sent.get_content_type() == "text/plain"
