import functools
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from mutants.replaced_code import LoadedFunctions, changed_functions

SOURCE = """\
import functools


def decorated(function):
    @functools.wraps(function)
    def inner(number):
        return function(number) + 1

    return inner


@decorated
def twice(number):
    return number * 2


@functools.cache
def kept():
    return 1
"""


@pytest.fixture
def module(tmp_path: Path) -> Iterator[ModuleType]:
    """The source as a loaded module of a package `sample`."""
    file = tmp_path / "sample" / "module.py"
    file.parent.mkdir()
    file.write_text(SOURCE)
    spec = importlib.util.spec_from_file_location("sample.module", file)
    assert spec
    assert spec.loader
    loaded = sys.modules["sample.module"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    yield loaded
    del sys.modules["sample.module"]


def _replace(module: ModuleType, old: str, new: str) -> bool:
    assert module.__file__
    file = Path(module.__file__)
    changes = changed_functions(file, SOURCE, SOURCE.replace(old, new))
    return bool(changes) and LoadedFunctions({"sample": file.parent}).replace(changes or [])


def test_a_decorated_function_gets_the_changed_code(module: ModuleType) -> None:
    assert module.twice(3) == 7

    assert _replace(module, "number * 2", "number * 3")

    assert module.twice(3) == 10


def test_a_function_that_another_one_has_made_gets_the_changed_code(module: ModuleType) -> None:
    assert _replace(module, "+ 1", "- 1")

    assert module.twice(3) == 5


def test_cached_results_are_forgotten(module: ModuleType) -> None:
    assert isinstance(module.kept, functools._lru_cache_wrapper)
    assert module.kept() == 1

    assert _replace(module, "return 1", "return 2")

    assert module.kept() == 2


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("@decorated\n", ""),
        ("import functools\n", "import functools\nLIMIT = 1\n"),
        ("def twice(number)", "def twice(number=1)"),
        ("return 1", "return ("),
    ],
)
def test_other_changes_need_a_new_import(module: ModuleType, old: str, new: str) -> None:
    assert not _replace(module, old, new)
