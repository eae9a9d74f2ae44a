"""Points in time and lengths of it as Cucumber Messages write them."""

from cucumber_messages import Duration, Timestamp

NANOSECONDS = 10**9
"""How many there are in a second."""


def timestamp(nanoseconds: int) -> Timestamp:
    """Return a point in time, given in nanoseconds since 1970 (UTC) as `time.time_ns` has it."""
    seconds, nanos = divmod(nanoseconds, NANOSECONDS)
    return Timestamp(seconds=seconds, nanos=nanos)


def duration(nanoseconds: int) -> Duration:
    """Return a length of time, given in nanoseconds, or none where a clock was set back."""
    seconds, nanos = divmod(max(nanoseconds, 0), NANOSECONDS)
    return Duration(seconds=seconds, nanos=nanos)
