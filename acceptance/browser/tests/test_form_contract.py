"""What every driver sends for a form, and when it sends nothing."""

import re

import pytest

from acceptance.browser.session import SentForm, Session
from acceptance.browser.tests.small_site import Reply, SmallSite

FORM = "<form action=/sent>"
POST = "<form method=post action=/sent "

# The fields of a form before the one, [name=z], in which a person types and presses Enter; and the
# query that the form sends.
SENT = {
    "each field": ("<input name=a value=1><input name=b>", "a=1&b=&z=x"),
    "no field without a name": ("<input value=1><input name='' value=2>", "z=x"),
    "no disabled field": (
        (
            "<fieldset disabled><legend><input name=l></legend><input name=d></fieldset>"
            "<input name=e disabled>"
        ),
        "l=&z=x",
    ),
    "only what is checked": (
        (
            "<input type=checkbox name=c checked value=v><input type=checkbox name=n>"
            "<input type=checkbox name=o checked><input type=radio name=r value=1>"
            "<input type=radio name=r value=2 checked>"
        ),
        "c=v&o=on&r=2&z=x",
    ),
    "only what is selected": (
        (
            "<select name=s><option>1<option selected value=two>2</select>"
            "<select name=f><option disabled>1<option>  first  one </select>"
            "<select name=m multiple><option selected>a<option selected disabled>b"
            "<option selected>c</select><select name=o size=3><option>k</select>"
            "<select name=e></select>"
        ),
        "s=two&f=first+one&m=a&m=c&z=x",
    ),
    "lines": ("<textarea name=t>\nl1\nl2</textarea>", "t=l1%0D%0Al2&z=x"),
    "an empty field for a file": ("<input type=file name=f>", "f=&z=x"),
    "the button that Enter presses": (
        (
            "<button type=button name=n value=0></button><button name=b value=1></button>"
            "<button name=c value=2></button>"
        ),
        "b=1&z=x",
    ),
    "characters": (
        "<input name='a[b]' value='*-._~ +/%é'>",
        "a%5Bb%5D=*-._%7E+%2B%2F%25%C3%A9&z=x",
    ),
    "what a field can hold": (
        (
            "<input type=number name=n value=abc><input type=email name=e value=' a@b '>"
            "<input type=range name=r><input type=date name=d value=never>"
        ),
        "n=&e=a%40b&r=50&d=&z=x",
    ),
    "a form in a form": (
        "<input name=a value=1><form action=/elsewhere><input name=b value=2>",
        "a=1&b=2&z=x",
    ),
}

NOT_SENT = {
    "an empty field that is required": ("<input name=z required>", ""),
    "a box to be checked": ("<input name=z><input type=checkbox required>", "x"),
    "one of several to be chosen": ("<input name=z><input type=radio name=r required>", "x"),
    "nothing chosen": ("<input name=z><select required><option value=''>-</select>", "x"),
    "not an email address": ("<input name=z type=email>", "edith"),
    "not a web address": ("<input name=z type=url>", "example.com"),
    "not the pattern": ("<input name=z pattern='[a-z]+'>", "A1"),
    "a number too low": ("<input name=z type=number min=10>", "5"),
    "a number between steps": ("<input name=z type=number>", "5.5"),
    "a button that is disabled": ("<input name=z><button disabled></button>", "x"),
    "several fields and no button": ("<input name=z><input name=y>", "x"),
    "lines": ("<textarea name=z></textarea><button></button>", "x"),
}

SENT_ALL_THE_SAME = {
    "spaces count as a value": ("<input name=z required>", " ", "z=+"),
    "an email address": ("<input name=z type=email>", " edith@example ", "z=edith%40example"),
    "several email addresses": (
        "<input name=z type=email multiple>",
        "a@b, c@d",
        "z=a%40b%2Cc%40d",
    ),
    "a number": ("<input name=z type=number min=1 step=any>", "5.5", "z=5.5"),
    "what is hidden": ("<input name=z><input type=hidden required name=h>", "x", "z=x&h="),
    "what cannot be typed into": ("<input name=z readonly required>", "x", "z="),
    "a button that skips validation": (
        "<input name=z required><button formnovalidate></button>",
        "",
        "z=",
    ),
    "up to the maximum length": ("<input name=z maxlength=3>", "abcdef", "z=abc"),
    "in one line": ("<input name=z>", "a\nb", "z=a+b"),
}


@pytest.fixture(autouse=True)
def answer(site: SmallSite) -> None:
    site.shows("<title>Sent</title>", "/sent")


@pytest.mark.parametrize(("fields", "query"), SENT.values(), ids=SENT)
def test_a_form_sends_its_values(edith: Session, site: SmallSite, fields: str, query: str) -> None:
    edith.open(site.shows(f"{FORM}{fields}<input name=z><button></button>"))
    edith.submit("[name=z]", "x")

    assert edith.address == f"{site.url}/sent?{query}"


@pytest.mark.parametrize(("fields", "typed"), NOT_SENT.values(), ids=NOT_SENT)
def test_a_form_that_a_browser_refuses_leads_nowhere(
    edith: Session, site: SmallSite, fields: str, typed: str
) -> None:
    edith.open(site.shows(f"<title>Form</title>{FORM}{fields}"))
    edith.timeout = 0.2
    sent = len(site.requests)

    with pytest.raises(AssertionError, match=r"when the field '\[name=z\]' was pressed"):
        edith.submit("[name=z]", typed)

    assert len(site.requests) == sent
    assert edith.title == "Form"


@pytest.mark.parametrize(
    ("fields", "typed", "query"), SENT_ALL_THE_SAME.values(), ids=SENT_ALL_THE_SAME
)
def test_a_form_that_a_browser_accepts_is_sent(
    edith: Session, site: SmallSite, fields: str, typed: str, query: str
) -> None:
    edith.open(site.shows(FORM + fields))
    edith.submit("[name=z]", typed)

    assert edith.address == f"{site.url}/sent?{query}"


@pytest.mark.parametrize(
    ("markup", "selector", "query"),
    [
        (
            f"{FORM}<input name=a><button name=b></button><button id=p name=b value=2></button>",
            "#p",
            "a=&b=2",
        ),
        (f"{FORM}<input type=image id=p name=i alt=go>", "#p", "i.x=0&i.y=0"),
        (f"{FORM}<input type=image id=p alt=go>", "#p", "x=0&y=0"),
        ("<form novalidate action=/sent><input name=a required><button id=p></button>", "#p", "a="),
        (
            "<form id=f action=/sent><input name=a></form><button id=p form=f name=b></button>",
            "#p",
            "a=&b=",
        ),
        ("<form action='/sent?old=1'><button id=p name=b></button>", "#p", "b="),
        (
            (
                f"<table>{FORM}<tr><td><input name=a></td></tr>"
                "<tr><td><button id=p name=b></button></form></table>"
            ),
            "#p",
            "a=&b=",
        ),
        ("<base href='/'><form action=sent><input name=a id=p>", "#p", "a="),
        ("<form action=/nowhere><input name=a><button id=p formaction=/sent></button>", "#p", "a="),
    ],
)
def test_the_pressed_control_decides_what_is_sent(
    edith: Session, site: SmallSite, markup: str, selector: str, query: str
) -> None:
    edith.open(site.shows(markup))
    edith.press(selector)

    assert edith.address == f"{site.url}/sent?{query}"


@pytest.mark.parametrize(
    ("form", "sent"),
    [
        ("<form action='/sent?old=1'>", SentForm("GET", "/sent", ("a", "b"), ("c",))),
        (f"{POST}>", SentForm("POST", "/sent", ("a", "b"), ("c",))),
        (
            "<base href='/x/'><form method=post action=../sent>",
            SentForm("POST", "/sent", ("a", "b"), ("c",)),
        ),
    ],
)
def test_the_forms_that_were_sent_are_known_without_its_values(
    edith: Session, site: SmallSite, form: str, sent: SentForm
) -> None:
    fields = (
        "<input type=hidden name=a value=1><input name=b><input name=c><input name=d disabled>"
        "<input type=reset name=e><button type=button name=f></button>"
    )
    link = "<a id=there href=/sent>There</a>"
    edith.open(site.shows(f"{form}{fields}<button></button>{link}</form>"))
    edith.follow("There")
    edith.go_back()
    edith.press("#there")
    assert edith.sent_forms == []

    edith.go_back()
    edith.submit("[name=b]", "x")
    assert edith.sent_forms == [sent]


def test_a_button_decides_how_its_form_is_sent(edith: Session, site: SmallSite) -> None:
    button = "<button formmethod=post formaction=/sent></button>"
    edith.open(site.shows(f"<form action=/nowhere><button name=n value=1></button>{button}"))
    edith.press("button:last-of-type")

    assert str(edith.sent_forms[-1]) == "POST /sent"


@pytest.mark.parametrize("keys", ["press", "submit"])
def test_the_button_that_sends_a_form_is_known_by_its_name(
    edith: Session, site: SmallSite, keys: str
) -> None:
    buttons = "<button name=n value=1></button><button name=m value=2></button>"
    edith.open(site.shows(f"<form action=/sent><input id=t name=t>{buttons}</form>"))
    if keys == "press":
        edith.press("[name=n]")
    else:
        edith.submit("#t", "")

    assert str(edith.sent_forms[-1]) == "GET /sent with n and without t"


@pytest.mark.parametrize(("ticked", "query"), [("", "h=&a=v"), ("checked", "h=")])
def test_a_check_box_is_toggled_and_its_form_sent(
    edith: Session, site: SmallSite, ticked: str, query: str
) -> None:
    script = "document.querySelector('#c').onchange = ({target}) => target.form.requestSubmit()"
    box = f"<input type=hidden name=h><input type=checkbox id=c name=a value=v {ticked}>"
    edith.open(site.shows(f"{FORM}{box}<button></button></form><script>{script}</script>"))
    edith.toggle("#c")

    assert edith.address == f"{site.url}/sent?{query}"
    filled, empty = ((), ("h", "a")) if ticked else (("a",), ("h",))
    assert edith.sent_forms == [SentForm("GET", "/sent", filled, empty)]


def test_a_check_box_works_without_scripts(edith: Session, site: SmallSite) -> None:
    edith.run_no_scripts()
    edith.open(site.shows(f"{FORM}<input type=checkbox id=c name=a><button></button>"))
    edith.toggle("#c")

    assert edith.address == f"{site.url}/sent?a=on"


@pytest.mark.parametrize(
    "control",
    ["<button type=button>", "<button type=reset>", "<input type=reset>", "<div tabindex=0>"],
)
def test_a_control_that_sends_nothing_leads_nowhere(
    edith: Session, site: SmallSite, control: str
) -> None:
    edith.open(site.shows(f"{FORM}{control.replace('>', ' id=p>')}x"))
    edith.timeout = 0.2

    in_vain = "no other page appeared when the button '#p' was pressed"
    with pytest.raises(AssertionError, match=in_vain):
        edith.press("#p")


def test_each_answer_on_the_way_to_a_page_may_be_late(edith: Session, site: SmallSite) -> None:
    late = 0.6 * edith.timeout
    site.answers(Reply(b"<title>There</title>", delay=late), "/late")
    site.answers(Reply(status=302, headers={"Location": "/late"}, delay=late), "/late-form")
    edith.open(site.shows("<form method=post action=/late-form><input name=a>"))

    edith.submit("input", "x")

    assert edith.title == "There"


def test_a_form_without_an_address_goes_to_its_page(edith: Session, site: SmallSite) -> None:
    edith.open(site.shows("<form><input name=a>") + "?old=1")
    edith.submit("input", "x")

    assert edith.address == f"{site.url}/page?a=x"


@pytest.mark.parametrize(
    ("form", "media_type", "body"),
    [
        (f"{POST}>", "application/x-www-form-urlencoded", "a=1&f=&t=x%0D%0Ay&z=%C3%A9"),
        (
            f"{POST} enctype=multipart/form-data>",
            "multipart/form-data; boundary=B",
            (
                '--B\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
                '--B\r\nContent-Disposition: form-data; name="f"; filename=""\r\n'
                "Content-Type: application/octet-stream\r\n\r\n\r\n"
                '--B\r\nContent-Disposition: form-data; name="t"\r\n\r\nx\r\ny\r\n'
                '--B\r\nContent-Disposition: form-data; name="z"\r\n\r\né\r\n--B--\r\n'
            ),
        ),
        (f"{POST} enctype=text/plain>", "text/plain", "a=1\r\nf=\r\nt=x\r\ny\r\nz=é\r\n"),
        (
            f"{POST} accept-charset=iso-8859-1>",
            "application/x-www-form-urlencoded",
            "a=1&f=&t=x%0D%0Ay&z=%E9",
        ),
    ],
)
def test_a_form_is_posted_in_several_ways(
    edith: Session, site: SmallSite, form: str, media_type: str, body: str
) -> None:
    fields = "<input name=a value=1><input type=file name=f><textarea name=t>x\ny</textarea>"
    edith.open(site.shows(f"{form}{fields}<input name=z><button></button>"))
    edith.submit("[name=z]", "é")

    sent = site.last_request("/sent")
    boundary = re.search("boundary=(.+)", sent.headers["Content-Type"])
    name = boundary[1] if boundary else "no boundary"
    assert sent.headers["Content-Type"].replace(name, "B") == media_type
    assert sent.body.replace(name, "B") == body
    assert edith.title == "Sent"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("<input value=1>", "1"),
        ("<input type=checkbox>", "on"),
        ("<textarea>\n a\n b </textarea>", " a\n b "),
        ("<select><option value=v>1<option selected> p  q </select>", "p q"),
        ("<select></select>", ""),
        ("<button value=v>x</button>", "v"),
        ("<input type=color>", "#000000"),
        ("<input type=file>", ""),
        ("<output>x</output>", "x"),
    ],
)
def test_a_field_has_a_value_that_its_type_allows(
    edith: Session, site: SmallSite, field: str, value: str
) -> None:
    edith.open(site.shows(field))

    assert edith.value("body > *") == value


def test_a_field_in_a_disabled_group_does_not_take_the_focus(
    edith: Session, site: SmallSite
) -> None:
    edith.open(site.shows(f"{FORM}<fieldset disabled><button>x</button></fieldset>"))
    edith.timeout = 0.2

    with pytest.raises(AssertionError, match="button cannot be used: it does not take the focus"):
        edith.press("button")
