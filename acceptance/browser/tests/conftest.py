"""Two people, each with a session of the same driver, and a small site."""

from collections.abc import Iterator

import pytest

from acceptance.browser.browser import Browser
from acceptance.browser.select import start_browser
from acceptance.browser.session import Session
from acceptance.browser.tests.small_site import SmallSite, open_small_site
from acceptance.configuration import Configuration
from acceptance.readers import BrowserName

TIMEOUT = 1.0
DRIVERS = {
    name: Configuration(timeout=TIMEOUT, browser=name)
    for name in (BrowserName.CHROMIUM, BrowserName.NONE)
}


@pytest.fixture(scope="package", params=DRIVERS)
def browser(request: pytest.FixtureRequest) -> Iterator[Browser]:
    browser = start_browser(DRIVERS[request.param])
    browser.be_monitored()
    yield browser
    browser.stop()


@pytest.fixture(scope="package")
def site() -> Iterator[SmallSite]:
    with open_small_site() as site:
        yield site


@pytest.fixture
def edith(browser: Browser) -> Iterator[Session]:
    browser.begin_scenario(needs_browser=False)
    session = browser.session()
    yield session
    session.timeout = TIMEOUT
    session.close()


@pytest.fixture
def francis(browser: Browser) -> Iterator[Session]:
    session = browser.session()
    yield session
    session.close()
