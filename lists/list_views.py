"""What people do with a list as a whole: rename it, delete it."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.limits import TooManyRequestsError, retry_later
from lists.forms import NameForm
from lists.models import List
from lists.pages import accept_form, admit_change, own_list, too_many, visible_list
from lists.undo import offer_undo


@accept_form
def rename(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """Show the field for the name of a list; rename it."""
    todo_list = _renamable_list(request, list_id)
    if request.method != "POST":
        return _rename_page(request, todo_list, NameForm(initial={"name": todo_list.shown_name}))

    form = NameForm(request.POST)
    if not form.is_valid():
        return _rename_page(request, todo_list, form, status=HTTPStatus.BAD_REQUEST)
    try:
        admit_change(request)
    except TooManyRequestsError as refusal:
        form.add_error("name", too_many("changes", refusal))
        page = _rename_page(request, todo_list, form, status=HTTPStatus.TOO_MANY_REQUESTS)
        return retry_later(page, refusal)

    # Without a change, the name of the first item stays one that changes with the item.
    if form.cleaned_data["name"] != todo_list.shown_name:
        List.objects.filter(pk=list_id).update(name=form.cleaned_data["name"])
        renamed = _renamable_list(request, list_id)
        report = f"Renamed “{todo_list.shown_name}” to “{renamed.shown_name}”."
        offer_undo(request, report, request.path, name=todo_list.name)
    return redirect(todo_list)


@accept_form
def delete(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """Ask whether to delete a list; delete it. Only its owner can, others get a 404."""
    todo_list = own_list(request, list_id)
    if request.method != "POST":
        context = {
            "todo_list": todo_list,
            "items": todo_list.items.count(),
            "sharees": todo_list.shared_with.count(),
        }
        return render(request, "lists/delete_list.html", context)

    todo_list.delete()
    messages.success(request, f"Deleted “{todo_list.shown_name}”.")
    return redirect("lists:mine")


def _renamable_list(request: HttpRequest, list_id: UUID) -> List:
    todo_list = visible_list(request, list_id)
    if not todo_list.may_be_renamed_by(request.user):
        raise Http404
    return todo_list


def _rename_page(
    request: HttpRequest, todo_list: List, form: NameForm, *, status: int = HTTPStatus.OK
) -> HttpResponse:
    context = {"todo_list": todo_list, "form": form}
    return render(request, "lists/rename_list.html", context, status=status)
