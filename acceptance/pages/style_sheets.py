"""The style sheets of a page, which explain its looks."""

from urllib.parse import urlsplit

from acceptance.browser.session import Session

# A style sheet of another site hides its rules.
_STYLE_SHEETS = """
const rules = sheet => { try { return sheet.cssRules.length; } catch { return null; } };
return [...document.styleSheets].filter(sheet => sheet.href)
    .map(sheet => [sheet.href, rules(sheet)]);
"""


def style_sheets_of(session: Session) -> str:
    """Return a line that names the style sheets of the open page, with their numbers of rules.

    A style sheet that is missing here is not used by the page, and one with few rules is mostly
    unreadable to the browser.
    """
    sheets = session.window.run_script(_STYLE_SHEETS)
    named = ", ".join(
        f"{urlsplit(address).path}" + ("" if rules is None else f" ({rules} rules)")
        for address, rules in sheets
    )
    return f"The page has the style sheets {named}." if named else "The page has no style sheet."
