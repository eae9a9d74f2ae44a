"""What features say, as it is read from their files."""

from pathlib import Path

import pytest

from acceptance.reports.errors import ReportError
from acceptance.reports.feature_reading import read_features
from acceptance.reports.feature_text import FeatureText

FEATURE = """
Feature: Lists
  What people
  come for.

  Background:
    Given Edith is logged in

  Scenario: Loose
    When Edith looks

  @planned
  Rule: Lists are shared

    Background: Sharing
      Given Edith has a list

    Scenario: Share
      When Edith shares with:
        | name | as   |
        | Oni  | <me> |
      Then Oni reads
        \"\"\"
        Hello, <me>
        \"\"\"

  Rule: Lists are of any length

    Scenario Outline: A list of <length>
      When Edith adds "<length>" items
      Then the list is <length> long, and <width> wide

      Examples: Short ones
        | length | width |
        | 1      | a\\\\d  |

      @planned
      Examples:
        | length | width |
        | 1000   | b     |
"""


@pytest.fixture
def feature(tmp_path: Path) -> FeatureText:
    file = tmp_path / "lists.feature"
    file.write_text(FEATURE, encoding="utf-8")
    (feature,) = read_features([file])
    return feature


def written(folder: Path, **features: str) -> None:
    for name, text in features.items():
        (folder / f"{name}.feature").write_text(text, encoding="utf-8")


def refusal(*paths: Path) -> str:
    """The one line with which features are refused."""
    with pytest.raises(ReportError) as refused:
        read_features(paths)
    message = str(refused.value)
    assert "\n" not in message
    return message


def test_scenarios_without_a_rule_come_first(feature: FeatureText) -> None:
    assert [rule.name for rule in feature.rules] == [
        "",
        "Lists are shared",
        "Lists are of any length",
    ]
    assert [scenario.name for scenario in feature.rules[0].scenarios] == ["Loose"]


def test_the_backgrounds_of_feature_and_rule_come_before_a_scenario(feature: FeatureText) -> None:
    (share,) = feature.rules[1].scenarios[0].examples

    assert [sentence.text for sentence in share.sentences] == [
        "Edith is logged in",
        "Edith has a list",
        "Edith shares with:",
        "Oni reads",
    ]


def test_a_background_of_a_rule_is_for_that_rule_alone(feature: FeatureText) -> None:
    example = feature.rules[2].scenarios[0].examples[0]

    assert [sentence.text for sentence in example.sentences][:2] == [
        "Edith is logged in",
        'Edith adds "1" items',
    ]


def test_tables_and_texts_belong_to_their_sentences(feature: FeatureText) -> None:
    shares, reads = feature.rules[1].scenarios[0].sentences

    assert shares.table == (("name", "as"), ("Oni", "<me>"))
    assert reads.doc_string == "Hello, <me>"


def test_an_outline_has_its_words_and_each_example_those_with_its_values(
    feature: FeatureText,
) -> None:
    outline = feature.rules[2].scenarios[0]

    assert outline.sentences[1].text == "the list is <length> long, and <width> wide"
    # A backslash is a letter like others: behave knows it before a bar only.
    assert outline.examples[0].sentences[-1].text == "the list is 1 long, and a\\\\d wide"
    assert outline.examples[1].identity.example == (("length", "1000"), ("width", "b"))


def test_whatever_a_planned_rule_holds_is_planned(feature: FeatureText) -> None:
    assert feature.rules[1].scenarios[0].planned
    assert not feature.rules[0].scenarios[0].planned


def test_some_examples_of_an_outline_can_be_planned(feature: FeatureText) -> None:
    outline = feature.rules[2].scenarios[0]

    assert [example.planned for example in outline.examples] == [False, True]
    assert not outline.planned


def test_an_outline_without_examples_is_not_taken_for_planned(tmp_path: Path) -> None:
    written(
        tmp_path, empty="Feature: F\n Scenario Outline: O\n  Given <x>\n  Examples:\n   | x |\n"
    )
    (feature,) = read_features([tmp_path])

    (outline,) = feature.rules[0].scenarios
    assert outline.examples == ()
    assert not outline.planned


def test_the_same_scenario_twice_is_two(tmp_path: Path) -> None:
    twice = " Scenario: Same\n  Given this\n"
    written(tmp_path, twice=f"Feature: F\n{twice}{twice}")
    (feature,) = read_features([tmp_path])

    assert len({example.identity for example in feature.examples}) == 2


def test_features_come_in_the_order_named_and_a_folder_stands_for_the_others(
    tmp_path: Path,
) -> None:
    written(tmp_path, a="Feature: A\n", b="Feature: B\n", c="Feature: C\n")
    features = read_features([tmp_path / "b.feature", tmp_path])

    assert [feature.name for feature in features] == ["B", "A", "C"]


def test_a_feature_that_is_not_there_is_named(tmp_path: Path) -> None:
    file = tmp_path / "gone.feature"

    assert refusal(file) == (
        f"{file} cannot be read (No such file or directory): check that it is there."
    )


SYNTAX = b"Feature: F\n Scenario: S\n  Given this\n  That\n"
ENDLESS = b'Feature: F\n Scenario: S\n  Given this\n  """\n  text\n  Scenario: T\n'


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("Feature: Café\n".encode("latin-1"), "(line 1: byte 0xe9 is not UTF-8): save it as"),
        ("Feature: Café\n".encode("utf-16"), "(it is UTF-16): save it as plain UTF-8."),
        ("\ufeffFeature: Café\n".encode(), "(it is UTF-8 with a byte order mark): save it as"),
        (b"# language: xx\nFeature: F\n", "(line 1: behave does not know the language 'xx')"),
        (b"", "(there is no Feature in it): write one, or delete the file."),
        (b"# later\n", "(there is no Feature in it)"),
        (SYNTAX, "(line 4: it does not understand 'That'): correct it there."),
        (b"Feature: F\n Background:\n Background:\n  Given x\n Background:\n", "(line 5: "),
        (b"Feature: F\n Scenario: S\n  Given x\n  | a |\n  | b | c |\n", "(line 5: Malformed"),
        (b"Feature: F\nFeature: G\nnot @tag\n@tag and\n", "(line 4: "),
        (ENDLESS, "(line 4: the quoted text that begins there never ends): end it."),
    ],
)
def test_a_feature_that_behave_cannot_read_is_listed_with_the_reason(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    file = tmp_path / "b.feature"
    file.write_bytes(content)
    written(tmp_path, a="Feature: A\n", c="Feature: C\n")

    before, unreadable, after = read_features([tmp_path])

    assert (before.name, unreadable.name, after.name) == ("A", str(file), "C")
    assert unreadable.problem.startswith(f"behave cannot read {file} (")
    assert reason in unreadable.problem
    assert "\n" not in unreadable.problem


def test_a_folder_without_features_is_told(tmp_path: Path) -> None:
    assert refusal(tmp_path) == (
        f"There are no features in {tmp_path}: name the folder with the .feature files."
    )
