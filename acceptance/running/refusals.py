"""The errors for which a run does not begin, and which a person can do something about."""

from acceptance.browser.errors import BrowserUnavailableError
from acceptance.errors import ConfigurationError
from acceptance.hosts.errors import ServerError
from acceptance.mail.errors import MailboxError
from acceptance.running.checks import NotReadyError

REFUSALS = (
    BrowserUnavailableError,
    ConfigurationError,
    MailboxError,
    NotReadyError,
    ServerError,
)
"""Each says in one sentence what is wrong, and what to type."""
