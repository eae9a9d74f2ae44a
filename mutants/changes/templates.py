"""Mutants of templates: of Django's tags and variables, and of the HTML around them."""

from collections.abc import Iterator

from django.template.base import DebugLexer, Token, TokenType

from mutants.changes.change import Change, mutants_of_file
from mutants.changes.html_pages import changed_html, is_in_tag
from mutants.changes.template_tags import changed_block, changed_variable, removed_blocks
from mutants.mutant import Kind, Mutant


def mutants_of_template(path: str, source: str) -> Iterator[Mutant]:
    """Change a template; what is inside the tags of HTML counts as its attributes."""
    tokens = DebugLexer(source).tokenize()
    page = _without_tokens(source, tokens)
    changes = [*_changes(source, tokens, page)]
    in_tag = is_in_tag(page)
    for kind in (Kind.TEMPLATE, Kind.ATTRIBUTE):
        chosen = [change for change in changes if in_tag(change) == (kind is Kind.ATTRIBUTE)]
        for mutant in mutants_of_file(path, source, kind, chosen):
            if _is_nested(mutant.texts[path]):
                yield mutant


def _changes(source: str, tokens: list[Token], page: str) -> Iterator[Change]:
    for token in tokens:
        start, end = token.position or (0, 0)
        match token.token_type:
            case TokenType.BLOCK:
                yield from (Change(start, end, text) for text in changed_block(token))
            case TokenType.VAR:
                # An attribute whose value is the variable alone is removed.
                is_value = source[start - 1 : start] == source[end : end + 1] == '"'
                texts = [*changed_variable(token)][is_value:]
                yield from (Change(start, end, text) for text in texts)
    yield from removed_blocks(tokens)
    yield from changed_html(source, page)


def _without_tokens(source: str, tokens: list[Token]) -> str:
    """Return the template with spaces for what is Django's, so that HTML remains."""
    page = ""
    is_comment = False
    for token in tokens:
        start, end = token.position or (0, 0)
        if token.token_type is TokenType.BLOCK and "comment" in token.contents:
            is_comment = token.contents.startswith("comment")
        is_html = token.token_type is TokenType.TEXT and not is_comment
        page += source[start:end] if is_html else " " * (end - start)
    return page


def _is_nested(source: str) -> bool:
    """Whether each tag that has an end, as `{% if %}` has `{% endif %}`, ends inside its parent."""
    tokens = DebugLexer(source).tokenize()
    names = [each.contents.split()[0] for each in tokens if each.token_type is TokenType.BLOCK]
    begun: list[str] = []
    for name in names:
        if name.startswith("end"):
            if not begun or begun.pop() != name.removeprefix("end"):
                return False
        elif f"end{name}" in names:
            begun.append(name)
    return not begun
