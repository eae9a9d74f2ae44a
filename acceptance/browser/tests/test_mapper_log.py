"""The log of WebDriver BiDi, which Chromium does not keep."""

import pytest

from acceptance.browser.selenium.browser import SeleniumBrowser
from acceptance.browser.selenium.mapper_log import evaluate_in_mapper
from acceptance.browser.session import Session
from acceptance.readers import BrowserName

SIZE = "document.documentElement.outerHTML.length"


@pytest.mark.parametrize("browser", [BrowserName.CHROMIUM], indirect=True)
def test_the_log_of_webdriver_bidi_does_not_grow(browser: SeleniumBrowser, edith: Session) -> None:
    driver = browser.connection.driver
    before = evaluate_in_mapper(driver, SIZE)

    edith.cookies()

    assert evaluate_in_mapper(driver, SIZE) == before > 0
