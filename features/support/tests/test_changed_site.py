"""Whole runs against a changed site: which changes do people notice?"""

from features.support.tests.project_copy import ProjectCopy
from testbeds.scenarios import place_of

ROW = "lists/templates/lists/item.html"
ITEM = '<bdi class="item-text">{{ item.text }}</bdi></label>'


def test_another_button_in_the_rows_of_a_list_changes_nothing(project: ProjectCopy) -> None:
    project.change(ROW, ITEM, f"{ITEM}<td><button type='button'>Remove</button></td>")

    answer = project.behave(
        place_of("list_items", "Edith adds items"),
        place_of("list_items", "The warning disappears when Edith types"),
    )

    assert answer.status == 0, answer.terminal


def test_a_page_that_caches_may_store_is_noticed(project: ProjectCopy) -> None:
    project.change("superlists/settings.py", '    "superlists.caching.KeepOutOfCaches",\n', "")

    answer = project.behave("-D", "timeout=1", "-n", "Back button", "features")

    assert answer.status == 1, answer.terminal
    assert "the heading is ['To-Do list" in answer.failure


def test_a_second_field_for_the_address_is_noticed(project: ProjectCopy) -> None:
    project.change(
        "accounts/templates/accounts/log_in.html", "{% block navbar_log_in %}{% endblock %}\n", ""
    )

    answer = project.behave("-D", "timeout=1", "-n", "A visitor is asked to log in", "features")

    assert answer.status == 1, answer.terminal
    assert "the page asks for an address in 2 places" in answer.failure
