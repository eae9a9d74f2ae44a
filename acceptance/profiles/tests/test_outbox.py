import pytest
from django.core import mail

from acceptance.evidence.failure import failure_of
from acceptance.profiles.local import Outbox


@pytest.mark.parametrize(
    ("to", "cause"),
    [
        ("oni@example.com", "went to oni@example.com, and not to edith@example.com"),
        ("edith@example.com", "its subject is 'Hello'"),
    ],
)
def test_a_wait_in_vain_knows_which_email_was_sent_instead(to: str, cause: str) -> None:
    subject = "Hello"
    mail.outbox = [mail.EmailMessage(subject, "See you", to=[to])]
    wanted = "Hello" if to.startswith("oni") else "Your login link"

    with pytest.raises(AssertionError) as in_vain:
        Outbox(timeout=0).wait_for("edith@example.com", wanted)

    assert failure_of(in_vain.value).cause.endswith(cause)


def test_a_wait_in_vain_names_the_emails_that_were_read_before() -> None:
    mail.outbox = [mail.EmailMessage("Hello", "See you", to=["oni@example.com"])]
    outbox = Outbox(timeout=0)
    outbox.wait_for("oni@example.com", "Hello")

    with pytest.raises(AssertionError) as in_vain:
        outbox.wait_for("edith@example.com", "News")

    assert "has arrived, but 'Hello' to oni@example.com" in str(in_vain.value)
