"""`python -m mutants`: break the site in many small ways, and see which of them go unnoticed."""

import argparse
import os
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from acceptance.errors import ExplainedError
from acceptance.running.interruptions import Interruptions
from mutants.all_mutants import mutants_of, site_files
from mutants.mutant import Kind, Mutant
from mutants.reports.documents import record
from mutants.reports.known import known_of, read_known
from mutants.reports.report import Report
from mutants.results import Results
from mutants.run import run
from mutants.suites import suites_of

ROOT = Path(__file__).resolve().parents[1]
REPORTS = ROOT / "reports"
OUTCOMES = ROOT / "artifacts" / "mutants" / "outcomes.ndjson"

_MOST_WORKERS = 64
_MOST_MINUTES = 24 * 60


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are one sentence."""

    def error(self, message: str) -> NoReturn:
        """Print the sentence and end the program."""
        sys.exit(f"{message[:1].upper()}{message[1:].rstrip('.')}: type `make help`.")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that the arguments name."""
    asked = _parser().parse_args(arguments)
    files = [_known(file) for file in asked.file] or None
    mutants = list(mutants_of(ROOT, files)) if asked.command != "record" else []
    if asked.command == "list":
        print(_counts(mutants) if asked.count else "\n".join(map(_line, mutants)))
        return 0
    try:
        if asked.command == "record":
            record(REPORTS / "mutants.json", ROOT)
            return 0
        known = read_known()
        results = Results(OUTCOMES, again=asked.again)
        with Interruptions().heard():
            met = run(
                mutants,
                suites_of(ROOT, results, lambda mutant: known_of(mutant, known) is not None),
                ROOT,
                results,
                workers=asked.workers,
                minutes=asked.minutes,
            )
    except ExplainedError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped; `make mutants` goes on from here.", file=sys.stderr)
        return 130
    report = Report(met, known, is_whole=files is None)
    page = report.write(REPORTS)
    print(f"{report.text()}\n{page.relative_to(ROOT)} shows what survived.")
    return 0 if report.is_good else 1


def _line(mutant: Mutant) -> str:
    return f"{mutant.path}:{mutant.line}: {mutant.before} -> {mutant.after or '(removed)'}"


def _counts(mutants: Sequence[Mutant]) -> str:
    counted = Counter(mutant.kind for mutant in mutants)
    lines = [f"{counted[kind]:6} {kind}" for kind in Kind]
    return "\n".join([*lines, f"{len(mutants):6} in all"])


def _known(file: str) -> str:
    path = Path(os.path.relpath(file, ROOT) if Path(file).is_absolute() else file).as_posix()
    if path not in site_files(ROOT):
        sys.exit(f"{file} has no mutants: name a file below accounts/, lists/ or superlists/.")
    return path


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m mutants", description=__doc__)
    parser.add_argument("command", choices=["list", "run", "record"], help="what to do")
    parser.add_argument("--count", action="store_true", help="of a list, only the numbers")
    parser.add_argument("--file", action="append", default=[], help="only the mutants of this file")
    cores = len(os.sched_getaffinity(0))
    parser.add_argument("--workers", type=_workers, default=cores, help="at the same time")
    parser.add_argument("--minutes", type=_minutes, default=30.0, help="when to stop")
    parser.add_argument("--again", action="store_true", help="forget all outcomes first")
    return parser


def _workers(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= _MOST_WORKERS:
        message = f"{text} is no number of workers from 1 to {_MOST_WORKERS}"
        raise argparse.ArgumentTypeError(message)
    return int(text)


def _minutes(text: str) -> float:
    try:
        minutes = float(text)
    except ValueError:
        minutes = 0.0
    if not 0 < minutes <= _MOST_MINUTES:
        message = f"{text} is no number of minutes up to {_MOST_MINUTES}"
        raise argparse.ArgumentTypeError(message)
    return minutes


if __name__ == "__main__":
    sys.exit(main())
