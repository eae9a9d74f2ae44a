"""The places in the site's code that declare what a database names: fields and constraints."""

import ast
import inspect
import re
from collections.abc import Callable, Collection, Iterator
from pathlib import PurePath
from textwrap import dedent
from typing import Any

from django.apps import apps
from django.db.models import Model, UniqueConstraint

# A column is named with its table ("lists_item.text") or apart from it; constraints stand alone.
_NAME = re.compile(r"\w+")


def declaration_of(message: str) -> str:
    """Return where the site declares what an error of the database is about, in a few words.

    Args:
        message: the message about a constraint, as SQLite or PostgreSQL words it.

    Returns:
        the field or the constraint and its place; "" if no model has it.

    """
    names = set(_NAME.findall(message))
    models = apps.get_models(include_auto_created=True)
    constraints = [(model, each) for model in models for each in _options(model).constraints]
    for model, constraint in constraints:
        if constraint.name in names:
            return _declared(model, constraint.name, _states(constraint.name))
    for model in models:
        if _options(model).db_table in names:
            return _of_table(model, names)
    return ""


def _of_table(model: type[Model], names: Collection[str]) -> str:
    options = _options(model)
    columns = {each.name for each in options.concrete_fields if each.column in names}
    for constraint in options.constraints:
        if isinstance(constraint, UniqueConstraint) and columns == set(constraint.fields):
            return _declared(model, constraint.name, _states(constraint.name))
    if options.auto_created:
        model, columns = options.auto_created, {_relation_with(model)}
    if not columns:
        return ""
    name = min(columns)
    return _declared(model, name, _assigns(name))


def _declared(model: type[Model], name: str, declares: Callable[[ast.AST], bool]) -> str:
    # A model inherits the fields of abstract ones.
    for declaring in inspect.getmro(model):
        for node in _nodes_of(declaring):
            if declares(node):
                file = "/".join(PurePath(inspect.getsourcefile(declaring) or "").parts[-2:])
                line = getattr(node, "lineno", 0)
                return f"{model.__name__}.{name} is declared at {file}:{line}"
    return ""


def _nodes_of(model: type) -> Iterator[ast.AST]:
    """Yield the nodes of the code of a class, with the lines of their file."""
    try:
        lines, first = inspect.getsourcelines(model)
    except (OSError, TypeError):
        # It has no file, like those that Django makes.
        return
    tree = ast.parse(dedent("".join(lines)))
    yield from ast.walk(ast.increment_lineno(tree, first - 1))


def _assigns(name: str) -> Callable[[ast.AST], bool]:
    def declares(node: ast.AST) -> bool:
        targets = getattr(node, "targets", None) or [getattr(node, "target", None)]
        return isinstance(node, ast.Assign | ast.AnnAssign) and any(
            isinstance(target, ast.Name) and target.id == name for target in targets
        )

    return declares


def _states(name: str) -> Callable[[ast.AST], bool]:
    def declares(node: ast.AST) -> bool:
        return isinstance(node, ast.Call) and any(
            isinstance(each.value, ast.Constant) and each.value.value == name
            for each in node.keywords
        )

    return declares


def _relation_with(through: type[Model]) -> str:
    """Return the name of the relation whose table Django has made."""
    relations = _options(_options(through).auto_created).local_many_to_many
    return next(str(each.name) for each in relations if each.remote_field.through is through)


def _options(model: type[Model]) -> Any:  # noqa: ANN401 (as Django has it)
    return model._meta  # noqa: SLF001 (public by Django's documentation)
