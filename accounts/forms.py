"""Forms that ask for an email address."""

from django import forms
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.addresses import canonical_address
from accounts.models import LoginLink


class AddressField(forms.CharField):
    """An email address; its cleaned value is the canonical address."""

    def to_python(self, value: object) -> str:
        """Raise ValidationError with a plain sentence for a value that is no address."""
        return canonical_address(super().to_python(value) or "")


class PathField(forms.CharField):
    """The path of a page of this site; anything else counts as no path, and is not refused."""

    def to_python(self, value: object) -> str:
        """Return the path, or nothing."""
        path = super().to_python(value) or ""
        is_ours = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
        # No query: that of a login link would log the person in with someone else's token.
        is_path_alone = not any(character in path for character in "?#\0")
        fits = len(path) <= LoginLink.LONGEST_PATH
        return path if is_ours and is_path_alone and fits else ""


class LogInForm(forms.Form):
    """Asks for the address to which a login link is sent."""

    email = AddressField()
    next = PathField(required=False)
