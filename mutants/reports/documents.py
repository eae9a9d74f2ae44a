"""Write the score of a whole run into the documents."""

import json
from pathlib import Path

from acceptance.errors import ExplainedError
from mutants.reports.score import Score, share, table_of

BEGIN = "<!-- `python -m mutants record` writes the numbers below. -->\n"
END = "<!-- The numbers end here. -->"

_README = "README.md"
_PAGE = "docs/explanation/mutants.md"


class RecordError(ExplainedError):
    """There is no score to write, or no place for it."""


def record(report: Path, root: Path) -> None:
    """Write the tables of the last whole run into the README and its page.

    Args:
        report: the JSON file of that run.
        root: of the project.

    Raises:
        RecordError: no whole run has ended, or a document has no place for the table.

    """
    try:
        read = json.loads(report.read_text(encoding="utf-8"))
    except FileNotFoundError:
        read = {"complete": False}
    if not read["complete"]:
        message = "There is no result of all mutants: type `make mutants` first."
        raise RecordError(message)
    scores = [Score(**score) for score in read["scores"]]
    _replace(root / _README, _summary(scores[-1]))
    _replace(root / _PAGE, table_of(scores))


def _summary(score: Score) -> str:
    return (
        f"Of {score.to_notice} small changes, each of which breaks the site, scenarios notice "
        f"{share(score.by_scenarios, score.to_notice)}\n"
        f"({share(score.by_scenarios, score.reached)} of those that they reach), and scenarios and "
        f"unit tests together {share(score.by_any_test, score.to_notice)}."
    )


def _replace(document: Path, text: str) -> None:
    whole = document.read_text(encoding="utf-8")
    before, begin, rest = whole.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        message = (
            f"{document.name} has no place for the numbers: restore its two comments about them."
        )
        raise RecordError(message)
    document.write_text(f"{before}{BEGIN}\n{text}\n\n{END}{after}", encoding="utf-8")
