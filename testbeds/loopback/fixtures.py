"""The loopback site as a fixture of pytest, for the tests of what reaches a deployed site."""

from collections.abc import Iterator

import pytest

from testbeds.loopback.host import LoopbackHost, open_loopback


@pytest.fixture(scope="module")
def host() -> Iterator[LoopbackHost]:
    """A server that this process reaches as its tester does."""
    with open_loopback() as opened, pytest.MonkeyPatch.context() as patch:
        for name, value in opened.environment.items():
            patch.setenv(name, value)
        yield opened
