"""What all pages have in common."""

from acceptance.browser.errors import Control
from acceptance.browser.markup import Markup
from acceptance.browser.session import Session
from acceptance.mismatch import Mismatch

ANSWER = "[role=status], [role=alert]"


class Page:
    """Any page of the site, as one person sees it."""

    def __init__(self, session: Session, site: str) -> None:
        self.session = session
        self.site = site

    def open(self, path: str) -> None:
        """Open a path of the site, which starts with a slash."""
        self.session.open(self.site + path)

    def tags(self, selector: str) -> str:
        """Return the start tags of the elements at a selector, for messages; "none" if none."""
        return ", ".join(Markup(self.session.html).tags(selector)) or "none"

    def scripts(self) -> str:
        """Return a few words about the scripts that the page loads, for messages."""
        return Markup(self.session.html).scripts()

    def is_hidden(self, control: Control, name: str) -> bool:
        """Whether the markup has a control with this name, which people may not see."""
        return any(f"“{name}”" in each for each in Markup(self.session.html).names(control))

    def shows_message(self, selector: str, message: str) -> None:
        """Check that the elements at `selector` show `message`, and nothing else.

        Raises:
            AssertionError: the page shows something else there, or nothing.

        """

        def message_is_there() -> None:
            shown = self.session.texts(selector)
            other = Mismatch(
                f"the page shows {shown}, not {message!r}", message, shown, where=selector
            )
            assert shown == [message], other

        self.session.eventually(message_is_there)

    def press_button(self, selector: str, name: str) -> None:
        """Press the button at `selector` and see the next page.

        Raises:
            AssertionError: there is no such button, or it has another name.

        """

        def has_name() -> None:
            names = self.session.names(selector)
            assert names[:1] == [name], Mismatch(
                f"the button {selector!r} is called {names[0]!r}, not {name!r}"
                if names
                else f"the page “{self.session.title}” has no button {name!r} ({selector!r})",
                name,
                names,
                "button",
                where=selector,
            )

        self.session.eventually(has_name)
        self.session.press(selector)

    def holds(self, selector: str, text: str) -> None:
        """Check that the field contains `text`.

        Raises:
            AssertionError: it contains something else.

        """
        held = self.session.value(selector)
        assert held == text, Mismatch(
            f"the field {selector!r} contains {held!r}, not {text!r}", text, held, "text"
        )

    def answer(self) -> str:
        """Return the site's answer to the last action.

        Raises:
            AssertionError: the page shows no answer.

        """

        def answer_is_there() -> str:
            answers = self.session.texts(ANSWER)
            assert answers, f"the page shows no answer ({ANSWER!r})"
            return " ".join(answers)

        return self.session.eventually(answer_is_there)
