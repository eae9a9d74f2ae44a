"""Offer people to undo what they have just done."""

from django.contrib import messages
from django.http import HttpRequest
from django.utils.html import format_html


def offer_undo(
    request: HttpRequest, report: str, address: str, *, seen: str = "", **sent: str
) -> None:
    """Report on the next page what was done, with a button that undoes it.

    Args:
        request: of the person who did it.
        report: a sentence.
        address: where the button posts to.
        seen: the text that the change has left, which the button sends, too: it undoes no later
            change by someone else.
        sent: the one name and value that it sends.

    """
    ((name, value),) = sent.items()
    # Each page with messages has a form for the button (base.html).
    button = format_html(
        '<button class="btn btn-quiet" form="id_undo" formaction="{}" name="{}" value="{}"'
        ' aria-describedby="id_undo_report" autofocus>Undo</button>',
        address,
        name,
        value,
    )
    if seen:
        field = '<input type="hidden" form="id_undo" name="seen" value="{}">{}'
        button = format_html(field, seen, button)
    messages.success(request, format_html('<span id="id_undo_report">{}</span> {}', report, button))
