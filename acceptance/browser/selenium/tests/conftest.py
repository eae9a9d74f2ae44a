from acceptance.browser.tests.real_browser import browser, session, site

__all__ = ["browser", "session", "site"]
