"""Logs the variables of templates that do not exist, which Django prints as nothing."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import cast

from django.template import Context, VariableDoesNotExist, engines
from django.template.backends.django import DjangoTemplates
from django.template.base import FilterExpression, Node
from django.template.defaultfilters import default

from acceptance.evidence.causes.server import TEMPLATES

_logger = logging.getLogger(TEMPLATES)


class LoggedNothing(str):
    """The text that Django prints for a variable that does not exist; it logs the variable.

    Django asks whether the text is empty only where the variable is needed, and so not in
    `{% if variable %}`. As an empty text, it leaves the pages as they are.
    """

    __slots__ = ()

    def __bool__(self) -> bool:
        """Return that the text is empty, and log the variable that a template asks for."""
        asking = sys._getframe(1)  # noqa: SLF001 (as logging does)
        if asking.f_code is FilterExpression.resolve.__code__:
            _log(asking.f_locals["self"], asking)
        return False


@contextmanager
def undefined_variables_logged() -> Iterator[None]:
    """Let the site log undefined variables, for the duration of the block.

    Engines with a text of their own for them (`string_if_invalid`) are left out.
    """
    found = [each.engine for each in engines.all() if isinstance(each, DjangoTemplates)]
    changed = [engine for engine in found if not engine.string_if_invalid]
    for engine in changed:
        engine.string_if_invalid = LoggedNothing()
    try:
        yield
    finally:
        for engine in changed:
            engine.string_if_invalid = ""


def _log(expression: FilterExpression, asking: FrameType) -> None:
    if any(function is default for function, _ in expression.filters):
        return
    variable = str(expression.var)
    error = sys.exception()
    why = _why(error, variable) if isinstance(error, VariableDoesNotExist) else ""
    _logger.error('the template %s has no "%s"%s', _place(asking), variable, why)


def _place(asking: FrameType) -> str:
    """Return the name of the template whose variable is asked for, and the line if it is known."""
    frame: FrameType | None = asking
    while frame is not None:
        node = frame.f_locals.get("self")
        if isinstance(node, Node) and node.token is not None:
            name = str(node.origin.template_name or node.origin)
            return f"{name}:{node.token.lineno}"
        frame = frame.f_back
    return str(asking.f_locals["context"].template_name)


def _why(error: VariableDoesNotExist, variable: str) -> str:
    """Return what is missing, to be put after the variable, if that has several parts."""
    missing, *searched = cast("tuple[object, ...]", error.params)
    if not searched or missing == variable:
        return ""
    where = searched[0]
    has = "its context" if isinstance(where, Context) else type(where).__name__
    return f': {has} has no "{missing}"'
