"""Changed tags and variables of Django's template language."""

from collections.abc import Iterator, Sequence

from django.template.base import Token, TokenType, filter_re

from mutants.changes.change import Change

_NO_TEXT_OF_PEOPLE = (
    *("action", "counter", "email", "extra_tags", "get_absolute_url", "hint", "html_name", "id"),
    *("id_for_label", "items", "label", "level_tag", "minutes", "number", "path", "problem"),
    *("sharees", "super", "token"),
)
"""The last parts of variables in which no one can put "<" or "&"."""


def changed_block(token: Token) -> Iterator[str]:
    """Return other tags that may stand in the place of this one."""
    words = token.split_contents()
    match words:
        case ["if" | "elif" as tag, *condition]:
            yield from (f"{{% {tag} {value} %}}" for value in ("True", "False"))
            for index, word in enumerate(condition):
                if word in ("and", "or"):
                    yield f"{{% {tag} {' '.join(condition[:index])} %}}"
                    yield f"{{% {tag} {' '.join(condition[index + 1 :])} %}}"
        case ["for", name, "in", *iterated]:
            yield f'{{% for {name} in "" %}}'
            yield f"{{% for {name} in {' '.join(iterated)} reversed %}}"
        case ["include", *arguments]:
            yield ""
            for argument in arguments:
                if "=" in argument:
                    rest = [each for each in arguments if each is not argument]
                    rest = rest if any("=" in each for each in rest) else rest[:1]
                    yield f"{{% include {' '.join(rest)} %}}"
        case ["csrf_token"]:
            yield ""


def changed_variable(token: Token) -> Iterator[str]:
    """Return what may stand in the place of this variable: nothing, less filters, no escaping."""
    yield ""
    contents = token.contents
    for match in filter_re.finditer(contents):
        if match["filter_name"]:
            yield f"{{{{ {contents[: match.start()]}{contents[match.end() :]} }}}}"
    if contents.rpartition(".")[2] not in _NO_TEXT_OF_PEOPLE:
        yield f"{{{{ {contents}|safe }}}}"


def removed_blocks(tokens: Sequence[Token]) -> Iterator[Change]:
    """Remove each block with which a template overrides that of the one it extends."""
    tags = [token for token in tokens if token.token_type is TokenType.BLOCK]
    if not tags or not tags[0].contents.startswith("extends "):
        return
    begun: list[Token] = []
    for token in tags:
        if token.contents.startswith("block "):
            begun.append(token)
        elif token.contents.startswith("endblock"):
            start, end = begun.pop().position, token.position
            if start and end:
                yield Change(start[0], end[1])
