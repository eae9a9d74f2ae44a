"""The pages of logging in and out."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from accounts.forms import LogInForm


def log_in(request: HttpRequest) -> HttpResponse:
    """Ask for the address that a login link is mailed to."""
    return render(request, "accounts/log_in.html", {"form": LogInForm()})


@require_POST
def send_login_email(request: HttpRequest) -> HttpResponse:
    raise NotImplementedError


def open_link(request: HttpRequest) -> HttpResponse:
    raise NotImplementedError


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    raise NotImplementedError
