import pytest

from mutants.changes.style_sheets import mutants_of_style_sheet


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("p { position: absolute; color: red; }", {"", "p {  color: red; }"}),
        ("p { display: none; }", {""}),
        ("p { color: red; font-weight: 700; }", set()),
        ("p { margin: 0; padding: 1rem; border: 1px solid; list-style: none; }", set()),
        ("p { padding-right: 1rem; }", {""}),
        ('p::before { content: ""; position: absolute; border-left: 1px solid; }', set()),
        # It makes the whole paragraph part of a link.
        (
            'a::after { content: ""; position: absolute; inset: 0; }',
            {
                "",
                'a::after { content: "";  inset: 0; }',
                'a::after { content: ""; position: absolute;  }',
            },
        ),
        (
            'p::before { content: "New"; border: 1px solid; }',
            {""},
        ),
        (
            "@media print { p { display: none; } }",
            {
                "",
                "@media all { p { display: none; } }",
                "@media print {  }",
            },
        ),
        (
            ":root { --ink: #000; --paper: #fff; }",
            {"", ":root { --ink: var(--paper); --paper: #fff; }"},
        ),
    ],
)
def test_removes_what_a_style_sheet_promises(source: str, expected: set[str]) -> None:
    mutants = mutants_of_style_sheet("superlists/static/superlists.css", source)
    assert {mutant.after for mutant in mutants} == {" ".join(text.split()) for text in expected}
