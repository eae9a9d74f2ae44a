"""What people do with one item of a list."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.limits import TooManyRequestsError, retry_later
from lists.forms import DUPLICATE_ITEM, EditForm, ItemForm
from lists.models import DuplicateItemError, Item, List
from lists.pages import accept_form, admit_change, list_page, too_many, visible_list
from lists.undo import offer_undo

GONE = "This item is no longer on the list."
REMOVED_MEANWHILE = "This item is no longer on the list. To keep your text, add it as a new item."
NO_WAY_BACK = "This can no longer be undone."


def _button(change: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Make a view of what a button on the page of a list does.

    The visitor may see the list, and another change is admitted.
    """

    @accept_form
    @wraps(change)
    def view(request: HttpRequest, list_id: UUID, **item: int) -> HttpResponse:
        todo_list = visible_list(request, list_id)
        if request.method != "POST":
            return redirect(todo_list)
        try:
            admit_change(request)
        except TooManyRequestsError as refusal:
            reason = too_many("changes", refusal)
            page = _refused(request, todo_list, reason, HTTPStatus.TOO_MANY_REQUESTS)
            return retry_later(page, refusal)
        return change(request, todo_list, **item)

    return view


@_button
def tick(request: HttpRequest, todo_list: List, item_id: int) -> HttpResponse:
    """Tick an item off, or untick it."""
    # What the person wants it to be, and not the opposite of what it is: someone else may have
    # ticked it off at the same time.
    is_done = "done" in request.POST
    if not todo_list.items.filter(pk=item_id).update(is_done=is_done):
        return _refused(request, todo_list, GONE, HTTPStatus.NOT_FOUND)

    return _back_to(todo_list, item_id)


@accept_form
def edit(request: HttpRequest, list_id: UUID, item_id: int) -> HttpResponse:
    """Show the field in which an item is edited; change its text."""
    todo_list = visible_list(request, list_id)
    item = todo_list.items.filter(pk=item_id).first()
    if item is None:
        return _edit_page_of_removed(request, todo_list)
    if request.method != "POST":
        return _edit_page(request, item, EditForm(item))

    form = EditForm(item, request.POST)
    if form.is_valid():
        try:
            admit_change(request)
        except TooManyRequestsError as refusal:
            form.add_error("text", too_many("changes", refusal))
            page = _edit_page(request, item, form, status=HTTPStatus.TOO_MANY_REQUESTS)
            return retry_later(page, refusal)
    try:
        is_changed = form.change()
    except Item.DoesNotExist:
        return _edit_page_of_removed(request, todo_list)
    if not is_changed:
        return _edit_page(request, item, form, status=form.status)

    if form.was != form.new_text:
        report = f"Changed “{form.was}” to “{form.new_text}”."
        # With what the person sees now, "Undo" replaces no later text of someone else.
        offer_undo(request, report, request.path, text=form.was, seen=form.new_text)
    return _back_to(todo_list, item_id)


@_button
def remove(request: HttpRequest, todo_list: List, item_id: int) -> HttpResponse:
    """Remove an item from its list."""
    item = todo_list.items.filter(pk=item_id).first()
    if item is None:
        return _refused(request, todo_list, GONE, HTTPStatus.NOT_FOUND)

    restore_address = reverse("lists:restore", args=[todo_list.pk])
    offer_undo(request, f"Removed “{item.text}”.", restore_address, removed=item.remove())
    return redirect(todo_list)


@_button
def restore(request: HttpRequest, todo_list: List) -> HttpResponse:
    """Put an item back that was removed."""
    try:
        item = todo_list.restore(request.POST.get("removed", ""))
    except BadSignature:
        return _refused(request, todo_list, NO_WAY_BACK, HTTPStatus.BAD_REQUEST)
    except DuplicateItemError:
        return _refused(request, todo_list, DUPLICATE_ITEM, HTTPStatus.CONFLICT)

    return _back_to(todo_list, item.pk)


def _back_to(todo_list: List, item_id: int) -> HttpResponse:
    """Return to the check box of an item, for those who go on by keyboard."""
    return redirect(f"{todo_list.get_absolute_url()}#id_item_{item_id}")


def _edit_page(
    request: HttpRequest, item: Item, form: EditForm, *, status: int = HTTPStatus.OK
) -> HttpResponse:
    context = {"todo_list": item.list, "item": item, "form": form}
    return render(request, "lists/edit_item.html", context, status=status)


def _edit_page_of_removed(request: HttpRequest, todo_list: List) -> HttpResponse:
    """Show the list, with what the person has typed in the field for another item."""
    form = ItemForm(request.POST)
    if not form.is_valid():
        return _refused(request, todo_list, GONE, HTTPStatus.NOT_FOUND)
    form.add_error("text", REMOVED_MEANWHILE)
    return list_page(request, todo_list, item_form=form, status=HTTPStatus.CONFLICT)


def _refused(request: HttpRequest, todo_list: List, reason: str, status: int) -> HttpResponse:
    messages.warning(request, reason)
    return list_page(request, todo_list, status=status)
