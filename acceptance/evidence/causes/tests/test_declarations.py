"""Where a site declares what its database has refused."""

from acceptance.evidence.causes.declarations import with_declarations

REFUSED = "the site broke: IntegrityError: UNIQUE constraint failed: x.y (lists/models.py:7)"
DECLARED = "X.y is declared at lists/models.py:3"


def test_a_line_about_a_constraint_ends_with_its_declaration() -> None:
    found = with_declarations(f"{REFUSED}\n\nnext", {REFUSED: DECLARED}.__getitem__)

    assert found == f"{REFUSED}; {DECLARED}\n\nnext"


def test_a_constraint_without_a_known_declaration_is_named_alone() -> None:
    assert with_declarations(REFUSED, lambda _: "") == REFUSED
