import pytest

from mutants.changes.scripts import mutants_of_script


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a();", {"", ";"}),
        ('on("change");', {"", ";", 'on("xxchange");'}),
        ("if (a) b();", {"", "if (true) b();", "if (false) b();", "if (a) ;"}),
        ("a?.b(100);", {"", ";", "a.b(100);", "a?.b(0);"}),
        ("const a = !b;", {"", ";", "const a = b;"}),
    ],
)
def test_changes_a_script(source: str, expected: set[str]) -> None:
    mutants = mutants_of_script("superlists/static/list_page.js", source)
    assert {mutant.after for mutant in mutants} == expected
