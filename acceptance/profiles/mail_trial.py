"""One mail before a run, on the way of those that the scenarios wait for."""

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
"""How long the mail may take in any case, in seconds."""

SHARE_OF_TIMEOUT = 3
"""The mail may take one of so many parts of `mail_timeout`: a run has many mails to wait for."""

# How Python shows what a mail server replied: (530, b'5.7.0 Authentication required').
_REPLY = re.compile(r"\((?P<code>\d{3}), b(?P<mark>['\"])(?P<words>.*?)(?P=mark)")


class MailTrial:
    """Has the site send a link that logs nobody in, and finds it in the mailbox."""

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
        """Send the mail, take it out of the mailbox, and say in a few words how long that took.

        Nothing is left of it, neither on the site nor in the mailbox, unless it comes too late.

        Raises:
            NotReadyError: it was refused, did not come in time, or is not what scenarios wait for.
            DoubtError: it can be used, though a relay has changed it.
            MailboxError: the mailbox cannot be read.
            ServerError: the server cannot be asked, or refuses.

        """
        self._mailbox.begin_scenario()
        address = self._addresses.address_for("preflight")
        began = time.monotonic()
        self._send(address)
        mail = self._wait_for(address)
        arrived = f"to {address}, arrived in {time.monotonic() - began:.1f} s"
        self._see_subject(mail)
        try:
            link = token_link_in(mail, self._site.url)
        except AssertionError as error:
            message = one_line(str(error))
            raise NotReadyError(f"{message[:1].upper()}{message[1:]}") from None
        if link.relay is not None:
            message = (
                f"{arrived}, its link replaced by one to {link.relay}, out of which the suite takes"
                f" it: have the mail relay leave links to {self._site.url} alone"
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
                f"The site cannot send a mail to {address} ({reason}): correct the EMAIL_ settings"
                f" in .env in {self._where}, or have the mail server take the site's mails."
            )
            raise NotReadyError(message) from None

    def _wait_for(self, address: str) -> EmailMessage:
        try:
            if self._addresses.has_unique_addresses:
                return self._mailbox.wait_for_any(address, self._patience)
            # Anybody's mail may come to an address that is always the same.
            return self._mailbox.wait_for(address, self._subject, self._patience)
        except AssertionError as error:
            # Below what was waited for, and how long, stands what came.
            _, _, found = str(error).partition(" s) ")
            raise NotReadyError(self._told_of_loss(address, found.splitlines())) from None

    def _told_of_loss(self, address: str, found: Sequence[str]) -> str:
        hint = "see what the site's mail server did with it"
        if "+" in address:
            hint = (
                "see whether that mailbox takes mails to addresses with a + in them (some servers"
                f" drop those: then give mail_address another place for {UNIQUE}, or leave it out),"
                " and what the site's mail server did with it"
            )
        return (
            f"The site's mail server took a mail to {address}, and {self._mailbox_address} has not"
            f" got it within {self._patience:g} s (a third of mail_timeout, {SHORTEST_WAIT:g} s at"
            f" least): {hint}. {'; '.join(found)}"
        )

    def _see_subject(self, mail: EmailMessage) -> None:
        subject = one_line(str(mail["Subject"] or ""))
        if not has_words(subject, self._subject):
            message = (
                f"The site's mail came with the subject {subject!r}, and scenarios wait for one"
                f" with the words {self._subject!r}: see which relay changes subjects, or deploy"
                " the version of the site that the run has."
            )
            raise NotReadyError(message)
