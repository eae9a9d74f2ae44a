"""The addresses of the site's pages."""

from django.apps import apps
from django.urls import include, path

from superlists.health import health

urlpatterns = [
    path("health", health),
    path("", include("lists.urls")),
    path("accounts/", include("accounts.urls")),
]
if apps.is_installed("acceptance.server"):
    urlpatterns.append(path("staging/", include("acceptance.server.urls")))
