"""The document as it is written: one file, whose text is text."""

import re
from collections.abc import Iterator
from functools import partial
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.template import Engine

from acceptance.evidence.failure import Failure
from acceptance.reports.feature_reading import read_features
from acceptance.reports.glossary import Term
from acceptance.reports.results import read_results
from acceptance.reports.specification.model import specification
from acceptance.reports.specification.page import page
from acceptance.reports.tests.runs import LOCAL, NOON, Ending, failed, write_run

HOSTILE = '</script></style><script>alert(3)</script>"\'&{{ 7|add:7 }}{% now "Y" %}'

VOID = {"br", "img", "input", "meta"}
# Whatever else begins something new.
WITHIN_A_LINE = {"a", "b", "code", "em", "mark", "span", "svg", "time", "use"}


class Elements(HTMLParser):
    """Reads a document, keeps its elements and its text, and sees that all is closed in order."""

    def __init__(self, document: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(document)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in WITHIN_A_LINE:
            self.text += " "
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # As in SVG.
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    @property
    def words(self) -> str:
        """Its text as a line."""
        return " ".join(self.text.split())

    def values(self, *names: str) -> Iterator[str]:
        """What attributes of these names hold."""
        for _, attributes in self.elements:
            yield from (attributes[name] or "" for name in names if name in attributes)


def document_of(feature: Path, *runs: Path) -> str:
    return page(specification(read_features([feature]), read_results(runs), "Lists"))


def test_markup_in_a_feature_is_shown_as_it_was_typed(feature: Path) -> None:
    document = Elements(document_of(feature))

    for text in (
        '"<b>Learn</b> <script>alert(1)</script> & HTML"',
        "<img src=x onerror=alert(2)>",
        "<i>milk</i>",
    ):
        assert text in document.text
    tags = [tag for tag, _ in document.elements]
    assert tags.count("script") == 1
    assert "i" not in tags
    assert "img" not in tags


def test_nothing_that_features_and_runs_say_is_taken_for_markup(tmp_path: Path) -> None:
    file = tmp_path / "hostile.feature"
    file.write_text(
        f"""
        Feature: F {HOSTILE}
          D {HOSTILE}
          Background: B {HOSTILE}
            D {HOSTILE}
            Given {HOSTILE}
          Rule: R {HOSTILE}
            D {HOSTILE}
            Scenario Outline: S {HOSTILE}
              D {HOSTILE}
              When <{HOSTILE}>
                | {HOSTILE} |
              Then that
                '''
                {HOSTILE}
                '''
              Examples: E {HOSTILE}
                | {HOSTILE.replace("|", chr(92) + "|")} |
                | {HOSTILE.replace("|", chr(92) + "|")} |
        """.replace(f"                | {HOSTILE} |\n", ""),
        encoding="utf-8",
    )
    facts = {**LOCAL, "site": HOSTILE, "commit": HOSTILE, "browser": HOSTILE}
    ending = Ending("FAILED", message=HOSTILE, pictures=[f"{HOSTILE.replace('/', '')}.webp"])
    (feature,) = read_features([file])
    (name,) = {
        example.identity.name.replace(f"<{HOSTILE}>", HOSTILE) for example in feature.examples
    }
    run = write_run(tmp_path / "run.ndjson", [file], {name: ending}, facts=facts)

    document = Elements(document_of(file, run))

    # Title, contents, and wherever else each of them stands.
    assert document.text.count(HOSTILE) > 15
    assert [tag for tag, _ in document.elements].count("script") == 1
    names = {name for _, attributes in document.elements for name in attributes}
    assert {name for name in names if not re.fullmatch(r"[a-zA-Z-]+", name)} == set()
    assert {name for name in names if name.startswith("on")} == set()


def test_the_document_needs_nothing_besides(feature: Path) -> None:
    ending = {"Edith starts": Ending(pictures=["What Edith sees.webp"])}
    run = write_run(Path("local.ndjson"), [feature], ending)
    text = document_of(feature, run)
    document = Elements(text)

    addresses = set(
        document.values("src", "href", "srcset", "action", "poster", "data", "xlink:href")
    )
    outside = {each for each in addresses if not each.startswith(("#", "data:image/webp;base64,"))}
    assert addresses
    assert outside == set()
    assert not re.search(r"url\(|@import|https?://", text)


def test_every_link_leads_somewhere(feature: Path) -> None:
    run = write_run(Path("local.ndjson"), [feature], {"Edith starts": failed("No.")})
    document = Elements(document_of(feature, run))

    ids = list(document.values("id"))
    referred = {
        *(address.removeprefix("#") for address in document.values("href")),
        *document.values("aria-labelledby", "for"),
    }
    assert len(ids) == len(set(ids))
    assert referred <= set(ids)


def test_what_is_put_in_by_others_could_not_even_run(feature: Path) -> None:
    (policy,) = (
        attributes["content"] or ""
        for tag, attributes in Elements(document_of(feature)).elements
        if tag == "meta" and "http-equiv" in attributes
    )

    assert policy.startswith("default-src 'none'; img-src data:; ")
    assert "unsafe" not in policy


def test_the_template_finds_all_that_it_asks_for(
    feature: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Django prints nothing for what is not there, unless it is told what to print.
    telling = partial(Engine, string_if_invalid="MISSING")
    monkeypatch.setattr("acceptance.reports.specification.page.Engine", telling)
    endings = {"Edith starts": Ending("FAILED", message="No.", pictures=["Page.webp"])}
    changed = {**LOCAL, "commit": None, "uncommitted": True}
    runs = [
        write_run(Path("local.ndjson"), [feature], endings),
        write_run(Path("other.ndjson"), [feature], only=["An item of 255 letters"], facts=changed),
    ]
    text = document_of(feature, *runs)

    assert "MISSING" not in text


def test_the_top_tells_when_where_and_what_was_run(feature: Path) -> None:
    facts = {**LOCAL, "uncommitted": True}
    run = write_run(Path("local.ndjson"), [feature], facts=facts)
    text = Elements(document_of(feature, run)).words

    assert "Site on the machine that ran the tests Run 25 November 2026, " in text
    assert (
        "Details for developers Commit 1444d18, with uncommitted changes Browser Chromium" in text
    )
    assert "Staging: there are no results yet." in text
    assert f'datetime="{NOON.isoformat()}"' in document_of(feature, run)


def test_an_unknown_commit_is_called_so(feature: Path) -> None:
    run = write_run(Path("local.ndjson"), [feature], facts={**LOCAL, "commit": None})

    assert "Commit unknown" in Elements(document_of(feature, run)).words


def test_a_status_is_a_word_and_not_a_colour_alone(feature: Path) -> None:
    run = write_run(Path("local.ndjson"), [feature], {"Edith starts": failed("It said no.")})
    text = Elements(document_of(feature, run)).words

    assert "Edith starts failed" in text
    assert "Edith ticks off an item planned" in text
    assert 'When Edith adds "Buy milk" failed' in text
    assert "It said no." in text


def test_what_fails_is_listed_under_its_feature_and_rule(feature: Path) -> None:
    endings = {name: failed("No.") for name in ("Edith starts", "An item of 256 letters")}
    text = Elements(document_of(feature, write_run(Path("l.ndjson"), [feature], endings))).words

    assert "Failing Items of a list Edith starts" in text
    assert "Items of a list › An item has a length An item of … letters (2 examples)" in text
    # Each failure repeats it.
    assert text.count("Items of a list › An item has a length") == 2


def test_headings_of_what_fails_say_so(feature: Path) -> None:
    endings = {"An item of 256 letters": failed("No.")}
    text = Elements(document_of(feature, write_run(Path("l.ndjson"), [feature], endings))).words

    assert text.count("Items of a list, fails") == 1  # Besides the contents.
    assert "Rule An item has a length, fails" in text
    assert "Rule An item says something, fails" not in text


def test_a_sentence_that_failed_is_shown_once(feature: Path) -> None:
    run = write_run(Path("local.ndjson"), [feature], {"Edith starts": failed("It said no.")})
    text = Elements(document_of(feature, run)).words

    assert text.count('Edith adds "Buy milk"') == 1
    assert "This sentence failed" not in text


def test_a_sentence_before_each_scenario_that_failed_is_shown_with_the_failure(
    feature: Path,
) -> None:
    run = write_run(Path("local.ndjson"), [feature], {"Edith starts": failed("It said no.", at=0)})

    assert (
        "This sentence failed: Given Edith is logged in"
        in Elements(document_of(feature, run)).words
    )


def test_places_are_named_only_where_several_have_results(feature: Path) -> None:
    local = write_run(Path("local.ndjson"), [feature], {"Edith starts": failed("No.")})
    staging = write_run(Path("staging.ndjson"), [feature], facts={**LOCAL, "place": "staging"})

    assert (
        "Edith starts Local failed Staging passed"
        in Elements(document_of(feature, local, staging)).words
    )
    assert "place-name" not in Elements(document_of(feature, local)).values("class")


def test_the_document_is_named_after_the_project(feature: Path) -> None:
    text = document_of(feature)

    assert "<title>What Lists does</title>" in text
    assert "<h1>What Lists does</h1>" in text


def test_a_failure_shows_what_was_expected_and_what_was_shown(feature: Path) -> None:
    why = Failure("the list is wrong", expected="1: milk")
    ending = Ending("FAILED", message="ASSERT FAILED: in prose", failure=why)
    run = write_run(Path("local.ndjson"), [feature], {"Edith starts": ending})
    text = Elements(document_of(feature, run)).words

    assert "Expected: 1: milk Shown: nothing like it" in text
    assert "in prose" not in text


def test_a_failure_says_what_is_compared(feature: Path) -> None:
    why = Failure("it is wrong", expected="My lists", shown="To-Do", compared="heading")
    ending = Ending("FAILED", failure=why)
    run = write_run(Path("local.ndjson"), [feature], {"Edith starts": ending})

    assert (
        "Expected heading: My lists Heading shown: To-Do"
        in Elements(document_of(feature, run)).words
    )


def test_without_a_run_no_scenario_has_a_status_but_planned(feature: Path) -> None:
    text = Elements(document_of(feature)).words

    assert "There are no results yet" in text
    assert "not run" not in text
    assert "Edith ticks off an item planned" in text


def test_a_feature_in_another_language_says_which(feature: Path) -> None:
    feature.with_name("listen.feature").write_text(
        """# language: de
Funktionalität: Listen
  Grundlage:
    Angenommen Edith ist hier
  Szenario: Edith beginnt
    Wenn Edith beginnt
""",
        encoding="utf-8",
    )
    features = read_features([feature.parent])
    document = Elements(page(specification(features, [], "Lists")))

    languages = {
        attributes.get("aria-labelledby"): attributes.get("lang")
        for _, attributes in document.elements
        if attributes.get("class") == "capability"
    }
    assert languages == {"items": None, "listen": "de"}
    assert "Grundlage Angenommen Edith ist hier" in document.words
    assert "Before each scenario Given Edith is logged in" in document.words


def test_the_glossary_is_on_the_page(feature: Path) -> None:
    terms = [Term("item", "one <thing> to do")]
    document = Elements(page(specification(read_features([feature]), [], "Lists", glossary=terms)))

    assert "Glossary item one <thing> to do" in document.words
    assert "#glossary" in set(document.values("href"))


def test_the_gallery_is_on_the_page_with_links_to_its_scenarios(feature: Path) -> None:
    text = feature.read_text(encoding="utf-8").replace(
        "  Scenario: Edith", "  @gallery\n  Scenario: Edith", 1
    )
    feature.write_text(text, encoding="utf-8")
    pictures = {"Edith starts": Ending(pictures=["What Edith sees.webp"])}
    document = Elements(document_of(feature, write_run(Path("local.ndjson"), [feature], pictures)))

    assert "Key pages Edith starts" in document.words
    assert list(document.values("alt")) == ["What Edith sees: Edith starts", "What Edith sees"]
