"""Why a mailbox cannot be read."""

from acceptance.errors import SiteError


class MailboxError(SiteError):
    """The mailbox cannot be read, and waiting will not help; says why and what to do."""


class NotNowError(AssertionError):
    """The mailbox cannot be read at this moment; trying again may help."""


class TooOftenError(NotNowError):
    """The mailbox cannot be read before some time has passed without an attempt."""


class OneMailError(Exception):
    """One mail cannot be read, and the others can; says why."""
