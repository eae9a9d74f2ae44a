"""The pages that a step can name in a few words, each as people meet it."""

from collections.abc import Callable, Mapping

from features.support.person import Person

_LONG_WORD = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch" * 4
_LONG_ADDRESS = f"{_LONG_WORD[:60]}@{_LONG_WORD[:60]}.example.com".lower()


def _list_with_refused_item(person: Person) -> None:
    person.has_open_list([_LONG_WORD])
    person.has_tried_to_add_again(_LONG_WORD)


def _shared_list(person: Person) -> None:
    person.has_session()
    person.owns_list(["Plan the party"], shared_with=["oni@example.com"])
    person.opens_list_of(person)


def _list_of_long_address(person: Person) -> None:
    # The page shows it twice: in the bar at the top, and as the owner of the list.
    person.address = _LONG_ADDRESS
    _shared_list(person)


def _list_with_done_item(person: Person) -> None:
    person.has_open_list([_LONG_WORD, "Water the plants"])
    person.list.toggle("Water the plants")


def _removed_item(person: Person) -> None:
    person.has_open_list([_LONG_WORD, "Water the plants"])
    person.list.remove(_LONG_WORD)


def _edit_page(person: Person) -> None:
    person.has_open_list([_LONG_WORD])
    person.list.edit(_LONG_WORD)
    person.items.enter(" ")
    person.session.accept_response()


def _rename_page(person: Person) -> None:
    person.has_open_list([_LONG_WORD])
    person.list.ask_to_rename()


def _delete_page(person: Person) -> None:
    person.has_session()
    person.owns_list([_LONG_WORD], shared_with=["oni@example.com"])
    person.opens_list_of(person)
    person.list.ask_to_delete()


def _my_lists(person: Person) -> None:
    person.has_session()
    person.owns_list(["Book the train"])
    person.my_lists.open_address()


def _open_list_to_keep(person: Person) -> None:
    person.has_session()
    person.has_open_list(["Buy milk"])


def _empty_my_lists(person: Person) -> None:
    person.has_session()
    person.my_lists.open_address()


def _login_link(person: Person) -> None:
    person.has_login_link()
    # With scripts, the page would submit its form before anyone could look at it.
    person.session.run_no_scripts()
    person.session.open(person.login_link)
    person.session.run_scripts_again()


def _login_link_of_another(person: Person) -> None:
    person.has_login_link()
    # The buttons show it, too.
    person.address = _LONG_ADDRESS
    person.has_session()
    person.session.open(person.login_link)


PLACES: Mapping[str, Callable[[Person], None]] = {
    "home page": lambda person: person.home.open_home(),
    "list with a refused item": _list_with_refused_item,
    "list with a done item": _list_with_done_item,
    "list from which an item was removed": _removed_item,
    "page for editing an item": _edit_page,
    "page for renaming a list": _rename_page,
    "question before a list is deleted": _delete_page,
    "shared list": _shared_list,
    "list whose owner has a long email address": _list_of_long_address,
    "open list that Edith can keep": _open_list_to_keep,
    "My lists page": _my_lists,
    "My lists page without lists": _empty_my_lists,
    "login page": lambda person: person.page.open("/accounts/log-in/"),
    "page that a login link leads to": _login_link,
    "page that another person's link leads to": _login_link_of_another,
    "page that an expired link leads to": lambda person: person.opens_refusal(
        "/accounts/login?token=dead"
    ),
    "page that does not exist": lambda person: person.opens_refusal("/not-there"),
    "address of a list that does not exist": lambda person: person.opens_refusal(
        "/lists/00000000-0000-4000-8000-000000000000/"
    ),
}
