"""A mail scanner: it fetches every link in a mail before the reader does, and runs no script."""

from collections.abc import Mapping
from http import HTTPStatus
from urllib.request import Request, urlopen


def look_at(link: str, headers: Mapping[str, str]) -> None:
    """Fetch `link` as scanners do: first its headers, then the page.

    Args:
        link: a web address.
        headers: what the requests have besides.

    Raises:
        AssertionError: the site refuses, or is not there.

    """
    for method in ("HEAD", "GET"):
        request = Request(link, method=method, headers=dict(headers))  # noqa: S310
        try:
            with urlopen(request, timeout=10) as answer:  # noqa: S310
                said = str(answer.status)
        except OSError as error:
            said = str(error)
        assert said == str(HTTPStatus.OK), f"the mail scanner was told: {said}"
