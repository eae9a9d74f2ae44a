"""The loopback site as a pytest fixture, for tests of code that uses a deployed site."""

from collections.abc import Iterator

import pytest

from testbeds.loopback.host import LoopbackHost, open_loopback


@pytest.fixture(scope="module")
def host() -> Iterator[LoopbackHost]:
    """A server that this process reaches in the same way as its tester."""
    with open_loopback() as opened, pytest.MonkeyPatch.context() as patch:
        for name, value in opened.environment.items():
            patch.setenv(name, value)
        yield opened
