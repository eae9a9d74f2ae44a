from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertRedirects

from lists.tests.reading import elements, heading, source, tag, title


def test_the_first_page_speaks_of_to_do_lists(client: Client) -> None:
    page = client.get("/")
    assert title(page) == "Start a new To-Do list · To-Do lists"
    assert heading(page) == "Start a new To-Do list"


def test_the_field_for_an_item_has_a_name_and_is_required(client: Client) -> None:
    field = tag(client.get("/"), 'id="id_text"')
    assert 'placeholder="Enter a to-do item"' in field
    assert 'name="text"' in field
    assert 'aria-label="To-do item"' in field
    assert " required" in field
    assert "is-invalid" not in field


def test_the_browser_does_not_cut_a_long_paste_and_does_not_skip_its_own_check(
    client: Client,
) -> None:
    assert "maxlength" not in tag(client.get("/"), 'id="id_text"')
    assert "novalidate" not in source(client.get("/"))


def test_the_form_starts_a_list(client: Client) -> None:
    assert elements(client.get("/"), f'form[action="{reverse("lists:new")}"] #id_text')


def test_the_first_page_takes_no_posts(client: Client) -> None:
    assert client.post("/").status_code == 405


def test_the_address_of_the_form_leads_back_to_it(client: Client) -> None:
    assertRedirects(client.get("/lists/new"), "/")
