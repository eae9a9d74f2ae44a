"""The shards of one run, each from another machine, as one run."""

import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterator, Sequence
from itertools import chain, pairwise
from uuid import uuid4

from acceptance.evidence.shard_plan import ShardPlan, shard_plan_in
from acceptance.reports.errors import ReportError
from acceptance.reports.hooks import RUN
from acceptance.reports.merging import merge
from acceptance.reports.run_files import Message, RecordedRun

# The document of a scenario that hooks changed is named like the file, with "#2" and so on.
_COPY = re.compile(r"#[0-9]+\Z")


def merge_shards(runs: Sequence[RecordedRun]) -> tuple[list[Message], list[str]]:
    """Return the messages of the whole run, and its problems in sentences.

    Such a run is no success, and says so itself.

    Raises:
        ReportError: these are not the shards of one run.

    """
    plans = [_plan_of(run) for run in runs]
    runs = [_own_part(run) for run in runs]
    for (run, plan), (other, other_plan) in pairwise(zip(runs, plans, strict=True)):
        _see_that_they_belong_together(run, plan, other, other_plan)
    _see_that_none_came_twice(runs, plans)
    _see_that_features_are_the_same(runs)
    troubles = list(_troubles(runs, plans))
    messages = [
        message
        for message in merge(runs, at_one_place=True)
        if shard_plan_in(message.get("attachment", {}).get("body", "")) is None
    ]
    return _with_troubles(messages, troubles), troubles


def _plan_of(run: RecordedRun) -> ShardPlan:
    for attachment in run.all("attachment"):
        if plan := shard_plan_in(attachment["body"]):
            return plan
    message = (
        f"{run.path} is not a shard of a run: make one with `behave -D shard=1/2 -f messages "
        f"-o {run.path}`."
    )
    raise ReportError(message)


def _own_part(run: RecordedRun) -> RecordedRun:
    """Return a run without the scenarios of other shards, which behave reports as skipped."""
    cases = {each["id"]: each["testCaseId"] for each in run.all("testCaseStarted")}
    statuses = defaultdict(set)
    for each in run.all("testStepFinished"):
        case = cases[each["testCaseStartedId"]]
        statuses[case].add(each["testStepResult"]["status"])
    skipped = {case for case, found in statuses.items() if found == {"SKIPPED"}}
    skipped |= {attempt for attempt, case in cases.items() if case in skipped}
    kept = [message for message in run.messages if not _is_of(message, skipped)]
    return RecordedRun(run.path, kept)


def _is_of(message: Message, ids: Container[str]) -> bool:
    ((kind, content),) = message.items()
    named = content.get("id") if kind in {"testCase", "testCaseStarted"} else None
    return (named or content.get("testCaseStartedId")) in ids


def _see_that_they_belong_together(
    run: RecordedRun, plan: ShardPlan, other: RecordedRun, other_plan: ShardPlan
) -> None:
    if plan.shards != other_plan.shards:
        message = (
            f"{run.path} is one of {plan.shards} shards, and {other.path} one of "
            f"{other_plan.shards}: merge the shards of one run."
        )
        raise ReportError(message)
    facts, other_facts = run.facts(), other.facts()
    if facts and other_facts and facts.commit != other_facts.commit:
        message = (
            f"{run.path} is from commit {facts.commit}, and {other.path} from "
            f"{other_facts.commit}: run all shards at one commit."
        )
        raise ReportError(message)
    if plan.scenarios != other_plan.scenarios:
        message = (
            f"{run.path} and {other.path} are shards of different scenarios: run all shards on the "
            "same features, with the same words after `behave` but for the shard's number."
        )
        raise ReportError(message)


def _see_that_none_came_twice(runs: Sequence[RecordedRun], plans: Sequence[ShardPlan]) -> None:
    seen: dict[int, RecordedRun] = {}
    for run, plan in zip(runs, plans, strict=True):
        if plan.shard in seen:
            message = (
                f"{seen[plan.shard].path} and {run.path} are both shard {plan.shard} of "
                f"{plan.shards}: give each shard once."
            )
            raise ReportError(message)
        seen[plan.shard] = run


def _see_that_features_are_the_same(runs: Sequence[RecordedRun]) -> None:
    seen: dict[str, tuple[RecordedRun, str]] = {}
    for run in runs:
        for source in run.all("source"):
            other, text = seen.setdefault(source["uri"], (run, source["data"]))
            if text != source["data"] and not _COPY.search(source["uri"]):
                message = (
                    f"{source['uri']} differs between {other.path} and {run.path}: run all "
                    "shards on the same features."
                )
                raise ReportError(message)


def _troubles(runs: Sequence[RecordedRun], plans: Sequence[ShardPlan]) -> Iterator[str]:
    count = plans[0].shards
    missing = sorted({*range(1, count + 1)} - {plan.shard for plan in plans})
    if missing:
        numbers = ", ".join(map(str, missing))
        which = (
            f"Shards {numbers} of {count} are" if missing[1:] else f"Shard {numbers} of {count} is"
        )
        yield f"{which} missing: merge them all, or run again with `behave -D shard=N/{count}`."
    ran = {run.path: set(_ran_in(run)) for run in runs}
    times = Counter(chain.from_iterable(ran.values()))
    never = [each for each in plans[0].scenarios if not times[each]]
    if never:
        were = "scenario was" if len(never) == 1 else "scenarios were"
        yield (
            f"{len(never)} {were} not run by any of the shards that are here: type `behave "
            f"{never[0]}` for the first."
        )
    twice = [each for each in plans[0].scenarios if times[each] > 1]
    if twice:
        where = defaultdict(list)
        for path, scenarios in ran.items():
            for each in scenarios:
                where[each].append(str(path))
        more = f", as were {len(twice) - 1} more" if twice[1:] else ""
        yield (
            f"{twice[0]} was run in {' and in '.join(where[twice[0]])}{more}: give all shards the "
            "same file with -D shard_times=FILE."
        )


def _ran_in(run: RecordedRun) -> Iterator[str]:
    pickles = {pickle["id"]: pickle for pickle in run.all("pickle")}
    for case in run.all("testCase"):
        pickle = pickles[case["pickleId"]]
        yield f"{_COPY.sub('', pickle['uri'])}:{pickle['location']['line']}"


def _with_troubles(messages: list[Message], troubles: Sequence[str]) -> list[Message]:
    """Add the problems of a run to its messages, like those of a run that ended early."""
    if not troubles:
        return messages
    *before, end = messages
    start = next(index for index, each in enumerate(before) if "testRunStarted" in each)
    moment, run = end["testRunFinished"]["timestamp"], end["testRunFinished"]["testRunStartedId"]
    hook = uuid4().hex
    before.insert(start, {"hook": {"id": hook, "name": RUN, "sourceReference": {}}})
    for trouble in troubles:
        called = uuid4().hex
        started = {"id": called, "testRunStartedId": run, "hookId": hook, "timestamp": moment}
        result = {
            "status": "FAILED",
            "duration": {"seconds": 0, "nanos": 0},
            "message": trouble,
            "exception": {"type": "Shards", "message": trouble},
        }
        finished = {"testRunHookStartedId": called, "timestamp": moment, "result": result}
        before += [{"testRunHookStarted": started}, {"testRunHookFinished": finished}]
    return [*before, {"testRunFinished": {**end["testRunFinished"], "success": False}}]
