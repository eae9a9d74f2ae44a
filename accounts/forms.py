"""Forms that ask for an email address."""

from django import forms
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.addresses import canonical_address
from accounts.models import LoginLink


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
    # A path that the site would not lead to is no reason to refuse a login link.
    next = forms.CharField(required=False)

    def clean_next(self) -> str:
        """Return the path of a page of this site, or nothing."""
        path: str = self.cleaned_data["next"]
        is_ours = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
        return path if is_ours and len(path) <= LoginLink.LONGEST_PATH else ""
