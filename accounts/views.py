"""The pages of logging in and out."""

import logging
import math
from datetime import timedelta

from django.contrib import messages
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.clients import client_of
from accounts.forms import LogInForm
from accounts.limits import TooManyLoginMailsError, admit_login_mail
from accounts.mail import send_login_link
from accounts.models import LoginLink

logger = logging.getLogger(__name__)

NOT_SENT = (
    "We could not send the e-mail just now. Nothing is wrong with your address: please try again"
    " in a few minutes."
)


@require_safe
def log_in(request: HttpRequest) -> HttpResponse:
    """Ask for the address that a login link is mailed to."""
    if request.user.is_authenticated:
        return redirect("lists:home")
    return _log_in_page(request, LogInForm())


@require_http_methods(["GET", "HEAD", "POST"])
def send_login_email(request: HttpRequest) -> HttpResponse:
    """Mail a login link to the address that was typed.

    Nothing here looks at who is known to the site, so neither the answer nor the time it takes
    tells.
    """
    if request.method != "POST":
        return redirect("accounts:log_in")

    form = LogInForm(request.POST)
    if not form.is_valid():
        return _log_in_page(request, form, status=400)

    address = form.cleaned_data["email"]
    try:
        admit_login_mail(address, client_of(request))
    except TooManyLoginMailsError as refusal:
        return _too_many_mails(request, form, refusal.retry_after)

    try:
        send_login_link(address, request.build_absolute_uri(reverse("accounts:open_link")))
    except OSError:
        logger.exception("No login mail to %s", address, extra={"request": request})
        return _log_in_page(request, form, problem=NOT_SENT, status=503)

    messages.success(
        request,
        f"Check your email: we have sent a login link to {address}. It works once, and for"
        f" {LoginLink.minutes()} minutes.",
    )
    return redirect("lists:home")


# The address of this page holds the token. It is kept out of caches here, and from other sites
# by the Referrer-Policy that the whole site has, "same-origin". A stricter "no-referrer" would
# break the form: browsers then post it with "Origin: null" (Fetch Standard, "append a request
# `Origin` header"), which Django's CSRF check refuses (CsrfViewMiddleware._origin_verified).
@require_http_methods(["GET", "HEAD", "POST"])
def open_link(request: HttpRequest) -> HttpResponse:
    """Log in whoever brings the token of a login link.

    Mail scanners fetch every link in a mail before its reader does, so fetching this page changes
    nothing: it holds a form that posts the token, by itself where scripts run.
    """
    if request.method == "POST":
        return _log_in_with(request, request.POST.get("token", ""))

    token = request.GET.get("token", "")
    if not LoginLink.looks_like_token(token):
        return _link_does_not_work(request)
    return render(request, "accounts/open_link.html", {"token": token})


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return redirect("lists:home")


def _log_in_with(request: HttpRequest, token: str) -> HttpResponse:
    person = authenticate(request, token=token)
    if person is None:
        return _link_does_not_work(request)
    # Django's login() keeps the data of an anonymous session, and the key too where the same
    # person logs in again. Nothing that was there before, for whomever, shall pass on.
    request.session.flush()
    login(request, person)
    return redirect("lists:home")


def _log_in_page(
    request: HttpRequest, form: LogInForm, *, problem: str = "", status: int = 200
) -> HttpResponse:
    context = {"form": form, "problem": problem}
    return render(request, "accounts/log_in.html", context, status=status)


def _too_many_mails(request: HttpRequest, form: LogInForm, wait: timedelta) -> HttpResponse:
    minutes = math.ceil(wait / timedelta(minutes=1))
    problem = (
        "Too many login links were asked for within an hour, so we have sent none this time."
        f" Please try again in {minutes} minute{'' if minutes == 1 else 's'}."
    )
    response = _log_in_page(request, form, problem=problem, status=429)
    response.headers["Retry-After"] = str(math.ceil(wait.total_seconds()))
    return response


def _link_does_not_work(request: HttpRequest) -> HttpResponse:
    context = {"form": LogInForm(), "minutes": LoginLink.minutes()}
    return render(request, "accounts/link_does_not_work.html", context, status=400)
