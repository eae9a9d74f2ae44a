"""What the fields of a page offer to those who type into them, and what they demand."""

from acceptance.browser.markup import Markup
from acceptance.mismatch import Mismatch
from acceptance.pages.page import Page

FIELDS = "input:not([type=hidden], [type=checkbox])"
FOR_ADDRESSES = "input[type=email]"
REQUIRED = "input[required]"
OPTIONAL = "input:not([type=hidden], [type=checkbox], [required])"
EMPTY = "input[value=''], input:not([value])"
WITH_HINT = "input[placeholder]:not([placeholder=''])"
COMPLETED = "input[autocomplete=email]"
NOT_COMPLETED = "input[autocomplete=off]"
DONE_BY_ENTER = "input[enterkeyhint=done]"
WITH_FOCUS = "input[autofocus]"


class Fields(Page):
    """The fields on whatever page is open, by the names that people read."""

    def asks_for_address_in(self, name: str) -> None:
        """See that phones show their keyboard for email addresses in the field.

        Raises:
            AssertionError: the field is one for something else, or there is no such field.

        """
        self._is_among(name, FOR_ADDRESSES, "a field for email addresses")

    def demands_text_in(self, name: str) -> None:
        """See that the browser does not send the field while it is empty.

        Raises:
            AssertionError: the browser sends it, or there is no such field.

        """
        self._is_among(name, REQUIRED, "required")

    def demands_no_text_in(self, name: str) -> None:
        """See that the browser also sends the field if it is empty.

        Raises:
            AssertionError: the browser does not send it, or there is no such field.

        """
        self._is_among(name, OPTIONAL, "optional")

    def gives_hint_in(self, name: str) -> None:
        """See that nothing has been typed into the field, and that it shows an example instead.

        Raises:
            AssertionError: it contains a text, or shows no example, or there is no such field.

        """
        self._is_among(name, EMPTY, "empty")
        self._is_among(name, WITH_HINT, "a field that shows what to type")

    def offers_own_address_in(self, name: str) -> None:
        """See that browsers complete the address of the person who types into the field.

        Raises:
            AssertionError: browsers complete something else, or there is no such field.

        """
        self._is_among(name, COMPLETED, "a field in which browsers complete one's own address")

    def offers_nothing_in(self, name: str) -> None:
        """See that browsers offer nothing that was typed into the field at another time.

        Raises:
            AssertionError: browsers offer something, or there is no such field.

        """
        self._is_among(name, NOT_COMPLETED, "a field in which browsers complete nothing")

    def is_done_by_enter_in(self, name: str) -> None:
        """See that the Enter key of phones says that it sends the field.

        Raises:
            AssertionError: the key says something else, or there is no such field.

        """
        self._is_among(name, DONE_BY_ENTER, "a field in which the Enter key of phones reads “Done”")

    def takes_the_keys_in(self, name: str) -> None:
        """See that what is typed goes into the field as soon as the page is open.

        Raises:
            AssertionError: it goes elsewhere, or there is no such field.

        """
        self._is_among(name, WITH_FOCUS, "the field that is ready to be typed into")

    def has_explanation_of(self, name: str) -> None:
        """See that screen readers read an explanation with a field or a button.

        Raises:
            AssertionError: they read none, or there is no such field or button.

        """
        controls = "[aria-describedby]"
        texts = Markup(self.session.html).descriptions(controls)
        explained = dict(zip(self.session.names(controls), texts, strict=False))
        assert explained.get(name), Mismatch(
            f"no text explains {name!r} (aria-describedby): what is explained is {explained}, "
            f"among {self.tags(f'main button, {FIELDS}')}",
            name,
            explained,
        )

    def _is_among(self, name: str, selector: str, what: str) -> None:
        shown = self.session.names(selector)
        assert name in shown, Mismatch(
            f"the field {name!r} of the page “{self.session.title}” is not {what}: its fields are "
            f"{self.tags(FIELDS)}",
            name,
            shown,
            "field",
        )
