"""Copies of the project."""

import shutil
from pathlib import Path

import pytest

from features.support.tests.project_copy import ProjectCopy, copy_again, copy_project
from testbeds.scenarios import place_of


@pytest.fixture(scope="session")
def project_as_it_is(tmp_path_factory: pytest.TempPathFactory) -> ProjectCopy:
    """A copy that no test changes."""
    copy = copy_project(tmp_path_factory.mktemp("project") / "copy")
    # So that Python compiles it once.
    copy.behave(place_of("layout", "The home page"))
    # The artifacts of that run must not affect the tests.
    shutil.rmtree(copy.artifacts)
    return copy


@pytest.fixture
def project(project_as_it_is: ProjectCopy, tmp_path: Path) -> ProjectCopy:
    """A copy of the project that a test may change."""
    return copy_again(project_as_it_is, tmp_path / "project")
