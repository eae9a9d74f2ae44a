"""Which part of the site answers which address."""

from django.urls import include, path

urlpatterns = [
    path("", include("lists.urls")),
    path("accounts/", include("accounts.urls")),
]
