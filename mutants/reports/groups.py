"""What a person would notice of a mutant."""

import re
from enum import StrEnum

from mutants.mutant import Kind, Mutant
from mutants.reports.differing import difference


class Group(StrEnum):
    """Something that people notice, or rely on."""

    TEXT = "Text on pages"
    PERMISSIONS = "What people may do"
    LISTS = "Lists and items"
    LOGIN = "Logging in"
    LIMITS = "Limits"
    EMAILS = "Emails"
    FORMS = "Forms, links and addresses"
    LOOK = "How the site looks"
    KEYBOARD = "Keyboard and screen readers"
    DATABASE = "What the database guarantees"
    OPERATION = "Settings and operation"
    LOG = "What the server logs"


_BY_KIND = {
    Kind.DATABASE: Group.DATABASE,
    Kind.EMAIL: Group.EMAILS,
    Kind.SETTING: Group.OPERATION,
}

_KEYBOARD = re.compile(
    r"\b(alt|aria-[a-z]+|autofocus|for|lang|role|tabindex)=|autofocus"
    r"|outline|focus|skip-link|visually-hidden|\.added|bdi|label"
)
_PERMISSION = re.compile(
    r"\b(owne[rd]|visible|visitor|authenticated|may_|shared|sharee|login_required|csrf)"
)
_LOG = re.compile(r"\blog(ger|ging)?\b")
_OF_PATHS = (
    (re.compile(r"limits|clients"), Group.LIMITS),
    (re.compile(r"request_logging"), Group.LOG),
    (re.compile(r"prompt_email"), Group.EMAILS),
    (re.compile(r"/urls"), Group.FORMS),
    (re.compile(r"^accounts/"), Group.LOGIN),
    (re.compile(r"^lists/"), Group.LISTS),
)
_SENTENCE = re.compile(r"""["'](XX)?[A-Z“][^"']* [^"']*["']""")
_CHANGED_TEXT = "XX"


def group_of(mutant: Mutant) -> Group:
    """Return where a person would look for the mutant."""
    match mutant.kind:
        case Kind.CODE:
            return _of_code(mutant)
        case Kind.SCRIPT | Kind.STYLE as kind:
            other = Group.LOOK if kind is Kind.STYLE else Group.FORMS
            return Group.KEYBOARD if _KEYBOARD.search(mutant.before) else other
        case Kind.TEMPLATE | Kind.ATTRIBUTE:
            return _of_page(mutant)
    return _BY_KIND[mutant.kind]


def _of_page(mutant: Mutant) -> Group:
    changed = _differing(mutant)
    if _KEYBOARD.search(changed):
        return Group.KEYBOARD
    if mutant.kind is Kind.ATTRIBUTE:
        return Group.LOOK if "class=" in changed else Group.FORMS
    return Group.PERMISSIONS if _PERMISSION.search(changed) else Group.TEXT


def _of_code(mutant: Mutant) -> Group:
    if _LOG.search(mutant.before):
        return Group.LOG
    if _CHANGED_TEXT in mutant.after and _SENTENCE.search(mutant.after):
        return Group.TEXT
    if mutant.path.startswith("lists/") and _PERMISSION.search(mutant.before):
        return Group.PERMISSIONS
    for pattern, group in _OF_PATHS:
        if pattern.search(mutant.path):
            return group
    return Group.OPERATION


def _differing(mutant: Mutant) -> str:
    """Return what stood there, from the beginning of the first word that changed."""
    before = mutant.before
    start, end = difference(before, mutant.after)
    # The space before a word belongs to it.
    return before[before.rfind(" ", 0, start + 1) + 1 : max(end, start + 1)]
