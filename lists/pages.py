"""The page of a list, as several views answer with it."""

from http import HTTPStatus
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from accounts.clients import client_of
from accounts.limits import TooManyRequestsError, minutes_of
from lists.forms import ItemForm, ShareForm
from lists.limits import admit_open_change
from lists.models import List

# After a refusal, the browser stays at the address that the form was posted to. A GET of that
# address, as by Enter in the address bar, redirects to the page of the form.
accept_form = require_http_methods(["GET", "HEAD", "POST"])


def visible_list(request: HttpRequest, list_id: UUID) -> List:
    """Return a list that the visitor may see and change.

    Raises:
        Http404: there is no such list, or it is not for this visitor.

    """
    return get_object_or_404(List.objects.visible_to(request.user).with_names(), pk=list_id)


def own_list(request: HttpRequest, list_id: UUID, *, lock: bool = False) -> List:
    """Return a list that the visitor owns.

    Args:
        request: of the visitor.
        list_id: the id of the list.
        lock: whether others wait until the transaction ends before they change or delete it.

    Raises:
        Http404: there is no such list, or it is not this visitor's.

    """
    lists = List.objects.owned_by(request.user).with_names()
    # Not the row of its owner, which the query joins.
    return get_object_or_404(lists.select_for_update(of=("self",)) if lock else lists, pk=list_id)


def list_page(
    request: HttpRequest,
    todo_list: List,
    *,
    item_form: ItemForm | None = None,
    share_form: ShareForm | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """Show a list.

    Args:
        request: of the visitor.
        todo_list: what they may see.
        item_form: the form for another item, where one was refused.
        share_form: the form for another person, where one was refused.
        status: HTTP's status code.

    """
    context = {
        "todo_list": todo_list,
        "items": todo_list.items.all(),
        "sharees": todo_list.shared_with.order_by("email"),
        "may_share": todo_list.owner == request.user,
        "may_rename": todo_list.may_be_renamed_by(request.user),
        "item_form": item_form or ItemForm(),
        "share_form": share_form or ShareForm(todo_list),
    }
    return render(request, "lists/list.html", context, status=status)


def admit_change(request: HttpRequest) -> None:
    """Count one change of a list, if the visitor is not logged in.

    Raises:
        TooManyRequestsError: no further change is admitted for now.

    """
    if not request.user.is_authenticated:
        admit_open_change(client_of(request))


def too_many(what: str, refusal: TooManyRequestsError) -> str:
    """Return why no more of something is admitted, and what to do."""
    return (
        f"Too many {what} came from your network in the last hour. Please log in, or try again"
        f" in {minutes_of(refusal.retry_after)}."
    )
