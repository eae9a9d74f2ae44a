"""Keep pages out of caches, in browsers and between browsers and the site."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_cache_control


class KeepOutOfCaches:
    """Sends `Cache-Control: private, no-store` with every response that does not set the header.

    Every page shows, or leads to, something private: an address, a list, a session's CSRF token.
    Without the header, "Back" would show a page after its reader has logged out, even on a shared
    computer. Static files do not pass through here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request."""
        response = self._get_response(request)
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_store=True)
        return response
