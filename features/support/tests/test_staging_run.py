"""Whole runs against a deployed site: the messages if the server misbehaves."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import quote

import pytest

from features.support.tests.terminal_run import run_in_terminal
from testbeds import ROOT
from testbeds.loopback.host import LoopbackHost, open_loopback

Behave = Callable[..., subprocess.CompletedProcess[str]]

REFUSAL = "smtplib.SMTPSenderRefused: (530, b'5.7.0 Authentication required'"


@pytest.fixture(scope="module")
def host() -> Iterator[LoopbackHost]:
    with open_loopback() as opened:
        yield opened


@pytest.fixture
def behave(host: LoopbackHost) -> Behave:
    """Runs a scenario of log_in.feature, by its name."""

    def run(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603
            [
                sys.executable,
                "-m",
                "behave",
                "-D",
                f"staging={host.site.url}",
                *arguments,
                "--name",
                name,
                "features/log_in.feature",
            ],
            cwd=ROOT,
            env={**os.environ, **host.environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
        )

    return run


@pytest.fixture
def site_without_mail_password(host: LoopbackHost) -> Iterator[None]:
    host.site.restart(EMAIL_PASSWORD=None, EMAIL_USER=None)
    # If the .env is corrected but the site is not restarted, the preflight finds nothing wrong.
    host.site.write_environment(host.site.environment)
    yield
    host.site.restart()


def test_a_run_first_shows_what_it_uses(host: LoopbackHost, behave: Behave) -> None:
    before = host.ssh.logins()

    run = behave("Edith asks for a login link")

    assert run.returncode == 0, run.stdout
    uses, rest = run.stdout.split("Log in by email", 1)
    assert host.site.url in uses
    assert f"{host.ssh.user}@127.0.0.1" in uses
    assert "~/sites/localhost" in uses
    assert f"pop3s://{host.mail.user}@localhost:{host.mail.pop3s_port}" in uses
    assert "chromium" in uses
    assert host.mail.password not in run.stdout
    assert "1 scenario passed" in rest
    assert host.ssh.logins() == before + 1


@pytest.mark.usefixtures("site_without_mail_password")
def test_waiting_for_an_email_that_the_server_cannot_send_shows_its_traceback(
    host: LoopbackHost, behave: Behave
) -> None:
    run = behave("Edith asks for a login link", "-D", "timeout=1")

    assert run.returncode == 1
    step, _, log = run.stdout.partition("The server logged:")
    assert "none of which contains 'Check your email'" in step
    assert "We could not send the email just now." in step
    assert re.search(r" ERROR accounts\.views \[[0-9a-f]{32}\]: No login mail to ", log)
    assert f'File "{host.site.folder}/accounts/mail.py"' in log
    assert REFUSAL in log


def test_a_site_that_cannot_send_email_is_reported_before_any_scenario(
    host: LoopbackHost, behave: Behave
) -> None:
    without = {k: v for k, v in host.site.environment.items() if "EMAIL_" not in k}
    host.site.write_environment({**without, "EMAIL_PORT": "1"})

    run = behave("Edith opens her login link")

    host.site.write_environment(host.site.environment)
    assert run.returncode != 0
    assert "FAILED   mail           The site cannot send an email to superlists+pref" in run.stdout
    assert "Nothing was run, because these checks failed: mail" in run.stdout
    assert "Traceback" not in run.stdout
    assert "scenario passed" not in run.stdout


def test_a_relay_leads_no_one_elsewhere(host: LoopbackHost, behave: Behave) -> None:
    asked: list[str] = []

    class Elsewhere(BaseHTTPRequestHandler):
        def handle(self) -> None:
            asked.append(self.client_address[0])

    with ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        elsewhere = f"http://127.0.0.1:{server.server_port}"

        def relay(mail: EmailMessage) -> None:
            mail.replace_header("Subject", f"[EXTERNAL] {mail['Subject']}")
            *words, link = mail.get_content().split()
            wrapped = f"{elsewhere}/?url={quote(link, safe='')}"
            text = f"{elsewhere}/above {' '.join(words)}\n<{wrapped}>\n{elsewhere}/?token=below\n"
            mail.set_content(f"<p>{escape(text)}<a href='{escape(wrapped)}'>Log in</a>", "html")

        host.mail.faults.relay = relay
        try:
            run = behave("Edith opens her login link")
        finally:
            host.mail.faults.reset()
            server.shutdown()
            thread.join()

    assert run.returncode == 0, run.stdout
    assert "warning  mail           to superlists+preflight." in run.stdout
    assert f"a relay replaced its link with one to {elsewhere}, from which the suite" in run.stdout
    assert asked == []


def test_a_scenario_shows_only_what_was_logged_during_it(
    host: LoopbackHost, behave: Behave
) -> None:
    log = host.site.log.read_text(encoding="utf-8")
    host.site.log.write_text(f"{log}an earlier error\n", encoding="utf-8")

    run = behave("Edith asks for a login link", "-D", "timeout=0.1", "-D", "mail_timeout=0.1")

    assert "an earlier error" not in run.stdout


def test_for_the_server_all_workers_are_one_run(host: LoopbackHost, behave: Behave) -> None:
    before = host.ssh.logins()

    run = behave("Edith", "-j", "2", "-D", "browser=none")

    assert run.returncode == 0, run.stdout
    assert re.search(r"^[1-9]\d scenarios passed, 0 failed", run.stdout, re.MULTILINE)
    assert host.ssh.logins() == before + 1


def test_workers_do_not_empty_the_site_for_each_other(behave: Behave) -> None:
    run = behave("Edith", "-j", "2", "-D", "browser=none", "-D", "reset=scenario")

    assert run.returncode == 1
    assert run.stdout.endswith(
        "Each worker would empty localhost while others use it: add -D reset=run, or leave out "
        "-j.\n"
    )
    assert "Traceback" not in run.stdout


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_closed_terminal_releases_the_site(host: LoopbackHost, behave: Behave, jobs: str) -> None:
    options = ("-D", f"staging={host.site.url}", "-j", jobs)
    with run_in_terminal(
        "features/list_items.feature", *options, environment=host.environment
    ) as run:
        run.wait_until(" passed in ")
        run.close_terminal()

        assert run.end() == set()
        assert run.process.returncode == 1

    next_one = behave("Edith opens her login link")

    assert next_one.returncode == 0, next_one.stdout
