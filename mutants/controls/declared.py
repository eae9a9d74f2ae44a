"""The controls of Superlists."""

from collections.abc import Callable, Mapping

from mutants.controls.control import Control, Sources, replaced, templates
from mutants.controls.markup import (
    with_looser_lines,
    with_more_attributes,
    with_reversed_attributes,
)
from mutants.controls.styles import with_colors, with_other_classes, with_other_order

_COPY: Mapping[str, Mapping[str, str]] = {
    "lists/templates/lists/home.html": {
        "Enter the first thing to do. You can add more to the list later.": (
            "Begin with whatever comes to mind. There is room for everything else."
        ),
        "You can start a list without logging in.": "A first list needs no account.",
        "Share them with friends, who can then add to them.": "Friends can help you with them.",
    },
    "lists/templates/lists/list.html": {
        "Keep the address, so that you find the list again.": "Bookmark this page.",
    },
    "lists/templates/lists/rename_list.html": {
        "Leave this empty to name the list after its first item.": "This may be left empty.",
    },
    "accounts/templates/accounts/log_in.html": {
        "You do not need a password. We send you an email with a link that logs you in.": (
            "There are no passwords here: a link in an email lets you in."
        ),
    },
    "accounts/templates/accounts/open_link.html": {
        "This takes a moment. If nothing happens, press the button.": "One moment, please.",
    },
    "superlists/templates/404.html": {
        "The address may have a typo": "Please check the address for typos",
    },
    "superlists/templates/500.html": {
        "This is not your fault, and we have logged the error.": "We know about it already.",
    },
}

_LIGHT = {
    "--desk": "#eef0f7",
    "--paper": "#fcfcff",
    "--field-border": "#757a95",
    "--new": "#e9ecfb",
    "--rule": "#d3d6e6",
    "--ink": "#1c1f33",
    "--ink-soft": "#4d5270",
    "--teal": "#3d2f9c",
    "--teal-deep": "#28206b",
    "--button": "#3d2f9c",
    "--button-deep": "#28206b",
    "--red": "#8f1240",
    "--bs-link-color-rgb": "61, 47, 156",
    "--bs-link-hover-color-rgb": "40, 32, 107",
    "--bs-body-color-rgb": "28, 31, 51",
}
_DARK = {
    "--desk": "#12131d",
    "--paper": "#1b1d2b",
    "--new": "#262a45",
    "--ink": "#eceef8",
    "--ink-soft": "#b3b7d0",
    "--teal": "#b4a9ff",
    "--teal-deep": "#d3ccff",
    "--button": "#5a4bc4",
    "--button-deep": "#483ba6",
    "--red": "#ff9db8",
    "--bs-link-color-rgb": "180, 169, 255",
    "--bs-link-hover-color-rgb": "211, 204, 255",
    "--bs-body-color-rgb": "236, 238, 248",
}

_WRAPPERS: Mapping[str, Mapping[str, str]] = {
    "superlists/templates/skeleton.html": {
        "<nav ": '<div id="top-of-page"><nav ',
        "</nav>": "</nav></div>",
        "{% block messages %}{% endblock %}": (
            '<div id="news" class="news">{% block messages %}{% endblock %}</div>'
        ),
        "{% block content %}{% endblock %}": (
            '<div id="page"><div class="page">{% block content %}{% endblock %}</div></div>'
        ),
    },
    "superlists/templates/base.html": {
        '<p class="alert': '<div class="one-of-the-news"><p class="alert',
        "{{ message }}</p>": "<span>{{ message }}</span></p></div>",
    },
    "lists/templates/lists/list.html": {
        '<table id="id_list_table"': '<div class="around-items"><table id="id_list_table"',
        "</table>": "</table></div>",
        "<h1>": '<h1><span class="whole-heading">',
        "</h1>": "</span></h1>",
    },
    "lists/templates/lists/item.html": {
        "<bdi": "<span><bdi",
        "</bdi>": "</bdi></span>",
        "<td>": '<td><div class="around-item">',
        "</td>": "</div></td>",
    },
    "lists/templates/lists/mine.html": {
        "<li><a": '<li><div class="around-list"><a',
        "</a></li>": "</a></div></li>",
        "</p></li>": "</p></div></li>",
        "<h1>My Lists</h1>": "<div><h1><span>My Lists</span></h1></div>",
    },
    "lists/templates/lists/delete_list.html": {
        '<p class="lead">': '<div class="warning"><p class="lead">',
        "</p>": "</p></div>",
    },
}

_DELAY = 2
"""How much later a slow site answers, in seconds."""

_SLOW = f'''\
"""A site on a busy server."""

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class SlowDown:
    """Answer each request late."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request, but not yet."""
        time.sleep({_DELAY})
        return self.get_response(request)
'''


def _in_files(changes: Mapping[str, Mapping[str, str]]) -> Callable[[Sources], Sources]:
    return lambda sources: {path: replaced(sources, path, changes[path]) for path in changes}


def _in_templates(change: Callable[[str], str]) -> Callable[[Sources], Sources]:
    return lambda sources: {path: change(text) for path, text in templates(sources).items()}


def _slow(sources: Sources) -> Sources:
    settings = "superlists/settings.py"
    first = {"MIDDLEWARE = [\n": 'MIDDLEWARE = [\n    "superlists.slow_down.SlowDown",\n'}
    return {
        settings: replaced(sources, settings, first),
        "superlists/slow_down.py": _SLOW,
    }


CONTROLS = (
    Control("other copy that no rule is about", _in_files(_COPY)),
    Control("other colors", lambda sources: with_colors(sources, _LIGHT, _DARK)),
    Control("other class names", with_other_classes),
    Control("attributes in another order", _in_templates(with_reversed_attributes)),
    Control("more classes and attributes", _in_templates(with_more_attributes)),
    Control("elements around others", _in_files(_WRAPPERS)),
    Control("other white space", _in_templates(with_looser_lines)),
    Control("rules of the style sheet in another order", with_other_order),
    Control(f"a site that is {_DELAY} seconds slower", _slow, options=("-j", "4")),
)
