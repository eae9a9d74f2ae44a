"""Whole runs against a broken local site: does a person read the cause?"""

import base64
import json
import os
import re
import shlex
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from acceptance.reports.results import read_results
from features.support.tests.project_copy import (
    BREAKS,
    FEATURE,
    NEXT,
    Breakage,
    ProjectCopy,
    SuiteRun,
    assert_shows,
)
from testbeds.scenarios import place_of

LIST_PAGE = "lists/templates/lists/list.html"
ROW = "lists/templates/lists/item.html"
BUTTONS = "lists/item_views.py"
SCRIPT = "superlists/static/clear_refusal_on_typing.js"
SUBMIT = "superlists/static/submit_by_itself.js"

ADDS_ITEMS = place_of("list_items", "Edith adds items")
REMOVES_ITEM = place_of("edit_and_remove_items", "Edith removes an item")
ASKS_TO_DELETE = place_of("rename_and_delete_lists", "Edith is asked whether to delete her list")
STARTS_LIST = place_of("start_a_list", "Edith starts a list")
OPENS_LINK = place_of("log_in", "Edith opens her login link")


MORE_PATIENT_THAN_THE_DATABASE = ("-D", "timeout=10")


def behave(project: ProjectCopy, *words: str, breakage: Breakage | None = None) -> SuiteRun:
    environment = {"DATABASE_URL": "sqlite:///unused.sqlite3?timeout=1"}
    run = project.behave("-D", "timeout=1", *words, breakage=breakage, environment=environment)
    assert run.status == 1, run.terminal
    return run


# Errors of the site.


def test_the_report_of_an_exception_in_a_view_goes_from_the_expectation_to_the_command(
    project: ProjectCopy,
) -> None:
    project.change(
        "lists/models.py",
        "        return self.filter(owner=None) | self.owned_by(visitor) |",
        "        raise ValueError('deep inside')\n        return self.filter(owner=None) |",
    )

    run = behave(project, ADDS_ITEMS)

    assert_shows(
        run,
        'Edith has an open list with "Book the train"',
        "the site broke: ValueError: deep inside",
        "The server logged:",
        "Internal Server Error: /lists/",
        f'File "{project.folder}/lists/views.py", line ',
        f'File "{project.folder}/lists/models.py", line ',
        "ValueError: deep inside",
        "Edith's browser reported:",
        "500 for http://localhost:",
        "Evidence: artifacts/",
        f"Again:    behave {ADDS_ITEMS} -D timeout=1",
    )
    evidence = run.evidence("edith-adds-items", "list_items")
    assert evidence.keys() == {
        "failure.txt",
        "server.log",
        "edith.txt",
        "edith.html",
        "edith.png",
        "emails.txt",
    }
    assert evidence["failure.txt"].strip() in run.terminal
    assert "/site-packages/django/" in evidence["server.log"]
    assert "Something went wrong on our side" in evidence["edith.html"]
    assert "PNG" in evidence["edith.png"][:8]
    assert "answered: 500 for http://localhost:" in evidence["edith.txt"]


def test_a_missing_template_is_named(project: ProjectCopy) -> None:
    project.remove(LIST_PAGE)

    assert_shows(
        behave(project, ADDS_ITEMS),
        "the site broke: django.template.exceptions.TemplateDoesNotExist: lists/list.html",
        f'File "{project.folder}/lists/views.py"',
    )


def test_a_wrong_template_shows_in_the_text_of_the_page(project: ProjectCopy) -> None:
    project.change(
        "lists/pages.py", 'render(request, "lists/list.html"', 'render(request, "lists/mine.html"'
    )

    run = behave(project, ADDS_ITEMS)

    assert_shows(
        run,
        "Edith's page has no field '#id_text': it has the fields #id_navbar_email[name=email]\n"
        "there is no '#id_text' on the page\n(after 1 s)",
        "showed:",
        "Lists shared with you",
    )
    assert "The server logged" not in run.terminal


def test_a_wrong_word_is_shown_beside_the_right_one(project: ProjectCopy) -> None:
    project.change(ROW, "{{ item.text }}</bdi>", '{{ item.texts|default:"" }}</bdi>')

    assert_shows(
        behave(project, ADDS_ITEMS),
        "the list reads ['1:', '2:', '3:'], not ['1: Book the train'",
        "The page http://localhost:",
        "To-Do list",
    )


def test_a_variable_that_a_template_does_not_get_is_named(project: ProjectCopy) -> None:
    project.change("lists/list_views.py", '            "todo_list": todo_list,\n', "")

    run = behave(project, ASKS_TO_DELETE, "-D", "browser=none")

    assert_shows(
        run,
        "Edith asks to delete the list",
        'ASSERT FAILED: the template lists/delete_list.html:3 has no "todo_list.shown_name": '
        'its context has no "todo_list"\n\n',
        "ERROR acceptance.templates [",
        "/delete: 200, made at lists/list_views.py:",
    )


def test_the_line_of_a_decorator_that_answered_is_named(project: ProjectCopy) -> None:
    line = 'if request.method != "POST":'
    code = (project.folder / BUTTONS).read_text(encoding="utf-8")
    number = code[: code.index(line)].count("\n") + 2
    project.change(
        BUTTONS, f"{line}\n            return redirect", f"if True:\n{' ' * 12}return redirect"
    )

    assert_shows(
        behave(project, REMOVES_ITEM, "-D", "browser=none"),
        "Edith's browser reported:",
        "/remove with csrfmiddlewaretoken and without done: 302 to /lists/",
        f"…/, made at {BUTTONS}:{number} (in _button.view)\n",
    )


def test_an_exception_that_no_step_notices_fails_the_scenario(project: ProjectCopy) -> None:
    project.change(
        LIST_PAGE,
        "{% block content %}",
        '{% block content %}<img src="/accounts/log-in/" alt="" width="0">',
    )
    project.change("accounts/views.py", "    if request.user.is_auth", "    1 / 0\n    if request.")

    assert_shows(
        behave(project, ADDS_ITEMS),
        "the site broke: ",
        "The server logged:",
        "Internal Server Error: /accounts/log-in/",
        f'File "{project.folder}/accounts/views.py"',
    )


def test_an_unexplained_error_response_fails_the_last_step(
    project: ProjectCopy,
) -> None:
    project.change(
        "superlists/templates/base.html",
        "{% static 'clear_refusal_on_typing.js' %}",
        "/accounts/log-in/",
    )
    project.change(
        "accounts/views.py",
        "    if request.user.is_auth",
        "    return HttpResponse(status=500)\n    if request.",
    )

    run = behave(project, "features/start_a_list.feature", "--name", "The home page says")

    assert_shows(
        run,
        "Edith reads",
        "the site answered 500 for http://localhost:",
        "/accounts/log-in/",
    )


# Errors in the browser.


def test_a_script_that_throws_is_reported_with_its_line(project: ProjectCopy) -> None:
    project.write(SCRIPT, "// A comment.\n\nnotThere.addEventListener('input', () => {});\n")

    run = behave(project, ADDS_ITEMS)

    # The browser reports it while the scenario goes on, so it fails this step or the next one.
    what = "ReferenceError: notThere is not defined (http://localhost:"
    assert_shows(
        run,
        f"a script failed on Edith's page: {what}",
        "/static/clear_refusal_on_typing.js:3)",
        "Edith's browser reported:\n",
        f"\n  script error: {what}",
    )
    assert f"script error: {what}" in run.evidence("edith-adds-items", "list_items")["edith.txt"]


def test_a_rejected_promise_is_reported(project: ProjectCopy) -> None:
    project.write(SCRIPT, "Promise.reject(new Error('nothing to clear'));\n")

    assert_shows(behave(project, ADDS_ITEMS), "a script failed on Edith's page: Error: nothing to ")


def test_a_script_error_on_the_last_page_fails_the_last_step(project: ProjectCopy) -> None:
    # As soon as the page is ready, when people continue: an error at any later time could come
    # after the last check.
    project.write(
        SCRIPT,
        "addEventListener('DOMContentLoaded', () =>\n"
        "    setTimeout(() => { throw new Error('too late'); }));\n",
    )

    run = behave(project, "features/start_a_list.feature", "--name", "The home page says")

    assert_shows(run, "a script failed on Edith's page: Error: too late", "Again:")


def test_a_missing_static_file_is_named(project: ProjectCopy) -> None:
    project.remove(SUBMIT)

    assert_shows(
        behave(project, OPENS_LINK),
        "the script was not found: 404 for http://localhost:",
        "is not logged in",
        "Edith's browser reported:",
        "request: 404 for http://localhost:",
        "/static/submit_by_itself.js",
    )


def test_a_violation_of_the_pages_policy_is_named(project: ProjectCopy) -> None:
    project.change("superlists/settings.py", '"script-src": [SELF]', '"script-src": [NONE]')

    assert_shows(
        behave(project, OPENS_LINK),
        "on Edith's page, script-src-elem of the page's policy forbids http://localhost:",
        "is not logged in",
        "policy: script-src-elem of the page's policy forbids http://localhost:",
        "/static/submit_by_itself.js",
    )


# The database of a run is a file that no one else knows.


def database_of(process: psutil.Process) -> sqlite3.Connection:
    (name,) = {file.path for file in process.open_files() if file.path.endswith("/test.sqlite3")}
    return sqlite3.connect(name, isolation_level=None)


def test_a_query_of_a_missing_table_names_it(project: ProjectCopy) -> None:
    def drop_table(process: psutil.Process) -> None:
        with closing(database_of(process)) as database:
            database.execute("DROP TABLE lists_item")

    project.write_feature(BREAKS)

    assert_shows(
        behave(project, FEATURE, breakage=drop_table),
        'Edith adds "Make tea"',
        "the site broke: django.db.utils.OperationalError: no such table: lists_item",
        f'File "{project.folder}/lists/pages.py"',
    )


def test_the_field_that_the_database_refuses_is_named_with_its_line(project: ProjectCopy) -> None:
    project.change("lists/models.py", "DateTimeField(default=timezone.now)", "DateTimeField()")

    assert_shows(
        behave(project, STARTS_LIST, "-D", "browser=none"),
        "the site broke: ",
        "NOT NULL constraint failed: lists_list.created_at (lists/models.py:",
        "; List.created_at is declared at lists/models.py:",
    )


def test_a_database_that_another_program_keeps_locked_is_reported(project: ProjectCopy) -> None:
    locks: list[sqlite3.Connection] = []

    def lock(process: psutil.Process) -> None:
        locks.append(database_of(process))
        locks[0].execute("BEGIN IMMEDIATE")

    project.write_feature(BREAKS)

    run = behave(project, FEATURE, *MORE_PATIENT_THAN_THE_DATABASE, breakage=lock)

    locks[0].close()
    assert_shows(
        run, "the site broke: django.db.utils.OperationalError: database is locked", "limits.py"
    )


# The browser itself.


def parts_of_browser(run: psutil.Process) -> list[psutil.Process]:
    return [each for each in run.children(recursive=True) if "chrom" in each.name()]


def test_a_dead_browser_is_reported_and_the_next_scenario_has_another(project: ProjectCopy) -> None:
    def kill_browser(run: psutil.Process) -> None:
        parts = [each for each in parts_of_browser(run) if "driver" not in each.name()]
        for part in parts:
            os.kill(part.pid, signal.SIGKILL)
        psutil.wait_procs(parts)

    project.write_feature(BREAKS, NEXT)

    run = behave(project, FEATURE, breakage=kill_browser)

    assert_shows(run, 'Edith adds "Make tea"', "the browser cannot be used: ", "Evidence:", "Ag")
    assert "1 scenario passed, 1 failed" in run.terminal


def test_a_dead_driver_is_reported_and_leaves_no_browser_behind(project: ProjectCopy) -> None:
    parts: list[psutil.Process] = []

    def kill_driver(run: psutil.Process) -> None:
        parts.extend(parts_of_browser(run))
        (driver,) = (each for each in parts if "driver" in each.name())
        driver.kill()

    project.write_feature(BREAKS, NEXT)

    run = behave(project, FEATURE, breakage=kill_driver)

    assert_shows(run, "the browser cannot be used: ", "Evidence:")
    # Selenium's log messages are not those of the site.
    assert run.evidence("it-breaks")["server.log"] == "Nothing was logged.\n"
    assert "1 scenario passed, 1 failed" in run.terminal
    assert not any(is_alive(part) for part in parts)


def is_alive(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


@pytest.fixture
def impatient_project(project: ProjectCopy) -> ProjectCopy:
    """A project with a shorter timeout for browsers that hang."""
    project.change(
        "acceptance/browser/selenium/failures.py", "COMMAND_TIMEOUT = 20.0", "COMMAND_TIMEOUT = 2.0"
    )
    project.change("acceptance/evidence/gathering.py", "PATIENCE = 10.0", "PATIENCE = 1.0")
    return project


@pytest.fixture
def stopped() -> Iterator[list[psutil.Process]]:
    """Processes that are stopped until the end of the test."""
    processes: list[psutil.Process] = []
    yield processes
    for process in filter(is_alive, processes):
        process.resume()


def test_a_browser_that_hangs_is_reported_and_does_not_block_the_run(
    impatient_project: ProjectCopy, stopped: list[psutil.Process]
) -> None:
    def stop_browser(run: psutil.Process) -> None:
        stopped.extend(each for each in parts_of_browser(run) if "driver" not in each.name())
        for part in stopped:
            part.suspend()

    impatient_project.write_feature(BREAKS, NEXT)

    run = behave(impatient_project, FEATURE, breakage=stop_browser)

    assert_shows(run, "the browser cannot be used: it did not answer within 2 s", "Evidence:")
    assert "1 scenario passed, 1 failed" in run.terminal
    assert run.evidence("it-breaks")["browser.txt"] == "Not available within 1 s.\n"
    assert not any(map(is_alive, stopped))


def test_a_page_that_hangs_is_reported_and_does_not_block_the_run(
    impatient_project: ProjectCopy,
) -> None:
    impatient_project.write(SCRIPT, "if (location.pathname.length > 1) for (;;);\n")
    impatient_project.write_feature(BREAKS, NEXT)

    run = behave(impatient_project, FEATURE)

    assert_shows(run, "the browser cannot be used: it did not answer within 2 s", "Evidence:")
    assert "1 scenario passed, 1 failed" in run.terminal


# The data for other reports.

OF_ALL_KINDS = """\
  Scenario: Another list
    Given Edith has an open list with "Buy milk"
    Then Edith's list reads "Buy tea"

  Scenario: No mail
    When Edith asks for a login link
    Then Edith gets the email "Good news"

  Scenario: A server error
    When Edith opens the login page
    Then Edith is invited to start a list

  Scenario: A script error
    When Edith opens the page that an expired link leads to
    Then Edith sees the message "no longer works"
"""
MESSAGES = "run.ndjson"


def test_reports_get_each_failure_as_an_object(project: ProjectCopy) -> None:
    def drop_table(process: psutil.Process) -> None:
        with closing(database_of(process)) as database:
            database.execute("DROP TABLE lists_item")

    project.change("accounts/views.py", "    if request.user.is_auth", "    1 / 0\n    if request.")
    project.write(SCRIPT, "if (location.search) throw new Error('in a script');\n")
    # After the last of them, the site can no longer be emptied.
    project.write_feature(OF_ALL_KINDS, BREAKS, NEXT)

    run = behave(
        project, FEATURE, "-f", "messages", "-o", MESSAGES, "-f", "progress3", breakage=drop_table
    )

    results = read_results([project.folder / MESSAGES])
    failures = {each.identity.name: each.failure.why for each in results if each.failure}
    assert len(failures) == 6, run.terminal
    another_list, no_mail = failures["Another list"], failures["No mail"]
    assert (another_list.expected, another_list.shown) == ("1: Buy tea", "1: Buy milk")
    assert another_list.reason == "the list reads ['1: Buy milk'], not ['1: Buy tea']"
    assert (another_list.waited, another_list.seen[:9]) == (1, "The page ")
    assert no_mail.expected.startswith("an email 'Good news' to edith")
    assert "Your login link" in no_mail.shown
    server_error, script_error = failures["A server error"], failures["A script error"]
    assert server_error.shown.startswith(
        "the site broke: ZeroDivisionError: division by zero (accounts/views.py:"
    )
    assert server_error.logged[-1].endswith("ZeroDivisionError: division by zero")
    assert "500 for http://" in " ".join(server_error.noted["Edith"])
    assert script_error.shown.startswith("a script failed on Edith's page: Error: in a script")
    assert script_error.expected == server_error.expected != ""
    hook = failures["The next one"]
    assert "no such table: lists_item" in hook.reason
    for failure in failures.values():
        assert (project.folder / failure.evidence / "failure.txt").is_file()
        assert failure.again.startswith(f"behave {FEATURE}:")
        assert failure.reason in run.terminal


# Kept evidence.


def test_a_failure_is_reported_even_if_its_evidence_cannot_be_kept(project: ProjectCopy) -> None:
    project.change(ROW, "{{ item.text }}</bdi>", '{{ item.texts|default:"" }}</bdi>')
    project.write("artifacts", "in the way")

    run = behave(project, ADDS_ITEMS)

    assert_shows(run, "the list reads ['1:', '2:', '3:']", "Evidence: not kept, because", "Again:")


def runs_kept(project: ProjectCopy) -> list[str]:
    folders = (each for each in project.artifacts.iterdir() if each.is_dir())
    return sorted(each.name for each in folders if not each.is_symlink())


def test_the_latest_run_is_the_one_that_failed_last_and_ten_are_kept(project: ProjectCopy) -> None:
    for day in range(10, 22):
        (project.artifacts / f"2026-01-{day}T120000Z").mkdir(parents=True)
    project.change(ROW, "{{ item.text }}</bdi>", '{{ item.texts|default:"" }}</bdi>')

    run = behave(project, ADDS_ITEMS)

    folder = re.findall(r"Evidence: (artifacts/[^/]+)/", run.terminal)[0]
    assert (project.artifacts / "latest").resolve() == project.folder / folder
    kept = runs_kept(project)
    assert kept == [*(f"2026-01-{day}T120000Z" for day in range(13, 22)), Path(folder).name]

    # The command runs only that scenario again; if it passes, no evidence is left.
    project.change(ROW, '{{ item.texts|default:"" }}</bdi>', "{{ item.text }}</bdi>")
    commands = re.findall(r"^Again:    behave (.*)$", run.terminal, re.MULTILINE)
    assert commands[0] == f"{ADDS_ITEMS} -D timeout=1"
    again = project.behave(*shlex.split(commands[0]))

    assert again.status == 0, again.terminal
    assert "1 scenario passed, 0 failed, " in again.terminal
    assert kept == runs_kept(project)
    assert not (project.artifacts / "latest").exists()


# Errors that a scenario expects.

EXPECTING = """\
  @expects_server_error
  Scenario: A server error that comes
    When Edith opens the login page
    Then the page fits on Edith's screen

  @expects_server_error
  Scenario: A server error that does not come
    When Edith opens the home page
    Then Edith is invited to start a list

  @expects_script_error
  Scenario: A script error that comes
    When Edith opens the page that an expired link leads to
    Then Edith sees the message "no longer works"

  @expects_script_error
  Scenario: A script error that does not come
    When Edith opens the home page
    Then Edith is invited to start a list
"""


def test_an_error_that_a_scenario_expects_has_to_happen(project: ProjectCopy) -> None:
    project.change("accounts/views.py", "    if request.user.is_auth", "    1 / 0\n    if request.")
    project.write(SCRIPT, "if (location.search) throw new Error('as expected');\n")
    project.write_feature(EXPECTING)

    run = behave(project, FEATURE)

    assert "2 scenarios passed, 2 failed" in run.terminal
    server, script = run.failures
    assert "is tagged @expects_server_error, but no such error occurred" in server
    assert "is tagged @expects_script_error, but no such error occurred" in script


def test_a_run_that_passes_leaves_no_evidence(project: ProjectCopy) -> None:
    run = project.behave("features/start_a_list.feature", "--name", "The home page says")

    assert run.status == 0, run.terminal
    assert runs_kept(project) == []


# Secrets.

LISTENER = """
import re
from pathlib import Path


def listener(get_response):
    def listen(request):
        response = get_response(request)
        seen = [*request.COOKIES.values(), request.GET.get("token", "")]
        seen += [cookie.value for cookie in response.cookies.values()]
        seen += re.findall(r'name="(?:csrfmiddlewaretoken|token)" value="([^"]+)"',
                           response.content.decode())
        with Path("seen").open("a") as file:
            file.writelines(f"{each}\\n" for each in seen if each)
        return response

    return listen
"""

LOOKS_EVERYWHERE = """\
  Scenario: Everything is on show
    Given Edith owns a list with "Buy milk"
    And Edith is logged in
    When Edith opens her list
    And Edith shares the list with Oni
    Given Oni has a login link
    And Oni uses a simple browser
    When Oni opens his login link
    Then Oni sees the message "what is not there"
"""


REPORT = "report.json"
REPORTING = ("--format", "json", "--outfile", REPORT, "--format", "progress3")


def attachments(report: Path) -> Iterator[str]:
    """Yield the attachments of a report in behave's own format."""
    for feature in json.loads(report.read_text(encoding="utf-8")):
        for scenario in feature["elements"]:
            for step in scenario["steps"]:
                for each in step.get("embeddings", []):
                    yield base64.b64decode(each["data"]).decode(errors="replace")


def test_no_secret_is_shown_to_anyone(project: ProjectCopy) -> None:
    project.write("superlists/listening.py", LISTENER)
    project.change(
        "superlists/settings.py",
        '    "django.contrib.messages.middleware',
        '    "superlists.listening.listener",\n    "django.contrib.messages.middleware',
    )
    project.change(
        "lists/sharing_views.py",
        "    with transaction.atomic():\n",
        "    import logging\n"
        "    from django.conf import settings\n"
        "    logging.warning('%s %s %s', request.headers, settings.SECRET_KEY,\n"
        "                    settings.EMAIL_HOST_PASSWORD)\n"
        "    with transaction.atomic():\n",
    )
    project.write_feature(LOOKS_EVERYWHERE)
    known = {
        "DJANGO_SECRET_KEY": "the key that signs " * 4,
        "EMAIL_PASSWORD": "Horse battery 9",
        "SUPERLISTS_MAILBOX_PASSWORD": "Staple correct 7",
    }

    run = project.behave(FEATURE, "-D", "timeout=1", *REPORTING, environment=known)

    assert_shows(run, "shows no message, and so not 'what is not there'", "Evidence:")
    seen = set((project.folder / "seen").read_text(encoding="utf-8").split())
    # The cookies of two sessions, the token of a link, and the tokens of forms.
    assert len(seen) > 5
    everything = "\n".join([run.everything(), *attachments(project.folder / REPORT)])
    assert everything.count("What Oni sees") == 0
    assert everything.count("Use this link to log in") == 2
    for secret in [*seen, *known.values()]:
        assert secret not in everything


RELAYED = """
    import base64
    from pathlib import Path
    from urllib.parse import quote
    once = quote(body.split("http", 1)[1].split()[0], safe="")
    secret = token.encode()
    body = "\\n".join([
        f"The link is http{body.split('http', 1)[1]}",
        f"Safe: https://safe.example/?url=http{once}&data=05",
        f"Safer: https://safer.example/?u={quote(f'https://s.example/?url=http{once}', safe='')}",
        f"Broken: https://safe.example/?t={token[:20]}",
        token[20:],
        "Raw: " + "".join(f"={byte:02X}" for byte in secret),
        "Page: " + "".join(f"&#{byte:05};" for byte in secret),
        "Coded: " + base64.b64encode(b"a" + secret + b"a").decode(),
    ])
    with Path("seen").open("a") as file:
        file.write(f"{token}\\n")
    send_email(address, SUBJECT, body)
"""

SHOWS_ALL = """\
import base64

from behave import then


@then("the step of {name} tells all")
def shows_all(context, name):
    link = context.world.person(name).login_link
    print("captured", link)
    try:
        raise KeyError(link)
    except KeyError as error:
        raise ValueError({"of the link": [link, link.encode()]}) from error
"""


def test_a_token_is_hidden_in_every_encoding_of_a_relay(project: ProjectCopy) -> None:
    project.change(
        "accounts/mail.py", "        send_email(address, SUBJECT, body)\n", indented(RELAYED)
    )
    project.write_feature(
        """\
  Scenario: It is run
    Given Edith has a login link
    And Edith uses a simple browser
    When Edith opens her login link
    Then the step of Edith tells all
""",
        """\
  Scenario: It is shown
    Given Edith has a login link
    And Edith uses a simple browser
    When Edith opens her login link
    Then Edith sees the message "what is not there"
""",
    )
    project.write("steps/breakage_steps.py", SHOWS_ALL)
    messages = ("-f", "messages", "-o", "run.ndjson", "--junit", "--junit-directory", "junit")

    run = project.behave(FEATURE, "-D", "timeout=1", *messages, *REPORTING)

    assert "1 failed, 1 error" in run.terminal
    subprocess.run(  # noqa: S603
        [
            *(sys.executable, "-m", "acceptance.reports", "specification", "run.ndjson"),
            *("--features", "features", "--output", "spec.html"),
        ],
        cwd=project.folder,
        check=True,
        timeout=60,
    )
    files = [project.folder / "run.ndjson", project.folder / "spec.html"]
    files += (project.folder / "junit").iterdir()
    texts = [file.read_text(encoding="utf-8") for file in files]
    everything = "\n".join([run.everything(), *attachments(project.folder / REPORT), *texts])
    assert "Safer: https://safer.example/" in everything
    assert "captured http" in everything
    assert "ValueError" in run.terminal
    tokens = (project.folder / "seen").read_text(encoding="utf-8").split()
    assert len(tokens) == 2
    for token in tokens:
        for part in (token[begin : begin + 8] for begin in range(len(token) - 7)):
            assert part not in everything
            assert base64.b64encode(part.encode()).decode()[:10] not in everything
            assert "".join(f"={byte:02X}" for byte in part.encode()) not in everything
            assert "".join(f"&#{byte:05};" for byte in part.encode()) not in everything


def indented(text: str) -> str:
    return text.replace("\n    ", "\n        ").removeprefix("\n")
