"""The errors of mailboxes."""

from acceptance.errors import SiteError


class MailboxError(SiteError):
    """The mailbox cannot be read, and waiting will not help; the message says what to do."""


class NotNowError(AssertionError):
    """The mailbox cannot be read at this moment; trying again may help."""


class TooOftenError(NotNowError):
    """The mailbox cannot be read until some time has passed without an attempt."""


class OneMailError(Exception):
    """One email cannot be read, but the others can; the message gives the reason."""
