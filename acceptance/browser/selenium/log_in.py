"""Lets a browser through a web server that asks for a user and a password before a site."""

from contextlib import suppress
from urllib.parse import quote, urlsplit

from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.bidi.storage import StorageKeyPartitionDescriptor
from selenium.webdriver.remote.webdriver import WebDriver

from acceptance.hosts.web.site_requests import SiteLogIn


def log_in_to_site(
    driver: WebDriver, user_context: str, tab: str, url: str, log_in: SiteLogIn
) -> None:
    """Let a browser keep the log-in for the site, as for a person who has typed it there once.

    From then on, it answers by itself whenever that site asks in the user context, and no one
    else who does. To answer each question by WebDriver BiDi (network.authRequired) would not do:
    ChromeDriver 156 takes no such answer while another command waits for the page.

    Args:
        driver: drives the browser.
        user_context: the WebDriver BiDi user context.
        tab: the WebDriver window handle of a tab in it, which shows no page afterwards.
        url: the address of the site's home page.
        log_in: what is asked for.

    """
    parts = urlsplit(url)
    user_info = f"{quote(log_in.user, safe='')}:{quote(log_in.password, safe='')}"
    address = parts._replace(netloc=f"{user_info}@{parts.netloc}", path="/").geturl()
    # Where it is refused, each page of the site will say so.
    with suppress(WebDriverException):
        driver.browsing_context.navigate(context=tab, url=address, wait="complete")
    driver.browsing_context.navigate(context=tab, url="about:blank", wait="complete")
    # The site may have set some, and no one has visited it.
    partition = StorageKeyPartitionDescriptor(user_context=user_context)
    driver.storage.delete_cookies(partition=partition)
