from pathlib import Path

import pytest

from mutants.all_mutants import site_files
from mutants.reports.known import Known, KnownError, read_known
from mutants.reports.tests.examples import mutant

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize(
    ("before", "after"), [("if a == b:", "if True:"), ("if *:", "if True:"), ("*", "*")]
)
def test_an_asterisk_stands_for_any_text(before: str, after: str) -> None:
    assert Known("lists/*.py", before, after, "Because.", equivalent=True).matches(mutant())


@pytest.mark.parametrize(
    ("before", "after"), [("if a", "if True:"), ("if a == b:", ""), ("if a .. b:", "if True:")]
)
def test_no_other_sign_stands_for_anything(before: str, after: str) -> None:
    assert not Known("lists/*.py", before, after, "Because.", equivalent=True).matches(mutant())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("mutant = [", "cannot be read"),
        ("[[mutant]]\npath = 'a'", "Entry 1 of known.toml has no before: add it."),
        (
            "[[mutant]]\npath='a'\nbefore='b'\nafter='c'\nreason='d'\nequivalent='yes'",
            "has no equivalent",
        ),
        (
            "[[mutant]]\npath='a'\nbefore='b'\nafter='c'\nreason='d'\nequivalent=true\nline=1",
            "has a line, which means nothing",
        ),
    ],
)
def test_refuses_what_it_cannot_understand(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "known.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(KnownError, match=message):
        read_known(file)


def test_ours_is_about_files_of_the_site() -> None:
    files = site_files(ROOT)
    assert [
        each.path for each in read_known() if "*" not in each.path and each.path not in files
    ] == []
