"""Runs of behave, as for other tests of this folder's parent."""

from acceptance.running.tests.conftest import runs  # noqa: F401 (a fixture)
