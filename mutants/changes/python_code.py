"""Mutants of Python code: mutmut's operators, and ours for what it does not know."""

import ast
from collections.abc import Iterator

import libcst as cst

from mutants.changes.change import Change, mutants_of_file
from mutants.changes.python_expressions import changed_expressions
from mutants.changes.python_mutmut import calls_without_argument, changed_by_mutmut
from mutants.changes.python_places import Place, is_skipped
from mutants.changes.python_source import PythonSource
from mutants.changes.python_statements import changed_statements, removed_decorators
from mutants.mutant import Kind, Mutant

_WITHOUT_MEANING = str.maketrans("", "", " \n(),")
"""Removes the signs that may differ between texts of the same meaning."""


def mutants_of_python(path: str, source: str) -> Iterator[Mutant]:
    """Change a module of the site in each way that gives it another meaning."""
    module = PythonSource(path, source)
    changes = _changes(module, Place(module.module, (), path))
    for mutant in mutants_of_file(path, source, _kind_of(path), changes):
        if _differs(source, mutant.texts[path]):
            yield mutant


def _differs(source: str, changed: str) -> bool:
    """Whether the changed text is Python, and has another meaning."""
    try:
        tree = ast.parse(changed)
    except SyntaxError:
        return False
    # Comparing trees takes long, and only texts that have the same signs can have equal ones.
    signs, others = (text.translate(_WITHOUT_MEANING) for text in (source, changed))
    return signs != others or ast.dump(tree) != ast.dump(ast.parse(source))


def _kind_of(path: str) -> Kind:
    name = path.rpartition("/")[2]
    if name == "settings.py" or name.startswith("environment_"):
        return Kind.SETTING
    return Kind.EMAIL if name == "mail.py" else Kind.CODE


def _changes(module: PythonSource, place: Place) -> Iterator[Change]:
    if is_skipped(place):
        return
    if isinstance(place.node, cst.SimpleStatementLine):
        changes = [*_changes_here(module, place)]
        yield from changes or _without_arguments(module, place)
    else:
        yield from _changes_here(module, place)


def _without_arguments(module: PythonSource, place: Place) -> Iterator[Change]:
    for new in calls_without_argument(place):
        yield module.with_node(place.node, new)
    for below in place.below:
        yield from _without_arguments(module, below)


def _changes_here(module: PythonSource, place: Place) -> Iterator[Change]:
    for new in (*changed_by_mutmut(place), *changed_expressions(place)):
        yield _replaced(module, place.node, new)
    for part, text in changed_statements(place):
        yield module.with_text(part, text)
    for decorator in removed_decorators(place):
        yield module.without_lines(decorator)
    for below in place.below:
        yield from _changes(module, below)


def _replaced(module: PythonSource, node: cst.CSTNode, new: cst.CSTNode) -> Change:
    if isinstance(node, cst.Match) and isinstance(new, cst.Match):
        (removed,) = set(node.cases) - set(new.cases)
        return module.without_lines(removed)
    return module.with_node(node, new)
