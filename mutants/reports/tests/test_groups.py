import pytest

from mutants.mutant import Kind
from mutants.reports.groups import Group, group_of
from mutants.reports.tests.examples import mutant

LIST = "lists/templates/lists/list.html"
CSS = "superlists/static/superlists.css"


@pytest.mark.parametrize(
    ("kind", "path", "before", "after", "group"),
    [
        (Kind.CODE, "lists/forms.py", 'A = "No item"', 'A = "XXNo itemXX"', Group.TEXT),
        (Kind.CODE, "lists/models.py", "return self.owner", "return None", Group.PERMISSIONS),
        (Kind.CODE, "lists/models.py", "return text", "return None", Group.LISTS),
        (Kind.CODE, "accounts/views.py", "logger.info(a)", "", Group.LOG),
        (Kind.CODE, "accounts/views.py", "return link", "", Group.LOGIN),
        (Kind.CODE, "accounts/limits.py", "most + 1", "most + 2", Group.LIMITS),
        (Kind.CODE, "superlists/health.py", "a = 1", "a = 2", Group.OPERATION),
        (Kind.EMAIL, "lists/mail.py", "a", "b", Group.EMAILS),
        (Kind.DATABASE, "lists/models.py", "a", "b", Group.DATABASE),
        (Kind.TEMPLATE, LIST, "<p>Hello you</p>", "<p>XXHello you</p>", Group.TEXT),
        (Kind.TEMPLATE, LIST, "{% if may_share %}", "{% if True %}", Group.PERMISSIONS),
        (Kind.ATTRIBUTE, LIST, '<p aria-label="a" id="b">', '<p id="b">', Group.KEYBOARD),
        (Kind.ATTRIBUTE, LIST, '<p aria-label="a" id="b">', '<p aria-label="a">', Group.FORMS),
        (Kind.ATTRIBUTE, LIST, '<p class="a">', "<p>", Group.LOOK),
        (Kind.STYLE, CSS, "order: 1;", "", Group.LOOK),
        (Kind.STYLE, CSS, "outline: none;", "", Group.KEYBOARD),
    ],
)
def test_groups_by_what_a_person_would_notice(
    kind: Kind, path: str, before: str, after: str, group: Group
) -> None:
    assert group_of(mutant(before, after, kind=kind, path=path)) is group
