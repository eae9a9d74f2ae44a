import re

import pytest

from acceptance.mail.addresses import AddressBook, checked_pattern
from accounts.addresses import canonical_address

PATTERN = "Elspeth+{unique}@Example.com"


def test_an_address_names_the_person_and_is_new_in_each_scenario() -> None:
    book = AddressBook(PATTERN)
    first = book.address_for("Edith")
    book.begin_scenario()
    second = book.address_for("Edith")

    assert re.fullmatch(r"elspeth\+edith\.[a-z0-9]{8}@example\.com", first)
    assert re.fullmatch(r"elspeth\+edith\.[a-z0-9]{8}@example\.com", second)
    assert first != second


def test_an_address_stays_the_same_in_a_scenario() -> None:
    book = AddressBook(PATTERN)

    assert book.address_for("Edith") == book.address_for("Edith")


def test_people_with_similar_names_have_different_addresses() -> None:
    book = AddressBook(PATTERN)

    assert book.address_for("Zoë") != book.address_for("Zoe")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Zoë", "zoe."),
        ("Edith the Second", "edith-the-second."),
        ("東京", ""),
        ("", ""),
        ("..", ""),
        ("O'Neill, Jr.", "o-neill-jr."),
        ("x" * 100, "x" * 47 + "."),
        ("x" * 46 + " y", "x" * 46 + "."),
    ],
)
@pytest.mark.parametrize("pattern", [PATTERN, "{unique}@" + "x" * 60 + ".example.com"])
def test_any_name_makes_an_address_that_the_site_accepts(
    pattern: str, name: str, shown: str
) -> None:
    address = AddressBook(pattern).address_for(name)

    assert canonical_address(address) == address
    assert len(address.rpartition("@")[0]) <= 64
    if pattern == PATTERN:
        assert re.fullmatch(rf"elspeth\+{re.escape(shown)}[a-z0-9]{{8}}@example\.com", address)


def test_a_name_is_left_out_if_there_is_no_room_for_it() -> None:
    address = AddressBook("x" * 56 + "{unique}@example.com").address_for("Edith")

    assert re.fullmatch(r"x{56}[a-z0-9]{8}@example\.com", address)


def test_addresses_change_with_the_scenario() -> None:
    book = AddressBook(PATTERN)
    address = book.address_for("Edith")
    assert book.is_in_use(address)
    assert not book.is_of_others(address)

    book.begin_scenario()

    assert not book.is_in_use(address)
    assert book.is_of_others(address)
    assert not book.leads_nowhere(address)


def test_books_of_parallel_scenarios_know_each_other_s_addresses() -> None:
    book = AddressBook(PATTERN)
    other = book.beside()
    address, theirs = book.address_for("Edith"), other.address_for("Edith")

    assert address != theirs
    assert not book.is_in_use(theirs)
    assert book.is_of_others(theirs)
    assert other.is_of_others(address)
    assert not book.is_of_others("stranger@example.com")


def test_a_single_address_belongs_to_the_first_person() -> None:
    book = AddressBook("elspeth@example.org")
    edith, francis, oni = map(book.address_for, ["Edith", "Francis", "Oni"])

    assert edith == "elspeth@example.org"
    assert re.fullmatch(r"no-one\+francis\.[a-z0-9]{8}@example\.com", francis)
    assert re.fullmatch(r"no-one\+oni\.[a-z0-9]{8}@example\.com", oni)
    assert [book.leads_nowhere(address) for address in (edith, francis, oni)] == [False, True, True]

    book.begin_scenario()

    assert book.is_of_others(edith)
    assert book.address_for("Francis") == edith
    assert not book.is_of_others(edith)


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "@",
        "elspeth",
        "elspeth@",
        "@example.com",
        "{unique}",
        "elspeth@{unique}.example.com",
        "elspeth+{unique}{unique}@example.com",
        "elspeth+{unic}@example.com",
        "elspeth+{}@example.com",
        "els peth+{unique}@example.com",
        "elspeth.@example.com",
        "zoë+{unique}@example.com",
        '"elspeth"@example.com',
        "x" * 57 + "{unique}@example.com",
        "{unique}@" + "x" * 246,
    ],
)
def test_an_invalid_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"^give an? .*address"):
        checked_pattern(pattern)
