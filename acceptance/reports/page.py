"""Cucumber's own page about a run, as one file that loads nothing."""

import html
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from acceptance.reports.errors import ReportError
from acceptance.reports.plain_words import attempts_in_words
from acceptance.reports.repeating import attempts_in
from acceptance.reports.run_files import Message

INSTALLED = Path(__file__).parents[2] / "setup/report/node_modules/@cucumber/html-formatter/dist"

# Descriptions are Markdown, which may refer to pictures elsewhere: the page never fetches them.
NOTHING_FROM_OUTSIDE = (
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
    "script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; "
    'media-src data: blob:; font-src data:">'
)

# Cucumber's page is too wide for a phone, and has no margin on a large screen.
STYLE = """
#report { box-sizing: border-box; padding: 0 .75rem 2rem; }
#report * { box-sizing: border-box; min-width: 0; }
#report div:has(> form), #report div:has(> div > form), #report ul { flex-wrap: wrap; }
#report div:has(> form), #report form { min-width: min(18rem, 100%); }
#report form input { width: 100%; }
#report pre { max-width: 100%; white-space: pre-wrap; overflow-wrap: anywhere; }
#report img, #report video { max-width: 100%; height: auto; }
#verdict { margin: 0 0 1rem; padding: .75rem 1rem; background: #b3261e; color: #fff; }
#verdict { font-family: system-ui, sans-serif; line-height: 1.4; overflow-wrap: anywhere; }
#repeats { margin: 0 0 1rem; padding: .75rem 1rem; border: 1px solid #6b6b6b; }
#repeats { font-family: system-ui, sans-serif; line-height: 1.4; overflow-wrap: anywhere; }
#repeats h1 { margin: 0; font-size: 1.1rem; }
#repeats ul { margin: .4rem 0 0; padding-left: 1.2rem; }
#verdict h1 { margin: 0; font-size: 1.1rem; }
#verdict ul { margin: .4rem 0 0; padding-left: 1.2rem; }
"""


def page(messages: Sequence[Message], title: str, troubles: Sequence[str] = ()) -> str:
    """Return the page that shows a stream of messages, as HTML.

    Cucumber's part of it counts scenarios, and shows nothing else in red at its top: a run that
    failed says so above that.

    Args:
        messages: a valid stream.
        title: what the browser shows in its tab.
        troubles: what went wrong besides scenarios, in sentences.

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
            "verdict": _verdict(messages, troubles) + _repeats(messages),
        }
    except FileNotFoundError as error:
        message = (
            f"The page that shows reports is not installed ({error.filename} is missing): "
            "type `make report-page`."
        )
        raise ReportError(message) from None
    template = template.replace("<head>", f"<head>\n\t{NOTHING_FROM_OUTSIDE}", 1)
    return _filled(template.replace("<body>", "<body>\n{{verdict}}", 1), parts)


def _verdict(messages: Sequence[Message], troubles: Sequence[str]) -> str:
    ends = [message["testRunFinished"] for message in messages if "testRunFinished" in message]
    if ends and all(end["success"] for end in ends) and not troubles:
        return ""
    reasons = troubles or ["Some scenarios did not pass: they are marked below."]
    shown = "".join(f"<li>{html.escape(reason)}</li>" for reason in reasons)
    return f'<section id="verdict"><h1>This run failed.</h1><ul>{shown}</ul></section>'


def _repeats(messages: Sequence[Message]) -> str:
    """Name the scenarios that were run more than once: the page shows only their last result."""
    repeats = attempts_in(messages)
    if not repeats:
        return ""
    shown = "".join(
        f"<li>{html.escape(each.name)}: {attempts_in_words(each.passed)}</li>" for each in repeats
    )
    return f'<section id="repeats"><h1>Run again:</h1><ul>{shown}</ul></section>'


def _filled(template: str, parts: Mapping[str, str]) -> str:
    # In one step, so that nothing in a message is taken for a part of the template.
    return re.sub(r"\{\{(\w+)\}\}", lambda field: parts[field[1]], template)


def _script(message: Message) -> str:
    # Without "<" no text can end the script or begin a comment in it:
    # https://html.spec.whatwg.org/multipage/scripting.html#restrictions-for-contents-of-script-elements
    return json.dumps(message, separators=(",", ":")).replace("<", r"\x3c")
