"""A proxy on the way to a site: who uses it, and the messages when it refuses."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from acceptance.browser.select import browser_on_its_way
from acceptance.configuration import Configuration
from acceptance.hosts.secret_setting import SecretSetting
from acceptance.hosts.web.proxy import ProxyError, proxy_for
from acceptance.hosts.web.site_requests import SiteRequests
from acceptance.mail.catch_all import MailDevInbox
from acceptance.mail.errors import MailboxError
from acceptance.readers import BrowserName, deployed_site
from fabfile.deployed_site import Site
from fabfile.health import NotHealthyError, answer_of
from features.support.scanner import look_at

# No name server knows this host, so requests that reach it went through the proxy.
SITE = "http://superlists.invalid"


class SmallProxy(BaseHTTPRequestHandler):
    """Answers for every http:// site, and reaches no https:// site."""

    def do_GET(self) -> None:
        content = b"<title>by proxy</title>"
        self.send_response(407 if self.path.endswith("/407") else 200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_CONNECT(self) -> None:
        self.send_error(403, "Forbidden here")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in ("http", "https", "all", "no"):
        for name in (f"{kind}_proxy", f"{kind}_proxy".upper()):
            # Set before it is deleted, so that a value that a test leaves is removed at its end.
            monkeypatch.setenv(name, "")
            monkeypatch.delenv(name)


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), SmallProxy) as server:
        Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        place = f"127.0.0.1:{server.server_port}"
        monkeypatch.setenv("HTTP_PROXY", f"http://{place}")
        monkeypatch.setenv("HTTPS_PROXY", f"http://{place}")
        yield place
        server.shutdown()


@pytest.mark.parametrize(
    ("variables", "url", "expected"),
    [
        ({}, "https://a.example", None),
        ({"HTTPS_PROXY": "http://p:3128"}, "https://a.example", "p:3128"),
        ({"https_proxy": "p"}, "https://a.example", "p:80"),
        ({"HTTP_PROXY": "http://p:3128"}, "https://a.example", None),
        ({"ALL_PROXY": "http://p:3128/"}, "https://a.example", "p:3128"),
        (
            {"HTTPS_PROXY": "http://p:1", "NO_PROXY": "b.example, .example"},
            "https://a.example",
            None,
        ),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "b.example"}, "https://a.example", "p:1"),
        ({"ALL_PROXY": "http://p:1", "NO_PROXY": "*"}, "https://a.example", None),
        ({"HTTPS_PROXY": "http://p:1"}, "https://localhost:8443", None),
        ({"HTTP_PROXY": "http://p:1"}, "http://127.0.0.1:8000", None),
        ({"HTTP_PROXY": "http://p:1"}, "http://[::1]:8000", None),
    ],
)
def test_the_environment_has_the_same_meaning_as_for_other_programs(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], url: str, expected: str | None
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    found = proxy_for(url)

    assert (found.place if found else None) == expected


@pytest.mark.parametrize(
    "value", ["socks5://p:1080", "http://user:secret@p:1", "https://p:1", "p:x"]
)
def test_a_proxy_that_cannot_be_used_is_named_without_its_password(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("ALL_PROXY", value)

    with pytest.raises(ProxyError, match=r"ALL_PROXY .* for a\.example") as refusal:
        proxy_for("https://a.example")

    assert "secret" not in str(refusal.value)


@pytest.mark.parametrize("browser", [BrowserName.CHROMIUM, BrowserName.NONE])
def test_the_browser_and_the_checks_use_the_same_proxy(place: str, browser: BrowserName) -> None:
    assert b"by proxy" in SiteRequests(SITE).ask("/health", timeout=10).content
    configuration = Configuration(staging=deployed_site(SITE), browser=browser)
    with browser_on_its_way(configuration) as when_ready:
        session = when_ready().session()
        session.open(SITE)
        assert session.title == "by proxy"
    assert place


def test_a_proxy_that_refuses_is_named_and_not_the_site(place: str) -> None:
    url = SITE.replace("http:", "https:")
    expected = f"the proxy {place} (HTTPS_PROXY) does not reach it (403 Forbidden here)"

    with pytest.raises(ProxyError) as failure:
        SiteRequests(url).ask("/", timeout=10)
    assert expected in str(failure.value)
    with pytest.raises(NotHealthyError) as unhealthy:
        answer_of(Site("superlists.invalid", "elspeth", "/home/elspeth"))
    assert expected in str(unhealthy.value)
    with pytest.raises(AssertionError) as scanned:
        look_at(url, {}, SiteRequests(url))
    assert expected in str(scanned.value)
    without = Configuration(staging=deployed_site(url), browser=BrowserName.NONE)
    with browser_on_its_way(without) as when_ready, pytest.raises(AssertionError) as opened:
        when_ready().session().open(url)
    assert expected in str(opened.value)
    with pytest.raises(ProxyError, match="asks for a user and a password"):
        SiteRequests(SITE).ask("/407", timeout=10)


def test_a_missing_proxy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    inbox = MailDevInbox("http://maildev.invalid", SecretSetting("MAILBOX_PASSWORD"), patience=5)

    with (
        pytest.raises(MailboxError, match=r"proxy 127\.0\.0\.1:1 \(ALL_PROXY\) .*refused"),
        inbox.open(),
    ):
        pass
