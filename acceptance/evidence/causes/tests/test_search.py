"""The most telling cause of a failed step, for each kind of evidence."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from acceptance.browser.errors import Control
from acceptance.browser.event import BrowserEvent
from acceptance.browser.session import Response, SentForm
from acceptance.evidence.causes.answers import Answer, Answers
from acceptance.evidence.causes.cause import Kind
from acceptance.evidence.causes.page_facts import PageFacts, shown_to
from acceptance.evidence.causes.search import Circumstances, cause_of, people_named
from acceptance.evidence.failure import Failure
from acceptance.evidence.log_records import LogRecord, records_in

PATH = "/lists/7/"
ADDRESS = f"http://localhost{PATH}"
ID = "0a1b"
LOGGED = "2026-11-26 13:49:09,927"

EXCEPTION = f"""\
{LOGGED} ERROR django.request [{ID}]: Internal Server Error: {PATH} (GET {PATH})
Traceback (most recent call last):
  File "/srv/venv/lib/python3.11/site-packages/django/core/handlers/base.py", line 197, in run
    response = view()
  File "/srv/site/lists/views.py", line 47, in view
    return list_page(request, todo_lst)
  File "/srv/venv/lib/python3.11/site-packages/django/shortcuts.py", line 24, in render
    render()
NameError: name 'todo_lst' is not defined"""
BROKE = "the site broke: NameError: name 'todo_lst' is not defined (lists/views.py:47)"

HANDLED = f"""\
{LOGGED} ERROR accounts.views [{ID}]: No email to edith@example.com (POST {PATH})
Traceback (most recent call last):
  File "/srv/site/accounts/mail.py", line 9, in send
    connect()
ConnectionRefusedError: [Errno 111] Connection refused"""
LOGGED_ERROR = (
    f"the site logged an error: No email to edith@example.com (POST {PATH}): "
    "ConnectionRefusedError: [Errno 111] Connection refused (accounts/mail.py:9)"
)

CSRF = (
    f"{LOGGED} WARNING django.security.csrf [{ID}]: "
    f"Forbidden (CSRF token missing.): {PATH} (POST {PATH})"
)
NO_TOKEN = f"the site refused the form: CSRF token missing (POST {PATH})"

SCRIPT_ERROR = BrowserEvent("script error", "ReferenceError: x is not defined (list.js:3)")
FORBIDDEN = BrowserEvent("policy", "script-src of the page's policy forbids http://x/a.js")
VIEW = "share in lists/views.py"
MISSING_SHEET = Response(404, "http://localhost/static/look.css", "style sheet")

SYMPTOM = Failure("the page is 1975 pixels wide, but the window 360")


def records(*texts: str) -> Sequence[LogRecord]:
    return records_in("\n".join(texts))


def page_with(**facts: object) -> PageFacts:
    return replace(PageFacts("Edith", ID, Response(200, ADDRESS), ADDRESS), **facts)  # type: ignore[arg-type]


def cause(
    *pages: PageFacts, failure: Failure = SYMPTOM, logged: Sequence[str] = (), **known: object
) -> str:
    circumstances = replace(Circumstances(records(*logged), ["Edith"]), **known)  # type: ignore[arg-type]
    return cause_of(failure, circumstances, pages)


def test_no_cause_is_made_up() -> None:
    assert not cause(page_with())


# The server.


def test_an_exception_of_the_site_is_named_with_its_place_in_the_site() -> None:
    assert cause(page_with(), logged=[EXCEPTION]) == BROKE


def test_an_exception_is_more_telling_than_anything_else() -> None:
    page = page_with(
        response=Response(403, ADDRESS), events=(SCRIPT_ERROR,), failed=(MISSING_SHEET,)
    )

    assert cause(page, logged=[EXCEPTION, HANDLED, CSRF]) == BROKE


def test_an_answer_of_500_counts_where_no_exception_is_logged() -> None:
    assert cause(page_with(response=Response(500, ADDRESS))) == (
        f"the site answered 500 for {ADDRESS}"
    )


def test_an_exception_that_the_site_has_caught_and_logged_is_named() -> None:
    assert cause(page_with(), logged=[HANDLED]) == LOGGED_ERROR


def test_an_undefined_variable_is_more_telling_than_a_refusal() -> None:
    undefined = 'the template lists/list.html:{} has no "{}": its context has no "items"'
    logged = [
        f"{LOGGED} ERROR acceptance.templates [{ID}]: {undefined.format(line, variable)}"
        for line, variable in [(3, "items.count"), (4, "items.first")]
    ]

    assert cause(page_with(response=Response(403, ADDRESS)), logged=[CSRF, *logged]) == (
        undefined.format(3, "items.count")
    )
    assert cause(page_with(), logged=[*logged, EXCEPTION]) == BROKE


def test_a_warning_of_the_site_is_no_cause() -> None:
    assert not cause(page_with(), logged=[f"{LOGGED} WARNING lists.views [{ID}]: x is refused"])


@pytest.mark.parametrize(
    ("logged", "sentence"),
    [
        (CSRF, NO_TOKEN),
        (
            (
                f"{LOGGED} ERROR django.security.DisallowedHost [{ID}]: "
                "Invalid HTTP_HOST header: 'x'. "
                f"You may need to add 'x' to ALLOWED_HOSTS. (GET {PATH})"
            ),
            (
                "the site refused the request: Invalid HTTP_HOST header: 'x'. "
                f"You may need to add 'x' to ALLOWED_HOSTS. (GET {PATH})"
            ),
        ),
        (
            f"{LOGGED} WARNING django.request [{ID}]: Method Not Allowed (GET): {PATH}",
            f"the site refused the request: Method Not Allowed (GET): {PATH}",
        ),
    ],
    ids=["token", "host", "method"],
)
def test_the_logged_reason_for_a_refusal_is_named(logged: str, sentence: str) -> None:
    assert cause(page_with(response=Response(403, ADDRESS)), logged=[logged]) == sentence


def test_a_refusal_counts_only_on_the_page_of_the_person_whom_it_concerned() -> None:
    elsewhere = page_with(response=Response(403, "http://x/y"), address="http://x/y")
    of_another = page_with(response=Response(403, ADDRESS), request_id="other")

    assert cause(elsewhere, logged=[CSRF]) != NO_TOKEN
    assert cause(of_another, logged=[CSRF]) != NO_TOKEN
    assert not cause(page_with(), logged=[CSRF])


def test_an_email_that_could_not_be_sent_is_more_telling_than_the_page_that_says_so() -> None:
    page = page_with(response=Response(503, ADDRESS), html="<p role=alert>Try again</p>")

    assert cause(page, logged=[HANDLED]) == LOGGED_ERROR


# The browser.


def test_a_script_that_failed_is_named() -> None:
    assert cause(page_with(events=(SCRIPT_ERROR,))) == (
        "a script failed on Edith's page: ReferenceError: x is not defined (list.js:3)"
    )


def test_a_missing_style_sheet_is_named() -> None:
    assert cause(page_with(failed=(MISSING_SHEET,))) == (
        "the style sheet was not found: 404 for http://localhost/static/look.css"
    )


def test_a_script_that_the_site_does_not_deliver_is_named() -> None:
    failed = Response(403, "http://localhost/static/list.js", "script")

    assert cause(page_with(failed=(failed,))) == f"the script could not be loaded: {failed}"


def test_a_missing_picture_explains_nothing() -> None:
    assert not cause(page_with(failed=(Response(404, "http://localhost/icon.svg"),)))


def test_what_the_policy_of_the_page_forbids_is_named() -> None:
    blocked = Response(0, "http://x/a.js", "script")

    assert cause(page_with(events=(FORBIDDEN,), failed=(blocked,))) == (
        "on Edith's page, script-src of the page's policy forbids http://x/a.js"
    )


# The page.


def test_a_page_that_is_not_there_is_named() -> None:
    assert cause(page_with(response=Response(404, ADDRESS))) == (
        f"Edith's page was not found: 404 for {ADDRESS}"
    )


def test_a_refusal_is_reported_in_the_words_of_the_page() -> None:
    html = (
        '<p role="alert">Please check:</p>'
        '<input aria-invalid="true" aria-describedby="why"><p id="why">No empty\n items</p>'
    )

    assert cause(page_with(response=Response(400, ADDRESS), html=html)) == (
        f"the site refused what Edith sent: “Please check:” “No empty items” (400 for {ADDRESS})"
    )


def test_a_refusal_without_words_is_reported_with_its_status() -> None:
    assert cause(page_with(response=Response(429, ADDRESS))) == (
        f"the site refused Edith's request, without a message: 429 for {ADDRESS}"
    )


def test_a_status_that_the_scenario_expects_is_no_cause() -> None:
    # `PageFacts.response` is None then.
    assert not cause(page_with(response=None), logged=[CSRF])


def test_a_form_that_was_sent_with_get_is_named() -> None:
    page = page_with(address=f"{ADDRESS}?csrfmiddlewaretoken=s3cret&text=Buy+tea")

    assert cause(page) == (
        f"Edith's form was sent with GET to {PATH}, and not with POST: its token was in the address"
    )
    assert not cause(page_with(address=f"{ADDRESS}?text=Buy+tea"))


def test_a_form_that_was_sent_with_get_is_named_after_a_redirect() -> None:
    form = SentForm("GET", "/keep", ("csrfmiddlewaretoken",))

    assert cause(page_with(sent_forms=(form, SentForm("POST", "/")))).startswith(
        "Edith's form was sent with GET to /keep, "
    )
    assert not cause(page_with(sent_forms=(replace(form, method="POST"),)))
    assert not cause(page_with(sent_forms=(replace(form, fields=("text",)),)))


ALERT = '<p role="alert">No such person</p>'
REFUSED = f"the site refused what Oni sent: “No such person” (400 for {ADDRESS})"


def test_what_the_site_refused_for_another_person_is_named() -> None:
    of_oni = replace(page_with(response=Response(400, ADDRESS), html=ALERT), person="Oni")

    assert cause(page_with(), of_oni) == REFUSED
    assert cause(of_oni, page_with(response=Response(404, ADDRESS))).startswith("Edith's page")


def test_what_the_site_refused_before_the_open_page_is_named_with_its_reason() -> None:
    refused = (Response(429, "http://localhost/other"), Response(403, ADDRESS))
    page = page_with(response=Response(200, "http://localhost/"), refused=refused)

    assert cause(page) == f"the site refused Edith's request, without a message: 403 for {ADDRESS}"
    assert cause(page, logged=[CSRF]) == NO_TOKEN


def test_an_earlier_address_that_led_to_nothing_counts_only_with_an_explanation() -> None:
    missing = Response(404, ADDRESS)
    of_oni = replace(page_with(response=missing), person="Oni")

    assert not cause(page_with(refused=(missing,)), of_oni)
    assert "“No such person”" in cause(page_with(), replace(of_oni, html=ALERT))


@pytest.mark.parametrize(
    ("status", "logged", "begins"),
    [
        (404, "", "Edith's page was not found: 404 for "),
        (400, "", "the site refused Edith's request, without a message: 400 for "),
        (405, "Method Not Allowed (GET)", "the site refused the request: Method Not Allowed (GET)"),
    ],
)
def test_the_view_that_refused_is_named(status: int, logged: str, begins: str) -> None:
    page = page_with(response=Response(status, ADDRESS))
    lines = [f"{LOGGED} WARNING django.request [{ID}]: {logged}: {PATH}"] if logged else []

    found = cause(page, logged=lines, answers=Answers(find_view={PATH: VIEW}.__getitem__))

    assert found.startswith(begins)
    assert found.endswith(f"{PATH}, answered by {VIEW}")


def test_the_line_that_refused_is_named_where_the_site_records_it() -> None:
    page = page_with(response=Response(404, ADDRESS))
    answer = Answer(ID, "GET", PATH, 404, made="made at lists/views.py:47 (in view)")
    others = [
        replace(answer, **other, made="made elsewhere")
        for other in ({"status": 200}, {"path": "/"}, {"request_id": "other"})
    ]

    assert cause(page, answers=Answers([answer, *others])) == (
        f"Edith's page was not found: 404 for {ADDRESS}, made at lists/views.py:47 (in view)"
    )


def test_what_the_database_refused_is_named_with_the_answer() -> None:
    page = page_with(response=Response(409, ADDRESS))
    answer = Answer(ID, "POST", PATH, 409, made="made at a.py:1 (in a)", refused="no UNIQUE text")

    assert cause(page, answers=Answers([answer])).endswith(
        f"409 for {ADDRESS}, {answer.made}, after the database refused: {answer.refused}"
    )


def test_the_library_that_refused_in_front_of_a_view_is_named() -> None:
    page = page_with(response=Response(405, ADDRESS))
    answer = Answer(ID, "GET", PATH, 405, library="django/views/decorators/http.py")

    found = cause(page, answers=Answers([answer], {PATH: VIEW}.__getitem__))

    assert found.endswith(f"405 for {ADDRESS}, answered by {answer.library} in front of {VIEW}")


NOT_FOUND_THERE = Failure(
    "the list reads []", expected="1: Buy milk\n2: Make tea", where=".item-text"
)
HIDDEN = '<p class="item-text" hidden>1: Buy milk</p><p class="item-text">2: Make tea</p>'


def test_a_text_that_is_elsewhere_on_the_page_is_found() -> None:
    page = page_with(where=".item-text", text="Your list\n1: Buy  milk\n2: Make tea")

    assert cause(page, failure=NOT_FOUND_THERE) == (
        "the page shows “1: Buy milk”, “2: Make tea”, "
        "but not where the suite looks for it ('.item-text')"
    )


def test_a_refusal_that_has_the_expected_text_is_no_cause() -> None:
    page = page_with(
        response=Response(400, ADDRESS), where=".item-text", text="1: Buy milk\n2: Make tea"
    )

    assert cause(page, failure=NOT_FOUND_THERE).startswith("the page shows “1: Buy milk”")


def test_a_text_that_cannot_be_seen_is_found() -> None:
    page = page_with(where=".item-text", has_elements_there=True, html=HIDDEN)

    assert cause(page, failure=NOT_FOUND_THERE) == (
        "“1: Buy milk”, “2: Make tea” is on the page, but cannot be seen ('.item-text')"
    )
    with_sheets = replace(page, style_sheets="The page has no style sheet.")
    assert cause(with_sheets, failure=NOT_FOUND_THERE).endswith(
        "cannot be seen ('.item-text'). The page has no style sheet."
    )


@pytest.mark.parametrize(
    "page",
    [
        page_with(where=".item-text", text="1: Buy milk"),
        page_with(where=".item-text", text="1: Buy milk 2: Make tea", texts_there=("1: Buy tea",)),
        page_with(text="1: Buy milk 2: Make tea"),
        page_with(where=".item-text", html=HIDDEN),
        page_with(where=":nonsense(", has_elements_there=True, html=HIDDEN),
    ],
    ids=["not all", "another text there", "nowhere in particular", "another element", "selector"],
)
def test_a_text_is_not_claimed_to_be_elsewhere_without_reason(page: PageFacts) -> None:
    assert not cause(page, failure=NOT_FOUND_THERE)


CONTROLS = """
<a href="/">Home</a> <a href="/mine">Your lists</a> <a>No link</a>
<form><input type="hidden" name="token"><input id="id_item" name="text"><textarea></textarea>
<button id="id_add">Add</button>
<button class="item-button item-delete" name="done" aria-label="Remove milk"></button></form>
"""


@pytest.mark.parametrize(
    ("what", "control", "sentence"),
    [
        ("My lists", Control.LINK, "no link “My lists”: it has the links “Home”, “Your lists”"),
        (
            "#id_text",
            Control.FIELD,
            "no field '#id_text': it has the fields #id_item[name=text], <textarea>",
        ),
        (
            ".item-remove",
            Control.BUTTON,
            (
                "no button '.item-remove': "
                "it has the buttons “Add” #id_add, “Remove milk” .item-delete[name=done]"
            ),
        ),
    ],
)
def test_the_controls_that_a_page_has_instead_are_named(
    what: str, control: Control, sentence: str
) -> None:
    failure = Failure(f"there is no {what!r} on the page", where=what, sought=control)

    assert cause(page_with(html=CONTROLS), failure=failure) == f"Edith's page has {sentence}"
    assert cause(page_with(html=""), failure=failure) == (
        f"Edith's page has {sentence.partition(':')[0]}: it has no {control}s"
    )


@pytest.mark.parametrize(
    ("html", "what", "control", "sentence"),
    [
        (
            "<button id=go type=button>Add</button>",
            "#go",
            Control.BUTTON,
            '<button id="go" type="button">Add</button> belongs to no form, so it sends nothing',
        ),
        (
            "<form method=post action=/add><button id=go type=reset>Add</button></form>",
            "#go",
            Control.BUTTON,
            (
                '<button id="go" type="reset">Add</button> does not send its form '
                '<form method="post" action="/add">'
            ),
        ),
        (
            (
                "<form id=f></form><input type=checkbox id=done form=f data-sent>"
                "<script src='/static/a.js?v=1'></script><script src=b.js></script>"
            ),
            "#done",
            Control.BUTTON,
            (
                '<input id="done" type="checkbox" form="f" data-sent> did not send its form '
                '<form id="f">, which a script has to send: the page loads the scripts '
                "/static/a.js, b.js"
            ),
        ),
        (
            "<form><input id=text required><button></button></form>",
            "#text",
            Control.FIELD,
            (
                '<input id="text" required> did not send its form <form>: '
                'the browser may have refused what was in <input id="text" required>'
            ),
        ),
        (
            "<form id=f><input id=text><input></form>",
            "#text",
            Control.FIELD,
            (
                '<input id="text"> did not send its form <form id="f">, '
                "which has no button that sends it"
            ),
        ),
        (
            "<form target=_blank><button id=go></button></form>",
            "#go",
            Control.BUTTON,
            (
                '<button id="go"> did not send its form <form target="_blank">, '
                "whose answer another window shows"
            ),
        ),
        (
            "<a href='#top'>My lists</a>",
            "My lists",
            Control.LINK,
            'the link <a href="#top">My lists</a> leads to no other page',
        ),
        ("<p>", "#go", Control.BUTTON, ""),
        ("<p>", ":nonsense(", Control.BUTTON, ""),
    ],
    ids=[
        "no form",
        "type",
        "check box",
        "required",
        "no button",
        "target",
        "link",
        "gone",
        "selector",
    ],
)
def test_a_control_that_was_pressed_in_vain_is_described(
    html: str, what: str, control: Control, sentence: str
) -> None:
    failure = Failure("no other page appeared", where=what, pressed=control)

    assert cause(page_with(html=html), failure=failure) == sentence


# The step.


def test_a_cause_that_the_assertion_knows_is_named() -> None:
    failure = Failure("the heading is ['To-Do']", cause="Francis sees Edith's list")

    assert cause(page_with(failed=(MISSING_SHEET,)), failure=failure) == "Francis sees Edith's list"
    assert cause(page_with(), failure=failure, logged=[EXCEPTION]) == BROKE


def test_a_late_answer_is_its_own_cause() -> None:
    late = "the site did not answer within 2 s: http://localhost/"

    assert not cause(page_with(failed=(MISSING_SHEET,)), failure=Failure(late, cause=late))


# What counts.


def test_what_the_scenario_expects_is_no_cause() -> None:
    page = page_with(events=(SCRIPT_ERROR,))

    assert not cause(page, ruled_out=[Kind.SCRIPT_ERROR])
    assert not cause(page, logged=[EXCEPTION], ruled_out=[Kind.SCRIPT_ERROR, Kind.EXCEPTION])


def test_what_has_failed_an_earlier_step_is_no_cause() -> None:
    assert not cause(page_with(), logged=[EXCEPTION], blamed=[BROKE])


def test_a_failure_that_states_its_cause_needs_no_other() -> None:
    assert not cause(page_with(), logged=[EXCEPTION], is_explained=True)


def test_the_page_of_another_person_explains_nothing() -> None:
    of_oni = replace(page_with(response=Response(404, ADDRESS)), person="Oni")

    assert not cause(page_with(), of_oni)
    assert not cause(page_with(), replace(of_oni, failed=(MISSING_SHEET,)))
    assert cause(page_with(), of_oni, people=["Oni"]).startswith("Oni's page was not found")


def test_what_the_page_of_one_of_the_people_shows_is_described() -> None:
    of_oni = replace(page_with(text="Buy tea\nBuy milk"), person="Oni")

    assert shown_to(["Oni"], [page_with(), of_oni]) == (
        f"The page {ADDRESS} showed:\nBuy tea\nBuy milk"
    )
    assert not shown_to(["Oni"], [page_with(), replace(of_oni, address="")])


def test_a_step_is_about_the_first_person_that_it_names() -> None:
    people = ["Ann", "Anna", "Oni"]

    assert people_named("Anna sees the list of Oni", people) == ["Anna"]
    assert people_named("the lists shared with Oni are Anna's", people) == ["Oni"]
    assert people_named('sieht Annas Liste "Onion"', people) == ["Anna"]
    assert people_named("the site is fast", people) == people
