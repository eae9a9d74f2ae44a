"""A glossary in Markdown."""

from pathlib import Path

import pytest

from acceptance.reports.errors import ReportError
from acceptance.reports.glossary import Term, read_glossary

BUY, OPEN = Term("item", "one thing to do"), Term("open list", "a list without an owner")


@pytest.mark.parametrize(
    "text",
    [
        "# Words\n\nA few.\n\n**item**: one thing\nto do\n\n**open list**: a list without an owner",
        "**item**: one thing to do\n**open list**: a list *without* an `owner`",
        "- **item**: one thing to do\n- **open list**: a list without an owner\n",
        "**item**\n: one thing to do\n\n**open list**\n: a list without an owner\n",
        "**item:** one thing to do\n\n**open list:** a list without an owner\n",
    ],
)
def test_a_glossary_has_its_terms_with_their_meanings(tmp_path: Path, text: str) -> None:
    file = tmp_path / "glossary.md"
    file.write_text(text, encoding="utf-8")

    assert read_glossary(file) == (BUY, OPEN)


def test_an_unreadable_glossary_is_reported_in_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "glossary.md"
    file.write_bytes(b"**item**: \xff")

    with pytest.raises(ReportError, match=r"glossary.md cannot be read \(it is not UTF-8\)"):
        read_glossary(file)
