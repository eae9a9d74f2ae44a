"""What holds for every page, whatever people have typed."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

import pytest
from django.contrib.auth.models import AnonymousUser
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
Found: TypeAlias = Sequence[object]


def _list_of(owner: User | AnonymousUser, name: str = "") -> List:
    todo_list = List.objects.start(MARKUP, owner)
    todo_list.name = name
    todo_list.save()
    return todo_list


@pytest.fixture
def pages() -> Pages:
    """Every page, with markup in whatever people can type."""
    edith, oni = (User.objects.create(email=address) for address in (EDITH, ONI))
    own, other, empty = _list_of(edith, MARKUP), _list_of(oni), _list_of(edith)
    everyones = _list_of(AnonymousUser())
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
        "list, open": lambda: visitor.get(everyones.get_absolute_url()),
        "list, open, logged in": lambda: owner.get(everyones.get_absolute_url()),
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


def _raw_markup(page: "Page") -> Found:
    return [text for text in (MARKUP, "'&@") if text in source(page)]


def _repeated_ids(page: "Page") -> Found:
    ids = Counter(element.attr("id") for element in elements(page, "[id]"))
    return [each for each, count in ids.items() if count > 1]


def _lost_references(page: "Page") -> Found:
    return [
        (reference, target)
        for reference in _REFERENCES
        for element in elements(page, f"[{reference}]")
        for target in str(element.attr(reference)).split()
        if not elements(page, f"#{target}")
    ]


def _lost_links_within_the_page(page: "Page") -> Found:
    addresses = [str(link.attr("href")) for link in elements(page, "[href^='#']")]
    return [address for address in addresses if not elements(page, address)]


def _empty_messages(page: "Page") -> Found:
    messages = texts(page, "[role=alert], [role=status], [id$=_error], .note, .lead")
    return [message for message in messages if not message]


def _fields_without_a_name(page: "Page") -> Found:
    return [
        field.attr("id")
        for field in elements(page, "input:not([type=hidden])")
        if not field.attr("aria-label") and not elements(page, f"label[for='{field.attr('id')}']")
    ]


def _hidden_fields_without_a_value(page: "Page") -> Found:
    fields = elements(page, "input[type=hidden]")
    return [field.attr("name") for field in fields if field.attr("value") in {None, "", "None"}]


def _buttons_that_send_nothing(page: "Page") -> Found:
    return [each.text.strip() for each in elements(page, "button[type]:not([type=submit])")]


def _refused_fields_without_an_explanation(page: "Page") -> Found:
    explained = ".is-invalid[aria-invalid=true][aria-describedby$=_error]"
    refused = elements(page, f".is-invalid:not({explained}), [aria-invalid]:not({explained})")
    return [field.attr("id") for field in refused]


def _lists_that_are_not_announced(page: "Page") -> Found:
    # Safari does not announce a list whose style has no markers, unless it has the role.
    return [each.text.strip() for each in elements(page, "ul:not([role=list])")]


def _sections_without_a_name(page: "Page") -> Found:
    return [each.text.strip() for each in elements(page, "section:not([aria-labelledby])")]


_FAULTS = (
    _raw_markup,
    _repeated_ids,
    _lost_references,
    _lost_links_within_the_page,
    _empty_messages,
    _fields_without_a_name,
    _hidden_fields_without_a_value,
    _buttons_that_send_nothing,
    _refused_fields_without_an_explanation,
    _lists_that_are_not_announced,
    _sections_without_a_name,
)


def test_pages_have_no_faults(pages: Pages) -> None:
    # One test of all, because making the pages takes longer than all the checks.
    found = {
        (name, fault.__name__): faulty
        for name, page in pages.items()
        for fault in _FAULTS
        if (faulty := fault(page))
    }
    assert found == {}
    shown = {name for name, page in pages.items() if ESCAPED in source(page)}
    assert {"list", "list, shared", "edit", "rename", "delete", "my lists"} <= shown
    refused = {name: len(elements(page, ".is-invalid")) for name, page in pages.items()}
    assert refused == {name: int("refused" in name) for name in pages}
    # A name in Arabic or Hebrew would reverse the words around it, unless it is isolated.
    for name in ("list", "rename", "delete", "my lists"):
        isolated = texts(pages[name], "bdi")
        assert (name, MARKUP in isolated) == (name, name != "rename")
    assert len(texts(pages["my lists"], "bdi")) == List.objects.exclude(owner=None).count()
    assert texts(pages["list"], "label bdi") == [MARKUP]
