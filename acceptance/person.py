"""A named person in a scenario, as any site knows them."""

from email.message import EmailMessage
from functools import cached_property

from acceptance.browser.session import Session
from acceptance.pages.accessibility import Accessibility
from acceptance.pages.layout import Layout
from acceptance.pages.page import Page
from acceptance.server.fixtures import create_session
from acceptance.slot import Slot


class Person:
    """Somebody who uses the site, with a mail address and a browser session of their own.

    Attributes:
        name: as the scenario calls them.
        address: where they get their mail.

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
        """Whatever page is open."""
        return Page(self.session, self._profile.url)

    @property
    def layout(self) -> Layout:
        """How the open page looks."""
        return Layout(self.session, self._profile.url)

    @property
    def accessibility(self) -> Accessibility:
        """Who can use the open page."""
        return Accessibility(self.session, self._profile.url)

    @property
    def mail(self) -> EmailMessage:
        """The mail that came last.

        Raises:
            AssertionError: there was none.

        """
        assert self._mail is not None, f"{self.name} has got no mail"
        return self._mail

    def keeps_pages(self) -> None:
        """Use a browser that keeps whole pages for "Back"; say so before any page is open."""
        self._browser = self._browser.that_keeps_pages()

    def has_session(self) -> None:
        """Be logged in, without the way through the mail."""
        cookie = self._profile.make(create_session, username=self.address)
        self._secrets.add(cookie.value)
        self.session.remember(cookie, self._profile.url)

    def gets_mail(self, subject: str) -> EmailMessage:
        """Find the mail with this subject in the mailbox."""
        self._mail = self._profile.mailbox.wait_for(self.address, subject)
        return self._mail

    def answer_without_address(self) -> str:
        """Return what the site answered, as it would read for anybody."""
        return self.page.answer().replace(self.address, "ADDRESS")

    def leaves(self) -> None:
        """Close the browser session, if there is one."""
        if self.has_opened_session:
            self.session.close()
