"""The part of the scenarios that a machine ran, as its report states it."""

from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

SHARD = 'application/json; name="Which shard"'
"""The media type under which a run attaches its plan."""


@dataclass(frozen=True)
class ShardPlan:
    """The plan of a run that is one shard of several.

    Attributes:
        shard: the number of the shard, counted from 1.
        shards: how many shards there are.
        scenarios: the places (FILE:LINE) of all scenarios that the shards run together, sorted.

    """

    shard: int
    shards: int
    scenarios: tuple[str, ...]

    def to_json(self) -> bytes:
        """Return the plan as a JSON object that has the attributes as its keys."""
        return _PLAN.dump_json(self)


def shard_plan_in(text: str) -> ShardPlan | None:
    """Return the plan in a JSON object; None if it is not one."""
    try:
        return _PLAN.validate_json(text)
    except ValidationError:
        return None


_PLAN = TypeAdapter(ShardPlan)
