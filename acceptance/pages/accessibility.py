"""The accessibility of a page, as far as axe can check it."""

from functools import cache
from pathlib import Path
from typing import Any

from acceptance.pages.page import Page

AXE = Path(__file__).resolve().parent / "vendor" / "axe" / "axe.min.js"

# axe's names for WCAG 2.0, 2.1 and 2.2 at levels A and AA.
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")

_RUN_AXE = """
const [rules] = arguments;
return axe.run(document, {runOnly: rules, resultTypes: ["violations"]})
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
        self.session.window.run_script(_axe())
        violations = self.session.window.run_script(_RUN_AXE, list(RULES))
        assert not violations, "\n".join(_fault(violation) for violation in violations)


@cache
def _axe() -> str:
    return AXE.read_text(encoding="utf-8")


def _fault(violation: dict[str, Any]) -> str:
    places = "; ".join(node["html"] for node in violation["nodes"])
    return f"{violation['help']}: {places} ({violation['helpUrl']})"
