"""`make report`: run the suite, and replace the last report with a new one."""

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from acceptance.configuration import Configuration
from acceptance.errors import ConfigurationError
from acceptance.project import project_here
from acceptance.reports.errors import ReportError
from acceptance.reports.history.keeping import RUNS, keep
from acceptance.reports.history.record import past_runs
from acceptance.reports.html_command import make_page
from acceptance.reports.repeating import failed_places, repeated
from acceptance.reports.run_files import RecordedRun, read_run
from acceptance.setting_names import defined

INTERRUPTED = 130
"""The exit status of a command that Ctrl-C has ended, as shells report it."""

_DEFINITION = re.compile(r"-D(?P<short>.+)|--define=(?P<long>.+)")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the suite, and replace the last report when the new one is complete."""
    parser = argparse.ArgumentParser(
        prog="python -m acceptance.running.report",
        description=__doc__,
        epilog="All other options are behave's.",
        allow_abbrev=False,
    )
    parser.add_argument(
        "--staging", default="", metavar="HOST", help="the site, if not a local one"
    )
    parser.add_argument(
        "--again",
        action="store_true",
        help="run only what failed in the last report, and keep both",
    )
    parser.add_argument("--reports", type=Path, metavar="FOLDER", help="the folder for the reports")
    given, options = parser.parse_known_args(arguments)
    if given.staging.strip():
        options = ["-D", f"staging={given.staging}", *options]
    try:
        settings = defined(_definitions(options))
        configuration = Configuration.resolve(project_here(), settings, os.environ)
    except ConfigurationError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    reports: Path = given.reports or configuration.project.reports
    earlier = f"The reports in {reports}, if any, are from an earlier run."
    try:
        reports.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=reports, prefix=".unfinished-") as folder:
            make = _repeat if given.again else _report
            return make(configuration, Path(folder), reports, options)
    except ReportError as error:
        sys.stderr.write(f"{error} {earlier}\n")
    except OSError as error:
        reason = f"{error.filename or reports} cannot be written ({error.strerror})"
        sys.stderr.write(f"{reason}: free some space, or check who owns it. {earlier}\n")
    except KeyboardInterrupt:
        sys.stderr.write(f"Interrupted. {earlier}\n")
        return INTERRUPTED
    return 1


def _report(
    configuration: Configuration, folder: Path, reports: Path, options: Sequence[str]
) -> int:
    name = configuration.place_name
    messages, page, junit = (folder / f"{name}{end}" for end in (".ndjson", ".html", ".junit"))
    status = _run(
        [
            *(sys.executable, "-m", "behave", *options, "-D", "pictures"),
            *("-f", "messages", "-o", str(messages), "-f", "progress3"),
            *("--junit", "--junit-directory", str(junit)),
        ],
        configuration.project.root,
    )
    _check_complete(messages, status)
    make_page([messages], page, configuration.project.name, shown_as=reports / page.name)
    for file in (messages, page):
        file.replace(reports / file.name)
    _replace_folder(junit, reports / "junit" / name, folder)
    return status if _keep(reports / messages.name) else status or 1


def _repeat(
    configuration: Configuration, folder: Path, reports: Path, options: Sequence[str]
) -> int:
    """Repeat the scenarios that failed in the last report, and make a report of both runs."""
    name = configuration.place_name
    last = reports / f"{name}.ndjson"
    before = read_run(last)
    places = failed_places(before)
    if not places:
        print(f"Nothing failed in {last}, so there is nothing to run again.")  # noqa: T201
        return 0
    messages, page = folder / f"{name}.ndjson", folder / f"{name}.html"
    status = _run(
        [
            *(sys.executable, "-m", "behave", *options, "-D", "pictures"),
            *("-f", "messages", "-o", str(messages), "-f", "progress3", *places),
        ],
        configuration.project.root,
    )
    _check_complete(messages, status)
    both = repeated(before, read_run(messages))
    messages.write_text("".join(f"{json.dumps(each)}\n" for each in both), encoding="utf-8")
    make_page([messages], page, configuration.project.name, shown_as=reports / page.name)
    for file in (messages, page):
        file.replace(reports / file.name)
    kept = _keep(last)
    passed = all(each["success"] for each in RecordedRun(last, both).all("testRunFinished"))
    return 0 if passed and kept else 1


def _keep(messages: Path) -> bool:
    """Keep what later pages compare with, and return whether that worked: the report is there."""
    try:
        keep(past_runs([read_run(messages)]), messages.with_name(RUNS))
    except ReportError as error:
        sys.stderr.write(f"{error}\n")
        return False
    return True


def _check_complete(messages: Path, status: int) -> None:
    """Check that a run came to its end.

    Raises:
        ReportError: it did not.

    """
    if not messages.exists():
        message = "behave did not start, for the reason above, so there is no report."
        raise ReportError(message)
    if status < 0 or not read_run(messages).all("testRunFinished"):
        message = f"The run ended early (status {status}): run it again."
        raise ReportError(message)


def _run(command: Sequence[str], folder: Path) -> int:
    """Run a command in a folder to its end, and return its status.

    Raises:
        KeyboardInterrupt: a signal ended it early.

    """
    signals: list[int] = []
    with subprocess.Popen(command, cwd=folder) as process:  # noqa: S603

        def pass_on(number: int, _: object) -> None:
            signals.append(number)
            # At Ctrl-C, the terminal also sends the signal to the command.
            if number != signal.SIGINT:
                process.terminate()

        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, pass_on)
        status = process.wait()
    if signals:
        raise KeyboardInterrupt
    return status


def _replace_folder(new: Path, old: Path, elsewhere: Path) -> None:
    old.parent.mkdir(parents=True, exist_ok=True)
    new.mkdir(exist_ok=True)
    if old.exists():
        old.replace(elsewhere / "old")
    shutil.move(new, old)


def _definitions(options: Sequence[str]) -> Iterator[str]:
    """Find the definitions of settings among behave's options."""
    yield from (text for option, text in pairwise(options) if option in {"-D", "--define"})
    for option in options:
        if found := _DEFINITION.fullmatch(option):
            yield found["short"] or found["long"]


if __name__ == "__main__":
    sys.exit(main())
