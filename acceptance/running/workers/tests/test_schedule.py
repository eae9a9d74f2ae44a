"""The part that a worker takes next."""

from acceptance.running.workers.number import number_of_workers
from acceptance.running.workers.schedule import Part, Path, Schedule


def schedule(*parts: tuple[Path, float]) -> Schedule:
    return Schedule(Part(number, path, cost) for number, (path, cost) in enumerate(parts))


def taken(found: Part | None) -> int | None:
    return None if found is None else found.number


def test_the_feature_with_the_most_work_comes_first() -> None:
    waiting = schedule(((0,), 1), ((1,), 2), ((1,), 2), ((2,), 3))

    assert taken(waiting.take()) in {1, 2}


def test_in_a_feature_the_longest_comes_first() -> None:
    waiting = schedule(((0,), 1), ((0,), 3), ((0,), 2))

    assert [taken(waiting.take((0,))) for _ in range(4)] == [1, 2, 0, None]


def test_the_first_of_equal_parts_comes_first() -> None:
    waiting = schedule(((0,), 1), ((0,), 1), ((1,), 2))

    assert [taken(waiting.take()), taken(waiting.take()), taken(waiting.take())] == [0, 2, 1]


def test_a_feature_that_no_one_has_begun_comes_before_more_work_elsewhere() -> None:
    waiting = schedule(((0,), 5), ((0,), 5), ((1,), 1))
    waiting.take()

    assert taken(waiting.take()) == 2


def test_a_worker_helps_where_most_work_is_left() -> None:
    waiting = schedule(((0,), 1), ((0,), 1), ((1,), 1), ((1,), 2))
    waiting.take((0,))
    waiting.take((1,))

    assert waiting.take() == Part(1, (0,), 1)


def test_a_worker_stays_in_its_rule() -> None:
    waiting = schedule(((0, 0), 1), ((0, 1), 5), ((0, 0), 1))

    assert taken(waiting.take((0, 0))) == 0
    assert taken(waiting.take((0, 0))) == 2
    assert taken(waiting.take((0, 0))) is None
    assert taken(waiting.take((0,))) == 1


def test_no_part_after_the_end_is_taken() -> None:
    waiting = schedule(((0,), 1), ((0,), 9), ((1,), 9))

    waiting.end_after(0)

    assert [taken(waiting.take()), taken(waiting.take())] == [0, None]


def test_no_part_that_is_left_out_is_taken() -> None:
    waiting = schedule(((0,), 1), ((0, 2), 1), ((1,), 1))

    waiting.leave_out((0,))

    assert not waiting.has_left((0,))
    assert [taken(waiting.take()), taken(waiting.take())] == [2, None]


def test_there_are_no_more_workers_than_scenarios() -> None:
    assert number_of_workers(8, scenarios=3) == 3


def test_a_run_without_scenarios_has_one_worker() -> None:
    assert number_of_workers(8, scenarios=0) == 1


def test_0_means_one_worker_for_each_core() -> None:
    assert 1 <= number_of_workers(0, scenarios=10_000) < 10_000
