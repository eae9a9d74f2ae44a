"""Style sheets with other class names, colors or another order, and pages to go with them."""

import re
from collections.abc import Callable, Iterator, Mapping

from mutants.controls.control import OutdatedControlError, Sources
from mutants.controls.markup import class_values, with_classes

STYLE_SHEET = "superlists/static/superlists.css"

FIXED = frozenset({"list-sharee"})
"""The class names by which others find what a page shows, so that the site keeps them."""

_OTHER = "look-"
"""What other class names begin with."""

_TEMPLATE_TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}")
_HOLE = "\ufffc"
_EXTRA_TAGS = re.compile(r'extra_tags="(.*?)"')
_CLASS_IN_SELECTOR = re.compile(r"(?<=\.)[a-zA-Z][\w-]*")
_CLASS_IN_SCRIPT = re.compile(
    r"""((?<=["', ]\.)|(?<=classList\.add\(")|(?<=classList\.remove\("))[a-zA-Z][\w-]*"""
)
_RULE_OR_COMMENT = re.compile(r"/\*.*?\*/|[{}]", re.DOTALL)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SIDES = frozenset({"top", "right", "bottom", "left"})


def with_other_classes(sources: Sources) -> Sources:
    """Return the site with other class names in its pages, style sheets and scripts."""
    with_markup = {path for path in sources if path.endswith((".html", ".py"))}
    names = {name for path in with_markup for name in _class_names(sources[path])} - FIXED

    def renamed(found: re.Match[str]) -> str:
        is_used = any(
            found[0] == name or (name.endswith("-") and found[0].startswith(name)) for name in names
        )
        return f"{_OTHER}{found[0]}" if is_used else found[0]

    def changed(path: str, text: str) -> str:
        if path in with_markup:
            return with_classes(text, _with_other_words)
        if path.endswith(".css"):
            return _CLASS_IN_SELECTOR.sub(renamed, text)
        return _CLASS_IN_SCRIPT.sub(renamed, text) if path.endswith(".js") else text

    return _differing(sources, changed)


def with_colors(sources: Sources, *themes: Mapping[str, str]) -> Sources:
    """Return the style sheet with other values of its custom properties.

    Args:
        sources: the site.
        themes: the values by the name of the property, for each block of properties in turn: first
            light, then dark.

    Raises:
        OutdatedControlError: a block does not define one of the properties.

    """
    before, *blocks = re.split(r"(?=:root)", sources.get(STYLE_SHEET, ""))
    for number, theme in enumerate(themes):
        for name, value in theme.items():
            definition = re.compile(rf"(?<=\s){re.escape(name)}:[^;]*;")
            if not definition.search("".join(blocks[number : number + 1])):
                raise OutdatedControlError(f"{name}:", STYLE_SHEET)
            blocks[number] = definition.sub(f"{name}: {value};", blocks[number], count=1)
    return {STYLE_SHEET: "".join([before, *blocks])}


def with_other_order(sources: Sources) -> Sources:
    """Return the style sheet with neighboring rules, and declarations, in another order.

    Only those change places that set nothing in common, so that the look stays the same.
    """
    rules = [_with_reversed_declarations(rule) for rule in _rules(sources.get(STYLE_SHEET, ""))]
    for index in range(len(rules) - 1):
        one, two = rules[index : index + 2]
        properties = _properties(one), _properties(two)
        if all(properties) and properties[0].isdisjoint(properties[1]):
            rules[index : index + 2] = two, one
    return {STYLE_SHEET: "".join(rules)}


def _differing(sources: Sources, change: Callable[[str, str], str]) -> Sources:
    changed = {path: change(path, text) for path, text in sources.items()}
    return {path: text for path, text in changed.items() if text != sources[path]}


def _class_names(markup: str) -> Iterator[str]:
    """Return the names of classes; of those that a template completes, the beginnings."""
    for value in class_values(markup):
        for word in _TEMPLATE_TAG.sub(_HOLE, value).split():
            yield word.partition(_HOLE)[0]
    for value in _EXTRA_TAGS.findall(markup):
        yield from value.split()


def _with_other_words(value: str) -> str:
    tags = iter(_TEMPLATE_TAG.findall(value))
    words = re.sub(
        r"\S+",
        lambda word: word[0] if word[0] in FIXED else f"{_OTHER}{word[0]}",
        _TEMPLATE_TAG.sub(_HOLE, value),
    )
    return re.sub(_HOLE, lambda _hole: next(tags), words)


def _rules(style_sheet: str) -> list[str]:
    """Return the rules, each with what stands before it, and what stands after the last one."""
    rules, depth, start = [], 0, 0
    for found in _RULE_OR_COMMENT.finditer(style_sheet):
        depth += {"{": 1, "}": -1}.get(found[0], 0)
        if found[0] == "}" and depth == 0:
            rules.append(style_sheet[start : found.end()])
            start = found.end()
    return [*rules, style_sheet[start:]]


def _declarations(rule: str) -> list[str]:
    """Return the declarations of a rule, or nothing for one that contains rules."""
    selector, _, inner = _COMMENT.sub("", rule).partition("{")
    if selector.strip().startswith("@"):
        return []
    return [each.strip() for each in inner.rpartition("}")[0].split(";") if each.strip()]


def _properties(rule: str) -> set[str]:
    return set(map(_property, _declarations(rule)))


def _property(declaration: str) -> str:
    """Return what a declaration sets: `padding` for the padding at any side, and so on."""
    name = declaration.partition(":")[0].strip()
    if name.startswith("--"):
        return name
    return "inset" if name in _SIDES else name.partition("-")[0]


def _with_reversed_declarations(rule: str) -> str:
    declarations = _declarations(rule)
    if not declarations or len(declarations) > len(_properties(rule)):
        return rule
    start = _COMMENT.sub(lambda comment: " " * len(comment[0]), rule).index("{")
    lines = "".join(f"  {each};\n" for each in reversed(declarations))
    return f"{rule[:start]}{{\n{lines}}}"
