"""A named person in a scenario: what they do, see and receive."""

from collections.abc import Sequence
from urllib.parse import parse_qs, urlsplit

from acceptance import person
from acceptance.fixtures.values import SessionCookie
from acceptance.mail.content import site_link_in, text_of, token_link_in
from acceptance.mismatch import Mismatch
from acceptance.slot import Slot
from features.support.fixtures import (
    age_login_links,
    age_requests,
    age_sessions,
    count_emails_of_owner,
    count_login_emails,
    count_sharing_emails,
    repeat_login_requests,
    repeat_requests_of_client,
    send_login_link,
    start_list,
)
from features.support.other_addresses import addresses_in, find_nothing
from features.support.pages.any_page import AnyPage
from features.support.pages.delete_page import DeletePage
from features.support.pages.fields import Fields
from features.support.pages.home_page import HomePage
from features.support.pages.item_form import DUPLICATE, INVISIBLE, ItemForm
from features.support.pages.list_page import ListPage
from features.support.pages.log_in_page import LogInPage
from features.support.pages.messages import Messages
from features.support.pages.missing_page import MissingPage
from features.support.pages.my_lists_page import MyListsPage
from features.support.pages.navbar import Navbar
from features.support.pages.rename_page import RenamePage
from features.support.project import LOGIN_MAIL
from features.support.scanner import look_at

FORM_COOKIE = "csrftoken"
"""The cookie that says what forms must send; the site changes it when people log in or out."""

LOGIN_DAYS = 14
"""How long a login lasts."""


class Person(person.Person):
    """Someone who has lists, alone or with others.

    Attributes:
        login_links: the login links that they received, oldest first.

    """

    def __init__(self, name: str, slot: Slot) -> None:
        super().__init__(name, slot)
        self.login_links: list[str] = []
        self._allows_scripts = True
        self._list_path: str | None = None
        self._visited: Person | None = None

    @property
    def page(self) -> AnyPage:
        """The page that is open, whichever it is."""
        return AnyPage(self.session, self._profile.url)

    @property
    def navbar(self) -> Navbar:
        """The bar at the top of the open page."""
        return Navbar(self.session, self._profile.url)

    @property
    def home(self) -> HomePage:
        """The page on which a list is started."""
        return HomePage(self.session, self._profile.url)

    @property
    def items(self) -> ItemForm:
        """The field for an item on the open page."""
        return ItemForm(self.session, self._profile.url)

    @property
    def list(self) -> ListPage:
        """The page of a list, if it is open."""
        return ListPage(self.session, self._profile.url)

    @property
    def rename_page(self) -> RenamePage:
        """The page on which a list is renamed, if it is open."""
        return RenamePage(self.session, self._profile.url)

    @property
    def delete_page(self) -> DeletePage:
        """The page that asks whether to delete a list, if it is open."""
        return DeletePage(self.session, self._profile.url)

    @property
    def my_lists(self) -> MyListsPage:
        """The page My Lists, if it is open."""
        return MyListsPage(self.session, self._profile.url)

    @property
    def fields(self) -> Fields:
        """The fields on the open page."""
        return Fields(self.session, self._profile.url)

    @property
    def messages(self) -> Messages:
        """The messages on the open page."""
        return Messages(self.session, self._profile.url)

    @property
    def missing_page(self) -> MissingPage:
        """The page that the site shows for an unknown address, if it is open."""
        return MissingPage(self.session, self._profile.url)

    @property
    def log_in_page(self) -> LogInPage:
        """The page that a login link leads to, if it is open."""
        return LogInPage(self.session, self._profile.url)

    @property
    def list_path(self) -> str:
        """The path of the list that the person started last.

        Raises:
            AssertionError: the person has started none.

        """
        assert self._list_path is not None, f"{self.name} has not started a list"
        return self._list_path

    @property
    def login_link(self) -> str:
        """The login link that the person received last.

        Raises:
            AssertionError: they have received none.

        """
        assert self.login_links, f"{self.name} has received no login link"
        return self.login_links[-1]

    def uses_phone(self) -> None:
        """Use a window of the size of a small phone."""
        self.session.window.resize(360, 640)

    def uses_computer(self) -> None:
        """Use a window of the size of a small laptop."""
        self.session.window.resize(1024, 768)

    def visits_site(self) -> None:
        """Open the home page, unless a page of the site is open already."""
        if not self.session.has_page:
            self.home.open_home()

    def asks_for_login_link(self, as_typed: str | None = None) -> None:
        """Ask the site for a login link, for the person's own address unless another is typed."""
        self.visits_site()
        self.navbar.ask_for_login_link(self.address if as_typed is None else as_typed)

    def reads_in_mail(self, text: str) -> None:
        """Find `text` and a link that logs in to the site in the last email.

        Raises:
            AssertionError: no email arrived, its text is different, or its links lead elsewhere.

        """
        self.reads_in_email(text)
        token_link_in(self.mail, self._profile.url)

    def reads_nothing_in_email_of(self, text: str) -> None:
        """Find that `text` is not in the last email.

        Raises:
            AssertionError: no email arrived, or `text` is in it.

        """
        received = f"{self.mail['Subject']}\n{text_of(self.mail)}"
        assert text not in received, f"the email contains {text!r}:\n{received}"

    def is_asked_for_no_answer(self) -> None:
        """Find that programs, such as those that report an absence, do not answer the last email.

        Raises:
            AssertionError: no email arrived, or programs may answer it (RFC 3834).

        """
        kind = self.mail["Auto-Submitted"]
        assert kind == "auto-generated", Mismatch(
            f"programs may answer the email: its header Auto-Submitted is {kind!r}",
            "auto-generated",
            kind,
        )

    def opens_link_in_email(self) -> None:
        """Open the link to the site in the last email."""
        self.session.open(site_link_in(self.mail, self._profile.url).address)

    def cannot_be_found_in_log(self) -> None:
        """Find neither the person's address, nor what logs in as them, in the log of the site."""
        tokens = [
            token for link in self.login_links for token in parse_qs(urlsplit(link).query)["token"]
        ]
        self.is_not_in_log(self.address, *tokens, *self.session.cookies().values())

    def reads_in_email(self, *texts: str) -> None:
        """Find each of `texts` in the last email.

        Raises:
            AssertionError: no email arrived, or one of them is not in it.

        """
        received = text_of(self.mail)
        for text in texts:
            shown = f":\n{received}" if received.strip() else ", which is empty"
            missing = Mismatch(f"{text!r} is not in the email{shown}", text, received)
            assert text in received, missing

    def gets_login_link(self, as_typed: str | None = None) -> None:
        """Ask for a login link and find it in the mailbox."""
        self.asks_for_login_link(as_typed)
        self._keeps_login_link()

    def has_login_link(self) -> None:
        """Have received a login link before the scenario."""
        self._profile.make(send_login_link, email=self.address, site=self._profile.url)
        self._keeps_login_link()

    def got_login_link(self, minutes: int) -> None:
        """Have received a login link so many minutes ago."""
        self.has_login_link()
        self._profile.make(age_login_links, email=self.address, minutes=minutes)

    def logged_in_days_ago(self, days: int) -> None:
        """Have logged in with a login link so many days ago, in the browser of the scenario."""
        self.logs_in()
        self._profile.make(age_sessions, email=self.address, days=days)

    def is_no_longer_logged_in(self) -> None:
        """Have a page open from before the login ended."""
        self._profile.make(age_sessions, email=self.address, days=LOGIN_DAYS + 1)

    def has_asked_for_login_links(self, number: int) -> None:
        """Have asked for so many login links within the last hour, from the same connection."""
        self.gets_login_link()
        self._profile.make(repeat_login_requests, email=self.address, number=number - 1)

    def uses_up_login_links(self, number: int) -> None:
        """Be on a connection from which so many login links were requested in the last hour."""
        self.gets_login_link()
        self._profile.make(repeat_requests_of_client, "login links", number - 1)

    def has_started_open_lists(self, number: int, minutes: int = 0) -> None:
        """Have started so many lists, as the site counts them, all of them so many minutes ago."""
        self.starts_list("Buy milk")
        self._profile.make(repeat_requests_of_client, "open lists", number - 1, minutes)

    def has_made_changes(self, number: int) -> None:
        """Have made so many changes to open lists in the last hour, as the site counts them."""
        self.items.enter("Make tea")
        self._profile.make(repeat_requests_of_client, "changes", number - 1)

    def has_been_sent_login_links(self, number: int) -> None:
        """Have received so many login links within the last hour, as the site counts them."""
        self._profile.make(count_login_emails, email=self.address, number=number)

    def has_been_sent_sharing_emails(self, number: int) -> None:
        """Have received so many emails about shared lists within the last hour."""
        self._profile.make(count_sharing_emails, email=self.address, number=number)

    def was_sent_login_links(self, number: int, minutes: int) -> None:
        """Have received so many login links so many minutes ago, as the site counts them."""
        self.has_been_sent_login_links(number)
        self._profile.make(age_requests, email=self.address, minutes=minutes)

    def was_sent_sharing_emails(self, number: int, minutes: int) -> None:
        """Have received so many emails about shared lists so many minutes ago."""
        self.has_been_sent_sharing_emails(number)
        self._profile.make(age_requests, email=self.address, minutes=minutes)

    def has_caused_sharing_emails(self, number: int) -> None:
        """Have caused so many emails to others, by sharing lists, within the last hour."""
        self._profile.make(count_emails_of_owner, email=self.address, number=number)

    def has_email_scanned(self) -> None:
        """Let an email scanner fetch the last login link."""
        headers = {self._project.request_id_header: self.session.request_id}
        look_at(self.login_link, headers, self._profile.requests)

    def uses_simple_browser(self) -> None:
        """Use a browser that runs no scripts."""
        self._allows_scripts = False
        self.session.run_no_scripts()

    def opens_login_link(self, link: str) -> None:
        """Open a login link; where scripts cannot run, do what the page's script would do."""
        self.session.open(link)
        if (
            self._allows_scripts
            and not self.session.can_run_scripts
            and self.log_in_page.waits_for_script()
        ):
            self.log_in_page.confirm()

    def logs_in(self, as_typed: str | None = None) -> None:
        """Log in with a login link, as everyone does."""
        self.gets_login_link(as_typed)
        self.opens_login_link(self.login_link)
        self.navbar.shows_log_in_of(self.address)

    def closes_browser(self) -> None:
        """Close the browser and open it again, at the home page."""
        self.session.forget_session_cookies()
        self.home.open_home()

    def logs_out(self) -> None:
        """Log out on the open page."""
        self.visits_site()
        self.navbar.log_out()
        self.navbar.shows_no_one_logged_in()

    def owns_list(self, items: Sequence[str], shared_with: Sequence[str] = ()) -> None:
        """Have owned a list since before the scenario."""
        self._list_path = self._profile.make(
            start_list, owner=self.address, items=items, shared_with=shared_with
        )

    def has_open_list(self, items: Sequence[str]) -> None:
        """Have the page of an open list in the browser."""
        self._list_path = self._profile.make(start_list, owner=None, items=items)
        self.page.open(self._list_path)

    def starts_list(self, text: str) -> None:
        """Start a list on the home page."""
        self._list_path = urlsplit(self.home.start_list(text)).path

    def tries_to_start_list(self, text: str) -> None:
        """Type an item that the site refuses on the home page, and press Enter."""
        self.home.open_home()
        self.items.enter(text)

    def changes_item(self, item: str, text: str) -> None:
        """Give an item of the open list another text."""
        self.list.edit(item)
        self.items.enter(text)

    def renames_list(self, name: str) -> None:
        """Give the open list another name."""
        self.list.ask_to_rename()
        self.rename_page.save(name)

    def renames_list_invisibly(self) -> None:
        """Give the open list a name that no one can see."""
        self.renames_list(INVISIBLE)

    def tries_to_start_empty_list(self) -> None:
        """Press Enter on the home page without typing an item."""
        self.home.open_home()
        self.items.enter_nothing()

    def has_tried_to_add_again(self, text: str) -> None:
        """Add an item that is already in the list, and check that the site refuses it."""
        self.items.enter(text)
        self.messages.show(DUPLICATE)

    def has_outdated_page(self) -> None:
        """Have logged in or out in another tab, which changes what forms must send."""
        other = SessionCookie(
            name=FORM_COOKIE,
            value="o" * 32,
            path="/",
            secure=self._profile.url.startswith("https:"),
            http_only=False,
            same_site="Lax",
        )
        self.session.remember(other, self._profile.url)

    def sees_page_was_outdated(self) -> None:
        """See that the site refused a form, because its page was out of date.

        Raises:
            AssertionError: the site shows another page.

        """
        self.session.accept_response()
        self.page.reads("The page was out of date, so nothing was changed.")

    def opens_refusal(self, path: str) -> None:
        """Open an address that the site answers with a refusal."""
        self.page.open(path)
        self.session.accept_response()

    def opens_my_lists(self) -> None:
        """Follow the link to My lists, or go to its address where no page is open."""
        if self.session.has_page:
            self.navbar.open_my_lists()
        else:
            self.my_lists.open_address()

    def opens_list_of(self, other: "Person") -> None:
        """Go to the address of the list that `other` started."""
        self._visited = other
        self.page.open(other.list_path)

    def finds_nothing_at_addresses_of(self, other: "Person") -> None:
        """Find nothing at the addresses of `other`'s list that only the page of `other` has.

        Raises:
            AssertionError: there is something, or `other`'s page has no other addresses.

        """
        own = addresses_in(self.session.html)
        others = {
            address
            for address in addresses_in(other.session.html) - own
            if address.startswith(other.list_path)
        }
        assert others, f"{other.name}'s page has no buttons and links but those of {self.name}"
        headers = {self._project.request_id_header: self.session.request_id}
        find_nothing(others, self._profile.requests, self.session.cookies(), headers)

    def sees_list_of(self, other: "Person", items: Sequence[str]) -> None:
        """See the list that `other` started, with exactly these items.

        Raises:
            AssertionError: another page is open, or the list has other items.

        """
        path = urlsplit(self.session.address).path
        assert path == other.list_path, Mismatch(
            f"{path} is open, not the list at {other.list_path}", other.list_path, path
        )
        self.list.shows(items)

    def sees_nothing_here(self) -> None:
        """See that the address that is open leads to nothing, or to nothing for this person.

        Raises:
            AssertionError: the site shows a page there.

        """
        what = f"the page “{self.session.title}”"
        path = urlsplit(self.session.address).path
        if self._visited and path == self._visited.list_path:
            what = "the list" if self._visited is self else f"{self._visited.name}'s list"
        self.missing_page.is_shown(otherwise=f"{self.name} sees {what}")

    def _keeps_login_link(self) -> None:
        mail = self.gets_mail(LOGIN_MAIL)
        link = token_link_in(mail, self._profile.url).address
        self._secrets.learn_from(link)
        self.login_links.append(link)
