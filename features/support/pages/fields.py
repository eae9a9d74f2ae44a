"""What the fields of a page offer to those who type into them, and what they demand."""

from acceptance.browser.markup import Markup
from acceptance.browser.style_sheets import with_style_sheets
from acceptance.mismatch import Mismatch
from acceptance.pages.measuring import measuring
from acceptance.pages.page import Page

ALL = "input:not([type=hidden])"
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

# How a field looks without the focus, before and after a person types; whether that sends its form;
# and whether its explanation, which is the reason of a refusal, stays.
_REFUSALS = measuring("""
const look = field => {
    field.blur();
    const style = getComputedStyle(field);
    void style.borderColor;
    for (const transition of field.getAnimations()) transition.finish();
    return styleOf(field, "border-color", "background-color", "background-image", "outline");
};
const problemOf = field => {
    const isRefused = field.getAttribute("aria-invalid") === "true";
    const explained = field.getAttribute("aria-describedby");
    const before = look(field);
    let isSent = false;
    const note = event => { event.preventDefault(); isSent = true; };
    for (const each of ["submit", "invalid"]) addEventListener(each, note, true);
    for (const each of ["input", "change"]) field.dispatchEvent(new Event(each, {bubbles: true}));
    for (const each of ["submit", "invalid"]) removeEventListener(each, note, true);
    const after = look(field);
    if (isSent) return "is sent by typing into it";
    if (isRefused && after === before)
        return `is refused, but looks the same when a person corrects it (${before})`;
    if (!isRefused && after !== before)
        return `looks refused, and the site has not refused it (${before}; then ${after})`;
    if (isRefused && field.hasAttribute("aria-describedby"))
        return "is still explained by the refusal when a person corrects it";
    if (!isRefused && field.getAttribute("aria-describedby") !== explained)
        return `loses its explanation (aria-describedby="${explained}") when a person types`;
    return "";
};
return [...document.querySelectorAll(arguments[0])]
    .filter(field => field.checkVisibility())
    .map(field => [tagOf(field), problemOf(field)])
    .filter(([, problem]) => problem)
    .map(([tag, problem]) => `${tag} ${problem}`);
""")


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
        first = self.session.names(WITH_FOCUS)[:1]
        assert first == [name], Mismatch(
            f"what is typed goes into {first or 'no field'} (autofocus), not into {name!r}: the "
            f"fields are {self.tags(FIELDS)}",
            name,
            first,
            "field",
        )

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

    def look_refused_until_typed_into(self) -> None:
        """See that exactly the fields that the site refused look refused, until a person types.

        Raises:
            AssertionError: another field looks refused, a refused one does not, or typing changes
                more than that.

        """
        problems = self.session.window.run_script(_REFUSALS, FIELDS)
        assert not problems, with_style_sheets(self.session, *problems)

    def _is_among(self, name: str, selector: str, what: str) -> None:
        shown = self.session.names(selector)
        if name not in shown:
            names = self.session.names(ALL)
            assert name in names, Mismatch(
                f"no field of the page “{self.session.title}” has the label or name {name!r}: its "
                f"fields are {self.tags(ALL)}",
                name,
                names,
                "field",
            )
        assert name in shown, Mismatch(
            f"the field {name!r} of the page “{self.session.title}” is not {what}: its fields are "
            f"{self.tags(FIELDS)}",
            name,
            shown,
            "field",
        )
