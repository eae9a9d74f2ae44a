from mutants.moved_lines import old_lines


def test_equal_lines_come_from_themselves() -> None:
    assert old_lines("a\nb\n", "new\na\nb\n")[3] == [2]


def test_an_added_line_comes_from_those_around_it() -> None:
    assert old_lines("a\nb\n", "a\nnew\nb\n")[2] == [1, 2]


def test_a_changed_line_comes_from_its_old_text_and_those_around_it() -> None:
    assert old_lines("a\nb\nc\nd\n", "a\nb\nC\nd\n")[3] == [2, 3, 4]


def test_lines_of_a_new_file_come_from_nothing() -> None:
    assert old_lines("", "a\n") == {1: []}
