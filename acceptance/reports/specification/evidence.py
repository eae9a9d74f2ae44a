"""What a run left behind of a scenario: why it failed, and its pictures."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from acceptance.reports.feature_text import Identity
from acceptance.reports.plain_words import course, in_few_words, plain_reason
from acceptance.reports.results import Picture, Reached, Result, ScenarioFailure
from acceptance.reports.specification.outcome import PLACE_NAMES, Outcome
from acceptance.reports.specification.wording import Part, moment, number, parts
from acceptance.reports.status import Status


@dataclass(frozen=True)
class FailureView:
    """Why a scenario failed at a place.

    Attributes:
        place_name: the place as readers know it.
        example: which example of an outline it was, or "".
        what: what happened, in words.
        keyword: of the sentence that did not hold, or "".
        sentence: that sentence; none where it was another thing.
        expected: what should have been shown, in a few lines, or "" where no one knows.
        shown: what was shown instead, or "" for nothing.
        reason: what was wrong, in a few lines.
        when: when it ran.
        unwritten: whether it is only that no one has automated the sentence yet.
        unreached: how many sentences were not run because of it, in words, or "".

    """

    place_name: str
    example: str
    what: str
    keyword: str
    sentence: tuple[Part, ...]
    expected: str
    shown: str
    reason: str
    when: str
    unwritten: bool
    unreached: str

    @property
    def slug(self) -> str:
        """What it is, as the name of a class and of a symbol."""
        return (Status.UNWRITTEN if self.unwritten else Status.FAILED).slug


@dataclass(frozen=True)
class PictureView:
    """A picture with what it shows; `address` holds the picture itself."""

    title: str
    caption: str
    address: str


def failures_of(outcomes: Sequence[Outcome]) -> Iterator[FailureView]:
    """Return each place where the scenario failed."""
    for each in outcomes:
        if each.result and each.result.failure:
            yield _failure(each.place_name, each.result, each.result.failure)


def _failure(place_name: str, result: Result, failure: ScenarioFailure) -> FailureView:
    sentence = failure.sentence
    if sentence and failure.unwritten:
        what = "This sentence is not automated yet:"
    elif sentence:
        what = "This sentence failed:"
    elif failure.prepared:
        what = "Every sentence held, but something else went wrong:"
    else:
        what = "The scenario could not begin:"
    return FailureView(
        place_name=place_name,
        example=_example(result.identity),
        what=what,
        keyword=sentence.keyword if sentence else "",
        sentence=parts(sentence.text) if sentence else (),
        expected=in_few_words(failure.why.expected),
        shown=in_few_words(failure.why.shown),
        reason=plain_reason(failure.why),
        when=moment(result.finished),
        unwritten=failure.unwritten,
        unreached=_unreached(result),
    )


def _unreached(result: Result) -> str:
    count = result.reached.count(Reached.NOT_RUN)
    if not count:
        return ""
    return f"{number(count, 'sentence was', 'sentences were')} not run because of that."


def _example(identity: Identity) -> str:
    return ", ".join(value for _, value in identity.example)


def repeats_of(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Say of each place where the scenario was run more than once what came of it each time."""
    for each in outcomes:
        if each.result and each.result.before:
            failures = [*each.result.before, each.result.failure]
            where = ", ".join(filter(None, [each.place_name, _example(each.result.identity)]))
            why = next((plain_reason(failure.why) for failure in failures if failure), "")
            words = course([failure is None for failure in failures])
            yield f"{where}: {words}. The first failure: {why}" if why else f"{where}: {words}."


def pictures_of(outcomes: Sequence[Outcome]) -> Iterator[PictureView]:
    """Return the pictures of a scenario, from one place alone where all places agree."""
    with_pictures = [each for each in outcomes if each.result and each.result.pictures]
    # The same page twice shows nothing more, and the last place is the one nearest to its users.
    if all(each.status is Status.PASSED for each in with_pictures):
        with_pictures = with_pictures[-1:]
    for each in with_pictures:
        if each.result:
            for picture in each.result.pictures:
                yield _picture(picture, each.result)


def _picture(picture: Picture, result: Result) -> PictureView:
    place = PLACE_NAMES[result.facts.place]
    where = ", ".join(filter(None, [_example(result.identity), place]))
    return PictureView(
        title=picture.title,
        caption=f"{picture.title}, {where}",
        address=f"data:{picture.media_type};base64,{picture.data}",
    )
