"""Cucumber's own page about a run: one file that needs nothing from anywhere else."""

import html
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from reporting.errors import ReportError
from reporting.run_files import Message

INSTALLED = Path(__file__).parents[1] / "setup/report/node_modules/@cucumber/html-formatter/dist"

# Descriptions are Markdown, which may name pictures elsewhere: nothing is ever fetched.
NOTHING_FROM_OUTSIDE = (
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
    "script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; "
    'media-src data: blob:; font-src data:">'
)

# As it comes, the page is too wide for a phone, and has no margin on a desk.
STYLE = """
#report { box-sizing: border-box; padding: 0 .75rem 2rem; }
#report * { box-sizing: border-box; min-width: 0; }
#report div:has(> form), #report div:has(> div > form), #report ul { flex-wrap: wrap; }
#report div:has(> form), #report form { min-width: min(18rem, 100%); }
#report form input { width: 100%; }
#report pre { max-width: 100%; white-space: pre-wrap; overflow-wrap: anywhere; }
#report img, #report video { max-width: 100%; height: auto; }
"""


def page(messages: Iterable[Message], title: str) -> str:
    """Return the page that shows a stream of messages, as HTML.

    Args:
        messages: a valid stream.
        title: what the browser shows in its tab.

    Raises:
        ReportError: the page is not installed.

    """
    try:
        template = (INSTALLED / "src/index.mustache").read_text("utf-8")
        parts = {
            "title": html.escape(title),
            "icon": (INSTALLED / "src/icon.url").read_text("utf-8").strip(),
            "css": (INSTALLED / "main.css").read_text("utf-8"),
            "custom_css": STYLE,
            "messages": ",\n".join(map(_script, messages)),
            "script": (INSTALLED / "main.js").read_text("utf-8"),
            "custom_script": "",
        }
    except FileNotFoundError as error:
        message = (
            f"The page that shows reports is not installed ({error.filename} is missing): "
            "type `make report-page`."
        )
        raise ReportError(message) from None
    return _filled(template.replace("<head>", f"<head>\n\t{NOTHING_FROM_OUTSIDE}", 1), parts)


def _filled(template: str, parts: Mapping[str, str]) -> str:
    # In one go, so that nothing in a message is taken for a part of the template.
    return re.sub(r"\{\{(\w+)\}\}", lambda field: parts[field[1]], template)


def _script(message: Message) -> str:
    # Without "<" no text can end the script or begin a comment in it:
    # https://html.spec.whatwg.org/multipage/scripting.html#restrictions-for-contents-of-script-elements
    return json.dumps(message, separators=(",", ":")).replace("<", r"\x3c")
