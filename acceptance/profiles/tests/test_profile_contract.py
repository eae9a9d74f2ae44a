"""The contract of all profiles, tested from outside as the suite uses them."""

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from functools import partial
from http.cookiejar import CookieJar
from inspect import getsource
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import HTTPCookieProcessor, Request, build_opener
from uuid import uuid4

import pytest

from acceptance.configuration import Configuration
from acceptance.evidence.facts import Place
from acceptance.evidence.log_records import concerning
from acceptance.fixtures.declaration import fixture
from acceptance.fixtures.values import SessionCookie
from acceptance.mail.content import token_link_in
from acceptance.profiles.errors import FixtureFailedError, FixtureRefusedError
from acceptance.profiles.profile import Profile
from acceptance.profiles.tests.profile_process import distant_profile
from acceptance.readers import Reset
from acceptance.server.fixtures import create_session
from features.support.fixtures import (
    age_login_links,
    count_login_emails,
    send_login_link,
    start_list,
)
from features.support.project import SUPERLISTS
from testbeds.loopback.host import open_loopback

SUBJECT = "Your login link for Superlists"
CSRF_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')

# How long to wait for an email that does not arrive, in seconds.
IN_VAIN = 0.2
IN_VAIN_ON_SERVER = 1.5


@fixture
def note_day(day: date, items: Sequence[str] = ("Celebrate",)) -> Sequence[date]:
    """Start a list for a day, and return the day of each of its items."""
    from lists.models import List  # noqa: PLC0415

    noted = List.objects.create()
    for item in items:
        noted.add(f"{item} on {day:%d %B}")
    return [day] * len(items)


@fixture
def send_to_all(addresses: Sequence[str]) -> None:
    """Send an email to the first address, with a copy to the second, and a hidden one to others."""
    from django.core.mail import EmailMessage  # noqa: PLC0415

    to, cc, *bcc = addresses
    EmailMessage("News", "All is well.", to=[to], cc=[cc], bcc=bcc).send()


@contextmanager
def local_profile() -> Iterator[Profile]:
    with distant_profile(Configuration(project=SUPERLISTS, timeout=IN_VAIN)) as profile:
        yield profile


@contextmanager
def staging_profile(
    *, is_behind_a_command: bool = False, is_of_worker: bool = False
) -> Iterator[Profile]:
    with open_loopback() as host, pytest.MonkeyPatch.context() as patch:
        with (host.site.folder / "features/support/fixtures.py").open("a") as declared:
            declared.write(f"\n\nfrom datetime import date\n\n\n{getsource(note_day)}")
        patch.setenv("SSL_CERT_FILE", host.environment["SSL_CERT_FILE"])
        settings = {"mail_timeout": str(IN_VAIN_ON_SERVER)}
        if is_behind_a_command:
            home = host.site.folder.parents[1]
            settings["host_command"] = f"env -i PATH={os.environ['PATH']} HOME={home}"
        configuration = Configuration.resolve(SUPERLISTS, settings, host.environment)
        with distant_profile(configuration, host.environment, is_of_worker=is_of_worker) as profile:
            yield profile


PROFILES: Mapping[str, Callable[[], AbstractContextManager[Profile]]] = {
    "local": local_profile,
    "staging": staging_profile,
    "staging behind a command": partial(staging_profile, is_behind_a_command=True),
    "staging for a worker": partial(staging_profile, is_of_worker=True),
}

NOT_EMPTIED = {"staging for a worker"}
"""Profiles whose sites keep the data of earlier scenarios."""


class Visitor:
    """Someone with a browser that keeps cookies and runs no scripts."""

    def __init__(self, site: str, cookie: SessionCookie | None = None) -> None:
        self._site = site
        self._cookie = cookie
        self._opener = build_opener(HTTPCookieProcessor(CookieJar()))

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> tuple[int, str]:
        """Open a page, and return its status and content."""
        return self._send(Request(self._site + path, headers=dict(headers or {})))  # noqa: S310

    def post(self, path: str, **fields: str) -> tuple[int, str]:
        """Send a form of the home page to a path, and return the status and page it leads to."""
        token = CSRF_TOKEN.search(self.get("/")[1])
        assert token
        data = urlencode({"csrfmiddlewaretoken": token[1], **fields}).encode()
        # Over https, Django's protection against forged requests also checks the referrer.
        headers = {"Referer": f"{self._site}/"}
        return self._send(Request(self._site + path, data, headers))  # noqa: S310

    def ask_for_login_link(self, address: str) -> int:
        """Ask for a login link, and return the status of the answer."""
        return self.post("/accounts/send_login_email", email=address)[0]

    def opens(self, link: str) -> tuple[int, str]:
        """Do what the script of a login link's page does."""
        (token,) = parse_qs(urlsplit(link).query)["token"]
        return self.post("/accounts/login", token=token)

    def _send(self, request: Request) -> tuple[int, str]:
        if self._cookie is not None:
            request.add_header("Cookie", f"{self._cookie.name}={self._cookie.value}")
        try:
            with self._opener.open(request, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as refusal:
            with refusal:
                return refusal.code, refusal.read().decode()


@pytest.fixture(scope="module", params=PROFILES)
def opened(request: pytest.FixtureRequest) -> Iterator[Profile]:
    with PROFILES[request.param]() as profile:
        yield profile


@pytest.fixture
def profile(opened: Profile) -> Profile:
    opened.begin_scenario()
    return opened


@pytest.fixture
def is_emptied(request: pytest.FixtureRequest, opened: Profile) -> bool:
    """Whether the site is emptied before each scenario."""
    return request.node.callspec.params["opened"] not in NOT_EMPTIED


@pytest.fixture
def visitor(profile: Profile) -> Visitor:
    return Visitor(profile.url)


@pytest.fixture
def logged_in(profile: Profile) -> Callable[[str], Visitor]:
    """A visitor with a session of the person with this address."""

    def visit(address: str) -> Visitor:
        return Visitor(profile.url, profile.make(create_session, username=address))

    return visit


@pytest.fixture
def edith(profile: Profile) -> str:
    return profile.address_for("Edith")


@pytest.fixture
def francis(profile: Profile) -> str:
    return profile.address_for("Francis")


class TestProfile:
    def test_the_site_answers_at_its_address(self, profile: Profile, visitor: Visitor) -> None:
        status, page = visitor.get("/")

        assert not profile.url.endswith("/")
        assert status == 200
        assert "To-Do" in page

    def test_everyone_has_their_own_address(self, edith: str, francis: str) -> None:
        assert edith != francis

    def test_an_address_stays_the_same(self, profile: Profile, edith: str) -> None:
        assert profile.address_for("Edith") == edith

    def test_a_session_logs_its_owner_in(
        self, logged_in: Callable[[str], Visitor], visitor: Visitor, edith: str, francis: str
    ) -> None:
        edith_visits, francis_visits = logged_in(edith), logged_in(francis)

        assert edith in edith_visits.get("/")[1]
        assert francis in francis_visits.get("/")[1]
        assert edith not in francis_visits.get("/")[1]
        assert edith not in visitor.get("/")[1]

    def test_a_person_may_have_two_sessions(
        self, logged_in: Callable[[str], Visitor], edith: str
    ) -> None:
        at_home, at_work = logged_in(edith), logged_in(edith)

        assert edith in at_home.get("/")[1]
        assert edith in at_work.get("/")[1]

    def test_a_list_can_be_opened(self, profile: Profile, visitor: Visitor) -> None:
        path = profile.make(start_list, owner=None, items=["Buy milk", "Make tea"])

        status, page = visitor.get(path)

        assert status == 200
        assert page.index("Buy milk") < page.index("Make tea")

    def test_a_list_is_visible_to_the_people_it_is_shared_with(
        self,
        profile: Profile,
        logged_in: Callable[[str], Visitor],
        visitor: Visitor,
        edith: str,
        francis: str,
    ) -> None:
        own = profile.make(start_list, owner=edith, items=["Buy milk"])
        shared = profile.make(start_list, edith, ["Get help"], shared_with=[francis])

        assert [logged_in(edith).get(path)[0] for path in (own, shared)] == [200, 200]
        assert [logged_in(francis).get(path)[0] for path in (own, shared)] == [404, 200]
        assert [visitor.get(path)[0] for path in (own, shared)] == [404, 404]

    def test_a_declared_fixture_works_without_further_code(self, profile: Profile) -> None:
        day = date(2030, 1, 31)

        assert profile.make(note_day, day) == [day]
        assert profile.make(note_day, day, items=["Dance", "Sing"]) == [day, day]

    def test_arguments_that_do_not_fit_the_hints_are_refused(
        self, profile: Profile, edith: str
    ) -> None:
        with pytest.raises(FixtureRefusedError, match=r"age_login_links .*'minutes': Input should"):
            profile.make(age_login_links, email=edith, minutes=-1)
        # mypy refuses it, too, and would report an unused "type: ignore".
        with pytest.raises(FixtureRefusedError, match=r"start_list .*'items': Input should"):
            profile.make(start_list, owner=None, items=7)  # type: ignore[arg-type]

    def test_the_site_refuses_invalid_values_in_its_own_words(self, profile: Profile) -> None:
        with pytest.raises(FixtureRefusedError, match="Enter a valid email address"):
            profile.make(create_session, username="edith")

    def test_a_fixture_that_fails_brings_the_traceback(self, profile: Profile, edith: str) -> None:
        with pytest.raises(FixtureFailedError, match="start_list failed") as failure:
            profile.make(start_list, owner=edith, items=["Buy milk", "Buy milk"])

        assert "DuplicateItemError" in failure.value.sentence
        assert "Traceback (most recent call last)" in str(failure.value)

    def test_an_email_contains_a_link_that_logs_in(
        self, profile: Profile, visitor: Visitor, edith: str
    ) -> None:
        assert visitor.ask_for_login_link(edith) == 200

        mail = profile.mailbox.wait_for(edith, SUBJECT)

        assert mail["Subject"] == SUBJECT
        assert mail["To"] == edith
        assert edith in visitor.opens(token_link_in(mail, profile.url).address)[1]

    def test_everyone_gets_their_own_email(
        self, profile: Profile, visitor: Visitor, edith: str, francis: str
    ) -> None:
        visitor.ask_for_login_link(francis)
        visitor.ask_for_login_link(edith)

        assert profile.mailbox.wait_for(edith, SUBJECT)["To"] == edith
        assert profile.mailbox.wait_for(francis, SUBJECT)["To"] == francis

    def test_an_email_is_taken_only_once_and_the_oldest_first(
        self, profile: Profile, visitor: Visitor, edith: str
    ) -> None:
        visitor.ask_for_login_link(edith)
        visitor.ask_for_login_link(edith)

        older, newer = (
            token_link_in(profile.mailbox.wait_for(edith, SUBJECT), profile.url).address
            for _ in range(2)
        )

        # The newer link has replaced the older one.
        assert visitor.opens(older)[0] == 400
        assert edith in visitor.opens(newer)[1]
        with pytest.raises(AssertionError):
            profile.mailbox.wait_for(edith, SUBJECT)

    def test_a_wait_in_vain_reports_what_arrived_instead(
        self, profile: Profile, visitor: Visitor, edith: str, francis: str
    ) -> None:
        visitor.ask_for_login_link(francis)

        with pytest.raises(AssertionError) as to_another:
            profile.mailbox.wait_for(edith, SUBJECT)
        with pytest.raises(AssertionError) as about_something_else:
            profile.mailbox.wait_for(francis, "Your invoice")

        assert f"no email {SUBJECT!r} to {edith}" in str(to_another.value)
        assert f"no email 'Your invoice' to {francis}" in str(about_something_else.value)
        for message in (str(to_another.value), str(about_something_else.value)):
            assert f"{SUBJECT!r} to {francis}" in message.split("Emails that arrived:")[1]

    def test_people_of_an_earlier_scenario_are_unknown(
        self,
        profile: Profile,
        logged_in: Callable[[str], Visitor],
        visitor: Visitor,
        edith: str,
        is_emptied: bool,  # noqa: FBT001 (a fixture)
    ) -> None:
        path = profile.make(start_list, owner=None, items=["Buy milk"])
        edith_visits = logged_in(edith)
        visitor.ask_for_login_link(edith)

        profile.begin_scenario()

        assert (visitor.get(path)[0] == 404) == is_emptied
        assert (edith not in edith_visits.get("/")[1]) == is_emptied
        assert profile.address_for("Edith") != edith
        with pytest.raises(AssertionError, match="Emails that arrived: none"):
            profile.mailbox.wait_for(profile.address_for("Edith"), SUBJECT)

    def test_a_login_link_can_be_made_older(
        self, profile: Profile, visitor: Visitor, edith: str
    ) -> None:
        visitor.ask_for_login_link(edith)
        link = token_link_in(profile.mailbox.wait_for(edith, SUBJECT), profile.url).address

        profile.make(age_login_links, email=edith, minutes=16)

        assert visitor.opens(link)[0] == 400

    def test_the_emails_to_an_address_can_be_counted_up_to_the_limit(
        self, profile: Profile, visitor: Visitor, edith: str, francis: str
    ) -> None:
        profile.make(count_login_emails, email=edith, number=30)

        assert visitor.ask_for_login_link(edith) == 429
        assert visitor.ask_for_login_link(francis) == 200

    def test_the_log_of_a_request_is_found_by_its_id(
        self, profile: Profile, visitor: Visitor
    ) -> None:
        mine, other = uuid4().hex, uuid4().hex
        visitor.get("/not-here", {"X-Request-ID": other})
        visitor.get("/nor-here", {"X-Request-ID": mine})

        (logged,) = [
            record
            for record in concerning(profile.server_log(), {mine})
            if record.request_id is not None
        ]

        assert logged.level == "WARNING"
        assert logged.logger == "django.request"
        assert "Not Found: /nor-here (GET /nor-here)" in str(logged)

    def test_a_scenario_begins_a_new_log(self, profile: Profile, visitor: Visitor) -> None:
        visitor.get("/not-here")
        assert "Not Found: /not-here" in " ".join(map(str, profile.server_log()))

        profile.begin_scenario()

        assert profile.server_log() == ()

    def test_the_answers_of_a_scenario_are_known_on_this_machine(
        self, profile: Profile, visitor: Visitor
    ) -> None:
        visitor.get("/not-here", {"X-Request-ID": uuid4().hex})

        answered = [(each.method, each.path, each.status) for each in profile.answers()]
        is_local = profile.facts().place is Place.LOCAL
        assert answered == ([("GET", "/not-here", 404)] if is_local else [])
        profile.begin_scenario()
        assert not profile.answers()

    def test_emails_of_a_scenario_are_known_after_they_were_taken(
        self, profile: Profile, visitor: Visitor, edith: str, francis: str
    ) -> None:
        visitor.ask_for_login_link(edith)
        visitor.ask_for_login_link(francis)
        profile.mailbox.wait_for(francis, SUBJECT)
        profile.mailbox.wait_for(edith, SUBJECT)

        visitor.ask_for_login_link(edith)
        profile.mailbox.wait_for(edith, SUBJECT)

        assert [mail["To"] for mail in profile.mails()] == [francis, edith, edith]

    def test_an_email_that_no_one_took_is_known_until_the_next_scenario(
        self, profile: Profile, visitor: Visitor, edith: str
    ) -> None:
        profile.make(send_login_link, email=edith, site=profile.url)
        visitor.ask_for_login_link(edith)
        profile.mailbox.wait_for(edith, SUBJECT)

        assert [mail["Subject"] for mail in profile.mails()] == [SUBJECT, SUBJECT]
        profile.begin_scenario()
        assert profile.mails() == []

    def test_the_facts_name_the_site_under_test(self, profile: Profile) -> None:
        facts = profile.facts()

        assert facts.place is (Place.LOCAL if "http:" in profile.url else Place.STAGING)
        assert facts.site in {"this machine", profile.url}
        assert re.fullmatch("[0-9a-f]{40}", str(facts.commit))


@pytest.mark.parametrize("reset", [Reset.RUN, Reset.NEVER])
def test_a_site_that_is_not_emptied_keeps_what_people_made(reset: Reset) -> None:
    with distant_profile(Configuration(project=SUPERLISTS, reset=reset)) as profile:
        profile.begin_scenario()
        edith = profile.address_for("Edith")
        path = profile.make(start_list, owner=None, items=["Buy milk"])
        Visitor(profile.url).ask_for_login_link(edith)

        profile.begin_scenario()

        assert Visitor(profile.url).get(path)[0] == 200
        assert profile.address_for("Edith") != edith
        assert profile.mails() == []


def test_each_recipient_gets_a_copy_of_an_email() -> None:
    with local_profile() as profile:
        profile.begin_scenario()
        addresses = [profile.address_for(name) for name in ("Edith", "Oni", "Francis")]

        profile.make(send_to_all, addresses)

        taken = profile.mailbox.wait_for(addresses[1], "News")
        assert taken["Delivered-To"] == addresses[1]
        assert [mail["Delivered-To"] for mail in profile.mails()] == [
            addresses[1],
            addresses[0],
            addresses[2],
        ]


def test_two_slots_of_a_run_are_separate() -> None:
    with local_profile() as one, local_profile() as other:
        path = one.make(start_list, None, ["Buy milk"])
        Visitor(one.url).get("/not-here")
        Visitor(one.url).ask_for_login_link("edith@example.com")

        assert other.mails() == []
        assert other.server_log() == ()
        assert Visitor(other.url).get(path)[0] == 404
        other.begin_scenario()
        assert Visitor(one.url).get(path)[0] == 200
        assert len(one.mails()) == 1


@pytest.mark.parametrize(
    "environment",
    [
        {"DJANGO_DEBUG_FALSE": "y"},
        {
            "DJANGO_DEBUG_FALSE": "y",
            "DJANGO_SECRET_KEY": "too-short",
            "EMAIL_HOST": "mail.example.com",
            "EMAIL_PASSWORD": "secret",
            "LOGIN_MAILS_PER_ADDRESS_PER_HOUR": "1",
            "LOGIN_MAILS_PER_CLIENT_PER_HOUR": "1",
            "SITENAME": "superlists.example.com",
            "STAGING": "y",
            "TRUSTED_PROXIES": "1",
        },
    ],
    ids=["one variable", "all variables"],
)
def test_the_variables_of_a_server_do_not_affect_this_machine(
    environment: dict[str, str],
) -> None:
    with distant_profile(Configuration(project=SUPERLISTS), environment) as profile:
        visitor = Visitor(profile.url)

        assert profile.url.startswith("http://localhost:")
        assert visitor.get("/")[0] == 200
        for _ in range(2):
            assert visitor.ask_for_login_link("edith@example.com") == 200
            profile.mailbox.wait_for("edith@example.com", SUBJECT)
