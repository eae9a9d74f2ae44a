"""What survived, as one HTML file that loads nothing."""

from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from itertools import groupby
from pathlib import Path

from django.template import Context, Engine
from django.utils.safestring import mark_safe

from mutants.reports.differing import difference
from mutants.reports.known import Known
from mutants.reports.score import Score, share
from mutants.reports.survivors import Survivor

_HERE = Path(__file__).resolve().parent
_LONGEST = 60
"""How much of a line is shown around what differs, in characters."""

Line = tuple[str, str, str]
"""What stands before the part that differs, that part, and what stands after it."""


def page(
    scores: Sequence[Score], survivors: Sequence[Survivor], stale: Sequence[Known], left: int
) -> str:
    """Return the document.

    Args:
        scores: by kind and in all.
        survivors: group by group.
        stale: entries of known.toml that mean no mutant.
        left: how many mutants have not met all tests.

    """
    style = (_HERE / "page.css").read_text(encoding="utf-8")
    digest = b64encode(sha256(style.encode()).digest()).decode()
    context = Context(
        {
            # A file of this package, unlike the lines of the site.
            "style": mark_safe(style),  # noqa: S308
            "policy": f"default-src 'none'; style-src 'sha256-{digest}'",
            "scores": [
                {
                    "score": score,
                    "scenarios": share(score.by_scenarios, score.to_notice),
                    "reached": share(score.by_scenarios, score.reached),
                    "tests": share(score.by_any_test, score.to_notice),
                }
                for score in scores
            ],
            "groups": [
                {"name": name, "survivors": [_row(each) for each in some]}
                for name, some in groupby(survivors, key=lambda survivor: survivor.group.value)
            ],
            "stale": stale,
            "left": left,
            "new": sum(survivor.known is None for survivor in survivors),
        },
        use_l10n=False,
        use_tz=False,
    )
    return Engine(dirs=[str(_HERE)]).get_template("page.html").render(context)


def _row(survivor: Survivor) -> dict[str, object]:
    mutant = survivor.met.mutant
    return {
        "survivor": survivor,
        "kind": mutant.kind.value,
        "before": _line(mutant.before, mutant.after),
        "after": _line(mutant.after, mutant.before) if mutant.after else None,
    }


def _line(line: str, other: str) -> Line:
    start, end = difference(line, other)
    first, last = max(0, start - _LONGEST), min(len(line), end + _LONGEST)
    before = ("…" if first else "") + line[first:start]
    after = line[end:last] + ("…" if last < len(line) else "")
    return before, line[start:end], after
