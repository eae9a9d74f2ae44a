"""A failure as text for the terminal, most important part first."""

from collections.abc import Iterator

from acceptance.evidence.failure import Failure


def failure_text(failure: Failure) -> str:
    """Return the full text of a failure."""
    reason = "\n".join(filter(None, [failure.cause, _reason(failure)]))
    return "\n\n".join([reason, *_circumstances(failure)])


def circumstances_text(failure: Failure) -> str:
    """Return the text below the reason: what explains it, and where to look."""
    return "\n\n".join(filter(None, [failure.cause, *_circumstances(failure)]))


def _reason(failure: Failure) -> str:
    reason = failure.reason
    # An error of the site is all that was shown: no one asks what was expected instead.
    is_compared = failure.shown != reason
    if is_compared and any(line not in reason for line in failure.expected.splitlines()):
        what = f"expected {failure.compared}".rstrip()
        reason += f"\n{what}: {', '.join(failure.expected.splitlines())}"
    if not (failure.waited or failure.seen):
        return reason
    wait = f"(after {failure.waited:g} s) " if failure.waited else ""
    return f"{reason}\n{wait}{failure.seen}"


def _circumstances(failure: Failure) -> Iterator[str]:
    if failure.logged:
        yield "\n".join(["The server logged:", *failure.logged])
    for name, events in failure.noted.items():
        yield "\n".join([f"{name}'s browser reported:", *(f"  {event}" for event in events)])
    if failure.again:
        yield f"Evidence: {failure.evidence}\nAgain:    {failure.again}"
