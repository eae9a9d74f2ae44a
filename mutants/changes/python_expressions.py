"""Changed expressions of Python that mutmut does not know."""

from collections.abc import Iterator, Sequence

import libcst as cst
import libcst.matchers as m

from mutants.changes.python_mutmut import other_text
from mutants.changes.python_places import Place

_RUNS_CODE = m.Call() | m.NamedExpr() | m.Await()

_STEPS_OF_QUERIES = ("distinct", "exclude", "filter", "order_by")
_STEPS_OF_TEXTS = ("casefold", "lower", "strip")

_LISTS_WITH_ORDER = ("MIDDLEWARE",)


def changed_expressions(place: Place) -> Iterator[cst.CSTNode]:
    """Return the node's changed versions."""
    if place.is_test and isinstance(place.node, cst.BaseExpression):
        yield from _forced(place.node, place.parent)
    match place.node:
        case cst.Integer(evaluated_value=int(value)):
            yield from _other_number(place, value)
        case cst.FormattedString() as text if not _continues_text(place):
            yield from _other_formatted_text(text)
        case cst.SimpleString() as text:
            yield from _without_lines(text)
            yield from _other_order(place)
        case (
            cst.List(elements=elements)
            | cst.Set(elements=elements)
            | cst.Tuple(elements=elements, lpar=[_, *_])
        ):
            yield from _without_elements(place, elements)
        case cst.Dict(elements=entries):
            for index in range(len(entries)):
                rest = [*entries[:index], *entries[index + 1 :]]
                yield place.node.with_changes(elements=rest)
        case cst.Call():
            yield from _without_step(cst.ensure_type(place.node, cst.Call))


def _without_step(call: cst.Call) -> Iterator[cst.CSTNode]:
    """Leave out a step of a query, or of the changes of a text."""
    match call.func:
        case cst.Attribute(value=inner, attr=cst.Name(value=name)) as method:
            if name in _STEPS_OF_TEXTS:
                yield inner
            elif name in _STEPS_OF_QUERIES:
                # A model's manager is no query by itself.
                every = method.with_changes(attr=cst.Name("all"))
                yield call.with_changes(func=every, args=[])


def _other_number(place: Place, value: int) -> Iterator[cst.CSTNode]:
    """Decrease a number that may be a limit; mutmut increases it."""
    if value > 0 and place.is_at_module_level and not isinstance(place.parent, cst.Element):
        yield cst.Integer(str(value - 1))


def _forced(test: cst.BaseExpression, parent: cst.CSTNode | None) -> Iterator[cst.CSTNode]:
    """Decide both ways, but still run what the test does besides."""
    # mutmut does it itself.
    if isinstance(parent, cst.IfExp) or m.matches(test, m.Name("True") | m.Name("False")):
        return
    if not m.findall(test, _RUNS_CODE):
        yield from (cst.Name("True"), cst.Name("False"))
        return
    if isinstance(test, cst.BooleanOperation | cst.NamedExpr | cst.IfExp) and not test.lpar:
        test = test.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    yield cst.BooleanOperation(test, cst.Or(), cst.Name("True"))
    yield cst.BooleanOperation(test, cst.And(), cst.Name("False"))


def _other_formatted_text(text: cst.FormattedString) -> Iterator[cst.CSTNode]:
    for part in text.parts:
        if isinstance(part, cst.FormattedStringText) and any(map(str.isalpha, part.value)):
            yield text.with_deep_changes(part, value=other_text(part.value))
            return


def _continues_text(place: Place) -> bool:
    return isinstance(place.parent, cst.ConcatenatedString) and place.parent.right is place.node


def _without_lines(text: cst.SimpleString) -> Iterator[cst.CSTNode]:
    """Leave out one line of a long text; mutmut takes those for documentation."""
    if len(text.quote) == 1:
        return
    lines = text.raw_value.split("\n")
    for index, line in enumerate(lines):
        if line.strip(" \\"):
            rest = "\n".join([*lines[:index], *lines[index + 1 :]])
            yield cst.SimpleString(f"{text.prefix}{text.quote}{rest}{text.quote}")


def _other_order(place: Place) -> Iterator[cst.CSTNode]:
    """Sort the other way round."""
    text = cst.ensure_type(place.node, cst.SimpleString)
    call = place.above[-2] if len(place.above) > 1 else None
    is_order = isinstance(place.parent, cst.Arg) and (
        isinstance(call, cst.Call) and m.matches(call.func, m.Attribute(attr=m.Name("order_by")))
    )
    if is_order:
        name = text.raw_value
        other = name[1:] if name.startswith("-") else f"-{name}"
        yield text.with_changes(value=f"{text.quote}{other}{text.quote}")


def _without_elements(place: Place, elements: Sequence[cst.BaseElement]) -> Iterator[cst.CSTNode]:
    if any(isinstance(each, cst.AssignTarget) for each in place.above):
        return
    node = place.node
    is_setting = place.path.endswith("settings.py")
    if len(elements) > 1 or (is_setting and isinstance(node, cst.List)):
        for index in range(len(elements)):
            rest = [*elements[:index], *elements[index + 1 :]]
            if isinstance(node, cst.Tuple) and len(rest) == 1:
                rest = [rest[0].with_changes(comma=cst.Comma())]
            yield node.with_changes(elements=rest)
    if _target_of(place) in _LISTS_WITH_ORDER:
        for index in range(len(elements) - 1):
            first, second = elements[index : index + 2]
            swapped = [
                second.with_changes(comma=first.comma),
                first.with_changes(comma=second.comma),
            ]
            yield node.with_changes(elements=[*elements[:index], *swapped, *elements[index + 2 :]])


def _target_of(place: Place) -> str:
    """Return the name that the node is assigned to, or nothing."""
    assignment = place.parent
    if not isinstance(assignment, cst.Assign):
        return ""
    target = assignment.targets[0].target
    return target.value if isinstance(target, cst.Name) else ""
