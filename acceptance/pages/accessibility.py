"""The accessibility of a page, as far as axe can check it."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from acceptance.browser.style_sheets import with_style_sheets
from acceptance.pages.media import Media
from acceptance.pages.page import Page

AXE = Path(__file__).resolve().parent / "vendor" / "axe" / "axe.min.js"

# axe's names for WCAG 2.0, 2.1 and 2.2 at levels A and AA.
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")

# Those of its rules that judge colors.
COLOR_RULES = ("color-contrast", "link-in-text-block")

_CONTRAST = "color-contrast"

# Of another element that a violation is about.
_MOST_CHARACTERS = 120

_HAS_AXE = "return 'axe' in window"

# At the top of the page, where no bar that sticks to the window covers what axe measures.
_RUN_AXE = """
const [runOnly] = arguments;
scrollTo({top: 0, behavior: "instant"});
return axe.run(document, {runOnly, resultTypes: ["violations"]})
    .then(results => results.violations);
"""


class Accessibility(Page):
    """The open page as people with disabilities meet it."""

    def keeps_to_wcag(self) -> None:
        """Check the page against WCAG 2.2, levels A and AA.

        Raises:
            AssertionError: axe finds violations; the message names each, its elements, and the
                page that explains how to fix it.

        """
        self._has_no_violations({"type": "tag", "values": RULES})

    def keeps_to_wcag_in_dark(self) -> None:
        """Check the colors of dark mode against WCAG 2.2, levels A and AA.

        Raises:
            AssertionError: as `keeps_to_wcag`; or the page has no style for dark mode.

        """
        media = Media(self.session, self.site)
        media.turn_dark()
        try:
            self._has_no_violations({"type": "rule", "values": COLOR_RULES}, "in dark mode, ")
        finally:
            media.turn_light()

    def _has_no_violations(self, run_only: Mapping[str, object], where: str = "") -> None:
        window = self.session.window
        # The page has to parse half a megabyte, so it does that once.
        if not window.run_script(_HAS_AXE):
            window.run_script(_axe())
        violations = window.run_script(_RUN_AXE, run_only)
        faults = [f"{where}{fault}" for each in violations for fault in _faults(each)]
        assert not violations, with_style_sheets(self.session, *faults)


@cache
def _axe() -> str:
    return AXE.read_text(encoding="utf-8")


def _faults(violation: dict[str, Any]) -> Sequence[str]:
    if violation["id"] != _CONTRAST:
        return [_fault(violation)]
    # The elements with the same colors have the same cause.
    nodes_of: dict[str, list[dict[str, Any]]] = {}
    for node in violation["nodes"]:
        nodes_of.setdefault(_colors(node), []).append(node)
    return [
        f"{colors}: {_places(nodes)} ({violation['helpUrl']})" for colors, nodes in nodes_of.items()
    ]


def _colors(node: dict[str, Any]) -> str:
    data = node["any"][0]["data"]
    least = data["expectedContrastRatio"].removesuffix(":1")
    return (
        f"the text {data['fgColor']} on {data['bgColor']} has a contrast of "
        f"{data['contrastRatio']}, not {least}"
    )


def _places(nodes: Sequence[dict[str, Any]]) -> str:
    return "; ".join(node["html"] for node in nodes)


def _fault(violation: dict[str, Any]) -> str:
    nodes = violation["nodes"]
    checks = [check for node in nodes[:1] for check in node["any"] + node["none"]]
    # Such as what lies in front of the element, or behind its text.
    others = dict.fromkeys(
        related["html"][:_MOST_CHARACTERS] for check in checks for related in check["relatedNodes"]
    )
    because = f", because of {', '.join(others)}" if others else ""
    details = " ".join(check["message"] for check in checks)
    about = f"({details}; {violation['helpUrl']})" if details else f"({violation['helpUrl']})"
    return f"{violation['help']}: {_places(nodes)}{because} {about}"
