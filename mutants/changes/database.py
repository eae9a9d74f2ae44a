"""Mutants of what the database guarantees: models, changed together with their migrations.

A database that is made by the changed migrations lacks the guarantee, and `makemigrations --check`
finds no difference.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import libcst as cst
import libcst.matchers as m

from mutants.changes.change import Change, mutants_of_file
from mutants.changes.python_source import PythonSource
from mutants.mutant import Kind, Mutant

_REMOVED = ("db_default", "default", "null", "unique")
"""Options of fields without which the database guarantees less, or more."""

_REPLACED: Mapping[str, Sequence[str]] = {
    "max_length": ("1000",),
    "on_delete": ("models.PROTECT", "models.DO_NOTHING"),
}

_CREATES_MODEL = m.Call(func=m.Attribute(attr=m.Name("CreateModel")))
_RENAMES_MODEL = m.Call(func=m.Attribute(attr=m.Name("RenameModel")))
_SETS_FIELD = m.Call(func=m.Attribute(attr=m.Name("AddField") | m.Name("AlterField")))
_NAMED_CALL = m.Tuple(elements=[m.Element(value=m.SimpleString()), m.Element(value=m.Call())])
_MODEL = m.ClassDef(bases=[m.Arg(value=m.Attribute(attr=m.Name("Model")))])
_FIELD = m.Assign(value=m.Call(func=m.Attribute(value=m.Name("models"))))
_CONSTRAINT = m.Call(func=m.Attribute(attr=m.Name("UniqueConstraint") | m.Name("CheckConstraint")))
_OF_CONSTRAINTS = [m.AtLeastN(m.Element(value=_CONSTRAINT), n=1)]
_CONSTRAINTS = m.Tuple(elements=_OF_CONSTRAINTS) | m.List(elements=_OF_CONSTRAINTS)


@dataclass(frozen=True)
class _Definition:
    """A field or a constraint, as a model or a migration has it.

    Attributes:
        name: of the model and of the field, or of the constraint, in lower case.
        source: the file.
        call: makes it.
        siblings: the tuple or list of which it is an element, for a constraint.

    """

    name: str
    source: PythonSource
    call: cst.Call
    siblings: cst.Tuple | cst.List | None = None

    @property
    def options(self) -> dict[str, cst.Arg]:
        """The keyword arguments."""
        return {each.keyword.value: each for each in self.call.args if each.keyword}

    def weaker(self) -> Iterator[tuple[str, str]]:
        """Return options, each with another value, or none; no option stands for all of it."""
        for name, option in self.options.items():
            if name in _REMOVED:
                yield name, ""
            for value in _REPLACED.get(name, ()):
                yield name, value
            if self.siblings and name == "fields" and isinstance(option.value, cst.Tuple):
                code = self.source.module.code_for_node
                yield from ((name, f"({code(each.value)},)") for each in option.value.elements)
        if self.siblings:
            yield "", ""

    def changed(self, option: str, value: str) -> Change:
        """Give the option this value, or remove it; without an option, remove all of it."""
        if not option and self.siblings:
            rest = [each for each in self.siblings.elements if each.value is not self.call]
            return self.source.with_node(self.siblings, self.siblings.with_changes(elements=rest))
        old = self.options[option]
        new = [old.with_changes(value=cst.parse_expression(value))] if value else []
        place = self.call.args.index(old)
        arguments = [*self.call.args[:place], *new, *self.call.args[place + 1 :]]
        return self.source.with_node(self.call, self.call.with_changes(args=arguments))


def mutants_of_database(models: str, texts: Mapping[str, str]) -> Iterator[Mutant]:
    """Weaken the guarantees of an app's models.

    Args:
        models: the path of the module of models.
        texts: that module and the app's migrations, by path.

    """
    model_source = PythonSource(models, texts[models])
    migrations = [PythonSource(path, texts[path]) for path in sorted(texts) if path != models]
    migrated = [*_migrated_fields(migrations), *_constraints(migrations)]
    for definition in (*_model_fields(model_source), *_constraints([model_source])):
        same = [each for each in migrated if each.name == definition.name]
        for option, value in definition.weaker():
            change = definition.changed(option, value)
            for mutant in mutants_of_file(models, texts[models], Kind.DATABASE, [change]):
                changed = _changed_texts(same, option, value)
                yield replace(mutant, texts={**mutant.texts, **changed})


def _changed_texts(definitions: Sequence[_Definition], option: str, value: str) -> dict[str, str]:
    """Return the texts of the migrations that have the option, changed, by path."""
    changes: dict[PythonSource, list[Change]] = {}
    for each in definitions:
        if not option or option in each.options:
            changes.setdefault(each.source, []).append(each.changed(option, value))
    texts = {}
    for source, of_source in changes.items():
        text = source.text
        # From the end, so that the places of the others stay the same.
        for change in sorted(of_source, key=lambda change: change.start, reverse=True):
            text = change.apply(text)
        texts[source.path] = text
    return texts


def _model_fields(source: PythonSource) -> Iterator[_Definition]:
    for model in m.findall(source.module, _MODEL):
        class_ = cst.ensure_type(model, cst.ClassDef)
        for statement in class_.body.body:
            for field in m.findall(statement, _FIELD):
                assignment = cst.ensure_type(field, cst.Assign)
                target = cst.ensure_type(assignment.targets[0].target, cst.Name)
                name = f"{class_.name.value}.{target.value}".lower()
                yield _Definition(name, source, cst.ensure_type(assignment.value, cst.Call))


def _migrated_fields(sources: Sequence[PythonSource]) -> Iterator[_Definition]:
    """Return the fields of all migrations, under the names that their models have now."""
    renamed = {}
    for source in sources:
        for call in m.findall(source.module, _RENAMES_MODEL):
            renamed[_text_of(call, "old_name")] = _text_of(call, "new_name")
    for source in sources:
        for call in m.findall(source.module, _CREATES_MODEL):
            model = _text_of(call, "name")
            for field in m.findall(call, _NAMED_CALL):
                name, made = (each.value for each in cst.ensure_type(field, cst.Tuple).elements)
                yield _Definition(
                    f"{renamed.get(model, model)}.{_evaluated(name)}".lower(),
                    source,
                    cst.ensure_type(made, cst.Call),
                )
        for call in m.findall(source.module, _SETS_FIELD):
            path = f"{_text_of(call, 'model_name')}.{_text_of(call, 'name')}".lower()
            yield _Definition(path, source, cst.ensure_type(_option(call, "field"), cst.Call))


def _constraints(sources: Sequence[PythonSource]) -> Iterator[_Definition]:
    for source in sources:
        for node in m.findall(source.module, _CONSTRAINTS):
            siblings = cst.ensure_type(node, cst.Tuple | cst.List)  # type: ignore[arg-type]
            for element in siblings.elements:
                call = cst.ensure_type(element.value, cst.Call)
                yield _Definition(_text_of(call, "name"), source, call, siblings)


def _option(call: cst.CSTNode, name: str) -> cst.BaseExpression:
    arguments = cst.ensure_type(call, cst.Call).args
    (value,) = [each.value for each in arguments if each.keyword and each.keyword.value == name]
    return value


def _text_of(call: cst.CSTNode, name: str) -> str:
    return _evaluated(_option(call, name))


def _evaluated(node: cst.CSTNode) -> str:
    return str(cst.ensure_type(node, cst.SimpleString).evaluated_value)
