import pytest

from acceptance.browser.selenium.script_coverage import in_words, lines_not_run

SOURCE = """// Adds an item.
const add = item => {
  if (item) {
    item.focus();
  }
};

add(null);
"""


def range_of(text: str, count: int) -> dict[str, int]:
    start = SOURCE.index(text)
    return {"startOffset": start, "endOffset": start + len(text), "count": count}


WHOLE = {"ranges": [range_of(SOURCE, 1)]}
BLOCK = "{\n    item.focus();\n  }"
FUNCTION = SOURCE[SOURCE.index("item =>") : SOURCE.index("};") + 1]


@pytest.mark.parametrize(
    ("functions", "lines"),
    [
        ([WHOLE], []),
        ([WHOLE, {"ranges": [range_of(FUNCTION, 1), range_of(BLOCK, 0)]}], [4]),
        ([{"ranges": [range_of(FUNCTION, 1), range_of(BLOCK, 0)]}, WHOLE], [4]),
        # The line in which a function begins has run.
        ([WHOLE, {"ranges": [range_of(FUNCTION, 0)]}], [3, 4]),
        ([WHOLE, {"ranges": [range_of(FUNCTION, 0), range_of(BLOCK, 1)]}], [3]),
        ([{"ranges": [range_of(SOURCE, 0)]}], [1, 2, 3, 4, 8]),
    ],
    ids=["all", "a block", "in another order", "a function", "all but a block", "nothing"],
)
def test_lines_of_which_nothing_has_run(
    functions: list[dict[str, list[dict[str, int]]]], lines: list[int]
) -> None:
    assert lines_not_run(SOURCE, functions) == lines


def test_lines_that_follow_each_other_are_named_as_one() -> None:
    assert in_words([3, 9, 10, 11, 20]) == "line 3, lines 9 to 11, line 20"
    assert in_words([]) == ""
