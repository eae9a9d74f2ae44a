"""Which line of a project's code made an answer, for each way to make one."""

import pickle
from collections.abc import Callable, Iterator
from functools import wraps
from http import HTTPStatus
from pathlib import Path
from typing import NoReturn

import pytest
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotFound
from django.shortcuts import redirect
from django.test import Client
from django.test.utils import override_settings
from django.urls import path
from django.views.decorators.http import require_POST

from acceptance.evidence.causes.answers import Answer
from acceptance.profiles.answer_log import AnswerLog, calls_noted, refusals_noted

View = Callable[[HttpRequest], HttpResponse]

HERE = Path(__file__)


def only_logged_in(view: View) -> View:
    @wraps(view)
    def admit(request: HttpRequest) -> HttpResponse:
        if "stranger" in request.GET:
            return redirect("/log-in/?next=%2Fpage%2F#form")  # by a decorator
        return view(request)

    return admit


@only_logged_in
def page(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return refusal()  # by a helper
    if "gone" in request.GET:
        find()  # by an error
    return HttpResponse("All is well")  # by the view


def refusal() -> HttpResponse:
    return HttpResponse(status=HTTPStatus.CONFLICT)  # in the helper


def find() -> NoReturn:
    raise Http404  # in the finder


def forbidden(_request: HttpRequest) -> HttpResponse:
    try:
        find()
    except Http404:
        raise PermissionDenied from None  # by the last error


def knowing(_request: HttpRequest) -> HttpResponse:
    person, is_new, next_page, problem, token = User(), False, "", None, "secret"
    return HttpResponse([person, is_new, next_page, problem, token])  # by one who knows


def not_found(_request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponseNotFound("No such page")


def duplicate(_request: HttpRequest) -> HttpResponse:
    try:
        with transaction.atomic():
            ContentType.objects.create(pk=1000)
            ContentType.objects.create(pk=1001)
    except IntegrityError:
        return HttpResponse(status=HTTPStatus.CONFLICT)
    return HttpResponse()


class Closing:
    def __init__(self, get_response: View) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "night" in request.GET:
            return HttpResponse(status=HTTPStatus.SERVICE_UNAVAILABLE)  # by a middleware
        return self._get_response(request)


handler404 = not_found
urlpatterns = [
    path("page/", page),
    path("forbidden/", forbidden),
    path("knowing/", knowing),
    path("duplicate/", duplicate),
    path("form/", require_POST(page)),
]


@pytest.fixture
def log() -> Iterator[AnswerLog]:
    """A log of the answers of a site that consists of this module."""
    middleware = [f"{__name__}.Closing", "django.middleware.common.CommonMiddleware"]
    with calls_noted(), override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=middleware):
        yield AnswerLog(HERE.parent, "X-Request-ID")


def answer(log: AnswerLog, method: str, address: str) -> Answer:
    """Return the answer to a request, as the log has it."""
    log.begin()
    response = Client(HTTP_X_REQUEST_ID="0a1b").generic(method, address)
    log.note(response.wsgi_request.path, response.wsgi_request.environ, response)
    (found,) = log.since_begin()
    return found


def at(comment: str) -> str:
    """Return the place of the line with a comment."""
    lines = HERE.read_text(encoding="utf-8").splitlines()
    (number,) = (number for number, line in enumerate(lines, 1) if line.endswith(f"  # {comment}"))
    return f"{HERE.name}:{number}"


@pytest.mark.parametrize(
    ("method", "address", "status", "comments"),
    [
        ("GET", "/page/", 200, {"by the view": "page"}),
        ("GET", "/page/?stranger", 302, {"by a decorator": "only_logged_in.admit"}),
        ("POST", "/page/", 409, {"by a helper": "page", "in the helper": "refusal"}),
        ("GET", "/page/?gone", 404, {"by an error": "page", "in the finder": "find"}),
        ("GET", "/forbidden/", 403, {"by the last error": "forbidden"}),
        ("GET", "/page/?night", 503, {"by a middleware": "Closing.__call__"}),
        ("GET", "/nowhere/?night", 503, {"by a middleware": "Closing.__call__"}),
    ],
    ids=["view", "decorator", "helper", "error", "error for another", "middleware", "no view"],
)
def test_the_lines_that_made_an_answer_are_named_from_the_view_inwards(
    log: AnswerLog, method: str, address: str, status: int, comments: dict[str, str]
) -> None:
    found = answer(log, method, address)

    places = " → ".join(f"{at(comment)} (in {name})" for comment, name in comments.items())
    assert (found.status, found.made) == (status, f"made at {places}")
    assert (found.request_id, found.method) == ("0a1b", method)
    assert found.path == address.partition("?")[0]


@pytest.mark.parametrize(
    ("address", "status", "library"),
    [
        ("/form/", 405, "django/views/decorators/http.py"),
        ("/page", 301, "django/middleware/common.py"),
    ],
    ids=["decorator", "middleware"],
)
def test_an_answer_that_only_a_library_made_names_its_file(
    log: AnswerLog, address: str, status: int, library: str
) -> None:
    found = answer(log, "GET", address)

    assert (found.status, found.made, found.library) == (status, "", library)


def test_what_conditions_ask_about_is_known_and_nothing_secret(log: AnswerLog) -> None:
    known = (
        f"at {at('by one who knows')}: person is a User, is_new is False, next_page is empty, "
        "problem is None, token is not empty"
    )

    assert answer(log, "GET", "/knowing/").known == (known,)


def test_a_redirect_is_noted_without_the_values_of_its_query(log: AnswerLog) -> None:
    assert answer(log, "GET", "/page/?stranger").led == "302 to /log-in/?next=…#form"


@pytest.mark.django_db
def test_what_the_database_refused_is_noted_for_that_answer_alone(log: AnswerLog) -> None:
    with refusals_noted():
        refused = answer(log, "GET", "/duplicate/").refused
        others = [answer(log, "GET", "/page/").refused]
    others.append(answer(log, "GET", "/duplicate/").refused)

    assert refused.startswith(("UNIQUE constraint failed: django_content_type.", "duplicate key"))
    assert others == ["", ""]


def test_a_response_can_be_pickled(log: AnswerLog) -> None:
    kept = pickle.dumps(page(HttpRequest()))

    log.note("/page/", {"REQUEST_METHOD": "GET"}, pickle.loads(kept))  # noqa: S301 (our own)
    assert log.since_begin()[0].made == f"made at {at('by the view')} (in page)"


def test_a_path_is_spelled_as_in_addresses(log: AnswerLog) -> None:
    assert answer(log, "GET", "/caf%C3%A9/").path == "/caf%C3%A9/"


def test_responses_are_made_as_before_when_a_run_has_ended() -> None:
    before = vars(HttpResponse()).keys()

    with calls_noted():
        pass

    assert vars(HttpResponse()).keys() == before
