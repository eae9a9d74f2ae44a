"""What the failure of a scenario says about people's browsers."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from behave.parser import parse_feature

from acceptance.browser.event import BrowserEvent
from acceptance.browser.session import Response, SentForm, Session
from acceptance.evidence.artifacts import Artifacts
from acceptance.evidence.causes.answers import Answer, Answers
from acceptance.evidence.causes.search import Circumstances
from acceptance.evidence.failure import Failure
from acceptance.evidence.recorder import Recorder
from acceptance.hosts.secrets import secrets_of


def browser(sent: Sequence[SentForm], page: str, *events: BrowserEvent) -> Session:
    script = Response(404, "http://localhost/static/list.js", use="script")
    responses = [Response(200, f"http://localhost{page}?q=1"), script] if page else []
    facts = {
        "has_page": False,
        "request_id": "0a1b",
        "responses": responses,
        "cookies": dict,
        "events": events,
    }
    return cast("Session", SimpleNamespace(sent_forms=sent, **facts))


def test_a_failure_names_the_last_few_forms_and_the_last_page_of_each_person(
    tmp_path: Path,
) -> None:
    (scenario,) = parse_feature("Feature: F\n  Scenario: S\n    Given x").walk_scenarios()
    sessions = {
        "Edith": browser(
            [SentForm("GET", "/x"), *[SentForm("POST", "/lists/7/share", ("sharee",))] * 3],
            "/lists/7/",
        ),
        "Oni": browser([SentForm("GET", "/x")], "/x", BrowserEvent("request", "404 for /x")),
        "Francis": browser([], ""),
    }
    views = {"/lists/7/share": "share in lists/views.py", "/lists/7/": "", "/x": None}
    recorder = Recorder(Artifacts(tmp_path), secrets_of({}), [], attach=lambda *_: None)

    failure = recorder.record(
        Failure("no email"),
        scenario,
        sessions,
        list,
        Circumstances(answers=Answers(find_view=views.__getitem__)),
    )

    assert failure.noted == {
        "Edith": (
            *["form: POST /lists/7/share with sharee, answered by share in lists/views.py"] * 3,
            "page: /lists/7/, where the site has no view",
        ),
        "Oni": ("form: GET /x", "request: 404 for /x"),
    }


MADE = "made at lists/sharing_views.py:{} (in share)"
PAGE = f"page: /lists/7/: 200, {MADE.format(8)}"


def answer(method: str, status: int, line: int, path: str, location: str = "") -> Answer:
    return Answer("0a1b", method, path, status, location, MADE.format(line))


def test_the_answers_that_the_site_records_are_named_with_where_they_led(tmp_path: Path) -> None:
    recorded = [
        answer("POST", 302, 9, "/lists/7/share", "/lists/7/"),
        answer("GET", 200, 8, "/lists/7/"),
        answer("POST", 400, 7, "/lists/7/share"),
    ]
    form = SentForm("POST", "/lists/7/share", ("sharee",))

    noted = noted_for(tmp_path, browser([form, form], "/lists/7/share"), recorded)
    noted_after_redirect = noted_for(tmp_path, browser([form], "/lists/7/"), recorded[:2])

    first = f"form: {form}: 302 to /lists/7/, {MADE.format(9)}"
    assert noted == (first, f"form: {form}: 400, {MADE.format(7)}")
    assert noted_after_redirect == (first, f"page: /lists/7/: 200, {MADE.format(8)}")


def test_what_the_site_knew_follows_each_form_or_the_page_if_there_is_none(
    tmp_path: Path,
) -> None:
    path, known = "/lists/7/share", ("at lists/sharing_views.py:9: person is None",)
    recorded = [
        replace(answer("POST", 302, 9, path, "/lists/7/"), known=known),
        replace(answer("GET", 200, 8, "/lists/7/"), known=("at lists/views.py:8: form is None",)),
    ]

    after_form = noted_for(tmp_path, browser([SentForm("POST", path)], "/lists/7/"), recorded)
    without_form = noted_for(tmp_path, browser([], "/lists/7/"), recorded)

    assert [line[:20] for line in after_form] == ["form: POST /lists/7/", known[0][:20], PAGE[:20]]
    assert without_form == (PAGE, "at lists/views.py:8: form is None")


def test_the_scripts_of_a_persons_page_are_named(tmp_path: Path) -> None:
    scripts = ["/static/list.js (not run: lines 3 to 5)", "/static/undo.js"]
    edith = showing("http://localhost/lists/7/", scripts_run=lambda: scripts)

    noted = noted_for(tmp_path, edith, [])

    assert noted == (f"scripts: {'; '.join(scripts)}",)


def test_the_ids_in_addresses_are_shortened(tmp_path: Path) -> None:
    path = "/lists/3da9f5d9-4d78-4559-b087-5a2cabedcd6b/"
    form = SentForm("POST", f"{path}share")

    noted = noted_for(tmp_path, browser([form], ""), [answer("POST", 302, 9, f"{path}share", path)])

    assert noted == (
        f"form: POST /lists/3da9f5d9…/share: 302 to /lists/3da9f5d9…/, {MADE.format(9)}",
    )


def seen_by(folder: Path, seen: str, **known: Any) -> str:
    (scenario,) = parse_feature("Feature: F\n  Scenario: S\n    Given x").walk_scenarios()
    recorder = Recorder(Artifacts(folder), secrets_of({}), [], attach=lambda *_: None)
    sessions = {name: showing(f"http://localhost/{name}") for name in ("Edith", "Oni")}
    circumstances = Circumstances(people=["Edith"], is_about_page=True, acting=["Oni"])
    return recorder.record(
        Failure("no", seen=seen), scenario, sessions, list, replace(circumstances, **known)
    ).seen


def test_a_wait_for_an_email_also_shows_the_page_of_the_one_who_caused_it(tmp_path: Path) -> None:
    no_email = "Emails that arrived: none"

    of_oni = "The page http://localhost/Oni showed:\nAdded"
    assert seen_by(tmp_path, no_email) == f"{no_email}\n{of_oni}"
    assert seen_by(tmp_path, no_email, acting=[]).splitlines()[1] == (
        "The page http://localhost/Edith showed:"
    )
    assert seen_by(tmp_path, no_email, is_about_page=False) == no_email
    assert seen_by(tmp_path, of_oni, people=["Edith"]) == of_oni
    assert seen_by(tmp_path, "").splitlines()[0] == "The page http://localhost/Edith showed:"


def showing(address: str, **more: object) -> Session:
    facts = {
        "has_page": True,
        "request_id": "0a1b",
        "unexpected_response": None,
        "unexpected_responses": [],
        "address": address,
        "text": "Added",
        "html": "<p>Added",
        "failed_requests": [],
        "scripts_run": list,
    }
    return cast("Session", SimpleNamespace(**{**vars(browser([], "")), **facts, **more}))


def noted_for(folder: Path, edith: Session, recorded: Sequence[Answer]) -> Sequence[str]:
    (scenario,) = parse_feature("Feature: F\n  Scenario: S\n    Given x").walk_scenarios()
    recorder = Recorder(Artifacts(folder), secrets_of({}), [], attach=lambda *_: None)
    circumstances = Circumstances(answers=Answers(recorded))
    failure = recorder.record(Failure("no email"), scenario, {"Edith": edith}, list, circumstances)
    return failure.noted["Edith"]
