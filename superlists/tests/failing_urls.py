"""A page that breaks, and an error page that needs nothing."""

from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.urls import path


def break_down(_request: HttpRequest) -> HttpResponse:
    raise LookupError("the reason, deep down")


def handler500(_request: HttpRequest) -> HttpResponse:
    return HttpResponseServerError("broken")


urlpatterns = [path("breaks/here", break_down)]
