"""The document as a product owner sees it: in a real browser, from a file."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from acceptance.browser.selenium.browser import SeleniumBrowser
from acceptance.browser.session import Session
from acceptance.configuration import Configuration
from acceptance.evidence.failure import Failure
from acceptance.pages.accessibility import Accessibility
from acceptance.pages.layout import Layout
from acceptance.reports.feature_reading import read_features
from acceptance.reports.glossary import Term
from acceptance.reports.history.history import History
from acceptance.reports.history.record import past_runs
from acceptance.reports.results import read_results
from acceptance.reports.run_files import read_run
from acceptance.reports.specification.model import specification
from acceptance.reports.specification.page import page
from acceptance.reports.tests.runs import NOON, STAGING, Ending, failed, write_run

STARTS, LIKE_HTML = "Edith starts", "An item that looks like HTML"
LENGTHS, TICKS_OFF = "An item of <length> letters", "Edith ticks off an item"
EVERY_TITLE = [STARTS, LIKE_HTML, TICKS_OFF, LENGTHS]

TERMS = [Term("item", "one thing to do"), Term("shopping", "what a typo may be in")]

DAY = timedelta(days=1)

TITLES = ".scenario h3, .scenario h4"
UNFOLDED = ".scenario details[open] :is(h3, h4)"

MESSAGE = f"Expected {'very' * 60} much."


FAILED = Ending(
    "FAILED",
    failure=Failure(MESSAGE, expected="1: milk\n2: tea", shown="1: milk\n2: rum", waited=5),
    pictures=["What Edith sees.webp"],
)


@pytest.fixture(scope="module")
def browser() -> Iterator[SeleniumBrowser]:
    browser = SeleniumBrowser(Configuration(timeout=2))
    yield browser
    browser.stop()


@pytest.fixture
def document(feature: Path) -> Path:
    picture = ["What Edith sees.webp"]
    earlier = [
        write_run(Path("1.ndjson"), [feature], {STARTS: Ending("FAILED")}, at=NOON - 2 * DAY),
        write_run(Path("2.ndjson"), [feature], at=NOON - DAY),
    ]
    runs = [
        write_run(Path("local.ndjson"), [feature], {LIKE_HTML: Ending(pictures=picture)}),
        write_run(
            Path("staging.ndjson"),
            [feature],
            {"An item of 256 letters": FAILED},
            facts=STAGING,
            only=[LIKE_HTML, "An item of 255 letters", "An item of 256 letters"],
        ),
    ]
    for number, run in enumerate([*earlier, *runs]):
        # Each run has an id of its own.
        run.write_text(run.read_text("utf-8").replace('"run"', f'"run-{number}"'), "utf-8")
    features = read_features([feature])
    examples = [example for each in features for example in each.examples]
    history = History(past_runs(map(read_run, [*earlier, *runs])), examples)
    text = page(
        specification(features, read_results(runs), "Lists", glossary=TERMS, history=history)
    )
    file = Path("specification.html").resolve()
    file.write_text(text, encoding="utf-8")
    return file


@pytest.fixture
def reader(browser: SeleniumBrowser, document: Path) -> Iterator[Session]:
    session = browser.session()
    session.open(document.as_uri())
    yield session
    session.close()


def choose(reader: Session, status: str) -> None:
    click(reader, f"[value='{status}']")


def click(reader: Session, selector: str) -> None:
    reader.window.run_script("document.querySelector(arguments[0]).click()", selector)


def select(reader: Session, name: str, value: str) -> None:
    script = """
        const select = document.querySelector(`select[name=${arguments[0]}]`);
        select.value = arguments[1];
        select.dispatchEvent(new Event("input", {bubbles: true}));
    """
    reader.window.run_script(script, name, value)


def test_everything_is_shown_at_first(reader: Session) -> None:
    assert reader.texts(TITLES) == EVERY_TITLE
    assert reader.texts("#found") == ["5 scenarios"]


def test_it_requests_nothing_from_anywhere(reader: Session) -> None:
    requests = "return performance.getEntriesByType('resource').map(entry => entry.name)"
    outside = [name for name in reader.window.run_script(requests) if not name.startswith("data:")]

    assert outside == []


def test_its_own_style_and_script_are_allowed(reader: Session) -> None:
    assert reader.window.run_script("return document.styleSheets[0].cssRules.length") > 50
    assert reader.window.run_script("return getComputedStyle(document.body).margin") == "0px"


def test_the_scenarios_are_searched_while_someone_types(reader: Session) -> None:
    reader.window.type_into("#words", "looks HTML")

    assert reader.texts(TITLES) == [LIKE_HTML]
    assert reader.texts("#found") == ["1 of 5 scenarios"]
    assert reader.texts(".contents li") == ["Items of a list\n, fails"]


def test_a_search_looks_into_folded_scenarios_and_unfolds_them_while_it_lasts(
    reader: Session,
) -> None:
    reader.window.run_script(
        "for (const each of document.querySelectorAll('details')) each.open = false"
    )
    reader.window.type_into("#words", "onerror")
    assert reader.texts(UNFOLDED) == [LIKE_HTML]

    reader.window.type_into("#words", "o")
    reader.window.type_into("#words", "items of")
    assert reader.texts(UNFOLDED) == []
    assert reader.texts(TITLES) == EVERY_TITLE


def test_a_search_ignores_capitals_and_accents(reader: Session) -> None:
    reader.window.type_into("#words", "ÉDITH STÁRTS")

    assert reader.texts(TITLES) == [STARTS]


@pytest.mark.parametrize("described", ["tidy", "logged in"])
def test_a_search_finds_what_stands_above_the_scenarios(reader: Session, described: str) -> None:
    reader.window.type_into("#words", described)

    assert reader.texts(TITLES) == EVERY_TITLE


def test_a_search_looks_into_the_glossary(reader: Session) -> None:
    assert reader.texts(".glossary dt") == ["item", "shopping"]
    reader.window.type_into("#words", "typo")
    assert reader.texts(".glossary dt") == ["shopping"]
    assert reader.texts(".contents li") == ["Glossary"]

    reader.window.type_into("#words", "unicorn")
    assert reader.texts(".glossary dt, .glossary h2") == []


def test_the_words_that_were_found_stand_out(reader: Session) -> None:
    reader.window.type_into("#words", "milk")

    assert reader.window.run_script("return CSS.highlights.get('found').size") >= 3


def test_a_search_that_finds_nothing_says_so(reader: Session) -> None:
    reader.window.type_into("#words", "unicorn")

    assert reader.texts(TITLES) == []
    assert reader.texts(".nothing-found") != []
    assert reader.texts("#found") == ["0 of 5 scenarios"]


@pytest.mark.parametrize(
    ("status", "titles", "count"),
    [
        ("passed", [STARTS, LIKE_HTML, LENGTHS], "4 of 5 scenarios"),
        ("failed", [LENGTHS], "1 of 5 scenarios"),
        ("not-run", [STARTS], "1 of 5 scenarios"),
        ("planned", [TICKS_OFF], "1 of 5 scenarios"),
        ("", EVERY_TITLE, "5 scenarios"),
    ],
)
def test_scenarios_are_chosen_by_how_they_ended_anywhere(
    reader: Session, status: str, titles: list[str], count: str
) -> None:
    choose(reader, "planned")
    choose(reader, status)

    assert reader.texts(TITLES) == titles
    assert reader.texts("#found") == [count]


def test_of_an_outline_only_the_examples_of_the_chosen_status_are_shown(reader: Session) -> None:
    choose(reader, "failed")

    assert reader.texts(".examples tbody td:first-child") == ["256"]


def test_search_and_status_work_together(reader: Session) -> None:
    choose(reader, "passed")
    reader.window.type_into("#words", "edith starts")

    assert reader.texts(TITLES) == [STARTS]


def test_scenarios_that_fail_are_open(reader: Session) -> None:
    assert LENGTHS in reader.texts(UNFOLDED)
    assert TICKS_OFF not in reader.texts(UNFOLDED)
    assert any("This sentence failed:" in text for text in reader.texts(".failure"))


def test_all_scenarios_can_be_opened_and_closed(reader: Session) -> None:
    reader.window.run_script("document.querySelector('#unfold').click()")
    assert reader.texts(UNFOLDED) == EVERY_TITLE

    reader.window.run_script("document.querySelector('#unfold').click()")
    assert reader.texts(UNFOLDED) == []


def test_a_place_hides_the_results_of_all_others(reader: Session) -> None:
    assert "Local" in " ".join(reader.texts(".standing"))
    select(reader, "place", "staging")

    assert "Local" not in " ".join(reader.texts(".standing"))
    assert reader.texts(TITLES) == EVERY_TITLE
    assert reader.texts(".choice")[:3] == ["All\n5", "Passed\n2", "Failed\n1"]


def test_a_status_is_looked_for_at_the_chosen_place(reader: Session) -> None:
    choose(reader, "failed")
    select(reader, "place", "local")
    assert reader.texts(TITLES) == []

    select(reader, "place", "staging")
    assert reader.texts(TITLES) == [LENGTHS]


def test_scenarios_are_chosen_by_their_tag(reader: Session) -> None:
    select(reader, "tag", "browser")

    assert reader.texts(TITLES) == [LIKE_HTML]


def test_the_filters_are_in_the_address(reader: Session, document: Path) -> None:
    choose(reader, "failed")
    select(reader, "place", "staging")
    reader.window.type_into("#words", "letters")
    address = reader.window.run_script("return location.href")
    assert address == f"{document.as_uri()}?words=letters&status=failed&place=staging"

    follow(reader, address)
    assert reader.texts(TITLES) == [LENGTHS]
    assert reader.value("#words") == "letters"

    click(reader, "#show-all")
    assert reader.texts(TITLES) == EVERY_TITLE
    assert reader.window.run_script("return location.href") == document.as_uri()


def test_an_address_with_unknown_filters_shows_everything(reader: Session, document: Path) -> None:
    reader.open(f"{document.as_uri()}?status=purple&place=moon&tag=x&other=y")

    assert reader.texts(TITLES) == EVERY_TITLE


def test_what_has_changed_is_shown_since_the_run_that_is_chosen(
    reader: Session, document: Path
) -> None:
    assert reader.texts(".changes-since") == []
    click(reader, ".changes summary")
    assert reader.texts(".changes-since") == ["Nothing has changed."]
    choose(reader, "failed")
    since(reader, "run-0")
    assert reader.texts(".changes-since li") == ["Edith starts (Local)"]

    address = reader.window.run_script("return location.href")
    assert address == f"{document.as_uri()}?status=failed&since=run-0"
    follow(reader, address)
    assert reader.texts(".changes-since li") == ["Edith starts (Local)"]
    choose(reader, "")
    assert reader.window.run_script("return location.search") == "?since=run-0"

    since(reader, "last")
    assert reader.texts(".changes-since") == ["Nothing has changed."]
    assert reader.window.run_script("return location.href") == document.as_uri()


def test_a_run_that_is_no_longer_kept_is_the_last_one(reader: Session, document: Path) -> None:
    follow(reader, f"{document.as_uri()}?since=gone")
    click(reader, ".changes summary")

    assert reader.texts(".changes-since") == ["Nothing has changed."]
    assert reader.value("#since") == "last"


def test_what_earlier_runs_say_leaves_room_for_the_sentences(reader: Session) -> None:
    reader.window.resize(1280, 900)
    click(reader, "#unfold")
    script = """
        const past = document.querySelector(".beside > .past");
        return past.closest(".beside").querySelector(".says").offsetWidth;
    """

    assert reader.window.run_script(script) > 300


def since(reader: Session, run: str) -> None:
    script = """
        const select = document.querySelector("#since");
        select.value = arguments[0];
        select.dispatchEvent(new Event("change", {bubbles: true}));
    """
    reader.window.run_script(script, run)


def test_the_link_to_a_scenario_is_copied(reader: Session, document: Path) -> None:
    anchor = f"{document.as_uri()}#items--an-item-says-something--edith-ticks-off-an-item"
    click(reader, "#unfold")
    reader.window.run_script(
        "navigator.clipboard.writeText = async (text) => { window.copied = text; }"
    )
    choose(reader, "planned")
    click(reader, f"[id='{anchor.partition('#')[2]}'] .link")

    reader.eventually(lambda: is_among("Link copied", reader.texts(".link")))
    assert reader.window.run_script("return window.copied") == anchor


def follow(reader: Session, address: str) -> None:
    """Open an address of the page from elsewhere."""
    reader.open("about:blank")
    reader.open(address)


def test_a_link_from_before_a_rule_was_renamed_still_leads_to_its_scenario(
    reader: Session, document: Path
) -> None:
    follow(reader, f"{document.as_uri()}#old--an-old-rule--edith-ticks-off-an-item")

    assert TICKS_OFF in reader.texts(UNFOLDED)


def test_a_link_to_a_scenario_that_is_gone_says_so(reader: Session, document: Path) -> None:
    assert reader.texts(".moved") == []
    follow(reader, f"{document.as_uri()}#items--edith-flies")

    assert len(reader.texts(".moved")) == 1


def test_a_link_to_a_scenario_shows_it_whatever_was_searched_for(reader: Session) -> None:
    reader.window.type_into("#words", "unicorn")
    reader.window.run_script(
        "location.hash = 'items--an-item-says-something--edith-ticks-off-an-item'"
    )

    reader.eventually(lambda: is_among(TICKS_OFF, reader.texts(UNFOLDED)))


def is_among(title: str, titles: list[str]) -> None:
    assert title in titles


def test_on_paper_everything_is_unfolded_and_afterwards_as_before(reader: Session) -> None:
    before = reader.texts(UNFOLDED)
    reader.window.run_script("dispatchEvent(new Event('beforeprint'))")
    assert reader.texts(UNFOLDED) == EVERY_TITLE

    reader.window.run_script("dispatchEvent(new Event('afterprint'))")
    assert reader.texts(UNFOLDED) == before


def test_on_paper_the_filters_are_named(reader: Session) -> None:
    choose(reader, "failed")
    select(reader, "place", "staging")
    reader.window.type_into("#words", "letters")

    named = reader.window.run_script("return document.querySelector('#chosen').textContent")
    assert named == ": Failed, Staging, “letters”"


def test_a_picture_opens_large_and_closes_again(reader: Session) -> None:
    reader.window.run_script("document.querySelector('#unfold').click()")
    reader.window.run_script("document.querySelector('.picture').click()")
    assert reader.texts("dialog p") == ["What Edith sees, Local"]
    assert reader.window.run_script("return document.querySelector('dialog img').naturalWidth") == 4

    click(reader, "dialog img")
    assert reader.texts("dialog p") != []

    reader.window.run_script("document.querySelector('dialog button').click()")
    assert reader.texts("dialog p") == []


def test_a_large_picture_keeps_its_size_on_a_phone(reader: Session) -> None:
    reader.window.resize(390, 844)
    click(reader, "#unfold")
    reader.window.run_script(
        "document.querySelector('.picture img').width = 1280;"
        "document.querySelector('.picture img').style.width = '1280px'"
    )
    click(reader, ".picture")
    script = """
        const picture = document.querySelector("dialog img");
        return [picture.offsetWidth, picture.parentElement.scrollWidth,
                document.querySelector("dialog").offsetWidth <= innerWidth];
    """

    assert reader.window.run_script(script) == [1280, 1280, True]
    click(reader, "dialog button")


def test_a_failure_leads_to_the_next_one(browser: SeleniumBrowser, feature: Path) -> None:
    endings = {name: failed("No.") for name in (STARTS, LIKE_HTML, "An item of 256 letters")}
    results = read_results([write_run(Path("run.ndjson"), [feature], endings)])
    file = Path("failing.html").resolve()
    text = page(specification(read_features([feature]), results, "Lists"))
    file.write_text(text, encoding="utf-8")
    reader = browser.session()
    reader.open(file.as_uri())
    script = """
        return [...document.querySelectorAll(".next-failing:not([hidden])")].map(
            (link) => decodeURIComponent(link.hash));
    """
    _, second, third = (
        f"#{each.anchor}"
        for each in specification(read_features([feature]), results, "Lists").failing
    )

    assert reader.window.run_script(script) == [second, third]
    reader.window.type_into("#words", "letters")
    assert reader.texts(".next-failing") == []
    assert len(reader.texts(".all-failing")) == 1
    reader.close()


def test_a_failure_shows_what_differs_and_folds_what_developers_need(reader: Session) -> None:
    assert reader.texts(".failure mark") == ["2: tea", "2: rum"]
    assert not any("very" in text for text in reader.texts(".failure"))

    click(reader, ".failure .details summary")
    assert any("very" in text for text in reader.texts(".failure"))


def test_markup_in_a_feature_runs_nothing(reader: Session) -> None:
    assert not reader.matches(".sheet :is(img[src=x], b, i, script)")


@pytest.mark.parametrize(("width", "height"), [(360, 640), (1280, 900)])
def test_nothing_is_wider_than_the_window(reader: Session, width: int, height: int) -> None:
    reader.window.resize(width, height)
    reader.window.run_script("document.querySelector('#unfold').click()")
    layout = Layout(reader, "")

    layout.fits_width()
    assert reader.texts(UNFOLDED) == EVERY_TITLE


@pytest.fixture(params=["light", "dark"])
def scheme(
    request: pytest.FixtureRequest, browser: SeleniumBrowser, reader: Session
) -> Iterator[str]:
    """The colours that the reader prefers."""

    def prefer(scheme: str) -> None:
        media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
        browser.connection.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", media)

    prefer(request.param)
    yield request.param
    prefer("")


@pytest.mark.parametrize(("width", "height"), [(360, 640), (1280, 900)])
def test_it_keeps_to_wcag(reader: Session, scheme: str, width: int, height: int) -> None:
    reader.window.resize(width, height)
    reader.window.run_script("document.querySelector('#unfold').click()")
    preferred = f"return matchMedia('(prefers-color-scheme: {scheme})').matches"

    assert reader.window.run_script(preferred)
    Accessibility(reader, "").keeps_to_wcag()


def test_without_scripts_it_can_still_be_read(browser: SeleniumBrowser, document: Path) -> None:
    reader = browser.session()
    reader.run_no_scripts()
    reader.open(document.as_uri())

    assert reader.texts(TITLES) == EVERY_TITLE
    assert reader.texts(".tools") == []
    reader.close()
