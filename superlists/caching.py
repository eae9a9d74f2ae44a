"""Keeping pages out of caches, those of browsers and those on the way to them."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_cache_control


class KeepOutOfCaches:
    """Sends `Cache-Control: private, no-store` with every answer that says nothing about caching.

    Every page shows, or leads to, something that is someone's: an address, a list, a session's
    CSRF token. A page of its own that forgot to say so would be shown by "Back" after its reader
    has logged out, on a computer that others use too. Static files are answered before this.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request."""
        response = self._get_response(request)
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_store=True)
        return response
