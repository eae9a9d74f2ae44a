"""How many workers a run has."""

import os


def number_of_workers(jobs: int, scenarios: int) -> int:
    """Return how many workers there are for so many scenarios.

    Args:
        jobs: what is asked for with `-j`; 0 is as many as this process may use cores.
        scenarios: how many will be run.

    """
    asked = jobs or len(os.sched_getaffinity(0))
    return max(1, min(asked, scenarios))
