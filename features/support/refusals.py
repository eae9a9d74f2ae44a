"""The errors for which a run does not begin, and which a person can do something about."""

from features.support.checks import NotReadyError
from features.support.configuration import ConfigurationError
from features.support.driver import BrowserUnavailableError
from features.support.mailboxes.errors import MailboxError
from features.support.server.errors import ServerError

REFUSALS = (
    BrowserUnavailableError,
    ConfigurationError,
    MailboxError,
    NotReadyError,
    ServerError,
)
"""Each says in one sentence what is wrong, and what to type."""
