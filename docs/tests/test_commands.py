"""Every command in the documents is run: here, or in another test that is named here."""

import json
import re
import shlex
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, pairwise
from pathlib import Path
from typing import NamedTuple

import pytest
from invoke.collection import Collection
from invoke.parser import Parser

import fabfile
from acceptance.configuration import Configuration
from acceptance.setting_names import defined
from docs.tests.markdown import Block, blocks, documents, prose
from docs.tests.walkthrough import commands, run
from docs.write_reference import make_targets
from features.support.project import SUPERLISTS
from features.support.tests.project_copy import ProjectCopy, copy_project
from testbeds import ROOT

# Records of what was decided and changed name commands of their time; the reference is generated.
NOT_WALKED = ("docs/decisions/", "docs/reference/", "CHANGELOG.md")

PROGRAMS = (
    "behave", "brew", "fab", "make", "pipx", "preflight", "pytest", "python -m", "ssh-add", "wsl",
)  # fmt: skip

_RULE = re.compile(r"^(?=  (?:Rule|Regel|@\w+))", re.MULTILINE)
UNKNOWN = re.compile(r"…|\b(TASK|FILE|N)\b")

HERE: Mapping[str, int] = {
    ". .venv/bin/activate": 0,
    "behave --dry-run": 0,
    "behave --dry-run --tags @planned": 0,
    "behave --help": 0,
    "behave --stop": 0,
    "behave --tags @planned": 1,
    "behave -D browser=mixed": 0,
    "behave -D browser=none": 0,
    "behave -D evidence=no": 0,
    "behave -D pictures -f messages -o reports/mine.ndjson -f progress3": 0,
    "behave -D shard=2/5 -D shard_times=times.txt -f messages -o shards/2.ndjson -f progress3": 0,
    "cp artifacts/scenario_times.txt shards/2.txt": 0,
    "cat shards/*.txt > times.txt": 0,
    "behave -f messages -o reports/mine.ndjson -f progress3": 0,
    "behave -n Oni": 0,
    "behave -n zzz": 1,
    "behave features/sharing.feature": 0,
    "behave features/sharing.feature:8": 0,
    "fab -l": 0,
    "fab --help deploy": 0,
    "make": 0,
    "make docs": 0,
    "make publication": 0,
    "make dry-run": 0,
    "make format": 0,
    "make reference": 0,
    "make clean": 0,
}
"""What is typed in a copy of the project that has one feature, in this order, with its status."""


def walked(block: Block) -> Iterator[str]:
    """Return the commands of a block, each as one line."""
    if block.kind == "console":
        yield from (command for command, _ in commands(block))
    elif block.kind == "sh":
        whole = re.sub(r" *\\\n\s*", " ", re.sub(r"\|\n\s*", "| ", block.text))
        lines = [re.sub(r"\s+#.*", "", line).strip() for line in whole.splitlines()]
        yield from filter(None, lines)


class Place(NamedTuple):
    """A file that runs a command, and the words in it that do."""

    file: str
    words: str


REHEARSED = "fabfile/tests/test_rehearsed_site.py"

ELSEWHERE: Mapping[str, Place] = {
    r"behave|make acceptance": Place("Makefile", "coverage run -m behave"),
    r"behave .*-D staging=\S+( -D fixtures=tunnel)?|make staging|behave -D reset=never .*": Place(
        "Makefile", "testbeds.loopback coverage run -m behave"
    ),
    r"behave .* -D host_command=.*": Place(REHEARSED, "behind_a_command_that_enters_the_server"),
    r"behave .* -D grid=.*|java -jar .*": Place(
        "features/support/tests/test_grid.py", "a_feature_passes_on_a_grid"
    ),
    r"behave -D order=.*": Place("acceptance/running/tests/test_order.py", "random:7"),
    r"behave -D timeout=20": Place("features/support/tests/test_broken_deployment.py", "timeout="),
    r"behave -j [04]": Place("acceptance/running/workers/tests/test_equality.py", '"-j", "4"'),
    r"behave @artifacts/failed.txt": Place(
        "acceptance/running/tests/test_failed_list.py", "@artifacts/failed.txt"
    ),
    r"behave -D shard=2/5": Place("acceptance/running/tests/test_shards.py", "test_the_shards_"),
    r"python -m behave": Place("acceptance/tests/test_readme.py", '"-m", "behave"'),
    r"python -m testbeds.loopback .*": Place("testbeds/loopback/tests/test_main.py", "testbeds"),
    r"preflight .*": Place(
        "acceptance/profiles/tests/test_preflight.py", '"acceptance.running.preflight", host.site'
    ),
    r"fab .*(provision|deploy|rollback)\b.*": Place(REHEARSED, 'site.fab("rollback")'),
    r"fab -H .*(status|logs|mark-as-staging|create-session)\b.*|fab mark-as-staging": Place(
        REHEARSED, '"logs"'
    ),
    r"(virtualenv/bin/python )?manage.py mark_as_staging": Place(
        "acceptance/server/tests/test_commands.py", "mark_as_staging"
    ),
    r"fab rehearsal\..*|make rehearsal": Place("Makefile", "fab rehearsal.run"),
    r"make test": Place(".ci/run", "make test"),
    r"make lint( types dry-run)?": Place(
        "Makefile", "test: browser servers grid lint dry-run types"
    ),
    r"make (browser|servers|grid)": Place("Makefile", "test: browser servers grid"),
    r"make \.venv/project\.done( PYTHON=.*)?": Place("Makefile", "lint: $(READY)"),
    r"make report.*": Place("acceptance/running/tests/test_report.py", '"--reports"'),
    r"make watch.*": Place("features/support/tests/test_watch.py", "watching("),
    r"python -m acceptance.reports html .*": Place(
        "acceptance/reports/tests/test_command_line.py", '"html"'
    ),
    r"python -m acceptance.reports history .*": Place(
        "acceptance/reports/history/tests/test_published.py", "history"
    ),
    r"python -m acceptance.reports specification .*": Place(
        "acceptance/reports/specification/tests/test_markdown.py", "markdown"
    ),
    r"make publication HISTORY=.*": Place(
        "acceptance/reports/history/tests/test_published.py", '"--from"'
    ),
    r"pytest .*": Place("Makefile", "PYTEST=pytest"),
}
"""Commands, as patterns, that another test runs, or whose work it does: a file, and words in it."""

TUTORIAL = set(chain.from_iterable(map(walked, blocks(ROOT / "docs/tutorial.md"))))

UNTRIED: Mapping[str, str] = {
    r"brew .*|wsl .*|behave -D browser=chrome": "needs a system or a browser that CI lacks",
    r"behave -D headed.*": "needs a screen; a test of the command line sees that it is asked for",
    r"make firefox|behave -D browser=firefox": "fetches a browser that only some people use",
    r"make lock .*": "asks an index for new versions, which changes what is tested",
    r"make bench|python -m benchmark .*": "takes minutes on a quiet machine",
    r"python -m mutants record": "changes the documents; mutants/tests/test_report.py calls it",
    r"make mutants.*": "takes up to half an hour; mutants/tests run a few",
    r"make controls": "takes half an hour; mutants/tests/test_controls.py runs one",
    r"make run": "serves until Ctrl-C",
    r"pipx .*|ssh-add .*": "changes what a person has outside of the project",
    r"export EMAIL_HOST=.*|read -rs EMAIL_PASSWORD; .*": "sets variables of a person's shell",
    r"printf .*|sudo systemctl reload nginx": "changes a server's nginx",
}
"""Commands, as patterns, that no test runs, with the reason."""

_STAGING = {
    "SUPERLISTS_UNLISTED_HOST": "superlists-staging.example.com",
    "SUPERLISTS_MAILBOX": "pop3s://tests@pop.example.com",
    "SUPERLISTS_MAILBOX_PASSWORD": "sesame",
    "SUPERLISTS_MAIL_ADDRESS": "tests+{unique}@example.com",
}


def documented() -> Iterator[str]:
    for document in documents():
        if not str(document.relative_to(ROOT)).startswith(NOT_WALKED):
            yield from commands_of(document)


def commands_of(document: Path) -> Iterator[str]:
    for block in blocks(document):
        if block.kind in {"console", "sh"}:
            yield from walked(block)
    for quoted in re.findall(r"(?<!`)`([^`\n]+)`", prose(document)):
        is_command = quoted.startswith(tuple(f"{each} " for each in PROGRAMS))
        # An ellipsis or a word in capitals stands for what only the reader knows.
        if (is_command or quoted in {*HERE, "behave"}) and not UNKNOWN.search(quoted):
            yield quoted.replace("HOST", "superlists-staging.example.com")


EVERY = sorted(set(documented()))


def ways(command: str) -> Sequence[str]:
    """How a command is tried: exactly one way is right."""
    return [
        *(["here"] if command in HERE else []),
        *(["in the tutorial"] if command in TUTORIAL - {*HERE} else []),
        *([] if command in {*HERE, *TUTORIAL} else _fitting(command)),
    ]


def _fitting(command: str) -> Sequence[str]:
    return [each for each in (*ELSEWHERE, *UNTRIED) if re.fullmatch(each, command)]


@pytest.mark.parametrize("command", EVERY)
def test_every_command_is_tried_somewhere(command: str) -> None:
    assert len(ways(command)) == 1, f"add it to HERE, ELSEWHERE or UNTRIED: {ways(command)}"


def test_no_way_is_left_over() -> None:
    assert set(HERE) - set(EVERY) == set()
    patterns = {*ELSEWHERE, *UNTRIED}
    used = {pattern for command in EVERY for pattern in _fitting(command)}
    assert patterns - used == set()


@pytest.mark.parametrize("place", ELSEWHERE.values())
def test_the_other_test_is_there(place: Place) -> None:
    assert place.words in (ROOT / place.file).read_text(encoding="utf-8")


@pytest.mark.parametrize("command", [each for each in EVERY if each.startswith("make")])
def test_every_target_of_make_exists(command: str) -> None:
    known = {*make_targets(), ".venv/project.done"}

    targets = [word for word in shlex.split(command)[1:] if "=" not in word]
    assert set(targets) <= known


@pytest.mark.parametrize("command", [each for each in EVERY if each.startswith("fab")])
def test_every_task_of_fab_takes_these_options(command: str) -> None:
    words = shlex.split(command)[1:]
    if words[0] == "-H":
        words = words[2:]
    if words[0] in {"-l", "--help"}:
        words = words[1:]

    parser = Parser(contexts=Collection.from_module(fabfile).to_contexts())
    assert not parser.parse_argv(words).unparsed


@pytest.mark.parametrize("command", [each for each in EVERY if re.match(r"behave .*-D", each)])
def test_every_setting_exists_and_takes_this_value(command: str) -> None:
    words = shlex.split(command)
    given = [after for word, after in pairwise(words) if word == "-D"]

    configuration = Configuration.resolve(SUPERLISTS, defined(given), _STAGING)
    assert not configuration.strangers


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> ProjectCopy:
    """A copy with one rule, an environment that is ready, and the files of shards."""
    project = copy_project(tmp_path_factory.mktemp("documents") / "superlists")
    for feature in (project.folder / "features").glob("*.feature"):
        rules = _RULE.split(feature.read_text(encoding="utf-8"))
        kept = rules[: 2 if feature.name == "sharing.feature" else 1]
        feature.write_text("".join(kept) + "\n", encoding="utf-8")
    (project.folder / ".venv").symlink_to(sys.prefix)
    (project.folder / "shards").mkdir()
    (project.folder / "times.txt").touch()
    return project


@pytest.mark.parametrize("command", HERE)
def test_a_command_works(project: ProjectCopy, command: str) -> None:
    typed = re.sub("^make", "make -o .venv/project.done -o .venv/packages.done", command)

    status, printed = run(project.folder, typed, SUPERLISTS_BROWSER="none")

    assert status == HERE[command], printed


def test_the_checks_of_the_preflight_are_shown() -> None:
    document = (ROOT / "docs/how-to/staging.md").read_text(encoding="utf-8")
    shown = re.findall(r"^(?:ok|warning) +(\S+(?: \S+)*)  ", document, re.MULTILINE)
    checks = titles("_check", "acceptance/profiles/staging_checks.py")
    stages = titles("Stage", "acceptance/hosts/ssh/host.py")

    # The host's stages come between the second check and the third.
    assert shown == ["browser", *checks[:2], *stages, *checks[2:]]


def titles(function: str, file: str) -> Sequence[str]:
    source = (ROOT / file).read_text(encoding="utf-8")
    return re.findall(rf'\b{function}\(\s*"([^"]+)"', source)


def test_the_development_container_asks_for_targets_that_exist() -> None:
    container = json.loads((ROOT / ".devcontainer/devcontainer.json").read_text(encoding="utf-8"))
    *_, targets = container["postCreateCommand"].partition("&& make ")

    assert set(targets.split()) <= {*make_targets(), ".venv/project.done"}
    assert targets
