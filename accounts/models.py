"""People, and the links that log them in."""

import hashlib
import re
import secrets
from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from accounts.addresses import MAX_LENGTH, canonical_address

_TOKEN_BYTES = 32
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
"""What `secrets.token_urlsafe` makes of that many bytes."""


class User(models.Model):
    """A person, who has an email address and no password.

    The model has no more than Django's authentication requires ("Specifying a custom user model"
    in its documentation), so there is no password or admin to attack.
    """

    email = models.EmailField(max_length=MAX_LENGTH, unique=True)
    """In the form that `accounts.addresses.canonical_address` gives."""

    REQUIRED_FIELDS: ClassVar[list[str]] = []
    USERNAME_FIELD = "email"
    is_anonymous = False
    is_authenticated = True
    is_active = True

    def __str__(self) -> str:
        return self.email

    def clean(self) -> None:
        """Give the address its canonical form; raises ValidationError for what is no address."""
        self.email = canonical_address(self.email)


class LoginLink(models.Model):
    """A token that was sent to an address and logs its reader in, once and for a short time.

    Only the token's SHA-256 is kept, so that no one who reads the database can log in with it.
    """

    LONGEST_PATH = 200

    email = models.EmailField(max_length=MAX_LENGTH, db_index=True)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)
    return_to = models.CharField(max_length=LONGEST_PATH, default="", db_default="")
    """The path of the page on which the person asked for the link, if they can return to it."""

    def __str__(self) -> str:
        return f"login link for {self.email}"

    @staticmethod
    def looks_like_token(token: str) -> bool:
        """Return whether this has the form of a token."""
        return _TOKEN.fullmatch(token) is not None

    @staticmethod
    def minutes() -> int:
        """Return for how many minutes a link works."""
        return int(settings.LOGIN_LINK_LIFETIME / timedelta(minutes=1))

    @classmethod
    def create_for(cls, email: str, return_to: str = "") -> tuple[Self, str]:
        """Make a link for a canonical address; return it with its token, which is not stored.

        Expired links are deleted along the way.
        """
        cls.objects.filter(created_at__lte=_oldest_that_works()).delete()
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        link = cls.objects.create(email=email, token_hash=_hash(token), return_to=return_to)
        return link, token

    def supersede_older(self) -> None:
        """Make this the only link that works for its address."""
        LoginLink.objects.filter(email=self.email, pk__lt=self.pk).delete()

    @classmethod
    def address_of(cls, token: str) -> str | None:
        """Return the address that a working link was sent to, without using the link, or None."""
        link = cls._working(token).first()
        return link.email if link else None

    @classmethod
    def return_path_of(cls, token: str) -> str:
        """Return where the person wanted to be, without using the link up; "" for the home page."""
        link = cls._working(token).first()
        return link.return_to if link else ""

    @classmethod
    def redeem(cls, token: str) -> User | None:
        """Use the link up and return the person whose address it was sent to.

        A person who has never logged in is created. Returns None if no link with this token works:
        it is mangled, expired, used or superseded.
        """
        working = cls._working(token)
        link = working.first()
        if link is None:
            return None
        with transaction.atomic():
            # Two requests at the same time both find the link; the database lets only one of
            # them delete it.
            deleted, _ = working.delete()
            if not deleted:
                return None
            person, _ = User.objects.get_or_create(email=link.email)
        return person

    @classmethod
    def _working(cls, token: str) -> models.QuerySet[Self]:
        if not cls.looks_like_token(token):
            return cls.objects.none()
        return cls.objects.filter(token_hash=_hash(token), created_at__gt=_oldest_that_works())


def _hash(token: str) -> str:
    # No salt and no slow hash: the token is 256 random bits, so there is nothing to guess.
    return hashlib.sha256(token.encode("ascii")).hexdigest()


def _oldest_that_works() -> datetime:
    return timezone.now() - settings.LOGIN_LINK_LIFETIME


class CountedRequest(models.Model):
    """A request that the limits in `accounts.limits` count."""

    source = models.CharField(max_length=MAX_LENGTH + 80)
    """What is counted, such as an address or a client, in the form of `accounts.limits`."""
    requested_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["source", "requested_at"], name="requests_by_source"),
        ]

    def __str__(self) -> str:
        return f"{self.source} at {self.requested_at:%Y-%m-%d %H:%M:%S}"
