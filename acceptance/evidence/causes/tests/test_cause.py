from itertools import pairwise

import pytest

from acceptance.evidence.causes.cause import Cause, Kind, Reporter, most_telling


@pytest.mark.parametrize(("more", "less"), list(pairwise(Kind)))
def test_the_more_telling_of_two_causes_comes_first(more: Kind, less: Kind) -> None:
    first, second = Cause(more, "first"), Cause(less, "second")

    assert most_telling([first, second]) == first
    assert most_telling([second, first]) == first


def test_of_several_causes_of_one_kind_the_last_is_closest_to_the_failure() -> None:
    earlier, later = Cause(Kind.EXCEPTION, "earlier"), Cause(Kind.EXCEPTION, "later")

    assert most_telling([earlier, later]) == later


def test_without_a_cause_there_is_no_most_telling_one() -> None:
    assert most_telling([]) is None


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_has_a_reporter(kind: Kind) -> None:
    assert Cause(kind, "why").reporter in Reporter


def test_a_cause_reads_as_its_sentence() -> None:
    assert str(Cause(Kind.EXCEPTION, "the site broke")) == "the site broke"
