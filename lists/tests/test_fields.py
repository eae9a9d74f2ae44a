"""What browsers, phones and screen readers are told about the fields and messages of pages."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from lists.models import List
from lists.tests.reading import attributes, elements, links, texts

if TYPE_CHECKING:
    from lists.tests.reading import Page

pytestmark = pytest.mark.django_db

ADDRESS = {
    "type": "email",
    "name": "email",
    "required": "",
    "autocomplete": "email",
}
ITEM = {
    "type": "text",
    "name": "text",
    "required": "",
    # Suggestions of the browser would cover the list.
    "autocomplete": "off",
    "enterkeyhint": "done",
}
NAME = {"type": "text", "name": "name", "autocomplete": "off", "enterkeyhint": "done"}
SHAREE = {
    "type": "email",
    "name": "sharee",
    "required": "",
    # The browser would suggest the owner's own address.
    "autocomplete": "off",
}


def edit_address(todo_list: List) -> str:
    return f"{todo_list.get_absolute_url()}items/{todo_list.items.get().pk}/edit"


def assert_has(page: "Page", element_id: str, expected: Mapping[str, str]) -> None:
    found = attributes(page, element_id)
    assert {name: found.get(name) for name in expected} == expected


def test_the_field_in_the_bar_asks_for_an_address(client: Client) -> None:
    assert_has(client.get("/"), "id_navbar_email", {**ADDRESS, "maxlength": "254"})


def test_the_login_page_asks_for_an_address(client: Client) -> None:
    page = client.get("/accounts/log-in/")

    assert_has(page, "id_email", ADDRESS)
    assert "autofocus" not in attributes(page, "id_email")


def test_an_item_is_asked_for_on_the_home_page_and_on_a_list(
    client: Client, open_list: List
) -> None:
    home, page = (client.get(address) for address in ("/", open_list.get_absolute_url()))

    for each in (home, page):
        assert_has(each, "id_text", {**ITEM, "value": "", "placeholder": "Enter a to-do item"})
    # On the home page, screen readers would miss what stands above the field.
    assert "autofocus" not in attributes(home, "id_text")
    assert "autofocus" in attributes(page, "id_text")


def test_an_item_is_edited_in_a_field_with_the_focus(client: Client, open_list: List) -> None:
    page = client.get(edit_address(open_list))

    assert_has(page, "id_text", {**ITEM, "value": "Buy milk", "autofocus": "", "data-select": ""})
    assert "aria-describedby" not in attributes(page, "id_text")
    # People who cancel go on by keyboard from the item, as those who save do.
    back = f"{open_list.get_absolute_url()}#id_item_{open_list.items.get().pk}"
    assert links(page) == [(back, "Cancel")]


def test_a_name_may_be_empty_and_is_explained(client: Client, open_list: List) -> None:
    page = client.get(f"{open_list.get_absolute_url()}rename")

    assert_has(page, "id_name", {**NAME, "autofocus": "", "aria-describedby": "id_name_hint"})
    assert "required" not in attributes(page, "id_name")
    assert attributes(page, "id_name_hint")


def test_the_owner_is_asked_for_the_address_of_someone_else(
    client_of_edith: Client, list_of_edith: List
) -> None:
    page = client_of_edith.get(list_of_edith.get_absolute_url())

    assert_has(page, "id_sharee", {**SHAREE, "value": ""})


def test_the_state_of_a_check_box_is_that_of_the_site(client: Client, open_list: List) -> None:
    # Firefox would restore the state that it had before the page was loaded again.
    box = f"id_item_{open_list.items.get().pk}"
    assert_has(client.get(open_list.get_absolute_url()), box, {"autocomplete": "off"})


def test_a_field_for_an_address_shows_an_example(
    client: Client, client_of_edith: Client, list_of_edith: List
) -> None:
    own_list = client_of_edith.get(list_of_edith.get_absolute_url())

    assert "@" in attributes(client.get("/"), "id_navbar_email")["placeholder"]
    assert "@" in attributes(client.get("/accounts/log-in/"), "id_email")["placeholder"]
    assert "@" in attributes(own_list, "id_sharee")["placeholder"]


def assert_refuses(page: "Page", element_id: str, value: str) -> None:
    error = f"{element_id}_error"
    refused = {
        "value": value,
        "autofocus": "",
        "aria-invalid": "true",
        "aria-describedby": error,
    }
    assert page.status_code == 400
    assert_has(page, element_id, refused)
    # An address that someone logs in with is corrected, and not typed over.
    assert element_id == "id_email" or elements(page, "script[src$='select_text.js']")
    assert attributes(page, error)


def test_a_refused_field_has_the_focus_and_the_reason(
    client: Client, client_of_edith: Client, open_list: List, list_of_edith: List
) -> None:
    address, own_address = open_list.get_absolute_url(), list_of_edith.get_absolute_url()
    long, markup = "x" * 256, '"<b>'

    asked = client.post("/accounts/send_login_email", {"email": markup})
    assert_refuses(asked, "id_email", markup)
    assert_refuses(client.post("/lists/new", {"text": long}), "id_text", long)
    assert_refuses(client.post(address, {"text": markup + long}), "id_text", markup + long)
    assert_refuses(client.post(edit_address(open_list), {"text": long}), "id_text", long)
    assert_refuses(client.post(edit_address(open_list), {}), "id_text", "")
    assert_refuses(client.post(f"{address}rename", {"name": long}), "id_name", long)
    shared = client_of_edith.post(f"{own_address}share", {"sharee": markup})
    assert_refuses(shared, "id_sharee", markup)


def test_the_parts_of_a_page_have_names(client_of_edith: Client, list_of_edith: List) -> None:
    page = client_of_edith.get(list_of_edith.get_absolute_url())

    assert elements(page, "nav[aria-label=Superlists]")
    assert attributes(page, "id_list_table")["aria-label"] == "Items"
    (section,) = elements(page, "section[aria-labelledby]")
    assert texts(page, f"#{section.attr('aria-labelledby')}") == ["Who can see this list"]


def test_who_can_see_an_open_list_is_a_part_of_its_page(client: Client, open_list: List) -> None:
    (section,) = elements(client.get(open_list.get_absolute_url()), "main section")
    assert [each.text for each in section.select("h2")] == ["Who can see this list"]


def test_what_keeping_means_is_read_with_the_button(
    client_of_edith: Client, open_list: List
) -> None:
    page = client_of_edith.get(open_list.get_absolute_url())
    assert texts(page, "button[aria-describedby=id_keep_note]") == ["Keep this list"]


def test_what_is_done_to_an_item_is_shown_as_a_picture_and_read_as_words(
    client: Client, open_list: List
) -> None:
    page = client.get(open_list.get_absolute_url())
    for what in ("Save", "Edit", "Remove"):
        control = f"[aria-label='{what} Buy milk']"
        (picture,) = elements(page, f"{control} svg[aria-hidden=true] use")
        assert elements(page, f"svg[hidden] {picture.attr('href')} path")


def test_a_name_keeps_its_direction_beside_other_texts(
    client_of_edith: Client, client_of_francis: Client, list_of_edith: List
) -> None:
    list_of_edith.share_with("francis@example.com")
    name = "Buy peacock feathers"

    assert name in texts(client_of_edith.get("/my-lists/"), "bdi")
    assert name in texts(client_of_francis.get("/my-lists/"), "bdi")
    assert name in texts(client_of_edith.get(f"{list_of_edith.get_absolute_url()}delete"), "bdi")


def test_what_undo_does_is_read_with_the_button(client: Client, open_list: List) -> None:
    edited = {"text": "Make tea", "seen": "Buy milk"}
    page = client.post(edit_address(open_list), edited, follow=True)

    assert texts(page, "#id_undo_report")[0].startswith("Changed")
    assert elements(page, "button[form=id_undo][aria-describedby=id_undo_report][autofocus]")
