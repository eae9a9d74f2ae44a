"""Fixtures for tests in a real browser, which each conftest.py that needs them imports."""

from collections.abc import Iterator

import pytest

from acceptance.browser.selenium.browser import SeleniumBrowser
from acceptance.browser.selenium.session import SeleniumSession
from acceptance.browser.tests.small_site import SmallSite, open_small_site
from acceptance.configuration import Configuration


@pytest.fixture(scope="module")
def browser() -> Iterator[SeleniumBrowser]:
    browser = SeleniumBrowser(Configuration(timeout=1))
    yield browser
    browser.stop()


@pytest.fixture(scope="module")
def site() -> Iterator[SmallSite]:
    with open_small_site() as site:
        yield site


@pytest.fixture
def session(browser: SeleniumBrowser) -> Iterator[SeleniumSession]:
    session = browser.session()
    yield session
    session.close()
