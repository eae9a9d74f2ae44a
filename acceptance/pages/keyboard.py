"""What people meet on a page who use the keyboard instead of a mouse."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from acceptance.browser.style_sheets import with_style_sheets
from acceptance.mismatch import Mismatch
from acceptance.pages.measuring import measuring
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

# The kind of what has the focus, why it is out of sight, and how it looks if it looks the same
# without the focus. Transitions of its style are ended, so that nothing has to wait for them. The
# next Tab continues from there.
_STOP = measuring("""
const element = document.activeElement;
if (!element || element === document.body) return null;
const kind = {A: "link", BUTTON: "button"}[element.tagName]
    ?? (element.type === "checkbox" ? "check box" : "field");
element.scrollIntoView({block: "nearest", behavior: "instant"});
const hidden = hiddenBy(element);
const look = () => {
    const style = getComputedStyle(element);
    void style.outline;
    for (const transition of element.getAnimations()) transition.finish();
    const outline = style.outlineStyle === "none" ? "none" : style.outline;
    return [`outline: ${outline}; box-shadow: ${style.boxShadow}; border: ${style.border}`,
            style.background];
};
const withFocus = look();
const heightOfPage = () => Math.round(document.body.getBoundingClientRect().height);
const height = heightOfPage();
element.blur();
const unmarked = String(look()) === String(withFocus) ? withFocus[0] : "";
return [kind, hidden, unmarked, height - heightOfPage()];
""")

# Where the link that was followed within the page leads to, or "".
_FRAGMENT = measuring("""
const {hash} = location;
if (!hash) return "";
const link = [...document.links].find(each => each.getAttribute("href") === hash);
const by = link ? `the link “${link.textContent.trim()}”` : "the address";
const target = document.getElementById(decodeURIComponent(hash.slice(1)));
return `${by} leads to ${hash}, which is ${target ? tagOf(target) : "not on the page"}`;
""")


@dataclass(frozen=True)
class Stop:
    """Something that the Tab key leads to.

    Attributes:
        kind: what it is: "link", "button", "field" or "check box".
        name: its name for screen readers.
        hidden: why people do not see it: where it is, or what is in front of it; otherwise "".
        unmarked: its look, if that is the same without the focus; otherwise "".
        moved: by how many pixels the focus moves what follows.

    """

    kind: str
    name: str
    hidden: str = ""
    unmarked: str = ""
    moved: int = 0

    def __str__(self) -> str:
        """Return what a person meets there."""
        out_of_sight = f" (out of sight: {self.hidden})" if self.hidden else ""
        not_marked = f" (not marked by the focus: {self.unmarked})" if self.unmarked else ""
        moves = f" (moves the page by {self.moved} pixels)" if self.moved else ""
        return f"{self.kind} {self.name!r}{out_of_sight}{not_marked}{moves}"


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
        kind, hidden, unmarked, moved = found
        return Stop(kind, " ".join(names), hidden, unmarked, moved)

    def reaches(self, stops: Sequence[tuple[str, str]]) -> None:
        """See that the Tab key leads from the top of the page to exactly these, in this order.

        Each has to be in sight, and marked (WCAG 2.2, success criteria 2.4.3, 2.4.7 and 2.4.11).

        Args:
            stops: the kind and the name of each.

        Raises:
            AssertionError: it leads to others, or to something that people cannot see.

        """
        self.go_to_the_top()
        found = list(self._stops())
        shown = [str(stop) for stop in found]
        expected = [f"{kind} {name!r}" for kind, name in stops]
        wrong = [str(stop) for stop in found if stop.hidden or stop.unmarked or stop.moved]
        sentence = f"the Tab key leads to {shown}, not to {expected}"
        if wrong:
            more = f", and to {len(wrong) - 1} more that people cannot find" if wrong[1:] else ""
            sentence = with_style_sheets(self.session, f"the Tab key leads to {wrong[0]}{more}")
        assert shown == expected, Mismatch(sentence, expected, shown, "stop")

    def continues_at(self, name: str) -> None:
        """See that the Tab key leads to the control or link with this name.

        Raises:
            AssertionError: it leads elsewhere.

        """
        stop = self.next_stop()
        shown = stop.name if stop else None
        if shown != name:
            led = self.session.window.run_script(_FRAGMENT)
            because = f": {led}" if led else ""
            raise AssertionError(
                Mismatch(f"the Tab key leads to {shown!r}{because}", name, shown, "stop")
            )

    def _stops(self) -> Iterator[Stop]:
        for _ in range(MOST_STOPS):
            stop = self.next_stop()
            if stop is None:
                return
            yield stop
