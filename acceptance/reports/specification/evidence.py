"""What a run left behind of a scenario: why it failed, and its pictures."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from acceptance.evidence.facts import Place
from acceptance.evidence.failure import Failure
from acceptance.reports.feature_text import Identity
from acceptance.reports.plain_words import attempts_in_words, in_few_words, plain_reason
from acceptance.reports.results import Picture, Reached, Result, ScenarioFailure
from acceptance.reports.specification.outcome import PLACE_NAMES, Outcome
from acceptance.reports.specification.wording import Part, moment, number, parts
from acceptance.reports.status import Status

MOST_LINES = 12
"""How many lines of what was expected and of what was shown are on the page."""


@dataclass(frozen=True)
class Line:
    """A line of what was expected or shown; `differs` if the other text does not have it."""

    text: str
    differs: bool


@dataclass(frozen=True)
class Detail:
    """Something that helps a developer to find the cause."""

    title: str
    text: str


@dataclass(frozen=True)
class PictureView:
    """A picture with what it shows; `address` holds the picture itself."""

    place: Place
    title: str
    caption: str
    address: str


@dataclass(frozen=True)
class FailureView:
    """Why a scenario failed, at one place or in the same way at several.

    Attributes:
        places: where it failed.
        example: which example of an outline failed, or "".
        what: what happened, in words.
        keyword: of the sentence that failed, or "".
        sentence: that sentence; none if something else failed.
        marked: whether the scenario's own text shows that sentence as failed.
        expected: what should have been shown; none if no one knows.
        shown: what was shown instead; none if there was nothing like it.
        compared: what the two are, such as "heading", or "".
        reason: what was wrong, in a few lines.
        unwritten: whether it failed only because the sentence is not automated yet.
        unreached: how many sentences were not run because of it, in words, or "".
        pictures: what people saw at the end, at the last of the places.
        details: what helps a developer, from there as well.

    """

    places: tuple[Place, ...]
    example: str
    what: str
    keyword: str
    sentence: tuple[Part, ...]
    expected: tuple[Line, ...]
    shown: tuple[Line, ...]
    compared: str
    reason: str
    unwritten: bool
    unreached: str
    pictures: tuple[PictureView, ...]
    details: tuple[Detail, ...]
    marked: bool = False

    @property
    def slug(self) -> str:
        """The kind of failure, as the name of a class and of a symbol."""
        return (Status.UNWRITTEN if self.unwritten else Status.FAILED).slug

    @property
    def place_names(self) -> str:
        """The places as readers know them."""
        return ", ".join(PLACE_NAMES[place] for place in self.places)

    @property
    def expected_title(self) -> str:
        """What to call what was expected, such as "Expected heading"."""
        return f"Expected {self.compared}".rstrip()

    @property
    def shown_title(self) -> str:
        """What to call what was shown, such as "Heading shown"."""
        return f"{self.compared} shown".strip().capitalize()

    def is_as(self, other: "FailureView") -> bool:
        """Whether another place failed in the same way."""
        return replace(other, places=(), pictures=(), details=()) == replace(
            self, places=(), pictures=(), details=()
        )


@dataclass(frozen=True)
class RepeatView:
    """How a scenario ended each time, in words, if it was run more than once at a place."""

    place: Place
    words: str


def failures_of(outcomes: Sequence[Outcome]) -> Iterator[FailureView]:
    """Return why the scenario failed, once for all places where it failed in the same way."""
    failures = [
        _failure(each.result, each.result.failure)
        for each in outcomes
        if each.result and each.result.failure
    ]
    while failures:
        *_, last = same = [each for each in failures if each.is_as(failures[0])]
        yield replace(last, places=tuple(place for each in same for place in each.places))
        failures = [each for each in failures if each not in same]


def _failure(result: Result, failure: ScenarioFailure) -> FailureView:
    sentence, why = failure.sentence, failure.why
    if sentence and failure.unwritten:
        what = "This sentence is not automated yet:"
    elif sentence:
        what = "This sentence failed:"
    elif failure.prepared:
        what = "Every sentence passed, but something else went wrong:"
    else:
        what = "The scenario could not start:"
    expected, shown = _compared(why)
    return FailureView(
        places=(result.facts.place,),
        example=_example(result.identity),
        what=what,
        keyword=sentence.keyword if sentence else "",
        sentence=parts(sentence.text) if sentence else (),
        expected=expected,
        shown=shown,
        compared=why.compared,
        reason=plain_reason(why),
        unwritten=failure.unwritten,
        unreached=_unreached(result),
        pictures=tuple(_pictures(result)),
        details=tuple(_details(result, why, compared=bool(expected))),
    )


def _compared(why: Failure) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """Return the lines of what was expected and of what was shown."""
    # An assertion that does not say what was shown is reported with all that the page says.
    shown = "" if why.shown == why.seen else why.shown
    texts = [in_few_words(text, MOST_LINES).splitlines() for text in (why.expected, shown)]
    several = all(texts) and any(len(lines) > 1 for lines in texts)
    expected_lines, shown_lines = (
        tuple(Line(line, several and line not in other) for line in lines)
        for lines, other in zip(texts, reversed(texts), strict=True)
    )
    return expected_lines, shown_lines


def _details(result: Result, why: Failure, *, compared: bool) -> Iterator[Detail]:
    if compared or why.is_mistake:
        if why.cause:
            yield Detail("Cause", why.cause)
        yield Detail("Reason", why.reason)
    if why.waited:
        yield Detail("Waited", f"{why.waited:g} s")
    if why.seen:
        yield Detail("Page", why.seen)
    if why.logged:
        yield Detail("Server log", "\n".join(why.logged))
    for name, events in why.noted.items():
        yield Detail(f"{name}'s browser", "\n".join(events))
    if why.evidence:
        yield Detail("Evidence", why.evidence)
    if why.again:
        yield Detail("Run it again", why.again)
    yield Detail("Finished", moment(result.finished))


def _unreached(result: Result) -> str:
    count = result.reached.count(Reached.NOT_RUN)
    if not count:
        return ""
    return f"{number(count, 'sentence was', 'sentences were')} not run because of that."


def _example(identity: Identity) -> str:
    return ", ".join(value for _, value in identity.example)


def repeats_of(outcomes: Sequence[Outcome]) -> Iterator[RepeatView]:
    """Return each place where the scenario was run more than once."""
    for each in outcomes:
        if each.result and each.result.before:
            failures = [*each.result.before, each.result.failure]
            where = ", ".join(filter(None, [each.place_name, _example(each.result.identity)]))
            why = next((plain_reason(failure.why) for failure in failures if failure), "")
            words = f"{where}: {attempts_in_words([failure is None for failure in failures])}."
            yield RepeatView(each.place, f"{words} The first failure: {why}" if why else words)


def pictures_of(outcomes: Sequence[Outcome]) -> Iterator[PictureView]:
    """Return the pictures of a scenario where it passed, from one place only."""
    passed = [
        each.result
        for each in outcomes
        if each.result and each.result.pictures and each.status is Status.PASSED
    ]
    # A second picture of the same page adds nothing, and the last place is closest to the users.
    for result in passed[-1:]:
        yield from _pictures(result)


def _pictures(result: Result) -> Iterator[PictureView]:
    return (_picture(picture, result) for picture in result.pictures)


def _picture(picture: Picture, result: Result) -> PictureView:
    place = result.facts.place
    where = ", ".join(filter(None, [_example(result.identity), PLACE_NAMES[place]]))
    return PictureView(
        place=place,
        title=picture.title,
        caption=f"{picture.title}, {where}",
        address=f"data:{picture.media_type};base64,{picture.data}",
    )
