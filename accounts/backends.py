from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from accounts.models import LoginLink, User


class LoginLinkBackend(BaseBackend):
    """Logs a person in by the token of a login link: `authenticate(request, token=…)`."""

    def authenticate(  # type: ignore[override]
        self,
        request: HttpRequest | None,  # noqa: ARG002 (Django passes it)
        token: str,
    ) -> User | None:
        """Use the link up and return its person, known or new; None if it does not work."""
        return LoginLink.redeem(token)

    def get_user(self, user_id: int) -> User | None:
        """Return the person that a session belongs to, or None if they are gone."""
        return User.objects.filter(pk=user_id).first()
