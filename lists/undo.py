"""Messages with a button that undoes what they report."""

from django.contrib import messages
from django.http import HttpRequest
from django.template.loader import render_to_string


def offer_undo(request: HttpRequest, text: str, action: str, name: str, value: str) -> None:
    """Show `text` on the next page, with a button "Undo".

    Args:
        request: the request that did it.
        text: what has been done, in one sentence.
        action: the address that undoes it.
        name: the name of the button in the form that goes there.
        value: its value.

    """
    context = {"text": text, "action": action, "name": name, "value": value}
    # The messages framework signs what it stores, and keeps text that is safe HTML as such.
    messages.success(request, render_to_string("lists/undo.html", context, request))
