"""What the failure of a scenario says about people's browsers."""

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


def browser(sent: SentForm | None, page: str, *events: BrowserEvent) -> Session:
    script = Response(404, "http://localhost/static/list.js", use="script")
    responses = [Response(200, f"http://localhost{page}?q=1"), script] if page else []
    facts = {"has_page": False, "responses": responses, "cookies": dict, "events": events}
    return cast("Session", SimpleNamespace(sent_form=sent, **facts))


def test_a_failure_names_the_last_form_and_the_last_page_of_each_person(tmp_path: Path) -> None:
    (scenario,) = parse_feature("Feature: F\n  Scenario: S\n    Given x").walk_scenarios()
    sessions = {
        "Edith": browser(SentForm("POST", "/lists/7/share", ("sharee",)), "/lists/7/"),
        "Oni": browser(SentForm("GET", "/x"), "/x", BrowserEvent("request", "404 for /x")),
        "Francis": browser(None, ""),
    }
    views = {"/lists/7/share": "answered by share in lists/views.py", "/lists/7/": "", "/x": ""}
    recorder = Recorder(Artifacts(tmp_path), secrets_of({}), [], attach=lambda *_: None)

    failure = recorder.record(
        Failure("no email"), scenario, sessions, list, Circumstances(find_view=views.__getitem__)
    )

    assert failure.noted == {
        "Edith": (
            "last form: POST /lists/7/share with sharee, answered by share in lists/views.py",
            "last page: /lists/7/",
        ),
        "Oni": ("last form: GET /x", "request: 404 for /x"),
    }
