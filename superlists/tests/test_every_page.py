"""What holds for every page, whatever people have typed."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeAlias

import pytest
from django.test import Client

from accounts.models import LoginLink, User
from lists.models import List
from lists.tests.reading import elements, source, texts

if TYPE_CHECKING:
    from lists.tests.reading import Page

pytestmark = pytest.mark.django_db

MARKUP = "<b>&'\""
ESCAPED = "&lt;b&gt;&amp;&#x27;&quot;"
EDITH = "edith'&@example.com"
ONI = "oni'&@example.com"

_REFERENCES = ("for", "form", "aria-describedby", "aria-labelledby")

Pages: TypeAlias = Mapping[str, "Page"]


def _list_of(owner: User, name: str = "") -> List:
    todo_list = List.objects.start(MARKUP, owner)
    todo_list.name = name
    todo_list.save()
    return todo_list


@pytest.fixture
def pages() -> Pages:
    """Every page, with markup in whatever people can type."""
    edith, oni = (User.objects.create(email=address) for address in (EDITH, ONI))
    own, other, empty = _list_of(edith, MARKUP), _list_of(oni), _list_of(edith)
    own.share_with(ONI)
    other.share_with(EDITH)
    visitor, owner, sharee = Client(), Client(), Client()
    owner.force_login(edith)
    sharee.force_login(oni)
    address, item = own.get_absolute_url(), own.items.get()
    removed = f"{empty.get_absolute_url()}items/{empty.items.get().pk}/remove"
    asked = {"email": MARKUP, "next": "/my-lists/"}

    def link(client: Client, email: str) -> "Page":
        return client.get("/accounts/login", {"token": LoginLink.create_for(email)[1]})

    made: Mapping[str, Callable[[], Page]] = {
        "home": lambda: visitor.get("/"),
        "home, logged in": lambda: owner.get("/"),
        "home, refused": lambda: visitor.post("/lists/new", {"text": MARKUP * 60}),
        "list": lambda: owner.get(address),
        "list, shared": lambda: sharee.get(address),
        "list, item refused": lambda: owner.post(address, {"text": MARKUP}),
        "list, sharing refused": lambda: owner.post(f"{address}share", {"sharee": MARKUP}),
        "list, emptied": lambda: owner.post(removed, follow=True),
        "edit": lambda: owner.get(f"{address}items/{item.pk}/edit"),
        "edit, refused": lambda: owner.post(f"{address}items/{item.pk}/edit", {"text": ""}),
        "edit, refused in a conflict": lambda: owner.post(
            f"{address}items/{item.pk}/edit", {"text": "Buy milk", "seen": "Make tea"}
        ),
        "rename": lambda: owner.get(f"{address}rename"),
        "rename, refused": lambda: owner.post(f"{address}rename", {"name": MARKUP * 60}),
        "delete": lambda: owner.get(f"{address}delete"),
        "my lists": lambda: owner.get("/my-lists/"),
        "login": lambda: visitor.get("/accounts/log-in/", {"next": f"/{MARKUP}"}),
        "login, refused": lambda: visitor.post("/accounts/send_login_email", asked),
        "login link": lambda: link(visitor, EDITH),
        "login link of another person": lambda: link(sharee, EDITH),
        "expired login link": lambda: visitor.get("/accounts/login", {"token": "old"}),
        "expired login link, logged in": lambda: owner.get("/accounts/login", {"token": "old"}),
        "nothing": lambda: visitor.get("/nothing/"),
        "nothing, logged in": lambda: owner.get("/nothing/"),
    }
    return {name: get() for name, get in made.items()}


def test_what_people_typed_is_never_markup(pages: Pages) -> None:
    raw = {
        name: text
        for name, page in pages.items()
        for text in (MARKUP, "'&@")
        if text in source(page)
    }
    assert raw == {}
    shown = {name for name, page in pages.items() if ESCAPED in source(page)}
    assert {"list", "list, shared", "edit", "rename", "delete", "my lists"} <= shown


def test_ids_are_unique(pages: Pages) -> None:
    for name, page in pages.items():
        ids = [element.attr("id") for element in elements(page, "[id]")]
        assert (name, sorted(ids, key=str)) == (name, sorted(set(ids), key=str))


def test_references_lead_to_elements(pages: Pages) -> None:
    lost = [
        (name, reference, target)
        for name, page in pages.items()
        for reference in _REFERENCES
        for element in elements(page, f"[{reference}]")
        for target in str(element.attr(reference)).split()
        if not elements(page, f"#{target}")
    ]
    assert lost == []


def test_links_within_a_page_lead_to_elements(pages: Pages) -> None:
    lost = [
        (name, link.attr("href"))
        for name, page in pages.items()
        for link in elements(page, "[href^='#']")
        if not elements(page, str(link.attr("href")))
    ]
    assert lost == []


def test_no_message_is_empty(pages: Pages) -> None:
    for name, page in pages.items():
        messages = texts(page, "[role=alert], [role=status], [id$=_error], .note, .lead")
        assert (name, "") not in [(name, message) for message in messages]


def test_people_see_only_fields_that_have_a_name(pages: Pages) -> None:
    unnamed = [
        (name, field.attr("name"))
        for name, page in pages.items()
        for field in elements(page, "input:not([type=hidden])")
        if not field.attr("aria-label") and not elements(page, f"label[for='{field.attr('id')}']")
    ]
    assert unnamed == []


def test_pages_send_along_only_what_they_have(pages: Pages) -> None:
    empty = [
        (name, field.attr("name"))
        for name, page in pages.items()
        for field in elements(page, "input[type=hidden]")
        if field.attr("value") in {None, "", "None"}
    ]
    assert empty == []


def test_every_button_sends_its_form(pages: Pages) -> None:
    others = [
        (name, button.text.strip())
        for name, page in pages.items()
        for button in elements(page, "button[type]:not([type=submit])")
    ]
    assert others == []


def test_fields_are_marked_only_if_they_are_refused(pages: Pages) -> None:
    for name, page in pages.items():
        marked = [field.attr("id") for field in elements(page, ".is-invalid, [aria-invalid]")]
        explained = [
            field.attr("id")
            for field in elements(page, ".is-invalid[aria-invalid=true][aria-describedby$=_error]")
        ]
        assert (name, marked) == (name, explained)
        assert (name, len(marked)) == (name, int("refused" in name))


def test_lists_are_announced_although_they_have_no_markers(pages: Pages) -> None:
    # Safari does not announce a list whose style has no markers, unless it has the role.
    for name, page in pages.items():
        assert (name, len(elements(page, "ul"))) == (name, len(elements(page, "ul[role=list]")))


def test_sections_have_names(pages: Pages) -> None:
    for name, page in pages.items():
        sections = elements(page, "section")
        assert (name, len(sections)) == (name, len(elements(page, "section[aria-labelledby]")))


def test_names_keep_their_own_direction(pages: Pages) -> None:
    # A name in Arabic or Hebrew would reverse the words around it.
    for name in ("list", "rename", "delete", "my lists"):
        shown = texts(pages[name], "bdi")
        assert (name, MARKUP in shown) == (name, name != "rename")
    assert len(texts(pages["my lists"], "bdi")) == len(List.objects.all())
    assert texts(pages["list"], "label bdi") == [MARKUP]
