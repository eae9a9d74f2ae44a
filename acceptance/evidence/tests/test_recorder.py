"""What the failure of a scenario says about people's browsers."""

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import cast

from behave.parser import parse_feature

from acceptance.browser.event import BrowserEvent
from acceptance.browser.session import Response, SentForm, Session
from acceptance.evidence.artifacts import Artifacts
from acceptance.evidence.causes.search import Circumstances
from acceptance.evidence.failure import Failure
from acceptance.evidence.recorder import Recorder
from acceptance.hosts.secrets import secrets_of


def browser(sent: Sequence[SentForm], page: str, *events: BrowserEvent) -> Session:
    script = Response(404, "http://localhost/static/list.js", use="script")
    responses = [Response(200, f"http://localhost{page}?q=1"), script] if page else []
    facts = {"has_page": False, "responses": responses, "cookies": dict, "events": events}
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
    view = "answered by share in lists/views.py"
    views = {"/lists/7/share": view, "/lists/7/": "", "/x": ""}
    recorder = Recorder(Artifacts(tmp_path), secrets_of({}), [], attach=lambda *_: None)

    failure = recorder.record(
        Failure("no email"), scenario, sessions, list, Circumstances(find_view=views.__getitem__)
    )

    assert failure.noted == {
        "Edith": (*[f"form: POST /lists/7/share with sharee, {view}"] * 3, "page: /lists/7/"),
        "Oni": ("form: GET /x", "request: 404 for /x"),
    }
