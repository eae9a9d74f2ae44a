"""The one place that chooses the browser that people use."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace

from acceptance.browser.browser import Browser
from acceptance.configuration import Configuration
from acceptance.readers import BrowserName


def start_browser(configuration: Configuration) -> Browser:
    """Start the configured browser, or its substitute.

    Raises:
        BrowserUnavailableError: it does not start.

    """
    # Each driver imports much that the others do not need.
    if configuration.browser is BrowserName.MIXED:
        from acceptance.browser.mixed import MixedBrowser  # noqa: PLC0415

        without = replace(configuration, browser=BrowserName.NONE)
        real = replace(configuration, browser=BrowserName.CHROMIUM)
        return MixedBrowser(start_browser(without), lambda: start_browser(real))
    if configuration.browser is BrowserName.NONE:
        from acceptance.browser.html.browser import HtmlBrowser  # noqa: PLC0415

        return HtmlBrowser(configuration)
    from acceptance.browser.selenium.browser import SeleniumBrowser  # noqa: PLC0415

    return SeleniumBrowser(configuration)


def import_browser(configuration: Configuration) -> None:
    """Import the modules of the configured browser, and start nothing."""
    if configuration.browser in {BrowserName.MIXED, BrowserName.NONE}:
        import acceptance.browser.html.browser  # noqa: PLC0415
    if configuration.browser is not BrowserName.NONE:
        import acceptance.browser.selenium.browser  # noqa: PLC0415, F401


@contextmanager
def browser_on_its_way(configuration: Configuration) -> Iterator[Callable[[], Browser]]:
    """Start the configured browser in the background of the block, and stop it at the end.

    The block receives a function that waits for the browser and returns it, or raises
    BrowserUnavailableError.
    """
    with ThreadPoolExecutor(max_workers=1) as background:
        starting = background.submit(start_browser, configuration)
        try:
            yield starting.result
        finally:
            if starting.exception() is None:
                starting.result().stop()
