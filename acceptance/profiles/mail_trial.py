"""A trial email before a run, which takes the same way as those that scenarios wait for."""

import re
import time
from collections.abc import Sequence
from email.message import EmailMessage

from acceptance.errors import NotReadyError
from acceptance.mail.addresses import UNIQUE
from acceptance.mail.content import token_link_in
from acceptance.mail.heads import has_words, one_line
from acceptance.profiles.checks import DoubtError
from acceptance.profiles.deployment import Deployment
from acceptance.profiles.errors import FixtureFailedError
from acceptance.server.fixtures import send_trial_mail

SHORTEST_WAIT = 5.0
"""The minimum time that the email may take, in seconds."""

SHARE_OF_TIMEOUT = 3
"""The email may take `mail_timeout` divided by this, because a run waits for many emails."""

# A mail server's reply in Python's errors: (530, b'5.7.0 Authentication required').
_REPLY = re.compile(r"\((?P<code>\d{3}), b(?P<mark>['\"])(?P<words>.*?)(?P=mark)")


class MailTrial:
    """Makes the site send a link that logs no one in, and finds it in the mailbox."""

    def __init__(self, deployment: Deployment) -> None:
        self._site = deployment.site
        self._subject = deployment.project.mail_subject
        self._where = f"{deployment.folder} on {deployment.host}"
        self._fixtures = deployment.fixtures
        self._addresses = deployment.addresses
        self._mailbox = deployment.mailbox
        self._mailbox_address = deployment.mailbox_address
        self._patience = max(SHORTEST_WAIT, deployment.mailbox.timeout / SHARE_OF_TIMEOUT)

    def make(self) -> str:
        """Send the email, take it out of the mailbox, and report in a few words how long that took.

        Nothing is left of it, neither on the site nor in the mailbox, unless it arrives too late.

        Raises:
            NotReadyError: it was refused, did not arrive in time, or is not as scenarios need it.
            DoubtError: it can be used, although a relay has changed it.
            MailboxError: the mailbox cannot be read.
            ServerError: the server cannot be reached, or refuses.

        """
        self._mailbox.begin_scenario()
        address = self._addresses.address_for("preflight")
        began = time.monotonic()
        self._send(address)
        mail = self._wait_for(address)
        arrived = f"to {address}, arrived in {time.monotonic() - began:.1f} s"
        self._check_subject(mail)
        try:
            link = token_link_in(mail, self._site.url)
        except AssertionError as error:
            message = one_line(str(error))
            raise NotReadyError(f"{message[:1].upper()}{message[1:]}") from None
        if link.relay is not None:
            message = (
                f"{arrived}, but a relay replaced its link with one to {link.relay}, from which the"
                f" suite extracts it: make the mail relay leave links to {self._site.url} unchanged"
            )
            raise DoubtError(message)
        return arrived

    def _send(self, address: str) -> None:
        try:
            self._fixtures.make(send_trial_mail, email=address, home=self._site.url)
        except FixtureFailedError as error:
            reply = _REPLY.search(error.sentence)
            reason = (
                f"its mail server replies {reply['code']} {reply['words']}"
                if reply
                else error.sentence.rstrip(".")
            )
            message = (
                f"The site cannot send an email to {address} ({reason}): correct the EMAIL_"
                f" settings in .env in {self._where}, or make the mail server accept the site's"
                " email."
            )
            raise NotReadyError(message) from None

    def _wait_for(self, address: str) -> EmailMessage:
        try:
            if self._addresses.has_unique_addresses:
                return self._mailbox.wait_for_any(address, self._patience)
            # An address that is always the same may also receive other email.
            return self._mailbox.wait_for(address, self._subject, self._patience)
        except AssertionError as error:
            # The message of the wait ends with what arrived instead.
            _, _, found = str(error).partition(" s) ")
            raise NotReadyError(self._explain_loss(address, found.splitlines())) from None

    def _explain_loss(self, address: str, found: Sequence[str]) -> str:
        hint = "check what the site's mail server did with it"
        if "+" in address:
            hint = (
                "check whether that mailbox accepts addresses that contain a + (some servers drop"
                f" their email: then move {UNIQUE} in mail_address, or remove it), and what the"
                " site's mail server did with it"
            )
        return (
            f"The site's mail server accepted an email to {address}, but {self._mailbox_address}"
            f" did not receive it within {self._patience:g} s (a third of mail_timeout, at least"
            f" {SHORTEST_WAIT:g} s): {hint}. {'; '.join(found)}"
        )

    def _check_subject(self, mail: EmailMessage) -> None:
        subject = one_line(str(mail["Subject"] or ""))
        if not has_words(subject, self._subject):
            message = (
                f"The site's email arrived with the subject {subject!r}, but scenarios wait for one"
                f" that contains {self._subject!r}: check which relay changes subjects, or deploy"
                " the version of the site that the run uses."
            )
            raise NotReadyError(message)
