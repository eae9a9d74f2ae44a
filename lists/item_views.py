"""What people do with one item of a list."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.limits import TooManyRequestsError, retry_later
from lists.models import List
from lists.pages import accept_form, admit_change, list_page, too_many, visible_list

GONE = "This item is no longer on the list."


@accept_form
def tick(request: HttpRequest, list_id: UUID, item_id: int) -> HttpResponse:
    """Tick an item off, or untick it."""
    todo_list = visible_list(request, list_id)
    if request.method != "POST":
        return redirect(todo_list)

    try:
        admit_change(request)
    except TooManyRequestsError as refusal:
        return _too_many_changes(request, todo_list, refusal)

    # What the person wants it to be, and not the opposite of what it is: someone else may have
    # ticked it off at the same time.
    is_done = "done" in request.POST
    if not todo_list.items.filter(pk=item_id).update(is_done=is_done):
        messages.warning(request, GONE)
        return list_page(request, todo_list, status=HTTPStatus.NOT_FOUND)

    # The browser returns to the check box, for those who go on by keyboard.
    return redirect(f"{todo_list.get_absolute_url()}#id_item_{item_id}")


def _too_many_changes(
    request: HttpRequest, todo_list: List, refusal: TooManyRequestsError
) -> HttpResponse:
    messages.warning(request, too_many("changes", refusal))
    page = list_page(request, todo_list, status=HTTPStatus.TOO_MANY_REQUESTS)
    return retry_later(page, refusal)
