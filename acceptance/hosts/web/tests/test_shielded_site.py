"""A site behind a real nginx that asks for a password, or redirects elsewhere."""

import base64
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from email.message import Message
from pathlib import Path
from urllib.parse import quote

import pytest

from acceptance.browser.browser import Browser
from acceptance.browser.select import browser_on_its_way
from acceptance.configuration import Configuration
from acceptance.hosts.secret_setting import SecretSetting
from acceptance.hosts.web.site_requests import SiteAnswer, SiteLogIn, SiteRequests, origin_of
from acceptance.profiles.checks import Finding, Verdict, run_checks
from acceptance.profiles.deployment import open_deployment
from acceptance.profiles.staging_checks import StagingChecks
from fabfile import health
from fabfile.deployed_site import Site
from features.support.project import SUPERLISTS
from features.support.scanner import look_at
from testbeds import ROOT
from testbeds.loopback.host import LoopbackHost
from testbeds.loopback.shield import Shield, open_shield
from testbeds.scenarios import place_of

VARIABLES = "SUPERLISTS_SITE_USER and SUPERLISTS_SITE_PASSWORD"
ELSEWHERE = """
        location = /staging/identity { auth_basic off; return 302 %s; }
        location = /health { auth_basic off; return 302 %s; }
"""


@pytest.fixture(scope="module")
def shield(host: LoopbackHost, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shield]:
    with open_shield(host, tmp_path_factory.mktemp("shield")) as opened:
        yield opened


def web_site(host: LoopbackHost, **variables: str) -> Finding:
    """Run the checks up to that of the web site, with these variables set."""
    environment = {**os.environ, **host.environment, **variables}
    with open_deployment(Configuration.resolve(SUPERLISTS, {}, environment)) as deployment:
        for finding in run_checks(StagingChecks(deployment).all()):
            if finding.title == "web site":
                return finding
    raise AssertionError


def unhealthy(url: str) -> str:
    class Deployed(Site):
        @property
        def url(self) -> str:
            return url

    with pytest.raises(health.NotHealthyError) as refused:
        health.answer_of(Deployed("localhost", "tester", "/home/tester"))
    return str(refused.value)


def test_scenarios_pass_through_the_shield_and_reveal_no_password(
    host: LoopbackHost, shield: Shield, tmp_path: Path
) -> None:
    run = subprocess.run(  # noqa: S603
        [
            sys.executable,
            "-m",
            "behave",
            "-f",
            "messages",
            "-o",
            str(tmp_path / "run.ndjson"),
            "-f",
            "plain",
            place_of("log_in", "Edith opens her login link"),
            place_of("layout", "The home page"),
            place_of("login_links", "Edith's email provider checks the link before she opens it"),
        ],
        cwd=ROOT,
        env={**os.environ, **host.environment, **shield.environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    everything = run.stdout + run.stderr + (tmp_path / "run.ndjson").read_text(encoding="utf-8")
    assert run.returncode == 0, everything
    assert "3 scenarios passed" in everything
    assert not [secret for secret in _spelled(shield) if secret in everything]
    requests = shield.access_log.read_text(encoding="utf-8").splitlines()
    let_in = [line for line in requests if f" {shield.user} " in line]
    assert any("/static/" in line for line in let_in)
    assert any("HEAD /accounts/" in line for line in let_in)


def _spelled(shield: Shield) -> list[str]:
    pair = f"{shield.user}:{shield.password}".encode()
    return [
        shield.password,
        quote(shield.password, safe=""),
        base64.b64encode(pair).decode().rstrip("="),
    ]


def test_a_shield_asks_for_both_variables(host: LoopbackHost, shield: Shield) -> None:
    finding = web_site(host, SUPERLISTS_STAGING=shield.url)

    assert finding.verdict is Verdict.FAILED
    assert finding.text == (f"{shield.url} asks for a user and a password (401): set {VARIABLES}.")
    assert unhealthy(shield.url) == finding.text


def test_a_wrong_password_is_reported(
    host: LoopbackHost, shield: Shield, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = {**shield.environment, "SUPERLISTS_SITE_PASSWORD": "wrong-guess-1"}

    finding = web_site(host, **wrong)

    assert finding.text == (
        f"{shield.url} refused the user and the password in {VARIABLES} (401): correct them."
    )
    for name, value in wrong.items():
        monkeypatch.setenv(name, value)
    assert unhealthy(shield.url) == finding.text


def test_the_health_check_passes_the_shield(
    shield: Shield, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in shield.environment.items():
        monkeypatch.setenv(name, value)

    class Deployed(Site):
        @property
        def url(self) -> str:
            return shield.url

    assert health.answer_of(Deployed("localhost", "tester", "/home/tester")).kind == "staging"


@pytest.fixture(scope="module", params=["chromium", "none"])
def settings(host: LoopbackHost, shield: Shield, request: pytest.FixtureRequest) -> Configuration:
    environment = {**host.environment, **shield.environment, "SUPERLISTS_TIMEOUT": "2"}
    return Configuration.resolve(SUPERLISTS, {"browser": request.param}, environment)


@pytest.fixture(scope="module")
def browser(settings: Configuration) -> Iterator[Browser]:
    with browser_on_its_way(settings) as when_ready:
        yield when_ready()


def test_each_person_gets_through_and_another_host_is_sent_nothing(
    browser: Browser, shield: Shield, host: LoopbackHost, tmp_path: Path
) -> None:
    with open_shield(host, tmp_path) as other:
        for _ in range(2):
            session = browser.session()
            session.open(shield.url)
            assert "To-Do" in session.text
            session.open(other.url)
            assert "401" in session.text
            session.close()
            browser.begin_scenario(needs_browser=False)
        assert other.user not in other.access_log.read_text(encoding="utf-8")


def test_a_browser_with_a_wrong_password_is_refused_immediately(
    settings: Configuration, shield: Shield
) -> None:
    wrong = replace(
        settings, site_password=SecretSetting("SUPERLISTS_SITE_PASSWORD", "wrong-guess-1")
    )
    with browser_on_its_way(wrong) as when_ready:
        session = when_ready().session()
        session.open(shield.url)

        assert "401" in session.text


def test_a_scanner_takes_no_password_elsewhere(shield: Shield) -> None:
    log_in = SiteLogIn(SecretSetting("", shield.user), SecretSetting("", shield.password))
    look_at(f"{shield.url}/", {}, SiteRequests(shield.url, log_in))
    with pytest.raises(AssertionError, match="answered the email scanner: 401"):
        look_at(f"{shield.url}/", {}, SiteRequests("https://localhost:1", log_in))
    with pytest.raises(AssertionError, match="answered the email scanner: 301"):
        look_at(f"{shield.plain_url}/", {"X-Request-ID": "a"}, SiteRequests(shield.url, log_in))


def test_the_message_for_an_http_address_names_that_with_https(
    host: LoopbackHost, shield: Shield
) -> None:
    finding = web_site(host, **{**shield.environment, "SUPERLISTS_STAGING": shield.plain_url})

    assert finding.verdict is Verdict.FAILED
    assert (
        finding.text == f"{shield.plain_url} redirects to {shield.url}: use {shield.url} instead."
    )
    assert unhealthy(shield.plain_url) == finding.text


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("https://www.example.com/", "redirects to https://www.example.com, which is another host"),
        (
            "https://login.example.com/saml?token=abcdefgh1",
            "redirects to https://login.example.com,",
        ),
        ("https://localhost:1/", "redirects to https://localhost:1, which is another port"),
        ("http://localhost/", "redirects to http://localhost, which is another port or scheme"),
        ("/oauth2/sign_in?rd=x", "to /oauth2/sign_in, like a login page in front of a site"),
        ("https://[nonsense/", "redirects to an address that cannot be used"),
    ],
)
def test_each_kind_of_redirect_is_explained(target: str, expected: str) -> None:
    headers = Message()
    headers["Location"] = target
    requests = SiteRequests("https://localhost:8443")

    sentence = str(requests.refusal_in(SiteAnswer(302, "Found", headers, b""), "/health"))

    assert expected in sentence
    assert "token" not in sentence


def test_redirects_and_pages_in_front_of_a_site_are_reported(
    host: LoopbackHost, tmp_path_factory: pytest.TempPathFactory
) -> None:
    login = "https://login.example.com/?back=here"
    with open_shield(
        host, tmp_path_factory.mktemp("sso"), more=ELSEWHERE % (login, login)
    ) as shield:
        found = web_site(host, SUPERLISTS_STAGING=shield.url).text
        assert "redirects to https://login.example.com, which is another host" in found
        assert unhealthy(shield.url) == found


def test_a_shield_that_lets_one_page_through_is_reported(
    host: LoopbackHost, tmp_path: Path
) -> None:
    page = f"proxy_pass {host.site.url}; proxy_set_header Host $http_host;"
    with open_shield(
        host, tmp_path, more=f"location /staging/ {{ auth_basic off; {page} }}"
    ) as half:
        finding = web_site(host, SUPERLISTS_STAGING=half.url)

    assert finding.verdict is Verdict.FAILED
    assert "asks for a user and a password" in finding.text


def test_origins_are_compared_with_their_ports() -> None:
    assert origin_of("https://Host/a") == origin_of("https://host:443/b")
    assert origin_of("https://host") != origin_of("https://host:8443")
    assert origin_of("https://host") != origin_of("https://host.example.com")
