"""Where a site declares what its database has refused."""

from collections.abc import Callable

FindDeclaration = Callable[[str], str]
"""Returns where the site declares what an error is about, in a few words; "" if it is unknown."""

# In the messages of SQLite and of PostgreSQL.
_REFUSED = "constraint"


def no_declaration_known(message: str) -> str:  # noqa: ARG001
    """Return "", because it is unknown where the site declares anything."""
    return ""


def with_declarations(text: str, find_declaration: FindDeclaration) -> str:
    """Return a text in which each line about a constraint ends with the place that declares it."""
    lines = text.split("\n")
    declared = [find_declaration(line) if _REFUSED in line else "" for line in lines]
    return "\n".join("; ".join(filter(None, both)) for both in zip(lines, declared, strict=True))
