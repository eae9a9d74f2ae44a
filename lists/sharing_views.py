"""What people decide about who can see a list."""

import logging
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.mail import AddressRefusedError
from accounts.views import ADDRESS_REFUSED
from lists.forms import ShareForm
from lists.mail import SENT, NotToldError, tell_sharee
from lists.pages import accept_form, list_page, own_list, visible_list
from lists.undo import offer_undo

logger = logging.getLogger(__name__)

SHARED_SINCE = "This can no longer be undone, because you have shared the list since."


@accept_form
def share(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """Share a list with one more person; only its owner can, others get a 404."""
    if request.method != "POST":
        return redirect("lists:view", list_id)

    todo_list = own_list(request, list_id)
    form = ShareForm(todo_list, request.POST)
    if not form.is_valid():
        return list_page(request, todo_list, share_form=form, status=HTTPStatus.BAD_REQUEST)

    sharee = form.cleaned_data["sharee"]
    if todo_list.is_shared_with(sharee):
        messages.info(request, f"This list is already shared with {sharee}.")
        return redirect(todo_list)
    shared = f"Shared with {sharee}, who will find this list under My lists after logging in."
    try:
        # First the email: an address that no email can reach cannot log in either.
        is_told = tell_sharee(request, todo_list, sharee)
    except AddressRefusedError as refusal:
        logger.warning("%s is refused: %s", sharee, refusal, extra={"request": request})
        form.add_error("sharee", ADDRESS_REFUSED)
        return list_page(request, todo_list, share_form=form, status=HTTPStatus.BAD_REQUEST)
    except NotToldError as problem:
        level, report = messages.WARNING, f"{shared} {problem}"
    else:
        level, report = messages.SUCCESS, f"{shared} {SENT}" if is_told else shared
    with transaction.atomic():
        # While the email was on its way, the owner may have deleted the list, or given it up.
        own_list(request, list_id, lock=True).share_with(sharee)
    messages.add_message(request, level, report)
    return redirect(todo_list)


@accept_form
def stop_sharing(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """Stop sharing a list with one person; only its owner can, others get a 404."""
    if request.method != "POST":
        return redirect("lists:view", list_id)

    todo_list = own_list(request, list_id)
    person = request.POST.get("person", "")
    if todo_list.is_shared_with(person):
        todo_list.stop_sharing_with(person)
        offer_undo(
            request,
            f"{person} can no longer see this list.",
            reverse("lists:share", args=[list_id]),
            sharee=person,
        )
    return redirect(todo_list)


@login_required
@accept_form
def keep(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """Make an open list the visitor's own.

    An open list belongs to no one, so anyone who has its address may keep it, as they may change
    it. If two do so at the same time, the second finds it private, or is told by its owner.
    """
    if request.method != "POST":
        return redirect("lists:view", list_id)

    todo_list = visible_list(request, list_id)
    if todo_list.keep_for(request.user):
        offer_undo(
            request,
            "This list is yours now. No one else can see it until you share it.",
            reverse("lists:open", args=[list_id]),
            open="yes",
        )
    return redirect(todo_list)


@accept_form
def open_again(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """Give up a list that was kept by mistake, so that it is open again; only its owner can.

    A list that has been shared since is not one that was kept by mistake.
    """
    if request.method != "POST":
        return redirect("lists:view", list_id)

    todo_list = visible_list(request, list_id)
    if todo_list.owner is None:
        # The button was pressed twice.
        return redirect(todo_list)
    if todo_list.owner != request.user:
        raise Http404
    if todo_list.open():
        messages.success(request, "This list is open again: anyone who has its address can see it.")
    else:
        messages.warning(request, SHARED_SINCE)
    return redirect(todo_list)
