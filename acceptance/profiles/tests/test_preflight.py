"""The preflight: each line shows ok or what to type, for everything that can be missing."""

import json
import os
import re
import shutil
import socket
import sqlite3
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from threading import Thread
from urllib.parse import quote

import pytest
from trustme import CA

from acceptance.configuration import Configuration
from acceptance.errors import NotReadyError
from acceptance.profiles.checks import DoubtError, Finding, Verdict, run_checks
from acceptance.profiles.deployment import Deployment, open_deployment
from acceptance.profiles.mail_trial import MailTrial
from acceptance.profiles.staging_checks import StagingChecks
from features.support.project import SUPERLISTS
from testbeds import ROOT
from testbeds.loopback.deployed_site import SITE_NAME
from testbeds.loopback.host import LoopbackHost
from testbeds.loopback.server_process import reserved_port

Looking = Callable[..., Mapping[str, Finding]]

ALL = [
    "server",
    "name",
    "host key",
    "login",
    "site folder",
    "fixtures",
    "marker",
    "no one else",
    "web site",
    "commit",
    "clock",
    "server log",
    "mailbox",
    "mail",
]


def look(host: LoopbackHost, **settings: str) -> Mapping[str, Finding]:
    """Run all checks except that of the browser, with these settings."""
    configuration = Configuration.resolve(SUPERLISTS, settings, {**os.environ, **host.environment})
    with open_deployment(configuration) as deployment:
        findings = list(run_checks(StagingChecks(deployment).all()))
    titles = [*ALL[:2], "command", *ALL[4:]] if "host_command" in settings else ALL
    assert [finding.title for finding in findings] == titles
    return {finding.title: finding for finding in findings}


def only(findings: Mapping[str, Finding], title: str, verdict: Verdict = Verdict.FAILED) -> str:
    """Check that only this one of all checks was not ok, and return its text."""
    bad = {
        each.title: each.verdict
        for each in findings.values()
        if each.verdict in {Verdict.FAILED, Verdict.WARNING}
    }
    assert bad == {title: verdict}
    text = findings[title].text
    assert "\n" not in text
    return text


def left_out(findings: Mapping[str, Finding]) -> list[str]:
    return [title for title, each in findings.items() if each.verdict is Verdict.LEFT_OUT]


def git(*arguments: str) -> str:
    done = subprocess.run(  # noqa: S603
        ["git", *arguments],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=20,
        check=True,
    )
    return done.stdout


@pytest.fixture
def undone(host: LoopbackHost) -> Iterator[None]:
    """Undo what a test changes on the host."""
    tester = host.tester
    # Someone may have made a commit since the site was deployed.
    (host.site.folder / "COMMIT").write_text(git("rev-parse", "HEAD"), encoding="utf-8")
    files = [tester.ssh_configuration, tester.known_hosts, host.site.folder / "COMMIT"]
    before = {file: file.read_bytes() for file in files}
    with closing(sqlite3.connect(":memory:")) as copy:
        with closing(sqlite3.connect(host.site.folder / "db.sqlite3")) as database:
            database.backup(copy)
        yield
        with closing(sqlite3.connect(host.site.folder / "db.sqlite3")) as database:
            copy.backup(database)
    for file, content in before.items():
        file.write_bytes(content)
    host.site.write_environment(host.site.environment)
    host.mail.faults.reset()


pytestmark = pytest.mark.usefixtures("undone")


def change(host: LoopbackHost, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(host.site.folder / "db.sqlite3")) as database, database:
        database.execute(statement, values)


def test_where_everything_is_right_each_line_shows_that(host: LoopbackHost) -> None:
    findings = look(host)

    assert {each.verdict for each in findings.values()} == {Verdict.OK}


def entering(host: LoopbackHost) -> str:
    """The command that enters the server, without this process's environment."""
    return f"env -i PATH={os.environ['PATH']} HOME={host.site.folder.parents[1]}"


def test_a_site_behind_a_command_is_checked_without_ssh(host: LoopbackHost) -> None:
    before = host.ssh.logins()
    enter = entering(host)

    findings = look(host, host_command=enter)

    assert {each.verdict for each in findings.values()} == {Verdict.OK}
    assert findings["command"].text.startswith(f"`{enter}` runs commands as ")
    assert host.ssh.logins() == before


def test_a_command_in_front_that_runs_nothing_is_named(host: LoopbackHost) -> None:
    enter = """sh -c 'echo "service web is not running" >&2; exit 1'"""

    message = only(look(host, host_command=enter), "command")

    assert "“service web is not running”" in message


def test_a_command_in_front_does_not_bypass_the_guard(host: LoopbackHost) -> None:
    change(host, "UPDATE staging_marker SET site_name = 'production.example.com'")
    enter = entering(host)

    message = only(look(host, host_command=enter), "marker")

    assert "marked for production.example.com" in message


def test_a_name_that_leads_nowhere_is_reported(host: LoopbackHost) -> None:
    name = "superlists-staging.invalid"
    findings = look(host, staging=name, unlisted_host=name)

    assert "cannot be resolved" in only(findings, "name")
    assert left_out(findings) == [title for title in ALL[2:] if title != "mailbox"]


def test_an_unknown_host_key_is_reported(host: LoopbackHost) -> None:
    host.tester.known_hosts.write_text("", encoding="utf-8")
    findings = look(host)

    assert "`ssh-keyscan -p" in only(findings, "host key")
    assert left_out(findings) == [title for title in ALL[3:] if title != "mailbox"]


def test_a_server_that_lets_no_one_in_is_reported(host: LoopbackHost) -> None:
    host.tester.use_key(host.ssh, host.tester.folder / "none")
    findings = look(host)

    assert "`ssh-copy-id" in only(findings, "login")
    assert findings["host key"].verdict is Verdict.OK
    assert left_out(findings) == [title for title in ALL[4:] if title != "mailbox"]


def test_a_folder_without_a_site_is_reported(host: LoopbackHost) -> None:
    findings = look(host, site_folder="~/sites/it's not here")

    assert "-D site_folder=PATH" in only(findings, "site folder")
    assert left_out(findings) == [*ALL[5:11], "mail"]


def test_a_site_without_the_app_is_reported(host: LoopbackHost) -> None:
    without = {k: v for k, v in host.site.environment.items() if k != "STAGING"}
    host.site.write_environment(without)
    findings = look(host)

    assert "which is right for a production site" in only(findings, "fixtures")
    assert left_out(findings) == [*ALL[6:11], "mail"]


@contextmanager
def exported(host: LoopbackHost, variables: str) -> Iterator[None]:
    """Export these variables in the user's shell on the server."""
    host.ssh.stop()
    # sshd uses the first SetEnv only.
    host.ssh.start(f"SetEnv HOME={host.site.folder.parents[1]} {variables}")
    try:
        yield
    finally:
        host.ssh.stop()
        host.ssh.start()


def test_settings_that_the_user_exports_are_reported(host: LoopbackHost) -> None:
    url = "postgres://superlists:sesame@production.example.com/superlists"
    with exported(host, f'DATABASE_URL="{url}" EMAIL_HOST=smtp.example.com'):
        text = only(look(host), "fixtures")

    user = host.ssh.user
    assert text.startswith(f"DATABASE_URL, EMAIL_HOST in the environment of the user {user} over")
    assert "~/.bashrc" in text
    assert "migrate" not in text
    assert "sesame" not in text


def test_a_staging_site_that_only_exported_variables_make_is_reported(host: LoopbackHost) -> None:
    settings = {k: v for k, v in host.site.environment.items() if k != "STAGING"}
    host.site.write_environment(settings)
    with exported(host, "STAGING=y"):
        text = only(look(host), "fixtures")

    assert text.startswith("STAGING in the environment of the user ")


def test_a_read_only_database_is_reported(host: LoopbackHost, tmp_path: Path) -> None:
    file = tmp_path / "db.sqlite3"
    with (
        closing(sqlite3.connect(host.site.folder / "db.sqlite3")) as database,
        closing(sqlite3.connect(file)) as copy,
    ):
        database.backup(copy)
    content = file.read_bytes()
    # To root too (https://www.sqlite.org/fileformat.html, 1.3.3: a write version not known).
    file.write_bytes(content[:18] + b"\x09" + content[19:])
    host.site.write_environment({**host.site.environment, "DATABASE_URL": f"sqlite:///{file}"})

    text = only(look(host), "fixtures")

    assert "is read-only here: " in text


def test_a_database_that_served_production_must_not_be_marked(host: LoopbackHost) -> None:
    change(host, "DELETE FROM staging_marker")
    change(
        host,
        "INSERT INTO superlists_productionuse (site_name, first_started, last_started)"
        " VALUES ('superlists.example.com', '2030-01-31', '2030-01-31')",
    )

    text = only(look(host), "marker")

    assert "superlists.example.com served people from it as a production site" in text
    assert "mark_as_staging" not in text


def test_a_database_that_is_not_marked_is_reported(host: LoopbackHost) -> None:
    change(host, "DELETE FROM staging_marker")
    findings = look(host)

    assert "`manage.py mark_as_staging`" in only(findings, "marker")
    assert left_out(findings) == ["web site", "mail"]


def test_a_database_of_another_site_is_reported(host: LoopbackHost) -> None:
    change(host, "UPDATE staging_marker SET site_name = 'superlists.example.com'")

    assert "superlists.example.com" in only(look(host), "marker")


def test_someone_else_who_uses_the_site_is_reported(host: LoopbackHost) -> None:
    until = datetime.now(UTC) + timedelta(minutes=1)
    change(
        host,
        "INSERT INTO staging_hold (id, run_id, holder, since, expires_at) VALUES (1, ?, ?, ?, ?)",
        "0" * 32,
        "francis@laptop",
        "2026-01-02 03:04:05",
        f"{until:%Y-%m-%d %H:%M:%S}",
    )

    shown = only(look(host), "no one else")

    assert "francis@laptop" in shown
    assert "since 2026-01-02 03:04:05 UTC" in shown
    assert f"at {until:%Y-%m-%d %H:%M:%S} UTC" in shown


def test_a_web_site_with_another_database_is_reported(host: LoopbackHost) -> None:
    folder = host.site.folder.with_name("another")
    shutil.copytree(
        host.site.folder, folder, symlinks=True, ignore=shutil.ignore_patterns("db.sqlite3*")
    )
    with (
        closing(sqlite3.connect(host.site.folder / "db.sqlite3")) as database,
        closing(sqlite3.connect(folder / "db.sqlite3")) as copy,
        copy,
    ):
        database.backup(copy)
        copy.execute("UPDATE staging_marker SET identity = ?", ["0" * 32])

    findings = look(host, site_folder="~/sites/another")

    assert "shows another site than the one in ~/sites/another" in only(findings, "web site")


@contextmanager
def web_server(certificate: tuple[CA, str, datetime | None], answer: bytes = b"") -> Iterator[str]:
    """Serve one request with a certificate of this authority, name and end."""
    authority, name, end = certificate
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(name, not_after=end).configure_cert(context)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                try:
                    with context.wrap_socket(connection, server_side=True) as spoken:
                        spoken.recv(4096)
                        spoken.sendall(answer)
                except OSError:
                    return

        thread = Thread(target=serve)
        thread.start()
        try:
            yield f"https://{SITE_NAME}:{listener.getsockname()[1]}"
        finally:
            # Otherwise a test that fails would wait for the server forever.
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(10)


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("stranger", "unable to get local issuer certificate"),
        ("expired", "certificate has expired"),
        ("wrong name", "not valid for 'localhost'"),
    ],
)
def test_a_certificate_that_cannot_be_trusted_is_reported(
    host: LoopbackHost, kind: str, reason: str
) -> None:
    authority = CA() if kind == "stranger" else host.authority
    name = "elsewhere.example.com" if kind == "wrong name" else SITE_NAME
    end = datetime.now(UTC) - timedelta(days=1) if kind == "expired" else None
    with web_server((authority, name, end)) as url:
        shown = only(look(host, staging=url), "web site")

    assert "cannot be trusted" in shown
    assert reason in shown


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        (b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n", "502 Bad Gateway"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "does not report who it is"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]", "does not report who it is"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{", "does not"),
        (b"nonsense\r\n", "does not"),
        (b"", "does not answer"),
    ],
)
def test_a_web_server_that_serves_something_else_is_reported(
    host: LoopbackHost, answer: bytes, shown: str
) -> None:
    with web_server((host.authority, SITE_NAME, None), answer) as url:
        assert shown in only(look(host, staging=url), "web site")


def test_a_web_site_that_does_not_know_its_address_is_reported(host: LoopbackHost) -> None:
    """As behind a reverse proxy that passes on the host without the port."""
    with closing(sqlite3.connect(host.site.folder / "db.sqlite3")) as database:
        ((identity,),) = database.execute("SELECT identity FROM staging_marker")
    body = json.dumps({"identity": identity, "address": f"https://{SITE_NAME}/"}).encode()
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)

    with web_server((host.authority, SITE_NAME, None), answer) as url:
        shown = only(look(host, staging=url), "web site")

    assert shown.startswith(f"{url} uses https://{SITE_NAME}/ as its own address, so the links ")


def test_a_web_site_that_is_down_is_reported(host: LoopbackHost) -> None:
    with reserved_port() as port:
        findings = look(host, staging=f"https://{SITE_NAME}:{port}")

    assert "does not answer (Connection refused)" in only(findings, "web site")


@pytest.mark.parametrize(
    ("content", "shown"),
    [("0" * 40, "0000000 is deployed"), ("nonsense", "the site does not know its commit")],
)
def test_another_commit_is_a_warning(host: LoopbackHost, content: str, shown: str) -> None:
    (host.site.folder / "COMMIT").write_text(content, encoding="utf-8")

    assert shown in only(look(host), "commit", Verdict.WARNING)


def test_a_clock_that_is_off_is_a_warning(
    host: LoopbackHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = time.time
    # The server's clock cannot be changed without changing this machine's.
    monkeypatch.setattr("acceptance.profiles.staging_checks.time.time", lambda: now() + 3600)

    assert "-3600 s off this one" in only(look(host), "clock", Verdict.WARNING)


def test_a_log_may_be_directly_in_the_home_folder(host: LoopbackHost) -> None:
    (host.site.folder.parents[1] / "site.log").touch()

    found = look(host, server_log="~/site.log")["server log"]

    assert (found.verdict, found.text) == (Verdict.OK, "~/site.log")


@pytest.mark.parametrize(
    "log", ["~/no such log", "~/sites/", "journal:gunicorn-no-such-unit@{host}"]
)
def test_a_log_that_cannot_be_read_is_a_warning(host: LoopbackHost, log: str) -> None:
    if log.startswith("journal:") and shutil.which("journalctl"):
        log = "/no/such/folder/log"

    shown = only(look(host, server_log=log), "server log", Verdict.WARNING)

    assert "-D server_log=PATH" in shown


def test_a_mailbox_that_does_not_open_is_reported(host: LoopbackHost) -> None:
    environment = {**host.environment, "SUPERLISTS_MAILBOX_PASSWORD": "correct horse"}
    configuration = Configuration.resolve(SUPERLISTS, {}, environment)
    with open_deployment(configuration) as deployment:
        findings = {each.title: each for each in run_checks(StagingChecks(deployment).all())}

    assert "correct horse" not in only(findings, "mailbox")


def test_a_mailbox_with_one_address_is_a_doubt(host: LoopbackHost) -> None:
    shown = only(look(host, mail_address="superlists@superlists.test"), "mailbox", Verdict.WARNING)

    assert "at one address: scenarios in which two people get email will fail" in shown


@contextmanager
def deployed(host: LoopbackHost, **settings: str) -> Iterator[Deployment]:
    configuration = Configuration.resolve(SUPERLISTS, settings, {**os.environ, **host.environment})
    with open_deployment(configuration) as deployment:
        deployment.fixtures.describe()
        yield deployment


@pytest.fixture(scope="module")
def deployment(host: LoopbackHost) -> Iterator[Deployment]:
    with deployed(host, mail_timeout="1") as opened:
        yield opened


class TestMail:
    """The trial email, which takes the same way as those of scenarios."""

    @pytest.fixture(autouse=True)
    def impatience(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("acceptance.profiles.mail_trial.SHORTEST_WAIT", 0.5)

    @staticmethod
    def refusal(deployment: Deployment) -> str:
        with pytest.raises(NotReadyError) as refusal:
            MailTrial(deployment).make()
        assert "\n" not in str(refusal.value)
        return str(refusal.value)

    @pytest.mark.parametrize(
        "pattern", ["superlists+{unique}@superlists.test", "superlists@superlists.test"]
    )
    def test_an_email_that_arrives_is_reported_and_leaves_nothing(
        self, host: LoopbackHost, pattern: str
    ) -> None:
        with deployed(host, mail_address=pattern) as deployment:
            found = MailTrial(deployment).make()

        assert re.fullmatch(r"to superlists\S*@superlists\.test, arrived in \d\.\d s", found)
        assert ("+preflight." in found) == ("{unique}" in pattern)
        with closing(sqlite3.connect(host.site.folder / "db.sqlite3")) as database:
            for table in ("accounts_loginlink", "accounts_user", "staging_hold"):
                assert not database.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608
        assert list(host.mail.maildir.glob("[cn]*/*")) == []

    @pytest.mark.parametrize(
        "change",
        [
            lambda mail: mail.replace_header("Subject", f"[EXTERNAL] {mail['Subject']}"),
            lambda mail: mail.set_content(
                f"http://a.example\n{mail.get_content()}\nhttp://b.example"
            ),
            lambda mail: mail.add_header("Cc", "boss@c.example <boss@c.example>"),
            lambda mail: mail.set_content(f"<p>{mail.get_content()}</p>", subtype="html"),
        ],
    )
    def test_an_email_may_be_changed_on_its_way(
        self, host: LoopbackHost, deployment: Deployment, change: Callable[[EmailMessage], None]
    ) -> None:
        host.mail.faults.relay = change

        assert "arrived in" in MailTrial(deployment).make()

    def test_a_link_that_a_relay_has_wrapped_is_a_doubt(
        self, host: LoopbackHost, deployment: Deployment
    ) -> None:
        host.mail.faults.relay = wrap_link

        with pytest.raises(DoubtError) as doubt:
            MailTrial(deployment).make()

        shown = str(doubt.value)
        assert "a relay replaced its link with one to https://safe.example, from which the" in shown
        assert "token" not in shown

    def test_a_link_that_a_relay_has_hidden_is_reported(
        self, host: LoopbackHost, deployment: Deployment
    ) -> None:
        host.mail.faults.relay = lambda mail: mail.set_content("https://safe.example/s/SECRET")

        shown = self.refusal(deployment)

        assert (
            f"no link with a token to {host.site.url}: its links lead to https://safe.example/…"
            in shown
        )
        assert "SECRET" not in shown

    def test_another_subject_is_reported(self, host: LoopbackHost, deployment: Deployment) -> None:
        host.mail.faults.relay = lambda mail: mail.replace_header("Subject", "Quarantined")

        assert "arrived with the subject 'Quarantined'" in self.refusal(deployment)

    def test_an_email_that_gets_lost_is_reported(
        self, host: LoopbackHost, deployment: Deployment
    ) -> None:
        host.mail.faults.drop = True

        shown = self.refusal(deployment)

        assert f"{host.environment['SUPERLISTS_MAILBOX']} did not receive it within 0.5 s" in shown
        assert "addresses that contain a +" in shown
        assert "Emails that arrived: none" in shown

    def test_a_refused_email_is_reported_in_the_words_of_the_server(
        self, host: LoopbackHost, deployment: Deployment
    ) -> None:
        host.mail.faults.refusal = "554 5.7.1 We accept no email from you"

        assert "replies 554 5.7.1 We accept no email from you): correct" in self.refusal(deployment)

    @pytest.mark.parametrize(
        ("changes", "shown"),
        [
            ({"EMAIL_USER": "", "EMAIL_PASSWORD": ""}, "replies 530 5.7.0 Authentication required"),
            ({"EMAIL_PORT": "1"}, "(ConnectionRefusedError: [Errno 111] Connection refused)"),
        ],
    )
    def test_a_site_that_cannot_send_is_reported(
        self, host: LoopbackHost, changes: dict[str, str], shown: str
    ) -> None:
        host.site.write_environment({**host.site.environment, **changes})

        found = only(look(host), "mail")

        assert shown in found
        assert "correct the EMAIL_ settings in .env in ~/sites/localhost on " in found


def wrap_link(mail: EmailMessage) -> None:
    """Wrap links as relays do that check them before people follow them."""
    *text, link = mail.get_content().split()
    mail.set_content(f"{' '.join(text)}\nhttps://safe.example/?url={quote(link, safe='')}&data=1\n")


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603
        [sys.executable, *command],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


class TestCommand:
    def test_it_reports_its_findings_and_changes_nothing(self, host: LoopbackHost) -> None:
        done = run("-m", "acceptance.running.preflight", host.site.url)

        assert done.stderr == ""
        assert done.returncode == 0
        lines = [line.split()[0] for line in done.stdout.splitlines()]
        assert lines.count("ok") == len(ALL) + 1
        assert done.stdout.endswith("Everything is ready.\n")
        assert host.mail.password not in done.stdout
        with closing(sqlite3.connect(host.site.folder / "db.sqlite3")) as database:
            assert not database.execute("SELECT * FROM staging_hold").fetchall()
            assert not database.execute("SELECT * FROM accounts_loginlink").fetchall()
        assert not list(host.mail.maildir.glob("[cn]*/*"))

    def test_it_fails_if_something_is_missing(self, host: LoopbackHost) -> None:
        host.tester.known_hosts.write_text("", encoding="utf-8")

        done = run("-m", "acceptance.running.preflight", host.site.url)

        assert done.returncode == 1
        assert "FAILED   host key" in done.stdout
        assert "not checked, because it needs host key" in done.stdout
        # In particular, no traceback of paramiko.
        assert done.stderr == (
            "Nothing was run, because these checks failed: host key; the lines above explain what "
            "to do.\n"
        )

    @pytest.mark.parametrize(
        ("arguments", "status", "shown"),
        [
            ([], 2, "the following arguments are required: host"),
            (["one.example.com", "two.example.com"], 2, "unrecognized arguments"),
            ([SITE_NAME, "-D", "broswer=firefox"], 1, "browser"),
            ([SITE_NAME, "-D"], 2, "expected one argument"),
            (["superlists.example.com"], 1, "is not one of the staging_hosts"),
            (["; rm -rf ~"], 1, "give a host"),
            (["$(touch hacked)"], 1, "give a host"),
        ],
    )
    @pytest.mark.usefixtures("host")
    def test_nonsense_is_reported(self, arguments: list[str], status: int, shown: str) -> None:
        done = run("-m", "acceptance.running.preflight", *arguments)

        assert done.returncode == status
        assert shown in done.stderr
        assert "Traceback" not in done.stderr
        assert not (ROOT / "hacked").exists()

    def test_a_run_that_is_not_ready_runs_nothing(self, host: LoopbackHost) -> None:
        change(host, "DELETE FROM staging_marker")

        done = run(
            "-m", "behave", "-D", f"staging={host.site.url}", "features/start_a_list.feature"
        )

        assert done.returncode != 0
        assert "FAILED   marker" in done.stdout
        assert "Nothing was run, because these checks failed: marker" in done.stdout + done.stderr
        assert "scenario passed" not in done.stdout
