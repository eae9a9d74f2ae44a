"""What the specification says of earlier runs: what has changed, and how long something fails."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from acceptance.evidence.facts import Facts, Place
from acceptance.reports.feature_text import ExampleText, Identity
from acceptance.reports.history.changes import (
    Change,
    Kind,
    Standings,
    before_the_last,
    changes,
    up_to,
)
from acceptance.reports.history.history import FailingSince, Flakiness, History
from acceptance.reports.history.past_run import PastRun
from acceptance.reports.specification.outcome import PLACE_NAMES
from acceptance.reports.specification.wording import (
    SHORT_COMMIT,
    day,
    moment,
    number,
    release_in_words,
)
from acceptance.reports.status import Status

MOST_CHOICES = 30
"""With how many earlier runs the page can compare."""

_SLUGS = {
    Kind.BROKEN: Status.FAILED.slug,
    Kind.REPAIRED: Status.PASSED.slug,
}


@dataclass(frozen=True)
class Remark:
    """What earlier runs say of a scenario at a place, in a sentence."""

    place: Place
    words: str


@dataclass(frozen=True)
class ScenarioPast:
    """What earlier runs say of a scenario.

    Attributes:
        since: since when it has been failing anywhere, in words; "" where it is not failing.
        remarks: since when it has been failing at each place, and where it is flaky.

    """

    since: str = ""
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True)
class Title:
    """A scenario as the page calls it, under its feature and rule.

    It has neither an anchor nor a place under them if it was removed.
    """

    anchor: str
    text: str
    where: str = ""


@dataclass(frozen=True)
class ChangeView:
    """One change: which scenario, and what is different, in words."""

    title: Title
    words: str


@dataclass(frozen=True)
class ChangesOfAKind:
    """Changes of the same kind; `slug` is the name of their symbol, or ""."""

    kind: str
    slug: str
    changes: tuple[ChangeView, ...]


@dataclass(frozen=True)
class ChangesView:
    """What has changed since some run; `key` names that run in the page's address."""

    key: str
    since: str
    kinds: tuple[ChangesOfAKind, ...]

    @property
    def count(self) -> int:
        """How many changes that are."""
        return sum(len(kind.changes) for kind in self.kinds)


@dataclass(frozen=True)
class PastView:
    """What the page says of earlier runs.

    Attributes:
        choices: what has changed since the last run of each place, and then since each of the
            runs that are kept, the newest first; none where there is no earlier run.
        flaky: the scenarios that fail only now and then.

    """

    choices: tuple[ChangesView, ...] = ()
    flaky: tuple[Title, ...] = ()

    @property
    def newly_failing(self) -> frozenset[str]:
        """The anchors of the scenarios that fail now, and passed in the run before."""
        return frozenset(
            change.title.anchor
            for choice in self.choices[:1]
            for kind in choice.kinds
            if kind.kind == Kind.BROKEN.value
            for change in kind.changes
        )


def scenario_past(
    history: History, examples: Sequence[ExampleText], places: Sequence[Place]
) -> ScenarioPast:
    """Return what earlier runs say of a scenario, or of all examples of an outline."""
    remarks = []
    firsts = []
    for place in places:
        for example in examples:
            row = ", ".join(value for _, value in example.identity.example)
            where = ", ".join(filter(None, [PLACE_NAMES[place] if len(places) > 1 else "", row]))
            since = history.failing_since(example.identity, place)
            flakiness = history.flakiness(example.identity, place)
            if since:
                firsts.append(since.first.started)
            remarks += [
                Remark(place, f"{where}: {words}" if where else words)
                for words in [
                    since and _failing_since(since),
                    flakiness and _flaky(flakiness),
                ]
                if words
            ]
    return ScenarioPast(day(min(firsts)) if firsts else "", tuple(remarks))


def _failing_since(since: FailingSince) -> str:
    first = since.first.started
    words = f"Failing since {moment(first)}"
    if since.passed is None:
        return f"{words}, or longer: no earlier result is kept."
    passed = since.passed.started
    same_day = day(passed) == day(first)
    at = f"at {passed.astimezone():%H:%M}" if same_day else f"on {moment(passed)}"
    return f"{words}. It last passed {at}."


def _flaky(found: Flakiness) -> str:
    runs = number(found.runs, "run", "runs")
    return (
        f"Flaky. It failed in {found.failed} of its last {runs}, and passed while the site was "
        f"the same. It last failed on {moment(found.last.started)}."
    )


def version_in_words(facts: Facts) -> str:
    """Return what was tested: "v1.2 (1444d18)", "2 commits after v1.2 (37bd759)" or "1444d18"."""
    commit = (facts.commit or "")[:SHORT_COMMIT]
    release = release_in_words(facts.release)
    version = f"{release} ({commit})" if release and commit else release or commit
    return f"{version}, with uncommitted changes" if facts.uncommitted else version


def past_view(history: History, standings: Standings, titles: Mapping[Identity, Title]) -> PastView:
    """Return what the page says of earlier runs.

    Args:
        history: the runs that are kept.
        standings: how the scenarios that there are stand now.
        titles: what the page calls them.

    """
    choices = []
    if last := before_the_last(history):
        places = len({place for _, place in standings})
        found = changes(history, last, standings)
        choices.append(_changes_view("last", "the last run", found, titles, places))
        # The newest run of all is the one that the page shows.
        for run in reversed(history.runs[-MOST_CHOICES - 1 : -1]):
            found = changes(history, up_to(history, run), standings)
            choices.append(_changes_view(run.run, _run_in_words(run), found, titles, places))
    flaky = dict.fromkeys(
        titles[identity]
        for identity, place in standings
        if identity in titles and history.flakiness(identity, place)
    )
    return PastView(tuple(choices), tuple(flaky))


def troubles_of_history(history: History) -> Iterator[str]:
    """Return what of the runs that are kept cannot be relied on, in sentences."""
    for run in history.misdated:
        yield (
            f"A kept run ({PLACE_NAMES[run.facts.place]}) is dated {moment(run.started)}, which is "
            "in the future: it counts as the oldest run."
        )


def _run_in_words(run: PastRun) -> str:
    by = f"by {run.facts.by}" if run.facts.by else ""
    ended = "" if run.complete else "ended early"
    parts = [moment(run.started), PLACE_NAMES[run.facts.place], version_in_words(run.facts), by]
    return ", ".join(filter(None, [*parts, ended]))


def _changes_view(
    key: str, since: str, found: Sequence[Change], titles: Mapping[Identity, Title], places: int
) -> ChangesView:
    kinds = []
    for kind in Kind:
        # One line for each scenario, also where the same has happened to it in several places.
        lines: dict[tuple[Title, str], list[Place]] = {}
        for change in found:
            if change.kind is kind:
                line = lines.setdefault((_title(change.identity, titles), _words(change)), [])
                line += [change.place] if change.place else []
        if lines:
            views = tuple(
                ChangeView(title, ", ".join(filter(None, [_where(at, places), words])))
                for (title, words), at in lines.items()
            )
            kinds.append(ChangesOfAKind(kind.value, _SLUGS.get(kind, ""), views))
    return ChangesView(key, since, tuple(kinds))


def _title(identity: Identity, titles: Mapping[Identity, Title]) -> Title:
    """Return what the page calls a scenario, with the values of the example that it is."""
    now = titles.get(identity, Title("", ""))
    name = identity.name
    for column, value in identity.example:
        name = name.replace(f"<{column}>", value)
    if identity.example and name == identity.name:
        name = f"{name} ({', '.join(value for _, value in identity.example)})"
    return replace(now, text=name)


def _where(places: Sequence[Place], of: int) -> str:
    return " and ".join(PLACE_NAMES[place] for place in places) if of > 1 else ""


def _words(change: Change) -> str:
    if change.earlier:
        return f"called “{change.earlier.name}” before"
    before = f"{change.before.value} before" if change.before not in {None, Status.PASSED} else ""
    after = f"{change.after.value} now" if change.after not in {None, Status.PASSED} else ""
    if change.kind is Kind.BROKEN:
        return before
    return after if change.kind is Kind.REPAIRED else ", ".join(filter(None, [before, after]))
