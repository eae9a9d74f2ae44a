from pathlib import Path

import pytest

from mutants.controls.control import Control, OutdatedControlError, replaced
from mutants.controls.declared import CONTROLS
from mutants.controls.markup import (
    with_looser_lines,
    with_more_attributes,
    with_reversed_attributes,
)
from mutants.controls.styles import (
    STYLE_SHEET,
    with_colors,
    with_other_classes,
    with_other_order,
)
from mutants.controls.trial import Trial, read_sources, try_control
from testbeds.scenarios import place_of

ROOT = Path(__file__).resolve().parents[2]

RENAMES_LIST = place_of("rename_and_delete_lists", "Edith renames her list")


@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: control.name)
def test_a_control_still_changes_the_site(control: Control) -> None:
    sources = read_sources(ROOT)
    changed = control.change(sources)
    assert changed
    for path, text in changed.items():
        assert text != sources.get(path)


def test_a_control_whose_text_is_gone_says_where_to_change_it() -> None:
    with pytest.raises(OutdatedControlError) as outdated:
        replaced({"a.html": "<p>Hello</p>"}, "a.html", {"Good morning": "Hi"})
    assert str(outdated.value) == (
        "A control changes 'Good morning', which is not in a.html: "
        "give it a text of that file in mutants/controls/declared.py."
    )


def test_attributes_are_reversed_and_conditions_stay_whole() -> None:
    template = (
        '<input id="a" class="b{% if c %} d{% endif %}" required'
        "{% if e %} autofocus{% if f %} x=\"{{ f|default:'>' }}\"{% endif %}{% endif %}>"
        "{% if 1 < 2 %}text{% endif %}<br/>"
    )
    assert with_reversed_attributes(template) == (
        "<input{% if e %} autofocus{% if f %} x=\"{{ f|default:'>' }}\"{% endif %}{% endif %}"
        ' required class="b{% if c %} d{% endif %}" id="a">'
        "{% if 1 < 2 %}text{% endif %}<br/>"
    )


def test_each_element_has_one_more_class_before_its_own() -> None:
    assert with_more_attributes('<p>a</p><p class="b">c</p>') == (
        '<p data-part="page" class="part">a</p><p data-part="page" class="part b">c</p>'
    )


def test_only_lines_are_made_looser() -> None:
    assert with_looser_lines('<i>1: </i>\n  <b class="a b">c</b>') == (
        '<i>1: </i>\n\n\t\t<b class="a b">c</b>'
    )


def test_classes_are_renamed_wherever_the_site_names_them() -> None:
    changed = with_other_classes(
        {
            "page.html": '<p class="alert alert-{{ level }}{% if extra %} {{ extra }}{% endif %}">'
            '<b class="list-sharee{% if wrong %} wrong{% endif %}">',
            "views.py": 'messages.info(request, "x", extra_tags="added")',
            "look.css": ".alert.alert-info > .wrong, .added, .list-sharee, .other {top: 0.5rem}",
            "page.js": 'find(".wrong[autofocus], .added").classList.remove("wrong"); added.x;',
            "other.js": "other.alert;",
        }
    )
    assert changed == {
        "page.html": '<p class="look-alert look-alert-{{ level }}'
        '{% if extra %} look-{{ extra }}{% endif %}">'
        '<b class="look-list-sharee{% if wrong %} look-wrong{% endif %}">',
        "look.css": ".look-alert.look-alert-info > .look-wrong, .look-added, .list-sharee, .other"
        " {top: 0.5rem}",
        "page.js": 'find(".look-wrong[autofocus], .look-added").classList.remove("look-wrong");'
        " added.x;",
    }


def test_each_theme_has_other_colors() -> None:
    sources = {
        STYLE_SHEET: ":root {\n --a: red;\n --b: red;\n}\n@media x {\n:root {\n --a: red;\n}}"
    }
    assert with_colors(sources, {"--b": "blue"}, {"--a": "green"}) == {
        STYLE_SHEET: ":root {\n --a: red;\n --b: blue;\n}\n@media x {\n:root {\n --a: green;\n}}"
    }
    with pytest.raises(OutdatedControlError, match="--b:"):
        with_colors(sources, {}, {"--b": "green"})


def test_only_rules_without_common_properties_change_places() -> None:
    style_sheet = (
        "/* a { */\na {\n  color: red;\n  top: 0;\n}\n"
        "b {\n  margin: 0;\n}\n"
        "c {\n  margin-left: 1px;\n  margin: 0;\n}\n"
        "@media print {\n  d {\n    color: red;\n  }\n}\n"
    )
    assert with_other_order({STYLE_SHEET: style_sheet})[STYLE_SHEET] == (
        "\nb {\n  margin: 0;\n}"
        "\nc {\n  margin-left: 1px;\n  margin: 0;\n}"
        "/* a { */\na {\n  top: 0;\n  color: red;\n}"
        "\n@media print {\n  d {\n    color: red;\n  }\n}\n"
    )


def test_a_control_that_changes_a_rule_goes_red_with_scenario_and_step() -> None:
    page = "lists/templates/lists/list.html"
    harmful = Control(
        "another link", lambda sources: {page: replaced(sources, page, {"Rename this": "Name the"})}
    )
    trial = try_control(harmful, ROOT, scenarios=[RENAMES_LIST], units=False)
    failure = (
        'Edith renames her list: And Edith renames the list to "Saturday": '
        "there is no 'Rename this list' on the page"
    )
    assert trial == Trial(harmful, [failure])
