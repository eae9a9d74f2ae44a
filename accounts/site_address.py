"""Absolute addresses of the site's pages, as emails need them."""

from django.conf import settings
from django.http import HttpRequest


def address_on_site(request: HttpRequest, path: str) -> str:
    """Return the absolute address of a page; behind proxies, without the request's own port."""
    if settings.SITE_ADDRESS:
        return f"{settings.SITE_ADDRESS}{path}"
    return request.build_absolute_uri(path)
