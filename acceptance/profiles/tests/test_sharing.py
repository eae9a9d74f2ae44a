"""Workers that use one deployed site at the same time, and problems with what they share."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from types import SimpleNamespace
from typing import cast
from uuid import uuid4

import psutil
import pytest

from acceptance.configuration import Configuration
from acceptance.errors import ConfigurationError
from acceptance.hosts.errors import ServerError
from acceptance.hosts.secrets import Secrets
from acceptance.hosts.ssh.host import SshHost
from acceptance.mail.content import token_link_in
from acceptance.profiles.checks import Verdict, run_checks
from acceptance.profiles.errors import FixtureRefusedError
from acceptance.profiles.profile import Profile
from acceptance.profiles.remote_fixtures import RemoteFixtures
from acceptance.profiles.select import open_profile
from acceptance.profiles.sharing import Sharing, start_sharing
from acceptance.profiles.sharing_process import SharedProfile
from features.support.fixtures import send_login_link, start_list
from features.support.project import LOGIN_MAIL, SUPERLISTS
from testbeds.loopback.deployed_site import SITE_NAME
from testbeds.loopback.host import LoopbackHost

FOLDER = f"~/sites/{SITE_NAME}"

# A program that shares a site as a run with workers does; it ends when its input ends.
PARENT = """
import os, sys
from acceptance.configuration import Configuration
from acceptance.hosts.secrets import Secrets
from acceptance.profiles.select import open_profile
from acceptance.profiles.sharing import start_sharing
from features.support.project import SUPERLISTS

sharing = start_sharing()
configuration = Configuration.resolve(SUPERLISTS, {}, os.environ)
with open_profile(configuration, Secrets(), sharing) as profile:
    profile.begin_scenario()
    print("begun", flush=True)
    sys.stdin.read()
sharing.stop()
"""


@pytest.fixture(autouse=True)
def _no_one_has_the_site(host: LoopbackHost) -> None:
    with closing(sqlite3.connect(host.site.folder / "db.sqlite3")) as database, database:
        database.execute("DELETE FROM staging_hold")


@pytest.fixture
def sharing(host: LoopbackHost) -> Iterator[Sharing]:
    sharing = start_sharing()
    yield sharing
    sharing.stop()


def configuration_of(**settings: str) -> Configuration:
    return Configuration.resolve(SUPERLISTS, settings, os.environ)


@contextmanager
def workers(sharing: Sharing, number: int = 2, **settings: str) -> Iterator[list[Profile]]:
    configuration = configuration_of(**settings)
    with ExitStack() as undo:
        yield [
            undo.enter_context(open_profile(configuration, Secrets(), sharing))
            for _ in range(number)
        ]


def lease_of(host: LoopbackHost) -> tuple[str, str] | None:
    with closing(sqlite3.connect(host.site.folder / "db.sqlite3")) as database:
        found: tuple[str, str] | None = database.execute(
            "SELECT run_id, holder FROM staging_hold"
        ).fetchone()
    return found


def lists(host: LoopbackHost) -> int:
    with closing(sqlite3.connect(host.site.folder / "db.sqlite3")) as database:
        count: int = database.execute("SELECT count(*) FROM lists_list").fetchone()[0]
    return count


def children() -> set[int]:
    return {child.pid for child in psutil.Process().children()}


def is_one_sentence(message: str) -> bool:
    return "\n" not in message and message.endswith(".") and "Error" not in message


def play(profile: Profile) -> None:
    """Do what a scenario does, and check that it sees nothing of others."""
    profile.begin_scenario()
    edith = profile.address_for("Edith")
    profile.make(send_login_link, email=edith, site=profile.url)
    profile.make(start_list, owner=edith, items=[edith])
    mail = profile.mailbox.wait_for(edith, LOGIN_MAIL)
    assert mail["To"] == edith
    token_link_in(mail, profile.url)
    assert [each["To"] for each in profile.mails()] == [edith]


@contextmanager
def open_site_with_a_secret(
    _configuration: Configuration, secrets: Secrets
) -> Iterator[Callable[[], SharedProfile]]:
    """Open a site that learns a secret with a fixture, as a tunnel does from the server's .env."""

    def fail_with(_name: str, arguments: Mapping[str, str]) -> None:
        secrets.add(arguments["token"])
        message = f"The site refuses {arguments['token']}: read its log."
        raise ServerError(message)

    profile = SimpleNamespace(
        ask=fail_with,
        checks=list,
        mailbox=SimpleNamespace(wait_for=None),
        **dict.fromkeys(["facts", "begin_scenario", "mails", "address_for"], list),
    )
    yield lambda: cast("SharedProfile", profile)


class TestWorkers:
    def test_their_scenarios_run_at_the_same_time_without_contact(
        self, host: LoopbackHost, sharing: Sharing
    ) -> None:
        before = host.ssh.logins()
        with workers(sharing, 3) as profiles, ThreadPoolExecutor(3) as threads:
            for _ in range(3):
                list(threads.map(play, profiles))

            assert host.ssh.logins() == before + 1
            assert lists(host) == 9

    def test_the_site_is_emptied_once(self, host: LoopbackHost, sharing: Sharing) -> None:
        with workers(sharing) as (one, other):
            one.begin_scenario()
            one.make(start_list, owner=None, items=["Buy milk"])
            other.begin_scenario()
            one.begin_scenario()

            assert lists(host) == 1

    def test_a_site_that_is_never_emptied_keeps_its_data(
        self, host: LoopbackHost, sharing: Sharing
    ) -> None:
        with workers(sharing, reset="never") as (one, other):
            one.begin_scenario()
            before = lists(host)
            one.make(start_list, owner=None, items=["Buy milk"])
            one.begin_scenario()
            other.begin_scenario()

            assert lists(host) == before + 1

    def test_they_have_one_lease(self, host: LoopbackHost, sharing: Sharing) -> None:
        with workers(sharing) as (one, other):
            one.begin_scenario()
            lease = lease_of(host)
            other.begin_scenario()

            assert lease is not None
            assert lease_of(host) == lease
            server = SshHost(SITE_NAME)
            another_run = RemoteFixtures(server, FOLDER, SITE_NAME)
            with pytest.raises(FixtureRefusedError, match="has been using"):
                another_run.reset()
            another_run.close()
            server.disconnect()
        # The run continues when a worker ends.
        assert lease_of(host) == lease
        sharing.stop()
        assert lease_of(host) is None

    def test_emails_to_others_are_not_reported(self, sharing: Sharing) -> None:
        with workers(sharing, mail_timeout="0.5") as (one, other):
            one.begin_scenario()
            other.begin_scenario()
            theirs = other.address_for("Edith")
            other.make(send_login_link, email=theirs, site=other.url)

            with pytest.raises(AssertionError, match="Emails that arrived: none"):
                one.mailbox.wait_for(one.address_for("Edith"), LOGIN_MAIL)

            assert one.mails() == []
            assert other.mailbox.wait_for(theirs, LOGIN_MAIL)["To"] == theirs

    def test_each_reads_the_log_from_the_beginning_of_its_scenario(self, sharing: Sharing) -> None:
        with workers(sharing) as (one, other):
            one.begin_scenario()
            first, second = uuid4().hex, uuid4().hex
            one.requests.ask(f"{one.url}/{first}", method="GET", headers={}, timeout=5)
            assert first in "".join(map(str, one.server_log()))
            other.begin_scenario()
            other.requests.ask(f"{one.url}/{second}", method="GET", headers={}, timeout=5)

            assert first not in "".join(map(str, other.server_log()))
            logged = "".join(map(str, one.server_log()))

        assert first in logged
        assert second in logged

    def test_checks_are_made_once(self, host: LoopbackHost, sharing: Sharing) -> None:
        before = host.ssh.logins()
        with workers(sharing) as (one, other):
            found = [[str(each) for each in run_checks(each.checks())] for each in (one, other)]
            delivered = len([*host.mail.maildir.glob("*/*")])
            verdicts = {each.verdict for each in run_checks(one.checks())}

        assert found[0] == found[1]
        assert verdicts <= {Verdict.OK, Verdict.WARNING}
        assert len([*host.mail.maildir.glob("*/*")]) == delivered
        assert host.ssh.logins() == before + 1

    def test_a_server_may_allow_one_session_a_connection(
        self, host: LoopbackHost, sharing: Sharing
    ) -> None:
        host.ssh.stop()
        host.ssh.start("MaxSessions 1")
        try:
            with workers(sharing) as profiles, ThreadPoolExecutor(2) as threads:
                list(threads.map(play, profiles))
        finally:
            host.ssh.stop()
            host.ssh.start()

    def test_a_lost_connection_fails_the_scenario_of_each(
        self, host: LoopbackHost, sharing: Sharing
    ) -> None:
        with workers(sharing) as profiles:
            for profile in profiles:
                profile.begin_scenario()
            host.ssh.cut_connections()
            for profile in profiles:
                with pytest.raises(ServerError, match="start_list may not have been done") as lost:
                    profile.make(start_list, owner=None, items=["Buy milk"])
                assert is_one_sentence(str(lost.value))
            for profile in profiles:
                play(profile)

    def test_each_knows_the_secrets_that_the_process_learned(
        self, host: LoopbackHost, sharing: Sharing
    ) -> None:
        secrets = [Secrets(), Secrets()]
        with ExitStack() as undo:
            for each in secrets:
                undo.enter_context(open_profile(configuration_of(), each, sharing))

        for each in secrets:
            assert host.mail.password not in each.hidden_in(f"it is {host.mail.password}, see")

    def test_a_secret_is_known_before_an_error_with_it_is_shown(self, sharing: Sharing) -> None:
        token, secrets = uuid4().hex, [Secrets(), Secrets()]
        with ExitStack() as undo:
            one, other = (
                undo.enter_context(
                    sharing.worker(configuration_of(), each, open_site_with_a_secret)
                )
                for each in secrets
            )
            with pytest.raises(ServerError) as refused:
                one.ask("ask", "any", {"token": token})
            other.ask("mails")

        assert token in str(refused.value)
        assert all(token not in each.hidden_in(str(refused.value)) for each in secrets)

    def test_settings_that_make_workers_disturb_each_other_are_refused(
        self, sharing: Sharing
    ) -> None:
        for settings in ({"reset": "scenario"}, {"mail_address": "edith@superlists.test"}):
            with (
                pytest.raises(ConfigurationError) as refused,
                open_profile(configuration_of(**settings), Secrets(), sharing),
            ):
                pass
            assert is_one_sentence(str(refused.value))


class TestTheProcess:
    def test_it_contacts_nothing_before_it_is_asked_and_ends_on_request(
        self, host: LoopbackHost
    ) -> None:
        before, logins = children(), host.ssh.logins()
        sharing = start_sharing()
        (process,) = children() - before
        sharing.stop()
        sharing.stop()

        assert not psutil.pid_exists(process)
        assert host.ssh.logins() == logins

    def test_no_signal_ends_it_before_the_workers(self, host: LoopbackHost) -> None:
        before = children()
        sharing = start_sharing()
        (process,) = children() - before
        with workers(sharing) as (one, other):
            one.begin_scenario()
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                os.kill(process, number)

            play(one)
            play(other)
        sharing.stop()
        assert lease_of(host) is None

    def test_when_it_is_killed_each_worker_reports_that_in_a_sentence(self) -> None:
        before = children()
        sharing = start_sharing()
        (process,) = children() - before
        with workers(sharing) as profiles:
            profiles[0].begin_scenario()
            os.kill(process, signal.SIGKILL)
            for profile in profiles:
                with pytest.raises(ServerError, match="has ended: run again") as ended:
                    profile.begin_scenario()
                assert is_one_sentence(str(ended.value))
                assert profile.server_log() == ()
        sharing.stop()

    def test_a_worker_that_is_killed_leaves_the_site_to_the_others(
        self, host: LoopbackHost, sharing: Sharing
    ) -> None:
        with workers(sharing, 1) as (survivor,):
            survivor.begin_scenario()
            lease = lease_of(host)
            killed = os.fork()
            if killed == 0:
                with workers(sharing, 1) as (profile,):
                    profile.begin_scenario()
                    os.kill(os.getpid(), signal.SIGKILL)
            os.waitpid(killed, 0)

            play(survivor)
            assert lease_of(host) == lease
            with workers(sharing, 1) as (replacement,):
                play(replacement)

    def test_it_gives_the_site_back_when_its_parent_is_killed(self, host: LoopbackHost) -> None:
        with subprocess.Popen(  # noqa: S603
            [sys.executable, "-c", PARENT],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=SUPERLISTS.root,
        ) as parent:
            assert parent.stdout is not None
            assert parent.stdout.readline() == b"begun\n"
            (process,) = psutil.Process(parent.pid).children()
            assert lease_of(host) is not None

            parent.kill()

            process.wait(10)
        assert lease_of(host) is None

    def test_each_worker_learns_about_the_lease_of_another_run(self, sharing: Sharing) -> None:
        server = SshHost(SITE_NAME)
        another_run = RemoteFixtures(server, FOLDER, SITE_NAME)
        another_run.reset()
        try:
            with workers(sharing) as profiles:
                for profile in profiles:
                    with pytest.raises(FixtureRefusedError, match="has been using") as refused:
                        profile.begin_scenario()
                    assert is_one_sentence(str(refused.value))
        finally:
            another_run.close()
            server.disconnect()
