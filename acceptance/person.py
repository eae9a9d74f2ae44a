"""A named person in a scenario, as any site knows them."""

from email.message import EmailMessage
from functools import cached_property

from acceptance.browser.session import Session
from acceptance.mail.addresses import comparable
from acceptance.mail.recipients import addresses_in
from acceptance.pages.accessibility import Accessibility
from acceptance.pages.covering import Covering
from acceptance.pages.keyboard import Keyboard
from acceptance.pages.layout import Layout
from acceptance.pages.media import Media
from acceptance.pages.page import Page
from acceptance.server.fixtures import create_session
from acceptance.slot import Slot


class Person:
    """Someone who uses the site, with their own email address and browser session.

    Attributes:
        name: the name that the scenario gives them.
        address: their email address.

    """

    def __init__(self, name: str, slot: Slot) -> None:
        self.name = name
        self.address = slot.profile.address_for(name)
        self._project = slot.configuration.project
        self._profile = slot.profile
        self._browser = slot.browser
        self._secrets = slot.secrets
        self._mail: EmailMessage | None = None

    @cached_property
    def session(self) -> Session:
        """The browser session, opened when it is first needed."""
        return self._browser.session()

    @property
    def has_opened_session(self) -> bool:
        """Whether the person has a browser session already."""
        return "session" in self.__dict__

    @property
    def page(self) -> Page:
        """The page that is open."""
        return Page(self.session, self._profile.url)

    @property
    def layout(self) -> Layout:
        """The look of the open page."""
        return Layout(self.session, self._profile.url)

    @property
    def covering(self) -> Covering:
        """What lies over something else on the open page."""
        return Covering(self.session, self._profile.url)

    @property
    def media(self) -> Media:
        """The open page in other media than a light screen."""
        return Media(self.session, self._profile.url)

    @property
    def keyboard(self) -> Keyboard:
        """The open page for people who use the keyboard."""
        return Keyboard(self.session, self._profile.url)

    @property
    def accessibility(self) -> Accessibility:
        """The accessibility of the open page."""
        return Accessibility(self.session, self._profile.url)

    @property
    def mail(self) -> EmailMessage:
        """The last email that arrived.

        Raises:
            AssertionError: none has arrived.

        """
        assert self._mail is not None, f"{self.name} has received no email"
        return self._mail

    def keeps_pages(self) -> None:
        """Use a browser that keeps whole pages for "Back"; call this before any page is open."""
        self._browser = self._browser.that_keeps_pages()

    def has_session(self) -> None:
        """Be logged in, without a login link."""
        cookie = self._profile.make(create_session, username=self.address)
        self._secrets.add(cookie.value)
        self.session.remember(cookie, self._profile.url)

    def gets_mail(self, subject: str) -> EmailMessage:
        """Wait for the email with this subject, and return it."""
        self._mail = self._profile.mailbox.wait_for(self.address, subject)
        return self._mail

    def is_only_recipient(self) -> None:
        """Check that the last email was sent to no one else, and that no other email was sent.

        Raises:
            AssertionError: the email names other recipients, or there are other emails.

        """
        named = {
            address
            for name in ("To", "Cc")
            for field in self.mail.get_all(name, [])
            for address in addresses_in(str(field))
        }
        others = sorted(named - {comparable(self.address)})
        assert not others, f"the email to {self.address} also went to {', '.join(others)}"
        emails = [
            f"{each['Subject']!r} to {each['Delivered-To'] or each['To']}"
            for each in self._profile.mails()
        ]
        assert len(emails) == 1, (
            f"the site sent {len(emails)} emails instead of 1: {'; '.join(emails)}"
        )

    def is_not_in_log(self, *texts: str) -> None:
        """Check that the site's log since the beginning of the scenario contains none of `texts`.

        Raises:
            AssertionError: it contains one of them.

        """
        for record in self._profile.server_log():
            for line in record.lines:
                found = [text for text in texts if text in line]
                assert not found, f"the site's log contains {found[0]}: {line}"

    def answer_without_address(self) -> str:
        """Return the site's answer, with the person's address replaced."""
        return self.page.answer().replace(self.address, "ADDRESS")

    def leaves(self) -> None:
        """Close the browser session, if there is one."""
        if self.has_opened_session:
            self.session.close()
