"""Logs a browser in to a web server that asks for a user and a password in front of a site."""

from urllib.parse import quote, urlsplit

from acceptance.browser.selenium.tab import Tab
from acceptance.hosts.web.site_requests import SiteLogIn


def log_in_to_site(tab: Tab, url: str, log_in: SiteLogIn) -> None:
    """Make the browser remember the login for the site, as if a person had typed it there once.

    From then on, the browser sends it whenever that site asks in the tab's user context, and to no
    other site. WebDriver BiDi (network.authRequired) cannot be used to answer each request:
    ChromeDriver 156 accepts no such answer while another command waits for the page.

    Args:
        tab: a tab, which shows no page afterwards.
        url: the address of the site's home page.
        log_in: the user and the password.

    Raises:
        BrowserFailedError: the browser is broken.

    """
    parts = urlsplit(url)
    both = (log_in.user, log_in.password)
    user_info = ":".join(quote(str(each.value), safe="") for each in both)
    # If the login is refused, each page of the site will show that.
    tab.navigate(
        parts._replace(netloc=f"{user_info}@{parts.netloc}", path="/").geturl(), wait="complete"
    )
    tab.navigate("about:blank", wait="complete")
    # The site may have set cookies, although no person has visited it yet.
    tab.delete_cookies()
