"""What people meet on a page who use the keyboard instead of a mouse."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from acceptance.mismatch import Mismatch
from acceptance.pages.page import Page

MOST_STOPS = 200
"""How often the Tab key is pressed before the page is taken for one that never ends."""

# Browsers move the focus to a field with `autofocus` some time after they have loaded the page,
# unless its address has a fragment (HTML Standard, "flush autofocus candidates").
_GO_TO_THE_TOP = """
const field = [...document.querySelectorAll("[autofocus]:not(:disabled)")]
    .find(element => element.checkVisibility());
if (field && !location.hash && document.activeElement === document.body) return false;
scrollTo({top: 0, behavior: "instant"});
const {body} = document;
body.tabIndex = -1;
body.focus();
body.removeAttribute("tabindex");
return true;
"""

# The kind of what has the focus, whether it is in sight, and whether it looks different without
# the focus. Transitions of its style are ended, so that nothing has to wait for them. The next Tab
# continues from there.
_STOP = """
const element = document.activeElement;
if (!element || element === document.body) return null;
const kind = {A: "link", BUTTON: "button"}[element.tagName]
    ?? (element.type === "checkbox" ? "check box" : "field");
element.scrollIntoView({block: "nearest", behavior: "instant"});
const {left, right, top, bottom} = element.getBoundingClientRect();
const inFront = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
const isInSight = top >= 0 && bottom <= innerHeight && element.contains(inFront);
const look = () => {
    const style = getComputedStyle(element);
    void style.outline;
    for (const transition of element.getAnimations()) transition.finish();
    const outline = style.outlineStyle === "none" ? "none" : style.outline;
    return [outline, style.boxShadow, style.border, style.background].join("; ");
};
const looksWithFocus = look();
element.blur();
return [kind, isInSight, look() !== looksWithFocus];
"""


@dataclass(frozen=True)
class Stop:
    """Something that the Tab key leads to.

    Attributes:
        kind: what it is: "link", "button", "field" or "check box".
        name: its name for screen readers.
        is_in_sight: whether it is in the window, with nothing in front of it.
        is_marked: whether it looks different while it has the focus.

    """

    kind: str
    name: str
    is_in_sight: bool
    is_marked: bool

    def __str__(self) -> str:
        """Return what a person meets there."""
        out_of_sight = "" if self.is_in_sight else " (out of sight)"
        not_marked = "" if self.is_marked else " (not marked)"
        return f"{self.kind} {self.name!r}{out_of_sight}{not_marked}"


class Keyboard(Page):
    """The open page as people meet it who press the Tab key."""

    def go_to_the_top(self) -> None:
        """Put the keyboard focus before everything on the page."""

        def is_at_the_top() -> None:
            moved = self.session.window.run_script(_GO_TO_THE_TOP)
            assert moved, "the browser has not yet moved the focus to a field with autofocus"

        self.session.eventually(is_at_the_top)

    def follow_first_link(self) -> None:
        """Press Enter at the first thing that the Tab key leads to."""
        self.go_to_the_top()
        self.session.window.press_tab()
        self.session.window.press_enter()

    def next_stop(self) -> Stop | None:
        """Press the Tab key, and return what it leads to; None at the end of the page."""
        self.session.window.press_tab()
        names = self.session.names(":focus")
        found = self.session.window.run_script(_STOP)
        if found is None:
            return None
        kind, is_in_sight, is_marked = found
        return Stop(kind, " ".join(names), is_in_sight, is_marked)

    def reaches(self, stops: Sequence[tuple[str, str]]) -> None:
        """See that the Tab key leads from the top of the page to exactly these, in this order.

        Each has to be in sight, and marked (WCAG 2.2, success criteria 2.4.3, 2.4.7 and 2.4.11).

        Args:
            stops: the kind and the name of each.

        Raises:
            AssertionError: it leads to others, or to something that people cannot see.

        """
        self.go_to_the_top()
        shown = [str(stop) for stop in self._stops()]
        expected = [f"{kind} {name!r}" for kind, name in stops]
        assert shown == expected, Mismatch(
            f"the Tab key leads to {shown}, not to {expected}", expected, shown, "stop"
        )

    def continues_at(self, name: str) -> None:
        """See that the Tab key leads to the control or link with this name.

        Raises:
            AssertionError: it leads elsewhere.

        """
        stop = self.next_stop()
        shown = stop.name if stop else None
        assert shown == name, Mismatch(f"the Tab key leads to {shown!r}", name, shown, "stop")

    def _stops(self) -> Iterator[Stop]:
        for _ in range(MOST_STOPS):
            stop = self.next_stop()
            if stop is None:
                return
            yield stop
