"""How a command finds its project."""

from pathlib import Path

import pytest

from acceptance.errors import ConfigurationError
from acceptance.project import Project, project_here

NOTES = """\
from acceptance.project import Project

NOTES = Project(name="Notes", environment_prefix="NOTES_")
SOMETHING = "else"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project, in which a command is typed."""
    (tmp_path / "suite_of_notes.py").write_text(NOTES, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


def name_project(folder: Path, name: str) -> None:
    content = f'[tool.acceptance]\nproject = "{name}"\n'
    (folder / "pyproject.toml").write_text(content, encoding="utf-8")


def test_a_command_is_for_the_project_that_the_file_names(folder: Path) -> None:
    name_project(folder, "suite_of_notes:NOTES")

    assert project_here().name == "Notes"


def test_a_command_may_be_typed_below_the_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name_project(folder, "suite_of_notes:NOTES")
    (folder / "docs" / "deep").mkdir(parents=True)
    (folder / "docs" / "pyproject.toml").write_text("[tool.other]\n", encoding="utf-8")
    monkeypatch.chdir(folder / "docs" / "deep")

    assert project_here().name == "Notes"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("suite_of_notes:SOMETHING", "its type is str"),
        ("suite_of_notes:NOTHING", "has no attribute 'NOTHING'"),
        ("suite_of_nothing:NOTES", "No module named 'suite_of_nothing'"),
        ("a b", "invalid format"),
    ],
)
def test_a_name_that_leads_to_no_project_is_refused(folder: Path, name: str, reason: str) -> None:
    name_project(folder, name)

    with pytest.raises(ConfigurationError) as refusal:
        project_here()

    assert f"The project '{name}' in [tool.acceptance] in {folder}" in str(refusal.value)
    assert reason in str(refusal.value)


def test_outside_a_project_a_command_explains_where_to_type_it(folder: Path) -> None:
    with pytest.raises(ConfigurationError, match=f"^No pyproject.toml in {folder} or above"):
        project_here()


def test_settings_are_called_after_the_project() -> None:
    project = Project(environment_prefix="NOTES_")

    assert project.variable("site_user") == "NOTES_SITE_USER"
    assert project.with_variables("set $site_user, for $5", "site_user") == (
        "set NOTES_SITE_USER, for $5"
    )
