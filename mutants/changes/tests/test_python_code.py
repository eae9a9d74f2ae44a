from textwrap import dedent

import pytest

from mutants.changes.change import with_names
from mutants.changes.python_code import mutants_of_python
from mutants.mutant import Kind


def _after(source: str, path: str = "lists/views.py") -> set[str]:
    return {mutant.after for mutant in mutants_of_python(path, dedent(source))}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        # mutmut's
        ("a = b + 1", {"a = b - 1", "a = b + 0", "a = b + 2"}),
        ('a = "Log in"', {'a = ""'}),
        ('a = "name"', {'a = "XXnameXX"'}),
        ("a = f(b)", {"a = f(None)"}),
        ("a = f(b, c)", {"a = f(b, )"}),
        ("f(b, c=d)", {"", "f(b, )"}),
        ("a = Form(b, c)", {"a = Form(b, )"}),
        ('a = path("b", c, name="d")', {'a = path("XXbXX", c, name="d")'}),
        ("f(b=True)", {"", "f(b=False)"}),
        ("a = b.rstrip()", {"a = b.lstrip()"}),
        # ours
        ("a = (b, c)", {"a = (b,)", "a = (c,)"}),
        ('a = {"b": c, "d": e}', {'a = {"b": c, }', 'a = {"d": e}'}),
        ("a = List.filter(b)", {"a = List.all()"}),
        ("a = {1, 2}", {"a = {1, }", "a = {2}"}),
        ("a = b.strip()", {"a = b"}),
        ('a = b.order_by("-c")', {"a = b.all()", 'a = b.order_by("c")'}),
        ("a = [b for b in c if b]", {"a = [b for b in c if True]", "a = [b for b in c if False]"}),
        ('a = f"Hello {b}"', {'a = f"XXHello {b}"'}),
        ('a = f"Hello to {b}"', {'a = f"{b}"'}),
        ("a[b] = c", {""}),
        ("clean(a)", {""}),
    ],
)
def test_changes_a_line(source: str, expected: set[str]) -> None:
    assert _after(source) == expected


@pytest.mark.parametrize(
    "source",
    [
        "import a",
        "from a import b as c",
        '"""About it."""',
        '__all__ = ["a"]',
        "a: str",
        "def f(a: 'B') -> 'C': ...",
        'V: TypeAlias = "A"',
        "if TYPE_CHECKING:\n    a = 1",
        'a = cast("A", b)',
        "@dataclass(frozen=True)\nclass A: ...",
    ],
)
def test_leaves_what_has_no_meaning_when_the_site_runs(source: str) -> None:
    assert _after(source) == set()


def test_decides_both_ways() -> None:
    source = """\
        def f(a):
            if a == b:
                return c
            return d
        """
    assert _after(source) == {"if True:", "if False:"}


def test_still_runs_what_a_test_does_besides() -> None:
    source = """\
        def f(form):
            if form.is_valid() and a:
                return c
            return d
        """
    assert _after(source) == {
        "if (form.is_valid() and a) or True:",
        "if (form.is_valid() and a) and False:",
        "if form.is_valid() or a:",
    }


def test_removes_statements_decorators_handlers_and_transactions() -> None:
    source = """\
        @owner_only
        def f(a):
            with atomic():
                try:
                    a.save()
                except Conflict:
                    raise
            return a
        """
    assert [mutant.before for mutant in mutants_of_python("lists/views.py", dedent(source))] == [
        "@owner_only",
        "with atomic():",
        "a.save()",
        "except Conflict:",
        "raise",
    ]


def test_removes_a_line_of_an_email() -> None:
    source = 'BODY = """\\\nHello {name}.\n\nUse this link: {link}"""\n'
    removed = list(mutants_of_python("accounts/mail.py", source))
    assert {mutant.before for mutant in removed} == {"Hello {name}.", 'Use this link: {link}"""'}
    assert {mutant.kind for mutant in removed} == {Kind.EMAIL}


def test_removes_a_setting_and_changes_the_order_of_middleware() -> None:
    source = "MIDDLEWARE = [a, b]\nDEBUG = not c\n"
    assert _after(source, "superlists/settings.py") == {
        "",
        "MIDDLEWARE = [a, ]",
        "MIDDLEWARE = [b]",
        "MIDDLEWARE = [b, a]",
        "DEBUG = c",
    }


def test_leaves_the_fields_of_models_to_the_mutants_with_migrations() -> None:
    source = """\
        class Item(models.Model):
            text = models.CharField(max_length=255)
            class Meta:
                constraints = (models.UniqueConstraint(fields=("list", "text")),)
                ordering = ("-id",)
            def __str__(self):
                return self.text + "."
        """
    assert {mutant.line for mutant in mutants_of_python("lists/models.py", dedent(source))} == {7}


def test_names_stay_the_same_after_edits_elsewhere() -> None:
    source = "a = b + c\n"
    before = list(with_names(mutants_of_python("lists/views.py", source)))
    after = list(with_names(mutants_of_python("lists/views.py", f"d = e\n\n{source}")))
    assert [mutant.name for mutant in before] == [mutant.name for mutant in after]
    assert [mutant.line for mutant in after] == [3]


def test_gives_equal_changes_different_names() -> None:
    source = "if a:\n    b = c + d\nelse:\n    b = c + d\n"
    mutants = list(with_names(mutants_of_python("lists/views.py", source)))
    assert len({mutant.name for mutant in mutants}) == len(mutants)
