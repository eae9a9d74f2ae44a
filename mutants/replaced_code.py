"""Gives functions that are already loaded the code of a changed module.

Most mutants change the body of one function. They need no new import of the site, which would take
as long as several scenarios.
"""

import functools
import gc
import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

_Cached = functools._lru_cache_wrapper  # noqa: SLF001


@dataclass(frozen=True)
class Place:
    """Where a function is defined.

    Attributes:
        file: its file.
        name: its qualified name.
        line: its first line.

    """

    file: str
    name: str
    line: int

    @classmethod
    def of(cls, code: CodeType) -> "Place":
        """Return the place of a function's code."""
        return cls(code.co_filename, code.co_qualname, code.co_firstlineno)


Replacement = tuple[CodeType, CodeType]
"""The code of a function, and the code that replaces it."""


def changed_functions(file: Path, before: str, after: str) -> list[Replacement] | None:
    """Return the changed functions of a module, with the functions inside them.

    Args:
        file: the file of the module.
        before: its text.
        after: its changed text.

    Returns:
        The codes before and after; None if more than the bodies of functions has changed, or if
        the functions cannot be told apart.

    """
    try:
        old = compile(before, str(file), "exec", dont_inherit=True)
        new = compile(after, str(file), "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return None
    try:
        found = list(_changed(old, new))
    except _OtherChangeError:
        return None
    places = [Place.of(code) for code in _all_functions(old)]
    if any(places.count(Place.of(code)) > 1 for code, _ in found):
        return None
    return found


class _OtherChangeError(Exception):
    """More than the bodies of functions has changed."""


def _changed(old: CodeType, new: CodeType) -> Iterator[Replacement]:
    """Yield the changed functions in a module, a class or a function."""
    if _is_function(old) and _is_function(new):
        if not _is_same(old, new):
            yield old, new
            yield from _inside(old, new)
        return
    if not _is_same_outside(old, new):
        raise _OtherChangeError
    for one, other in zip(_codes(old), _codes(new), strict=True):
        yield from _changed(one, other)


def _inside(old: CodeType, new: CodeType) -> Iterator[Replacement]:
    # A function that made another one when the site was imported has left it behind.
    ours, theirs = list(_all_functions(old)), list(_all_functions(new))
    if [each.co_qualname for each in ours] != [each.co_qualname for each in theirs]:
        return
    yield from zip(ours, theirs, strict=True)


def _all_functions(code: CodeType) -> Iterator[CodeType]:
    for inner in _codes(code):
        if _is_function(inner):
            yield inner
        yield from _all_functions(inner)


def _codes(code: CodeType) -> list[CodeType]:
    return [each for each in code.co_consts if isinstance(each, CodeType)]


def _is_function(code: CodeType) -> bool:
    return bool(code.co_flags & inspect.CO_OPTIMIZED)


def _is_same(one: CodeType, other: CodeType) -> bool:
    return _is_same_outside(one, other) and all(
        _is_same(ours, theirs) for ours, theirs in zip(_codes(one), _codes(other), strict=True)
    )


def _is_same_outside(one: CodeType, other: CodeType) -> bool:
    return _outside(one) == _outside(other)


def _outside(code: CodeType) -> tuple[object, ...]:
    """Return what a code is without the codes in it, and without its lines."""
    constants = [
        (CodeType, each.co_qualname) if isinstance(each, CodeType) else (type(each), repr(each))
        for each in code.co_consts
    ]
    return (
        code.co_code,
        code.co_names,
        code.co_varnames,
        code.co_freevars,
        code.co_cellvars,
        code.co_flags,
        code.co_argcount,
        code.co_kwonlyargcount,
        code.co_exceptiontable,
        constants,
    )


class LoadedFunctions:
    """The functions of the site that this process has loaded."""

    def __init__(self, folders: Mapping[str, Path]) -> None:
        """Find them.

        Args:
            folders: the folder of each of the site's packages, by its name.

        """
        roots = tuple(f"{folder}/" for folder in folders.values())
        packages = tuple(f"{name}." for name in folders)
        self._functions: dict[Place, list[FunctionType]] = {}
        self._caches: list[functools._lru_cache_wrapper[Any]] = []
        for each in gc.get_objects():
            # Not `isinstance`, which would compute the values of lazy objects.
            if type(each) is FunctionType:
                if each.__code__.co_filename.startswith(roots):
                    self._functions.setdefault(Place.of(each.__code__), []).append(each)
            elif type(each) is _Cached and str(each.__module__).startswith(packages):
                self._caches.append(each)

    def replace(self, replacements: list[Replacement]) -> bool:
        """Replace code, and forget cached results; return whether that was possible."""
        pairs = [
            (function, new)
            for old, new in replacements
            for function in self._functions.get(Place.of(old), [])
        ]
        if not pairs:
            return False
        if any(
            len(function.__code__.co_freevars) != len(new.co_freevars) for function, new in pairs
        ):
            return False
        for function, new in pairs:
            function.__code__ = new
        for cache in self._caches:
            cache.cache_clear()
        return True
