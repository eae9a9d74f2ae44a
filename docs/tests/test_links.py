from pathlib import Path

import pytest

from docs.tests.markdown import anchors, documents, links
from testbeds import ROOT


@pytest.mark.parametrize("document", documents(), ids=lambda file: str(file.relative_to(ROOT)))
def test_every_link_leads_somewhere(document: Path) -> None:
    for link in links(document):
        if link.startswith(("http://", "https://", "mailto:")):
            continue
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        assert target.exists(), f"{link} leads nowhere"
        if anchor:
            assert anchor in anchors(target), f"{link}: there is no such heading"


def test_every_document_is_found_from_the_readme() -> None:
    found: set[Path] = set()
    to_read = [ROOT / "README.md"]
    while to_read:
        document = to_read.pop()
        found.add(document)
        targets = [(document.parent / link.partition("#")[0]).resolve() for link in links(document)]
        to_read += [
            target
            for target in targets
            if target.suffix == ".md" and target.exists() and target not in found
        ]
    assert {str(each.relative_to(ROOT)) for each in set(documents()) - found} == set()
