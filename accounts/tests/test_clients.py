import pytest
from django.test import RequestFactory
from pytest_django import Settings

from accounts.clients import UNKNOWN, client_of


def client(remote_addr: str, forwarded_for: str | None = None) -> str:
    headers = {} if forwarded_for is None else {"X-Forwarded-For": forwarded_for}
    return client_of(RequestFactory().get("/", headers=headers, REMOTE_ADDR=remote_addr))


def test_the_client_is_who_holds_the_connection() -> None:
    assert client("192.0.2.1") == "192.0.2.1"


def test_without_proxies_the_header_is_ignored() -> None:
    assert client("192.0.2.1", "198.51.100.7") == "192.0.2.1"


@pytest.mark.parametrize(
    ("proxies", "forwarded_for", "expected"),
    [
        (1, "198.51.100.7", "198.51.100.7"),
        (1, "made up, 203.0.113.9, 198.51.100.7", "198.51.100.7"),
        (2, "203.0.113.9, 198.51.100.7, 10.0.0.1", "198.51.100.7"),
        (2, "198.51.100.7", UNKNOWN),
        (1, "", UNKNOWN),
        (1, None, UNKNOWN),
        (1, "198.51.100.7,", UNKNOWN),
        (1, "nonsense", UNKNOWN),
        (1, "\x00", UNKNOWN),
        (1, "9" * 5000, UNKNOWN),
    ],
)
def test_behind_proxies_the_client_is_as_many_places_from_the_right(
    settings: Settings, proxies: int, forwarded_for: str | None, expected: str
) -> None:
    settings.TRUSTED_PROXIES = proxies

    assert client("10.0.0.1", forwarded_for) == expected


def test_behind_a_unix_socket_there_is_no_address() -> None:
    assert client("") == UNKNOWN


def test_a_whole_ipv6_network_is_one_client() -> None:
    assert client("2001:db8:1:2::a") == client("2001:db8:1:2:ffff::b") == "2001:db8:1:2::/64"
    assert client("2001:db8:1:3::a") != client("2001:db8:1:2::a")


def test_an_ipv4_address_is_the_same_client_in_either_notation() -> None:
    assert client("::ffff:192.0.2.1") == client("192.0.2.1")
