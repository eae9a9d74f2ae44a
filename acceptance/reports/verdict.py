"""What a run failed for, besides what a reader sees at its scenarios."""

from collections.abc import Iterator

from acceptance.reports.failure_message import plain_message
from acceptance.reports.run_files import Message, RecordedRun

UNFINISHED = "The run ended before its time: the scenarios that it had not come to are missing."
UNEXPLAINED = "No scenario failed, and behave ended with a failure: see what it printed."

NO_FAILURES = frozenset({"PASSED", "SKIPPED"})


def troubles(run: RecordedRun) -> Iterator[str]:
    """Return a sentence for each thing that went wrong outside of scenarios."""
    for error in run.all("parseError"):
        yield error["message"]
    hooks = {hook["id"]: hook for hook in run.all("hook")}
    started = {each["id"]: each["hookId"] for each in run.all("testRunHookStarted")}
    for finished in run.all("testRunHookFinished"):
        if finished["result"]["status"] not in NO_FAILURES:
            hook = hooks.get(started.get(finished["testRunHookStartedId"], ""), {})
            yield f"{hook.get('name') or 'A hook'} failed: {_brief(finished['result'])}"
    ends = run.all("testRunFinished")
    if not ends:
        yield UNFINISHED
    elif not all(end["success"] for end in ends) and not any(map(_failed_in, run.messages)):
        yield UNEXPLAINED


def _brief(result: Message) -> str:
    exception = result.get("exception") or {}
    words = exception.get("message") or result.get("message") or ""
    return " ".join(plain_message(words, exception.get("type", "")).split())


def _failed_in(message: Message) -> bool:
    results = (
        message.get("testStepFinished", {}).get("testStepResult"),
        message.get("testRunHookFinished", {}).get("result"),
    )
    return "parseError" in message or any(
        result is not None and result["status"] not in NO_FAILURES for result in results
    )
