import shutil
from pathlib import Path
from unittest.mock import Mock

import pytest
from selenium.common.exceptions import WebDriverException

from acceptance.browser.errors import BrowserUnavailableError
from acceptance.browser.selenium import installed
from acceptance.browser.selenium.browser import SeleniumBrowser
from acceptance.browser.selenium.driver import start_driver
from acceptance.browser.selenium.failures import brief_reason
from acceptance.configuration import Configuration
from acceptance.readers import BrowserName

INSTALL_CHROMIUM = "type `make browser`."
INSTALL_FIREFOX = "type `make firefox`."

hideable = pytest.mark.skipif(
    any(
        shutil.which(name, path="/nowhere")
        for name in (*installed.CHROMIUM, *installed.CHROME, *installed.CHROMEDRIVER)
    ),
    reason="a browser or its driver is where no PATH can hide it",
)


@pytest.fixture(autouse=True)
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder with programs; there are none in it."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(installed, "HEADLESS_SHELL", str(tmp_path / "chromium-headless-shell"))
    return tmp_path


def install(*programs: Path) -> None:
    """Install programs that do nothing but fail."""
    for program in programs:
        program.write_text("#!/bin/sh\nexit 1\n", encoding="ascii")
        program.chmod(0o755)


def refusal(configuration: Configuration) -> str:
    """The message of the refusal to start a browser."""
    with pytest.raises(BrowserUnavailableError) as refused:
        start_driver(configuration)
    message = str(refused.value)
    assert "\n" not in message
    return message


@hideable
@pytest.mark.parametrize(
    ("browser", "title", "install_command"),
    [
        (BrowserName.CHROMIUM, "Chromium", INSTALL_CHROMIUM),
        (BrowserName.CHROME, "Chrome", INSTALL_CHROMIUM),
        (BrowserName.FIREFOX, "Firefox", INSTALL_FIREFOX),
    ],
)
def test_a_missing_browser_is_named_with_the_command_that_installs_it(
    browser: BrowserName, title: str, install_command: str
) -> None:
    message = refusal(Configuration(browser=browser))

    assert message.startswith(f"{title} was not found (searched for ")
    assert message.endswith(install_command)


@hideable
def test_a_missing_driver_is_named_with_the_command_that_installs_it(programs: Path) -> None:
    install(programs / "chromium")

    message = refusal(Configuration())

    assert message.startswith("ChromeDriver was not found (searched for chromedriver, ")
    assert message.endswith(INSTALL_CHROMIUM)


def test_a_browser_in_a_window_needs_a_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)

    assert refusal(Configuration(headed=True)).startswith("A headed browser needs a screen")


def test_a_driver_that_does_not_start_is_reported(programs: Path) -> None:
    install(programs / "chromium", programs / "chromedriver")

    message = refusal(Configuration())

    assert message.startswith("Chromium did not start (")
    assert message.endswith(
        "check that it starts by itself, and that its driver has the same version."
    )


def test_a_grid_that_does_not_answer_is_named() -> None:
    assert refusal(Configuration(grid="http://127.0.0.1:1")) == (
        "Chromium did not start (Connection refused): "
        "check that the grid at http://127.0.0.1:1 answers."
    )


# Selenium warns about such addresses, but the provider of the grid chooses them.
@pytest.mark.filterwarnings("ignore:Embedding username and password in URL")
def test_the_password_of_a_grid_stays_secret() -> None:
    message = refusal(Configuration(grid="http://edith:secret@127.0.0.1:1"))

    assert message.endswith("check that the grid at http://***@127.0.0.1:1 answers.")
    assert "secret" not in message


def test_the_reason_for_a_failed_driver_is_reported_without_its_stack() -> None:
    error = WebDriverException("disconnected: it is gone\n  (more)", stacktrace=["#0 0x55cda02c7"])

    assert brief_reason(error) == "disconnected: it is gone"
    assert brief_reason(WebDriverException()) == "WebDriverException"


def test_a_grid_without_a_replacement_is_asked_only_once(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = BrowserUnavailableError("Chromium did not start: check that the grid answers.")
    starts = Mock(side_effect=[Mock(service=None), gone])
    monkeypatch.setattr("acceptance.browser.selenium.browser.start_driver", starts)
    browser = SeleniumBrowser(Configuration(grid="http://grid.example.com"))
    browser.connection.is_broken = True

    for _ in range(3):
        with pytest.raises(BrowserUnavailableError, match="check that the grid answers"):
            browser.begin_scenario(needs_browser=True)

    assert starts.call_count == 2
