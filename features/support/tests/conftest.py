"""Copies of the project."""

import shutil
from pathlib import Path

import pytest

from features.support.tests.project_copy import ProjectCopy, copy_again, copy_project


@pytest.fixture(scope="session")
def project_as_it_is(tmp_path_factory: pytest.TempPathFactory) -> ProjectCopy:
    """A copy that nobody changes."""
    copy = copy_project(tmp_path_factory.mktemp("project") / "copy")
    # So that Python compiles it once.
    copy.behave("features/layout.feature:7")
    # What that run left is none of the next one's business.
    shutil.rmtree(copy.artifacts)
    return copy


@pytest.fixture
def project(project_as_it_is: ProjectCopy, tmp_path: Path) -> ProjectCopy:
    """A copy of the project, to be changed at will."""
    return copy_again(project_as_it_is, tmp_path / "project")
