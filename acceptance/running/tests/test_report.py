"""`make report`: the places of its files, and when they replace those of the last run."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from acceptance.configuration import Configuration
from acceptance.evidence.facts import Place
from acceptance.reports.history.keeping import RUNS, kept_runs
from acceptance.running.report import INTERRUPTED, main
from features.support.project import SUPERLISTS

SETTINGS = {
    "unlisted_host": "superlists.example.com",
    "mailbox": "maildev+http://localhost:1",
    "mail_address": "{unique}@example.com",
}


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    """A folder with the report of an earlier run."""
    folder = tmp_path / "reports"
    (folder / "junit" / "local").mkdir(parents=True)
    for name in ("local.ndjson", "local.html", "junit/local/TESTS-old.xml"):
        (folder / name).write_text("old", encoding="utf-8")
    return folder


def content(reports: Path) -> dict[str, str]:
    files = (path for path in reports.rglob("*") if path.is_file())
    return {str(path.relative_to(reports)): path.read_text("utf-8") for path in files}


@pytest.mark.parametrize(
    ("staging", "name"),
    [
        (None, "local"),
        ("superlists.example.com", "superlists.example.com"),
        ("https://superlists.example.com/", "superlists.example.com"),
        ("HTTPS://Superlists.Example.COM", "superlists.example.com"),
        ("http://superlists.example.com", "superlists.example.com"),
        ("https://superlists.example.com:8443/", "superlists.example.com-8443"),
        (" superlists.example.com:8443 ", "superlists.example.com-8443"),
    ],
)
def test_a_report_is_named_after_the_place_of_its_run(staging: str | None, name: str) -> None:
    given = {**SETTINGS, **({"staging": staging} if staging else {})}

    assert Configuration.resolve(SUPERLISTS, given, {}).place_name == name


def test_an_address_in_the_environment_counts_too() -> None:
    settings = {"SUPERLISTS_STAGING": "https://superlists.example.com/"}

    assert (
        Configuration.resolve(SUPERLISTS, SETTINGS, settings).place_name == "superlists.example.com"
    )


@pytest.mark.parametrize(
    "address",
    ["https://me@h.example.com", "https://h.example.com/?x", "https://h.example.com/x", "h\u00f6"],
)
def test_an_invalid_address_is_refused_and_nothing_is_run(
    reports: Path, capfd: pytest.CaptureFixture[str], address: str
) -> None:
    before = content(reports)

    assert main(["--reports", str(reports), "--staging", address]) == 1

    assert capfd.readouterr().err.count("\n") == 1
    assert content(reports) == before


def test_a_complete_report_replaces_the_last_one(
    reports: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (reports / "elsewhere.ndjson").write_text("another", encoding="utf-8")

    status = main(["--reports", str(reports), "--dry-run", "--name", "Edith", "--no-skipped"])

    assert status == 0
    assert f"The report is in {reports / 'local.html'}." in capfd.readouterr().out
    after = content(reports)
    assert after["local.ndjson"].startswith('{"meta"')
    assert after["local.html"].startswith("<!DOCTYPE html>")
    assert "junit/local/TESTS-old.xml" not in after
    assert after["elsewhere.ndjson"] == "another"
    assert not list(reports.glob(".unfinished-*"))


def test_a_run_is_kept_for_later_pages(reports: Path, capfd: pytest.CaptureFixture[str]) -> None:
    options = ["features/start_a_list.feature", "-D", "browser=none", "--stop"]
    status = main(["--reports", str(reports), *options])

    capfd.readouterr()
    assert status == 0
    (kept,) = kept_runs(reports / RUNS).runs
    assert kept.facts.place is Place.LOCAL
    assert kept.facts.by
    assert not kept.every_feature


def test_a_run_that_cannot_be_kept_fails_with_the_reason_beside_its_report(
    reports: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (reports / RUNS).touch()
    options = ["features/start_a_list.feature", "-D", "browser=none", "--stop"]

    assert main(["--reports", str(reports), *options]) == 1
    assert "The run cannot be kept in" in capfd.readouterr().err
    assert (reports / "local.ndjson").read_text("utf-8").startswith('{"meta"')


def test_the_last_report_stays_if_behave_does_not_start(
    reports: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    before = content(reports)

    assert main(["--reports", str(reports), "--tags", "((("]) == 1

    assert "The reports in" in capfd.readouterr().err
    assert content(reports) == before


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_last_report_stays_if_a_run_is_ended(
    reports: Path, waits_for_reader: Callable[[], Path], number: signal.Signals
) -> None:
    before = content(reports)
    pipe = waits_for_reader()
    report = subprocess.Popen(  # noqa: S603
        [
            *(sys.executable, "-m", "acceptance.running.report", "--reports", str(reports)),
            *("--dry-run", "-f", "plain", "-o", str(pipe)),
        ],
        cwd=SUPERLISTS.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    # behave opens the pipe when it begins, and then waits until someone reads it all.
    with pipe.open("rb"):
        os.killpg(report.pid, number)
        output, _ = report.communicate(timeout=60)

    assert report.returncode == INTERRUPTED, output
    assert "Interrupted. The reports in" in output
    assert content(reports) == before
    assert not list(reports.glob(".unfinished-*"))


@pytest.fixture
def waits_for_reader(tmp_path: Path) -> Callable[[], Path]:
    def make() -> Path:
        pipe = tmp_path / "pipe"
        os.mkfifo(pipe)
        return pipe

    return make


def test_without_a_report_nothing_is_run_again(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["--again", "--reports", str(tmp_path)]) == 1

    assert f"{tmp_path / 'local.ndjson'} does not exist: make it with" in capfd.readouterr().err


def test_if_nothing_failed_nothing_is_run_again(
    reports: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    main(["--reports", str(reports), "--dry-run"])
    before = content(reports)

    assert main(["--again", "--reports", str(reports)]) == 0

    assert "so there is nothing to run again" in capfd.readouterr().out
    assert content(reports) == before
