"""Lets a browser through a web server that asks for a user and a password before a site."""

from urllib.parse import quote, urlsplit

from acceptance.browser.selenium.tab import Tab
from acceptance.hosts.web.site_requests import SiteLogIn


def log_in_to_site(tab: Tab, url: str, log_in: SiteLogIn) -> None:
    """Let a browser keep the log-in for the site, as for a person who has typed it there once.

    From then on, it answers by itself whenever that site asks in the tab's user context, and no
    one else who does. To answer each question by WebDriver BiDi (network.authRequired) would not
    do: ChromeDriver 156 takes no such answer while another command waits for the page.

    Args:
        tab: shows no page afterwards.
        url: the address of the site's home page.
        log_in: what is asked for.

    Raises:
        BrowserFailedError: the browser is broken.

    """
    parts = urlsplit(url)
    both = (log_in.user, log_in.password)
    user_info = ":".join(quote(str(each.value), safe="") for each in both)
    # Where it is refused, each page of the site will say so.
    tab.navigate(
        parts._replace(netloc=f"{user_info}@{parts.netloc}", path="/").geturl(), wait="complete"
    )
    tab.navigate("about:blank", wait="complete")
    # The site may have set some, and no one has visited it.
    tab.delete_cookies()
