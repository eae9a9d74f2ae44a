"""A staging server on loopback for tests of what reaches it, and copies of the project."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from features.support.tests.project_copy import ProjectCopy, copy_again, copy_project
from loopback.host import LoopbackHost, open_loopback


@pytest.fixture(scope="module")
def host() -> Iterator[LoopbackHost]:
    """A server that this process reaches as its tester does."""
    with open_loopback() as opened, pytest.MonkeyPatch.context() as patch:
        for name, value in opened.environment.items():
            patch.setenv(name, value)
        yield opened


@pytest.fixture(scope="session")
def project_as_it_is(tmp_path_factory: pytest.TempPathFactory) -> ProjectCopy:
    """A copy that nobody changes."""
    copy = copy_project(tmp_path_factory.mktemp("project") / "copy")
    # So that Python compiles it once.
    copy.behave("features/layout.feature:6")
    return copy


@pytest.fixture
def project(project_as_it_is: ProjectCopy, tmp_path: Path) -> ProjectCopy:
    """A copy of the project, to be changed at will."""
    return copy_again(project_as_it_is, tmp_path / "project")
