"""The addresses that only a staging site has."""

from django.urls import path

from acceptance.server import views

app_name = "staging"

urlpatterns = [path("identity", views.identity, name="identity")]
