"""Forms that ask for an email address."""

from django import forms

from accounts.addresses import canonical_address


class AddressField(forms.CharField):
    """An email address; its cleaned value is the canonical address.

    An optional field that is left empty gives an empty string.
    """

    widget = forms.EmailInput

    def to_python(self, value: object) -> str:
        """Raise ValidationError with a plain sentence for a value that is no address."""
        text = super().to_python(value) or ""
        if not text and not self.required:
            return ""
        return canonical_address(text)


class LogInForm(forms.Form):
    """Asks for the address to which a login link is sent."""

    email = AddressField()
