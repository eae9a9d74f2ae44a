"""Removed statements of Python, which mutmut does not know, and what surrounds others."""

from collections.abc import Iterator

import libcst as cst
import libcst.matchers as m

from mutants.changes.change import NOTHING
from mutants.changes.python_places import Place

_CALL_FOR_ITS_EFFECT = m.Expr(value=m.Call())
_PUT_INTO_SOMETHING = m.Assign(
    targets=[m.AtLeastN(m.AssignTarget(target=m.Attribute() | m.Subscript()), n=1)]
)
_SETTING = m.Assign(
    targets=[m.AssignTarget(target=m.Name(m.MatchIfTrue(str.isupper)))]
) | m.AnnAssign(target=m.Name(m.MatchIfTrue(str.isupper)))


def changed_statements(place: Place) -> Iterator[tuple[cst.CSTNode, str]]:
    """Return parts of the statement, each with the text that replaces it."""
    match place.node:
        case cst.SimpleStatementLine(body=[statement]):
            if _is_removed(place, statement):
                yield statement, NOTHING
        case cst.ExceptHandler(type=cst.BaseExpression() as caught):
            # An empty tuple catches nothing.
            yield caught, "()"
        case cst.With(items=[cst.WithItem(asname=None, item=cst.Call() as manager)]):
            yield manager, "__import__('contextlib').nullcontext()"


def removed_decorators(place: Place) -> Iterator[cst.CSTNode]:
    """Return the decorators of the function or class that make a difference."""
    if isinstance(place.node, cst.FunctionDef | cst.ClassDef):
        for decorator in place.node.decorators:
            if not m.matches(decorator.decorator, m.Call(func=m.Name("dataclass"))):
                yield decorator


def _is_removed(place: Place, statement: cst.BaseSmallStatement) -> bool:
    if m.matches(statement, _SETTING):
        return place.is_at_module_level and place.path.endswith("settings.py")
    if m.matches(statement, m.Return()):
        return _is_early(place) and not _is_all_of_a_branch(place)
    if m.matches(statement, _CALL_FOR_ITS_EFFECT | _PUT_INTO_SOMETHING | m.Raise() | m.Del()):
        return not _is_all_of_a_branch(place)
    return False


def _is_all_of_a_branch(place: Place) -> bool:
    """Whether the branch is empty without it, which is as if the `if` were not met."""
    block, branch = place.parent, place.above[-2] if len(place.above) > 1 else None
    return (
        isinstance(branch, cst.If)
        and isinstance(block, cst.IndentedBlock)
        and branch.body is block
        and len(block.body) == 1
    )


def _is_early(place: Place) -> bool:
    """Whether anything of the function follows it."""
    function = place.function
    return function is not None and function.body.body[-1] is not place.node
