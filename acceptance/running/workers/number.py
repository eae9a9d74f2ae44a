"""The number of a run's workers."""

import os


def number_of_workers(jobs: int, scenarios: int) -> int:
    """Return the number of workers for so many scenarios.

    Args:
        jobs: the number after `-j`; 0 means one for each core that this process may use.
        scenarios: how many will be run.

    """
    asked = jobs or len(os.sched_getaffinity(0))
    return max(1, min(asked, scenarios))
