import pytest

from docs import write_reference
from docs.write_reference import REFERENCE
from superlists.environment_names import NAMES


@pytest.mark.parametrize("name", sorted(write_reference.pages()))
def test_the_reference_says_what_the_code_says(name: str) -> None:
    written = (REFERENCE / name).read_text(encoding="utf-8")

    assert written == write_reference.pages()[name], "The reference is old: type make reference."


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("settings.md", [f"`{name}`" for name in NAMES]),
        ("settings.md", [write_reference.shown_name(name) for name in write_reference.settings()]),
        ("commands.md", [f"`make {name}`" for name in write_reference.phony_targets()]),
        ("commands.md", [f"`{name}" for name in write_reference.tasks()]),
    ],
)
def test_nothing_is_left_out(page: str, names: list[str]) -> None:
    text = write_reference.pages()[page]

    assert names
    assert [name for name in names if f"| {name}" not in text] == []


def test_every_sentence_is_there() -> None:
    text = write_reference.pages()["sentences.md"]
    patterns = [each.pattern for found in write_reference.steps().values() for each in found]

    assert patterns
    assert [each for each in patterns if f"`{write_reference.readable(each)}`" not in text] == []


def test_every_example_is_a_sentence_of_a_feature() -> None:
    rows = write_reference.pages()["sentences.md"].splitlines()

    without = [row for row in rows if row.startswith("| ") and row.endswith("|  |")]
    assert without == [], "no scenario uses these sentences"
