"""Offer people to undo what they have just done."""

from django.contrib import messages
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join


def offer_undo(request: HttpRequest, report: str, address: str, **sent: str) -> None:
    """Report on the next page what was done, with a button that undoes it.

    Args:
        request: of the person who did it.
        report: a sentence.
        address: where the button posts to.
        sent: the names and values that it sends.

    """
    (name, value), *others = sent.items()
    # Each page with messages has a form for the button (base.html).
    button = format_html(
        '<button class="btn btn-quiet" form="id_undo" formaction="{}" name="{}" value="{}"'
        ' aria-describedby="id_undo_report" autofocus>Undo</button>',
        address,
        name,
        value,
    )
    fields = format_html_join(
        "", '<input type="hidden" form="id_undo" name="{}" value="{}">', others
    )
    message = format_html('<span id="id_undo_report">{}</span> {}{}', report, fields, button)
    messages.success(request, message)
