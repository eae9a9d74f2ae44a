from mutants.changed_lines import changed_lines, imported_lines, lines_of_statements

SOURCE = """\
LIMIT = 3


@decorated
def add(
    one,
):
    if one > LIMIT:
        return call(
            one,
        )
    return 0
"""


def test_lines_that_differ_are_changed() -> None:
    assert changed_lines("a\nb\nc\n", "a\nB\nc\n") == {2}


def test_lines_around_added_lines_are_changed() -> None:
    assert changed_lines("a\nb\n", "a\nnew\nb\n") == {1, 2}


def test_removed_lines_are_changed() -> None:
    assert changed_lines("a\nb\nc\n", "a\n") == {2, 3}


def test_a_line_belongs_to_its_whole_statement() -> None:
    assert lines_of_statements(SOURCE, {10}) == {9, 10, 11}


def test_the_head_of_a_compound_statement_does_not_include_its_body() -> None:
    assert lines_of_statements(SOURCE, {8}) == {8}


def test_decorators_belong_to_the_head_of_a_function() -> None:
    assert lines_of_statements(SOURCE, {4}) == {4, 5, 6, 7}


def test_bodies_of_functions_do_not_run_at_import() -> None:
    assert imported_lines(SOURCE) & {1, 4, 8, 9, 12} == {1, 4}
