"""When a mixed run starts a real browser, and for which scenarios."""

from unittest.mock import Mock, call

from acceptance.browser.browser import Browser
from acceptance.browser.mixed import MixedBrowser


def browsers() -> tuple[MixedBrowser, Mock, Mock, Mock]:
    """Return a mixed browser, its substitute, its real browser, and the function to start that."""
    substitute, real = Mock(spec=Browser), Mock(spec=Browser)
    start = Mock(return_value=real)
    return MixedBrowser(substitute, start), substitute, real, start


def test_no_browser_starts_before_a_scenario_needs_one() -> None:
    mixed, substitute, _, start = browsers()

    mixed.be_monitored()
    mixed.begin_scenario(needs_browser=False)

    assert mixed.session() is substitute.session.return_value
    assert mixed.that_keeps_pages() is substitute.that_keeps_pages.return_value
    mixed.stop()
    start.assert_not_called()
    substitute.stop.assert_called_once_with()


def test_the_browser_starts_once_and_only_for_scenarios_that_need_it() -> None:
    mixed, substitute, real, start = browsers()
    mixed.be_monitored()
    sessions = []

    for needs_browser in (True, False, True):
        mixed.begin_scenario(needs_browser=needs_browser)
        sessions.append(mixed.session())

    start.assert_called_once_with()
    expected = [real, substitute, real]
    assert sessions == [each.session.return_value for each in expected]
    assert real.mock_calls[:2] == [call.be_monitored(), call.begin_scenario(needs_browser=True)]
    mixed.stop()
    real.stop.assert_called_once_with()
    substitute.stop.assert_called_once_with()
