"""Forms that ask for an e-mail address."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.addresses import MAX_LENGTH, canonical_address


class AddressField(forms.CharField):
    """An e-mail address; its cleaned value is the canonical address.

    An optional field that is left empty gives an empty string.
    """

    widget = forms.EmailInput
    default_error_messages = {"required": "Type your e-mail address."}

    def to_python(self, value: Any) -> str:
        """Raises ValidationError with a plain sentence for a value that is no address."""
        text = super().to_python(value) or ""
        return canonical_address(text) if text else ""


class LogInForm(forms.Form):
    """Asks for the address that a login link is mailed to."""

    email = AddressField(
        label="Your e-mail address",
        widget=forms.EmailInput(
            attrs={
                "class": "form-control",
                "autocomplete": "email",
                "placeholder": "your-name@example.com",
            }
        ),
    )
