"""The style sheets of a page, which explain its looks."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from acceptance.browser.session import Session

# A style sheet of another site hides its rules. Rules for a medium are counted under its condition,
# which `Media` replaces for a time.
_STYLE_SHEETS = """
const conditionOf = rule => {
    if (rule.media)
        return `@media ${window.conditionsBefore?.get(rule.media) ?? rule.media.mediaText}`;
    if (rule.conditionText === undefined) return null;
    return `@${rule instanceof CSSSupportsRule ? "supports" : "container"} ${rule.conditionText}`;
};
const count = (rules, counts, condition) => {
    for (const rule of rules) {
        const own = conditionOf(rule);
        if (own !== null) { count(rule.cssRules, counts, own); continue; }
        const found = counts.get(condition) ?? {rules: 0, declarations: 0};
        found.rules += 1;
        found.declarations += rule.style?.length ? rule.style.cssText.split(";").length - 1 : 0;
        counts.set(condition, found);
    }
    return counts;
};
const rulesOf = sheet => { try { return sheet.cssRules; } catch { return null; } };
return [...document.styleSheets].filter(sheet => sheet.href).map(sheet => {
    const rules = rulesOf(sheet);
    const counts = rules && [...count(rules, new Map([["", {rules: 0, declarations: 0}]]), "")];
    return [sheet.href, counts?.map(([name, each]) => [name, each.rules, each.declarations])];
});
"""

# Those of a framework say nothing about a page, and are many.
_MOST_CONDITIONS = 12
_MOST_RULES = 200


def style_sheets_of(session: Session) -> str:
    """Return a line that names the style sheets of the open page, with their numbers of rules.

    A style sheet that is missing here is not used by the page, and one with few rules is mostly
    unreadable to the browser. Short style sheets are counted in detail: the rules and declarations
    outside conditions, and those within each condition, such as `@media print`.
    """
    sheets = session.window.run_script(_STYLE_SHEETS)
    named = ", ".join(f"{urlsplit(address).path}{_counted(counts)}" for address, counts in sheets)
    return f"The page has the style sheets {named}." if named else "The page has no style sheet."


def with_style_sheets(session: Session, *problems: str) -> str:
    """Return what is wrong with the looks of the open page, with a line about its style sheets.

    Without a real browser, the page has no looks, and there is no such line.
    """
    sheets = [style_sheets_of(session)] if session.can_run_scripts else []
    return "\n".join([*problems, *sheets])


def _counted(counts: Sequence[tuple[str, int, int]] | None) -> str:
    if counts is None:
        return ""
    rules = sum(number for _, number, _ in counts)
    if rules > _MOST_RULES or len(counts) > _MOST_CONDITIONS:
        return f" ({rules} rules)"
    (_, outside, declarations), *others = counts
    parts = [
        f"{outside} rules with {declarations} declarations",
        *(f"{condition}: {number} with {within}" for condition, number, within in others),
    ]
    return f" ({'; '.join(parts)})"
