"""Whole runs against a broken deployed site: does a person read the cause?"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

import psutil
import pytest

from features.support.tests.project_copy import (
    BREAKS,
    FEATURE,
    NEXT,
    Breakage,
    ProjectCopy,
    SuiteRun,
    assert_shows,
)
from testbeds.loopback.deployed_site import SITE_NAME
from testbeds.loopback.host import LoopbackHost

MAILS = """\
  Scenario: A mail is sent
    When Edith asks for a login link
    Then Edith sees the message "Check your email"
    And Edith gets the email "Your login link for Superlists"
"""
MAKES_A_LIST = """\
  Scenario: It breaks
    Given Edith has an open list with "Buy milk"
    When something breaks
    Given Francis owns a list with "Make tea"
"""

FOREIGN_ERROR = """\
{now:%Y-%m-%d %H:%M:%S},000 ERROR django.request [0123456789abcdef0123456789abcdef]: Internal Server
Traceback (most recent call last):
  File "elsewhere.py", line 1, in elsewhere
KeyError: 'what someone else did'
"""


def behave(
    project: ProjectCopy, breakage: Breakage | None = None, *, patience: int = 1
) -> SuiteRun:
    # Also with behave's own report, to which evidence can only be attached within steps.
    reports = ("--format", "json", "--outfile", "report.json", "--format", "progress3")
    waits = ("-D", f"timeout={patience}", "-D", "mail_timeout=1")
    run = project.behave(FEATURE, *reports, *waits, breakage=breakage)
    assert run.status == 1, run.terminal
    return run


@pytest.fixture
def mended(host: LoopbackHost) -> Iterator[None]:
    """Restores the site after the test."""
    yield
    host.site.use_certificate(host.authority.issue_cert(SITE_NAME))
    host.site.restart()


@pytest.mark.usefixtures("mended")
def test_an_exception_of_the_site_is_reported_and_no_other(
    host: LoopbackHost, project: ProjectCopy
) -> None:
    views = host.site.folder / "lists/views.py"
    sound = views.read_text(encoding="utf-8")
    broken = sound.replace(
        "    if not form.add_to", "    raise ValueError('deep inside')\n    if 0"
    )
    views.write_text(broken, encoding="utf-8")
    host.site.restart()

    def someone_else_fails(_run: psutil.Process) -> None:
        with host.site.log.open("a", encoding="utf-8") as log:
            log.write(FOREIGN_ERROR.format(now=datetime.now(UTC)))

    project.write_feature(BREAKS)

    run = behave(project, someone_else_fails)

    views.write_text(sound, encoding="utf-8")
    assert_shows(
        run,
        'Edith adds "Make tea"',
        "the site broke: ValueError: deep inside",
        "The server logged:",
        f'File "{host.site.folder}/lists/views.py"',
        "ValueError: deep inside",
        "500 for https://localhost:",
        "Evidence: artifacts/",
        "Again:    behave features/broken.feature:3 -D ",
        f"-D staging={host.site.url}",
    )
    assert "ValueError: deep inside" in run.evidence("it-breaks")["server.log"]
    assert "what someone else did" not in run.everything()


@pytest.mark.usefixtures("mended")
def test_the_reply_of_a_mail_server_that_refuses_the_site_is_reported(
    host: LoopbackHost, project: ProjectCopy
) -> None:
    wrong = "not-the-password"
    host.site.restart(EMAIL_PASSWORD=wrong)
    # If the .env is corrected but the site is not restarted, the preflight finds nothing wrong.
    host.site.write_environment(host.site.environment)
    project.write_feature(MAILS)

    run = behave(project)

    assert_shows(
        run,
        "none of which contains 'Check your email'",
        "We could not send the email just now.",
        "The server logged:",
        "No login mail to superlists+edith",
        f'File "{host.site.folder}/accounts/mail.py"',
        "smtplib.SMTPAuthenticationError: (535, ",
    )
    assert_hides(run, host, wrong)


def assert_hides(run: SuiteRun, host: LoopbackHost, *more: str) -> None:
    everything = run.everything()
    site = host.site.environment
    for secret in (site["EMAIL_PASSWORD"], site["DJANGO_SECRET_KEY"], host.mail.password, *more):
        assert secret not in everything


def test_a_lost_email_is_reported_with_those_that_arrived_instead(
    host: LoopbackHost, project: ProjectCopy
) -> None:
    project.write_feature(MAILS.replace("    When", "    When something breaks\n    And", 1))

    def lose_mails(_run: psutil.Process) -> None:
        host.mail.faults.drop = True

    run = behave(project, lose_mails)

    host.mail.faults.reset()
    assert_shows(
        run,
        "no email 'Your login link for Superlists' to superlists+edith",
        "Emails that arrived: none",
        "Evidence:",
    )
    assert run.evidence("a-mail-is-sent")["emails.txt"] == "No email arrived.\n"
    assert_hides(run, host)


def let_certificate_expire(host: LoopbackHost) -> None:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    host.site.use_certificate(host.authority.issue_cert(SITE_NAME, not_after=yesterday))


@pytest.mark.usefixtures("mended")
def test_an_expired_certificate_is_reported(host: LoopbackHost, project: ProjectCopy) -> None:
    def expire(_run: psutil.Process) -> None:
        let_certificate_expire(host)
        host.site.stop()
        host.site.start()

    project.write_feature(BREAKS)

    assert_shows(
        behave(project, expire),
        'Edith adds "Make tea"',
        f"the site did not answer: {host.site.url}/lists/",
        "failed with net::ERR_CERT_DATE_INVALID",
    )


def test_a_stopped_server_is_reported(host: LoopbackHost, project: ProjectCopy) -> None:
    project.write_feature(BREAKS)

    run = behave(project, lambda _run: host.site.stop())

    host.site.start()
    assert_shows(
        run,
        'Edith adds "Make tea"',
        f"the site did not answer: {host.site.url}/lists/",
        "failed with net::ERR_CONNECTION_REFUSED",
        "Evidence:",
    )


def test_a_connection_that_is_cut_is_reported_and_reopened(
    host: LoopbackHost, project: ProjectCopy
) -> None:
    project.write_feature(MAKES_A_LIST, NEXT)

    run = behave(project, lambda _run: host.ssh.cut_connections())

    assert_shows(
        run,
        'Francis owns a list with "Make tea"',
        "start_list may not have been done on ",
        "the SSH connection was cut",
        "Evidence:",
    )
    assert "1 scenario passed, 1 failed" in run.terminal


@pytest.mark.usefixtures("mended")
def test_a_locked_database_is_reported_even_if_no_scenario_can_begin(
    host: LoopbackHost, project: ProjectCopy
) -> None:
    file = host.site.folder / "db.sqlite3"
    host.site.restart(DATABASE_URL=f"sqlite:///{file}?timeout=1")
    project.write_feature(BREAKS, NEXT)
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        # With a longer timeout than the database, which waits for a second before its error.
        run = behave(project, lambda _run: database.execute("BEGIN IMMEDIATE"), patience=10)
        database.execute("ROLLBACK")
        # The run could not release the site, which no one else can use for a while.
        database.execute("DELETE FROM staging_hold")

    assert_shows(
        run,
        "the site broke: django.db.utils.OperationalError: database is locked",
        "The server logged:",
        f'File "{host.site.folder}/accounts/limits.py"',
        "Evidence:",
        "HOOK-ERROR in before_scenario",
        f"The database {file} is locked by another program",
        "Evidence:",
        "Again:    behave features/broken.feature:10 ",
    )
