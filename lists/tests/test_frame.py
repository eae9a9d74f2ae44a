"""What all pages have around their content, and the pages of errors."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.contrib.staticfiles import finders
from django.template import engines
from django.template.loader import render_to_string
from django.test import Client, override_settings
from pytest_django.asserts import assertNotContains, assertRedirects

from lists.models import List
from lists.tests.reading import attributes, elements, heading, source, tag, texts, title

if TYPE_CHECKING:
    from lists.tests.reading import Page

pytestmark = pytest.mark.django_db


def test_a_visitor_can_ask_for_a_login_link_from_any_page(client: Client, open_list: List) -> None:
    for address in ("/", open_list.get_absolute_url(), "/nothing-here"):
        page = client.get(address)
        assert source(page).count('name="email"') == 1
        field = tag(page, 'name="email"')
        assert 'type="email"' in field
        assert " required" in field
        assert 'maxlength="254"' in field
        assert 'autocomplete="email"' in field
        assert tag(page, 'for="id_navbar_email"').startswith("<label")
        assert tag(page, 'action="/accounts/send_login_email"').startswith("<form")
        assert "id_logout" not in source(page)
        assert "My lists</a>" not in source(page)


def test_a_person_sees_their_address_the_way_to_their_lists_and_the_way_out(
    client_of_edith: Client,
) -> None:
    for address in ("/", "/my-lists/", "/nothing-here"):
        page = client_of_edith.get(address)
        assert "Logged in as edith@example.com" in texts(page, "nav")[0]
        assert texts(page, "nav strong") == ["edith@example.com"]
        assert texts(page, "nav a[href='/my-lists/']") == ["My lists"]
        assert elements(page, "nav form[method=post][action='/accounts/logout'] #id_logout")
        assert 'name="email"' not in source(page)


def test_an_address_without_its_last_slash_leads_to_the_page(client: Client) -> None:
    page = client.get("/accounts/log-in?next=/my-lists/")  # codespell:ignore
    assertRedirects(page, "/accounts/log-in/?next=/my-lists/", status_code=301)


def test_a_page_with_an_address_form_of_its_own_can_do_without_that_in_the_navbar() -> None:
    page = engines["django"].from_string(
        '{% extends "base.html" %}{% block navbar_log_in %}{% endblock %}'
    )
    assert 'name="email"' not in page.render()
    assert "Superlists" in page.render()


@pytest.mark.parametrize(
    ("level", "role", "look"),
    [
        (messages.SUCCESS, "status", "success"),
        (messages.INFO, "status", "info"),
        (messages.WARNING, "alert", "warning"),
        (messages.ERROR, "alert", "danger"),
    ],
)
def test_a_message_is_announced_and_is_no_markup(level: int, role: str, look: str) -> None:
    page = render_to_string("base.html", {"messages": [Message(level, "Check <b>your</b> email")]})
    assert message(page) == (role, look)
    assert texts(page, f"[role={role}]") == ["Check <b>your</b> email"]


def test_a_page_without_a_message_has_nothing_to_undo(client: Client) -> None:
    assert not elements(client.get("/"), "#id_undo")


def test_a_refused_form_token_is_explained() -> None:
    page = Client(enforce_csrf_checks=True).post("/lists/new", {"text": "Buy milk"})
    assert page.status_code == 403
    assert heading(page) == "Please try that again"
    assert not List.objects.exists()


@override_settings(ALLOWED_HOSTS=["superlists.example.com"])
def test_a_request_that_is_not_understood_gets_an_explanation(client: Client) -> None:
    page = client.get("/", headers={"host": "elsewhere.example.com"})
    assert page.status_code == 400
    assert heading(page) == "We could not read that"


@pytest.mark.parametrize(
    ("template", "subject", "headline", "explanation"),
    [
        ("400.html", "Not readable", "We could not read that", "sent something that this site"),
        ("403_csrf.html", "Please try again", "Please try that again", "so nothing was changed"),
        (
            "500.html",
            "Something went wrong",
            "Something went wrong on our side",
            "Please try again in a minute.",
        ),
    ],
)
def test_a_page_for_when_nothing_works_explains_that_and_needs_nothing(
    template: str, subject: str, headline: str, explanation: str
) -> None:
    page = render_to_string(template)
    assert title(page) == f"{subject} · To-Do lists"
    assert heading(page) == headline
    assert explanation in page
    assert texts(page, "main a[href='/']") == ["Go to the home page"]
    assert texts(page, "nav a[href='/']") == ["Superlists"]
    assert "superlists.css" in page


def test_pages_have_no_inline_scripts_or_styles_and_no_requests_to_others(
    client: Client, client_of_edith: Client, list_of_edith: List
) -> None:
    list_of_edith.share_with("francis@example.com")
    for page in (
        client.get("/"),
        client.get("/nothing-here"),
        client.post("/lists/new", {"text": ""}),
        client_of_edith.get("/my-lists/"),
        client_of_edith.get(list_of_edith.get_absolute_url()),
    ):
        assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", source(page))
        assert not re.search(r"<script(?![^>]*\ssrc=)", source(page))
        assert not re.search(r'(src|href)="(https?:)?//', source(page))


def test_pages_say_their_language_and_fit_a_phone(client: Client) -> None:
    page = source(client.get("/"))
    for selector in (
        "html[lang=en]",
        "meta[name=viewport][content='width=device-width, initial-scale=1']",
        "meta[charset=utf-8]",
        # Browsers show their own parts, such as scroll bars, in dark mode, too.
        "meta[name=color-scheme][content='light dark']",
        "link[rel=icon][href='/static/favicon.svg'][type='image/svg+xml']",
        # The name of the site stands beside its picture.
        "img[src='/static/favicon.svg'][alt='']",
        "header nav",
        "main#content",
    ):
        assert elements(page, selector), selector
    assert page.index('href="#content"') < page.index("<nav")
    assert attributes(page, "content")["tabindex"] == "-1"


def test_the_icon_of_the_site_is_a_picture() -> None:
    file = finders.find("favicon.svg")
    assert file is not None
    assert Path(file).read_text().startswith('<svg xmlns="http://www.w3.org/2000/svg"')


def message(page: "Page | str") -> tuple[str, str]:
    """The role of the only message, and its kind, which its look shows."""
    (found,) = elements(page, "main [role=status], main [role=alert]")
    (kind,) = re.findall(r"alert-(\w+)", str(found.attr("class")))
    return str(found.attr("role")), kind


def test_a_change_is_reported_as_a_status_and_what_fails_as_an_alert(
    client_of_edith: Client, list_of_edith: List
) -> None:
    address = list_of_edith.get_absolute_url()
    list_of_edith.add("Make a fly")
    first, second = list_of_edith.items.all()
    change, remove = f"{address}items/{first.pk}/edit", f"{address}items/{second.pk}/remove"

    def post(address: str, **fields: str) -> tuple[str, str]:
        return message(client_of_edith.post(address, fields, follow=True))

    assert post(address, text="Make tea") == ("status", "success")
    assert post(change, text="Buy feathers", seen=first.text) == ("status", "success")
    assert post(remove) == ("status", "success")
    assert post(remove) == ("alert", "warning")
    assert post(f"{address}items/restore", removed="forged") == ("alert", "warning")
    assert post(f"{address}share", sharee="oni@example.com") == ("status", "success")
    assert post(f"{address}share", sharee="oni@example.com") == ("status", "info")
    assert post(f"{address}delete") == ("status", "success")


def test_the_next_person_at_the_browser_reads_no_message_of_the_last_one(
    client_of_edith: Client, list_of_edith: List
) -> None:
    client_of_edith.post(list_of_edith.get_absolute_url(), {"text": "Ask Oni for help"})

    page = client_of_edith.post("/accounts/logout", follow=True)

    assertNotContains(page, "Ask Oni for help")
