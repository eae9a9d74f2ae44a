"""The one form in which the site stores an email address."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

MAX_LENGTH = 254
"""The longest address, in characters, that SMTP can carry (RFC 5321, 4.5.3.1.3, as RFC 3696's
erratum 1690 works out)."""


def canonical_address(text: str) -> str:
    """Return the canonical form of a typed address: no spaces around it, all lower case.

    Two spellings that a mail server may deliver to different people must never become the same
    address, so anything but ASCII is refused rather than folded.

    Raises ValidationError with a plain sentence for anything that is not an email address.
    """
    address = text.strip()
    if not address:
        raise ValidationError("Enter an email address.", code="required")
    # Before any change of case: "K" (U+212A, the Kelvin sign) lower-cases to "k", and Django's
    # validator ignores case, so it lets U+212A, U+017F, U+0130 and U+0131 through.
    if not address.isascii():
        raise ValidationError(
            "An email address here can contain only English letters, digits and signs.",
            code="not_ascii",
        )
    if len(address) > MAX_LENGTH:
        raise ValidationError(
            f"An email address can have at most {MAX_LENGTH} characters.",
            code="too_long",
        )
    address = address.lower()
    # A quoted local part can contain "@", ",", and control characters, which mail programs read
    # in different ways. It is also a second spelling of an unquoted one. Django's validator
    # accepts none of them elsewhere.
    if '"' in address:
        raise _not_an_address()
    try:
        validate_email(address)
    except ValidationError:
        raise _not_an_address() from None
    return address


def _not_an_address() -> ValidationError:
    return ValidationError(
        "Enter a valid email address, such as edith@example.com.", code="invalid"
    )
