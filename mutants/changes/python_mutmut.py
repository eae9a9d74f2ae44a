"""The operators of mutmut, a mutation tester, as far as they are not redundant for us.

mutmut applies them to the bodies of functions only, and runs a whole pytest for each mutant. The
operators themselves change any node of libcst's tree: `mutmut.mutation.mutators` is a list of pairs
of a type of node and a function that returns the node's changed versions.
"""

from collections.abc import Iterator, Sequence

import libcst as cst
import libcst.matchers as m
from mutmut.mutation.mutators import mutation_operators

from mutants.changes.python_places import Place

_NEGATED = m.ComparisonTarget(operator=m.Equal() | m.NotEqual()) | m.UnaryOperation(
    operator=m.Not()
)
_NAMES_A_LOGGER = m.Call(func=m.Attribute(attr=m.Name("getLogger")))
_ROUTE = m.Call(func=m.Name("path"))
_SORTS = m.Call(func=m.Attribute(attr=m.Name("order_by")))
_NAMES_A_TYPE = m.Call(func=m.Name("TypeVar"))
_CHECKS_A_TYPE = m.Call(func=m.Name("isinstance") | m.Name("len") | m.Name("cast"))
_CLASS = m.Name(m.MatchIfTrue(lambda name: name[:1].isupper()))
_TEXT = m.SimpleString() | m.FormattedString() | m.ConcatenatedString()
_LITERAL = _TEXT | m.Integer() | m.Float() | m.Name("True") | m.Name("False")
_CHANGED_INSIDE = _LITERAL | m.Call() | m.Dict() | m.List() | m.Tuple()


def changed_by_mutmut(place: Place) -> Iterator[cst.CSTNode]:
    """Return the node's changed versions, apart from those of `calls_without_argument`."""
    for new in _changed(place.node):
        if not (_is_redundant(place, new) or _lacks_positional_argument(place.node, new)):
            yield _without_sentence(place.node, new)


def other_text(text: str) -> str:
    """Return nothing instead of a text that people read, and another name instead of a name.

    No test should notice other words for people if no rule is about them.
    """
    return "" if " " in text.strip() else f"XX{text}"


def _without_sentence(node: cst.CSTNode, new: cst.CSTNode) -> cst.CSTNode:
    match node, new:
        case cst.SimpleString(quote=quote, prefix=prefix), cst.SimpleString():
            text = node.raw_value
            if not other_text(text):
                return new.with_changes(value=f"{prefix}{quote}{quote}")
    return new


def calls_without_argument(place: Place) -> Iterator[cst.CSTNode]:
    """Return the call without its last positional argument, or with None instead of the only one.

    Mostly this raises an error wherever the statement runs, which any other mutant of the statement
    shows as well.
    """
    for new in _changed(place.node):
        if _lacks_positional_argument(place.node, new) and not _is_redundant(place, new):
            yield new


def _changed(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    for kind, operator in mutation_operators:
        if isinstance(node, kind):
            yield from operator(node)


def _is_redundant(place: Place, new: cst.CSTNode) -> bool:
    match place.node, new:
        case cst.SimpleString(), _:
            return _is_redundant_text(place, new)
        case cst.Call() as call, cst.Call(func=function, args=arguments):
            is_of_arguments = function.deep_equals(call.func)
            return is_of_arguments and _is_redundant_argument(place, call, arguments)
        case cst.Assign() | cst.AnnAssign(), _:
            return _is_redundant_assignment(place)
        case cst.Integer(), _:
            # The element is removed.
            return isinstance(place.parent, cst.Element)
    # The test itself is forced both ways. mutmut replaces `is` and `in`, but what `==` is part of.
    is_negated = isinstance(place.node, cst.BaseCompOp) or m.matches(place.node, _NEGATED)
    return is_negated and place.negates_test


def _is_redundant_argument(place: Place, call: cst.Call, arguments: Sequence[cst.Arg]) -> bool:
    """Whether the argument is a literal, which is changed itself, or one of several that raise."""
    if m.matches(call, _CHECKS_A_TYPE | _NAMES_A_LOGGER | _NAMES_A_TYPE):
        return True
    if len(arguments) == len(call.args) > 1:
        return True
    changed = _changed_argument(call, arguments)
    if m.matches(changed.value, _LITERAL):
        return True
    if changed.keyword or changed.star:
        return False
    positional = [each for each in call.args if each.keyword is None and not each.star]
    return changed is not positional[-1] or any(
        isinstance(each, cst.Call) and each.args for each in place.above
    )


def _lacks_positional_argument(node: cst.CSTNode, new: cst.CSTNode) -> bool:
    match node, new:
        case cst.Call() as call, cst.Call(func=function, args=arguments):
            # Forms work without data, in another way.
            if not function.deep_equals(call.func) or m.matches(function, _CLASS):
                return False
            if len(arguments) == len(call.args) > 1:
                return True
            changed = _changed_argument(call, arguments)
            return changed.keyword is None and not changed.star
    return False


def _changed_argument(call: cst.Call, arguments: Sequence[cst.Arg]) -> cst.Arg:
    (changed,) = [each for each in call.args if not any(each is kept for kept in arguments)]
    return changed


def _is_redundant_text(place: Place, new: cst.CSTNode) -> bool:
    node, parent = place.node, place.parent
    # The other two change nothing but the case.
    if not isinstance(new, cst.SimpleString) or not new.raw_value.startswith("XX"):
        return True
    if new.raw_value[2:-2].upper() != cst.ensure_type(node, cst.SimpleString).raw_value.upper():
        return True
    # The entry, or the element, is removed.
    is_key = isinstance(parent, cst.DictElement) and parent.key is node
    is_setting = place.is_at_module_level and place.path.endswith("/settings.py")
    is_removed_setting = is_setting and isinstance(parent, cst.Assign)
    is_name = isinstance(parent, cst.Arg) and (
        m.matches(place.above[-2], _NAMES_A_TYPE | _SORTS)
        or (m.matches(place.above[-2], _ROUTE) and parent.keyword is not None)
    )
    # The beginning of a text in several parts is changed already.
    is_rest = isinstance(parent, cst.ConcatenatedString) and parent.right is node
    return is_rest or is_key or is_removed_setting or is_name or isinstance(parent, cst.Element)


def _is_redundant_assignment(place: Place) -> bool:
    """Whether the statement is removed anyway, or what it assigns is changed itself."""
    match place.node:
        case cst.Assign(targets=targets, value=value):
            if any(isinstance(each.target, cst.Attribute | cst.Subscript) for each in targets):
                return True
        case cst.AnnAssign(value=value):
            pass
    return place.is_at_module_level or value is None or m.matches(value, _CHANGED_INSIDE)
