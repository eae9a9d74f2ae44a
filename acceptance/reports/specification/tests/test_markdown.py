"""The document as Markdown."""

from pathlib import Path

import pytest

from acceptance.evidence.failure import Failure
from acceptance.reports.feature_reading import read_features
from acceptance.reports.glossary import Term
from acceptance.reports.results import read_results
from acceptance.reports.specification.markdown import markdown
from acceptance.reports.specification.model import specification
from acceptance.reports.tests.runs import STAGING, Ending, write_run


def document_of(feature: Path, *runs: Path) -> str:
    terms = [Term("item", "one thing to do")]
    return markdown(
        specification(read_features([feature]), read_results(runs), "Lists", glossary=terms)
    )


def test_it_has_the_text_of_the_features(feature: Path) -> None:
    text = document_of(feature)

    assert text.startswith("# What Lists does\n\n1 feature, 2 rules, 5 scenarios\n\n## Planned\n")
    assert "\n## Items of a list\n\nA list is a sequence of things to do.\n" in text
    assert "\n### Rule: An item says something\n" in text
    assert '\n### Edith starts\n\n- When Edith adds "Buy milk"\n' in text
    assert "\n#### Edith ticks off an item\n\n*Planned*\n" in text
    assert text.endswith("\n## Glossary\n\n**item**: one thing to do\n")


def test_what_looks_like_markup_is_text(feature: Path) -> None:
    text = document_of(feature)

    assert r"\<b\>Learn\</b\> \<script\>alert(1)\</script\> \& HTML" in text
    assert "  | item | number |\n  | --- | --- |\n  | \\<i\\>milk\\</i\\> | 1 |\n" in text
    # Nothing in here is taken for markup.
    assert "  ```\n  <img src=x onerror=alert(2)>\n  ```\n" in text


@pytest.mark.parametrize(
    ("description", "line"),
    [
        ("1. is the first", r"1\. is the first"),
        ("+1 for all", r"\+1 for all"),
        ("a | b", r"a \| b"),
    ],
)
def test_a_description_is_a_paragraph_whatever_it_begins_with(
    feature: Path, description: str, line: str
) -> None:
    feature.write_text(f"Feature: Lists\n\n  About\n\n  {description}\n", encoding="utf-8")

    assert f"\n{line}\n" in document_of(feature)


def test_it_has_the_results(feature: Path) -> None:
    why = Failure("the list is wrong", expected="1: milk\n2: ```", shown="1: milk")
    ending = Ending("FAILED", failure=why)
    text = document_of(
        feature,
        write_run(Path("local.ndjson"), [feature]),
        write_run(Path("s.ndjson"), [feature], {"An item of 256 letters": ending}, facts=STAGING),
    )

    assert "| Local | 4 | 0 | 0 | 0 |\n| Staging | 3 | 1 | 0 | 0 |\n" in text
    failing = "Items of a list › An item has a length: An item of … letters (2 examples) (Staging)"
    assert f"\n## Failing\n\n- {failing}\n" in text
    assert "> Expected:\n>\n> ````\n> 1: milk\n> 2: ```\n> ````\n>\n> Shown:\n" in text
