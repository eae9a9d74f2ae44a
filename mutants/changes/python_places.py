"""Where a piece of Python code stands, and which places have no meaning to change."""

from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst
import libcst.matchers as m

TESTED = m.If() | m.IfExp() | m.While() | m.CompIf()
"""What does or does not happen, depending on its `test`."""

_WITHOUT_MEANING = (
    m.Annotation()
    | m.Import()
    | m.ImportFrom()
    | m.Expr(value=m.SimpleString() | m.ConcatenatedString())
    | m.AnnAssign(annotation=m.Annotation(annotation=m.Name("TypeAlias")))
    | m.Assign(targets=[m.AssignTarget(target=m.Name("__all__"))])
    | m.If(test=m.Name("TYPE_CHECKING"))
    # Nothing changes an object of the site's data classes.
    | m.Decorator(decorator=m.Name("dataclass") | m.Call(func=m.Name("dataclass")))
)

_MODEL = m.ClassDef(bases=[m.Arg(value=m.Attribute(value=m.Name("models"), attr=m.Name("Model")))])
_MODEL_FIELD = m.Assign(value=m.Call(func=m.Attribute(value=m.Name("models"))))
_META = m.ClassDef(name=m.Name("Meta"))
_IN_DATABASE = m.Name("constraints") | m.Name("indexes")
_META_FIELD = m.Assign(targets=[m.AssignTarget(target=_IN_DATABASE)]) | m.AnnAssign(
    target=_IN_DATABASE
)


@dataclass(frozen=True)
class Place:
    """A node of the syntax tree.

    Attributes:
        node: the node itself.
        above: those that contain it, from the module down.
        path: of the file.

    """

    node: cst.CSTNode
    above: tuple[cst.CSTNode, ...]
    path: str

    @property
    def parent(self) -> cst.CSTNode | None:
        """The node directly above, or None for the module."""
        return self.above[-1] if self.above else None

    @property
    def below(self) -> Sequence["Place"]:
        """The nodes directly below."""
        above = (*self.above, self.node)
        return [Place(child, above, self.path) for child in self.node.children]

    @property
    def is_at_module_level(self) -> bool:
        """Whether it stands in no function and no class."""
        return not any(isinstance(node, cst.FunctionDef | cst.ClassDef) for node in self.above)

    @property
    def function(self) -> cst.FunctionDef | None:
        """The function that it stands in, if any."""
        functions = [node for node in self.above if isinstance(node, cst.FunctionDef)]
        return functions[-1] if functions else None

    @property
    def is_test(self) -> bool:
        """Whether it decides what happens."""
        return self._decides(self.node, self.parent)

    @property
    def negates_test(self) -> bool:
        """Whether its negation is the negation of what decides, as the `==` of `if a == b:`."""
        node: cst.CSTNode | None = self.node
        above = list(self.above)
        while above and isinstance(node, cst.ComparisonTarget | cst.BaseCompOp):
            node = above.pop()
        if isinstance(node, cst.Comparison) and len(node.comparisons) != 1:
            return False
        return self._decides(node, above[-1] if above else None)

    def _decides(self, node: cst.CSTNode | None, parent: cst.CSTNode | None) -> bool:
        if parent is None or node is None:
            return False
        if m.matches(parent, TESTED):
            return parent.test is node  # type: ignore[attr-defined]
        return isinstance(parent, cst.Return) and self._returns_bool

    @property
    def _returns_bool(self) -> bool:
        function = self.function
        returns = function.returns if function else None
        return returns is not None and m.matches(returns.annotation, m.Name("bool"))


def is_skipped(place: Place) -> bool:
    """Whether neither the node nor anything in it is to be changed.

    The fields and constraints of models are changed together with their migrations, by
    `mutants.changes.database`.
    """
    node, parent = place.node, place.parent
    if m.matches(node, _WITHOUT_MEANING):
        return True
    if isinstance(parent, cst.ClassDef) and node in parent.bases:
        return True
    if _is_name_of_type(place):
        return True
    owners = [each for each in place.above if isinstance(each, cst.ClassDef)]
    if place.function or not owners:
        return False
    if m.matches(owners[-1], _MODEL):
        return m.matches(node, _MODEL_FIELD)
    return m.matches(owners[-1], _META) and m.matches(node, _META_FIELD)


def _is_name_of_type(place: Place) -> bool:
    """Whether this is the type in `cast("List", …)`, which does nothing when the site runs."""
    if not isinstance(place.node, cst.Arg):
        return False
    call = place.parent
    return isinstance(call, cst.Call) and (
        m.matches(call.func, m.Name("cast")) and call.args[0] is place.node
    )
