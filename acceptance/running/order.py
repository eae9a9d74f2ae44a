"""The order in which scenarios are run: that of the features, or a random one.

A random order finds scenarios that pass only after another one, or only on an empty site.
"""

from collections.abc import Iterator, MutableSequence
from random import Random, randrange

from behave.model import Feature, Rule

_LARGEST_SEED = 1_000_000


def shuffle(features: list[Feature], order: str) -> str:
    """Shuffle features, the rules and scenarios in each feature, and the scenarios in each rule.

    Examples of an outline stay together.

    Args:
        features: the features of the run.
        order: `random`, or `random:` and the number of an earlier order.

    Returns:
        A sentence with the option that repeats the order.

    """
    number = order.partition(":")[2] or str(randrange(_LARGEST_SEED))  # noqa: S311 (not a secret)
    random = Random(int(number))  # noqa: S311
    random.shuffle(features)
    for items in _lists_in(features):
        random.shuffle(items)
    return f"The scenarios run in a random order; -D order=random:{number} repeats it."


def _lists_in(features: list[Feature]) -> Iterator[MutableSequence[object]]:
    for feature in features:
        yield feature.run_items
        yield from (each.run_items for each in feature.run_items if isinstance(each, Rule))
