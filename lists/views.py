from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.clients import client_of
from accounts.limits import TooManyRequestsError, retry_later
from lists.forms import ItemForm
from lists.limits import admit_open_list
from lists.models import List
from lists.pages import accept_form, admit_change, list_page, too_many, visible_list


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the field that starts a list."""
    return _home_page(request, ItemForm())


@accept_form
def new(request: HttpRequest) -> HttpResponse:
    """Start a list with its first item."""
    if request.method != "POST":
        return redirect("lists:home")

    form = ItemForm(request.POST)
    if not form.is_valid():
        return _home_page(request, form, status=400)
    if not request.user.is_authenticated:
        try:
            admit_open_list(client_of(request))
        except TooManyRequestsError as refusal:
            form.add_error("text", too_many("lists", refusal))
            return retry_later(_home_page(request, form, status=429), refusal)

    return redirect(List.objects.start(form.cleaned_data["text"], request.user))


@accept_form
def view(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """Show a list; add an item to it."""
    todo_list = visible_list(request, list_id)
    if request.method != "POST":
        return list_page(request, todo_list)

    form = ItemForm(request.POST)
    if form.is_valid():
        try:
            admit_change(request)
        except TooManyRequestsError as refusal:
            form.add_error("text", too_many("changes", refusal))
            page = list_page(request, todo_list, item_form=form, status=429)
            return retry_later(page, refusal)
    if not form.add_to(todo_list):
        return list_page(request, todo_list, item_form=form, status=400)

    added = form.cleaned_data["text"]
    messages.success(request, f"Added “{added}”.", extra_tags="added")
    return redirect(todo_list)


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Show a person's own lists and those shared with them."""
    context = {
        "own_lists": List.objects.owned_by(request.user).newest_first(),
        "shared_lists": List.objects.shared_with(request.user).newest_first(),
    }
    return render(request, "lists/mine.html", context)


def _home_page(request: HttpRequest, item_form: ItemForm, *, status: int = 200) -> HttpResponse:
    return render(request, "lists/home.html", {"item_form": item_form}, status=status)
