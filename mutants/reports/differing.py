"""What differs between two lines."""


def difference(one: str, other: str) -> tuple[int, int]:
    """Return where the part of one line begins and ends that the other does not have."""
    most = min(len(one), len(other))
    start = 0
    while start < most and one[start] == other[start]:
        start += 1
    alike = 0
    while alike < most - start and one[-1 - alike] == other[-1 - alike]:
        alike += 1
    return start, len(one) - alike
