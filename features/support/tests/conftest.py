"""A staging server on loopback, for tests of what reaches it."""

from collections.abc import Iterator

import pytest

from loopback.host import LoopbackHost, open_loopback


@pytest.fixture(scope="module")
def host() -> Iterator[LoopbackHost]:
    """A server that this process reaches as its tester does."""
    with open_loopback() as opened, pytest.MonkeyPatch.context() as patch:
        for name, value in opened.environment.items():
            patch.setenv(name, value)
        yield opened
