import pytest

from mutants.changes.templates import mutants_of_template
from mutants.mutant import Kind


def _after(source: str, kind: Kind) -> set[str]:
    mutants = mutants_of_template("lists/templates/lists/list.html", source)
    return {mutant.after for mutant in mutants if mutant.kind is kind}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            "<p>Hello {{ user.email }}!</p>",
            {
                "<p> {{ user.email }}!</p>",
                "<p>Hello !</p>",
            },
        ),
        ("{{ item.text }}", {"", "{{ item.text|safe }}"}),
        ("{{ items|pluralize }}", {"", "{{ items }}", "{{ items|pluralize|safe }}"}),
        (
            "{% if a or b %}{% endif %}",
            {
                "{% if True %}{% endif %}",
                "{% if False %}{% endif %}",
                "{% if a %}{% endif %}",
                "{% if b %}{% endif %}",
            },
        ),
        (
            "{% for a in b %}{% endfor %}",
            {
                '{% for a in "" %}{% endfor %}',
                "{% for a in b reversed %}{% endfor %}",
            },
        ),
        (
            '{% include "a.html" with b=c d=e %}',
            {
                "",
                '{% include "a.html" with b=c %}',
                '{% include "a.html" with d=e %}',
            },
        ),
        ("{% csrf_token %}", {""}),
        (
            '{% extends "a.html" %}{% block b %}{% csrf_token %}{% endblock %}',
            {
                '{% extends "a.html" %}',
                '{% extends "a.html" %}{% block b %}{% endblock %}',
            },
        ),
        (
            "<h1><bdi>{% csrf_token %}</bdi></h1>",
            {
                "<h1>{% csrf_token %}</h1>",
                "<bdi>{% csrf_token %}</bdi>",
                "<h1><bdi></bdi></h1>",
            },
        ),
        ("{# A comment #}{% comment %}Another{% endcomment %}", set()),
    ],
)
def test_changes_what_a_page_says(source: str, expected: set[str]) -> None:
    assert _after(source, Kind.TEMPLATE) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('<form method="post"></form>', {'<form method="get"></form>'}),
        ("<a href=\"{% url 'a' %}\">b</a>", {"<a href=\"{% url 'lists:home' %}\">b</a>"}),
        ('<button type="submit">b</button>', {'<button type="button">b</button>'}),
        ("<input required>", {"<input>"}),
        ('<input id="a" name="b">', {'<input name="b">', '<input id="a">'}),
        ('<p aria-label="A">b</p>', {"<p>b</p>"}),
        ('<p class="btn btn-primary">b</p>', set()),
        ('<p class="visually-hidden">b</p>', {"<p>b</p>"}),
        (
            "<input{% if a %} checked{% endif %}>",
            {
                "<input{% if True %} checked{% endif %}>",
                "<input{% if False %} checked{% endif %}>",
                "<input{% if a %}{% endif %}>",
            },
        ),
    ],
)
def test_changes_attributes(source: str, expected: set[str]) -> None:
    assert _after(source, Kind.ATTRIBUTE) == expected


def test_keeps_tags_of_django_nested() -> None:
    source = "<img>{% if a %}<b>{% endif %}</b>"
    assert all("{% endif %}" in after for after in _after(source, Kind.TEMPLATE) if "{%" in after)


def test_finds_the_place_behind_letters_of_several_bytes() -> None:
    assert _after("<p>“ä”</p><p>ö {{ id }}</p>", Kind.TEMPLATE) == {
        "<p></p><p>ö {{ id }}</p>",
        "<p>“ä”</p><p> {{ id }}</p>",
        "<p>“ä”</p><p>ö </p>",
    }
