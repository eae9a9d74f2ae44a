"""The order in which scenarios are run: that of the features, or another one each time.

A scenario that passes only after another one, or only on an empty site, is found in that way.
"""

from collections.abc import Iterator, MutableSequence
from random import Random, randrange

from behave.model import Feature, Rule

_LARGEST_SEED = 1_000_000


def shuffle(features: list[Feature], order: str) -> str:
    """Put features, the rules and scenarios in each, and the scenarios in each rule in any order.

    Examples of an outline stay together.

    Args:
        features: those that are run.
        order: `random`, or `random:` and the number that an order was known by.

    Returns:
        how to ask for the same order again, in a sentence.

    """
    number = order.partition(":")[2] or str(randrange(_LARGEST_SEED))  # noqa: S311 (no secret)
    random = Random(int(number))  # noqa: S311
    random.shuffle(features)
    for items in _lists_in(features):
        random.shuffle(items)
    return f"Scenarios are run in a random order, which -D order=random:{number} repeats."


def _lists_in(features: list[Feature]) -> Iterator[MutableSequence[object]]:
    for feature in features:
        yield feature.run_items
        yield from (each.run_items for each in feature.run_items if isinstance(each, Rule))
