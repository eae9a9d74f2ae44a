"""Which variables of templates are logged because they do not exist."""

import logging
from collections.abc import Iterator, Mapping
from types import SimpleNamespace
from typing import Any

import pytest
from django.template import engines
from django.test.utils import override_settings

from acceptance.profiles.undefined_variables import undefined_variables_logged

ITEM = SimpleNamespace(text="Buy milk")
PAGES = {
    "base.html": "<title>{% block title %}{% endblock %}</title>",
    "row.html": "\n{{ item.texts }}",
    "list.html": "{% extends 'base.html' %}\n{% block title %}\n{{ heading }}{% endblock %}",
    "mine.html": "{% include 'row.html' %}",
}


def settings_for(pages: Mapping[str, str], **options: object) -> list[dict[str, Any]]:
    loaders = [("django.template.loaders.locmem.Loader", pages)]
    backend = "django.template.backends.django.DjangoTemplates"
    return [{"BACKEND": backend, "OPTIONS": {"loaders": loaders, **options}}]


@pytest.fixture
def _logged() -> Iterator[None]:
    with override_settings(TEMPLATES=settings_for(PAGES)), undefined_variables_logged():
        yield


def rendered(name: str, **context: object) -> str:
    return engines["django"].get_template(name).render(context)


def logged(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [
        each.getMessage()
        for each in caplog.records
        if (each.name, each.levelno) == ("acceptance.templates", logging.ERROR)
    ]


@pytest.mark.usefixtures("_logged")
@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("list.html", 'the template list.html:3 has no "heading"'),
        (
            "mine.html",
            'the template row.html:2 has no "item.texts": SimpleNamespace has no "texts"',
        ),
    ],
    ids=["block of a template that extends another", "included template"],
)
def test_a_variable_that_does_not_exist_is_logged_with_its_place(
    name: str, message: str, caplog: pytest.LogCaptureFixture
) -> None:
    rendered(name, item=ITEM)

    assert logged(caplog) == [message]


@pytest.mark.usefixtures("_logged")
def test_what_the_context_lacks_is_named(caplog: pytest.LogCaptureFixture) -> None:
    rendered("mine.html")

    assert logged(caplog) == [
        'the template row.html:2 has no "item.texts": its context has no "item"'
    ]


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        ("{{ x|default:'none' }}", "none"),
        ("{{ x|upper|default:'none' }}", "none"),
        ("{% if x %}yes{% else %}no{% endif %}", "no"),
        ("{% if x.y == 1 or not x %}no{% endif %}", "no"),
        ("{% for each in x %}{{ each }}{% empty %}none{% endfor %}", "none"),
        ("{% firstof x item.text %}", "Buy milk"),
        ("{{ item.text }}", "Buy milk"),
    ],
)
def test_what_a_template_may_lack_is_not_logged(
    page: str, shown: str, caplog: pytest.LogCaptureFixture
) -> None:
    with override_settings(TEMPLATES=settings_for({"a": page})), undefined_variables_logged():
        assert rendered("a", item=ITEM) == shown

    assert not logged(caplog)


@pytest.mark.parametrize(
    "page", ["{{ x|yesno }}", "a{{ x|add:'b' }}", "{% with y=x %}{{ y }}{% endwith %}"]
)
def test_pages_are_as_without_the_log(page: str) -> None:
    with override_settings(TEMPLATES=settings_for({"a": page})):
        without = rendered("a")
        with undefined_variables_logged():
            assert rendered("a") == without


def test_a_text_that_the_site_prints_for_such_variables_is_left_as_it_is(
    caplog: pytest.LogCaptureFixture,
) -> None:
    templates = settings_for({"a": "{{ x }}"}, string_if_invalid="%s?")
    with override_settings(TEMPLATES=templates), undefined_variables_logged():
        assert rendered("a") == "x?"

    assert not logged(caplog)
