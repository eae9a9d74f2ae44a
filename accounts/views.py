"""The pages for logging in and out."""

import logging

from django.contrib import messages
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.clients import client_of
from accounts.forms import LogInForm
from accounts.limits import TooManyRequestsError, admit_login_mail, minutes_of, retry_later
from accounts.mail import AddressRefusedError, send_login_link
from accounts.models import LoginLink
from accounts.site_address import address_on_site

logger = logging.getLogger(__name__)

NOT_SENT = (
    "We could not send the email just now. Your address is fine: please try again in a few minutes."
)
ADDRESS_REFUSED = "We cannot deliver email to this address. Please check it for typos."


@require_safe
def log_in(request: HttpRequest) -> HttpResponse:
    """Ask for the address to which a login link is sent."""
    if request.user.is_authenticated:
        return redirect("lists:home")
    return _log_in_page(request, LogInForm(initial={"next": request.GET.get("next", "")}))


@require_http_methods(["GET", "HEAD", "POST"])
def send_login_email(request: HttpRequest) -> HttpResponse:
    """Send a login link to the address that was typed.

    This view does not look at who has an account, so neither the response nor its duration shows
    whether an address has one.
    """
    if request.method != "POST":
        return redirect("accounts:log_in")

    form = LogInForm(request.POST)
    if not form.is_valid():
        return _log_in_page(request, form, status=400)

    address, return_to = form.cleaned_data["email"], form.cleaned_data["next"]
    try:
        admit_login_mail(address, client_of(request))
    except TooManyRequestsError as refusal:
        return _too_many_mails(request, form, refusal)

    try:
        send_login_link(address, address_on_site(request, reverse("accounts:open_link")), return_to)
    except AddressRefusedError as refusal:
        logger.warning("%s is refused: %s", address, refusal, extra={"request": request})
        form.add_error("email", ADDRESS_REFUSED)
        return _log_in_page(request, form, status=400)
    except OSError:
        logger.exception("No login mail to %s", address, extra={"request": request})
        return _log_in_page(request, form, problem=NOT_SENT, status=503)

    messages.success(
        request,
        f"Check your email: we have sent a login link to {address}. It works once,"
        f" for {LoginLink.minutes()} minutes.",
    )
    return redirect(return_to or "lists:home")


# The address of this page contains the token. The site's Referrer-Policy, "same-origin", hides it
# from other sites. A stricter "no-referrer" would break the form: browsers would post it with
# "Origin: null" (Fetch Standard, "append a request `Origin` header"), which Django's CSRF check
# refuses (CsrfViewMiddleware._origin_verified).
@require_http_methods(["GET", "HEAD", "POST"])
def open_link(request: HttpRequest) -> HttpResponse:
    """Log a person in with the token of a login link.

    Mail scanners fetch every link in an email before its reader does, so a GET changes nothing: it
    shows a form that posts the token, automatically if scripts run. Only a person who is logged in
    as someone else is asked first, because any page on the web can lead them here with a link that
    was sent to an attacker, who could then read everything that they write.
    """
    is_post = request.method == "POST"
    token = (request.POST if is_post else request.GET).get("token", "")
    person = request.user
    other = LoginLink.address_of(token)
    if (
        person.is_authenticated
        and other not in {None, person.email}
        # The person who is logged in now may not be the one who answered the question.
        and request.POST.get("instead_of") != person.email
    ):
        return _ask_whether_to_change(request, token, other)
    if is_post:
        return _log_in_with(request, token)
    if not LoginLink.looks_like_token(token):
        return _link_does_not_work(request)
    return render(request, "accounts/open_link.html", {"token": token})


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """End the session, with the messages that the person has not read yet."""
    # They may be in a cookie of their own, and reading them removes them.
    list(messages.get_messages(request))
    logout(request)
    return redirect("lists:home")


def _ask_whether_to_change(request: HttpRequest, token: str, other: str | None) -> HttpResponse:
    context = {"other": other, "token": token}
    # A token that was posted without an answer conflicts with the person who is logged in now.
    status = 409 if request.method == "POST" else 200
    return render(request, "accounts/change_person.html", context, status=status)


def _log_in_with(request: HttpRequest, token: str) -> HttpResponse:
    return_to = LoginLink.return_path_of(token)
    person = authenticate(request, token=token)
    if person is None:
        return _link_does_not_work(request)
    # Django's login() keeps the data of an anonymous session, and even its key if the same person
    # logs in again. No earlier session may be carried over.
    request.session.flush()
    login(request, person)
    return redirect(return_to or "lists:home")


def _log_in_page(
    request: HttpRequest, form: LogInForm, *, problem: str = "", status: int = 200
) -> HttpResponse:
    context = {"form": form, "problem": problem}
    return render(request, "accounts/log_in.html", context, status=status)


def _too_many_mails(
    request: HttpRequest, form: LogInForm, refusal: TooManyRequestsError
) -> HttpResponse:
    wait = minutes_of(refusal.retry_after)
    problem = (
        "We have already sent several login links to this address. Please use the newest one, or"
        f" try again in {wait}."
        if refusal.limit.interval
        else "Too many login links were requested in the last hour, so we have not sent this one."
        f" Please try again in {wait}."
    )
    return retry_later(_log_in_page(request, form, problem=problem, status=429), refusal)


def _link_does_not_work(request: HttpRequest) -> HttpResponse:
    context = {"form": LogInForm(), "minutes": LoginLink.minutes()}
    return render(request, "accounts/link_does_not_work.html", context, status=400)
