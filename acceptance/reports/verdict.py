"""The reasons why a run failed, other than its scenarios."""

from collections.abc import Iterator

from acceptance.evidence.failure import FAILURE, Failure, failure_in
from acceptance.reports.plain_words import plain_reason
from acceptance.reports.run_files import Message, RecordedRun

UNFINISHED = "The run ended early: the scenarios that it did not reach are missing."
UNEXPLAINED = "No scenario failed, but behave reported a failure: see its output."

NO_FAILURES = frozenset({"PASSED", "SKIPPED"})


def troubles(run: RecordedRun) -> Iterator[str]:
    """Return a sentence for each thing that went wrong outside of scenarios."""
    for error in run.all("parseError"):
        yield error["message"]
    hooks = {hook["id"]: hook for hook in run.all("hook")}
    started = {each["id"]: each["hookId"] for each in run.all("testRunHookStarted")}
    failures = {
        each.get("testRunHookStartedId"): failure_in(each["body"])
        for each in run.all("attachment")
        if each["mediaType"] == FAILURE
    }
    for finished in run.all("testRunHookFinished"):
        if finished["result"]["status"] not in NO_FAILURES:
            hook = hooks.get(started.get(finished["testRunHookStartedId"], ""), {})
            failure = failures.get(finished["testRunHookStartedId"])
            reason = plain_reason(failure or _failure_in(finished["result"]))
            yield f"{hook.get('name') or 'A hook'} failed: {' '.join(reason.split())}"
    ends = run.all("testRunFinished")
    if not ends:
        yield UNFINISHED
    elif not all(end["success"] for end in ends) and not any(map(_failed_in, run.messages)):
        yield UNEXPLAINED


def _failure_in(result: Message) -> Failure:
    exception = result.get("exception") or {}
    return Failure(exception.get("message") or result.get("message") or "")


def _failed_in(message: Message) -> bool:
    results = (
        message.get("testStepFinished", {}).get("testStepResult"),
        message.get("testRunHookFinished", {}).get("result"),
    )
    return "parseError" in message or any(
        result is not None and result["status"] not in NO_FAILURES for result in results
    )
