"""The page of a run, as a browser shows it that is cut off from everything else."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from acceptance.browser.select import browser_on_its_way
from acceptance.browser.session import Session
from acceptance.configuration import Configuration
from acceptance.reports.merging import merge
from acceptance.reports.page import page
from acceptance.reports.run_files import RecordedRun
from acceptance.reports.tests.conftest import RunsFeature

FEATURE = """\
@site
Feature: All that is told
  By Edith, with ![a picture]({outside}).

  Scenario: With a table and a text
    Given a table is told
      | item | done |
      | milk | yes  |
    And a text is told
      \"\"\"
      </script><script>document.title = "broken"</script> {{{{script}}}} <!-- <script>
      \"\"\"
    And there is a drawing

  Rule: Failures are told

    Scenario: Wrong
      Given it is wrong
      And it works

    Scenario: Undefined
      Given it is unheard of

    Scenario: Pending
      Given it is not written yet

    Scenario: Skipped
      Given it is skipped

    @planned
    Scenario: Planned
      Given it is unheard of

    Scenario Outline: <who> tells <what>
      Given <what> is told

      Examples: few
        | who   | what  |
        | Edith | bread |
"""

DRAWING = b"""\
<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"><path d="M0 0h30v20z"/></svg>\
"""

ENVIRONMENT = f"""
    from behave import step

    @step("there is a drawing")
    def there_is_a_drawing(context):
        context.attach('image/svg+xml; name="What Edith sees.svg"', {DRAWING!r})

    def before_all(context):
        context.attach("application/json", b'{{"place": "local"}}')
"""

TEXT = """
    document.querySelectorAll("#report details").forEach((each) => { each.open = true; });
    return document.querySelector("#report")?.innerText ?? "";
"""

PICTURES = """
    return [...document.querySelectorAll("#report details img")].map(
        (each) => [each.src.slice(0, 24), each.naturalWidth, each.naturalHeight]);
"""

ALL_PICTURES_ARE_THERE_OR_NOT = """
    return document.images.length > 0 && [...document.images].every((each) => each.complete);
"""

HOW_FAR_IT_REACHES = "return [document.documentElement.scrollWidth, innerWidth]"

ASKED_FOR = "return performance.getEntriesByType('resource').map((each) => each.name)"

PATIENCE = 20
"""Seconds that the browser may take to show the page."""

Opens = Callable[..., str]


@pytest.fixture(scope="module")
def reader() -> Iterator[Session]:
    with browser_on_its_way(Configuration(timeout=PATIENCE)) as when_ready:
        yield when_ready().session()


@pytest.fixture
def outside() -> Iterator[tuple[str, list[str]]]:
    """The address of a picture elsewhere, and what was asked for there."""
    asked: list[str] = []

    class Elsewhere(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/picture.png", asked
        server.shutdown()
        thread.join()


@pytest.fixture
def opened(run: RunsFeature, tmp_path: Path, reader: Session) -> Opens:
    """Opens the page of a run in the browser and returns what is to be read there."""

    def all_text() -> str:
        text = str(reader.window.run_script(TEXT))
        assert "bread is told" in text
        assert reader.window.run_script(ALL_PICTURES_ARE_THERE_OR_NOT)
        return text

    def open_page(outside: str = "", *, width: int = 1024) -> str:
        ran = run(
            FEATURE.format(outside=outside),
            environment=ENVIRONMENT,
            arguments=["--tags=not @planned", "--no-skipped"],
        )
        recorded = RecordedRun(tmp_path / "run.ndjson", ran.messages)
        file = tmp_path / "run.html"
        file.write_text(page(merge([recorded]), "Lists & more, local"), encoding="utf-8")
        reader.window.resize(width, 800)
        reader.open(file.as_uri())
        return reader.eventually(all_text)

    return open_page


def test_it_shows_how_scenarios_ended(opened: Opens) -> None:
    text = opened()

    assert "33.3% (2 / 6) passed" in text
    for status in ("PASSED 2", "FAILED 1", "UNDEFINED 1", "PENDING 1", "SKIPPED 1"):
        assert status in text
    assert "ASSERT FAILED: 2 is not 3" in text
    assert "No step definition found." in text


def test_it_shows_rules_outlines_tables_texts_and_tags(opened: Opens) -> None:
    text = opened()

    for shown in (
        "Feature: All that is told",
        "@site",
        "Rule: Failures are told",
        "Scenario Outline: <who> tells <what>",
        "Examples: few",
        "Given bread is told",
        "item\tdone\nmilk\tyes",
    ):
        assert shown in text


def test_it_shows_text_as_text_whatever_it_says(opened: Opens, reader: Session) -> None:
    text = opened()

    assert '</script><script>document.title = "broken"</script> {{script}} <!-- <script>' in text
    assert reader.title == "Lists & more, local"


def test_it_shows_pictures_and_what_is_said_of_the_run(opened: Opens, reader: Session) -> None:
    text = opened()

    assert "What Edith sees.svg" in text
    assert reader.window.run_script(PICTURES) == [["data:image/svg+xml;base6", 30, 20]]
    assert '"place": "local"' in text


def test_what_is_planned_and_not_run_does_not_look_failed(opened: Opens) -> None:
    assert "Planned" not in opened()


def test_it_needs_nothing_else(opened: Opens, reader: Session) -> None:
    opened("data:,")

    assert reader.window.run_script(ASKED_FOR) == []


def test_it_fetches_no_picture_that_a_feature_names(
    opened: Opens, outside: tuple[str, list[str]]
) -> None:
    address, asked = outside

    opened(address)

    assert asked == []


@pytest.mark.parametrize("width", [390, 1200])
def test_it_is_as_wide_as_the_window(opened: Opens, reader: Session, width: int) -> None:
    opened(width=width)

    reaches, window = reader.window.run_script(HOW_FAR_IT_REACHES)
    assert window == width
    assert reaches <= window
