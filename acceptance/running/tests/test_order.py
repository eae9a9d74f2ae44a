from behave.model import Feature
from behave.parser import parse_feature

from acceptance.running.order import shuffle


def features() -> list[Feature]:
    texts = [
        f"Feature: {feature}\n"
        + "".join(f"Scenario: {feature} {number}\nGiven a\n" for number in range(5))
        + "".join(
            f"Rule: {feature} {rule}\n"
            + "".join(f"Scenario: {feature} {rule} {number}\nGiven a\n" for number in range(5))
            for rule in "xyz"
        )
        for feature in "abcde"
    ]
    return [parse_feature(text) for text in texts]


def names(shuffled: list[Feature]) -> list[str]:
    return [scenario.name for feature in shuffled for scenario in feature.walk_scenarios()]


def test_everything_is_run_in_a_random_order() -> None:
    in_order, shuffled = features(), features()

    shuffle(shuffled, "random:7")

    assert sorted(names(shuffled)) == sorted(names(in_order))
    assert [each.name for each in shuffled] != [each.name for each in in_order]
    feature, before = next(
        (each, old) for each in shuffled for old in in_order if old.name == each.name
    )
    assert [each.name for each in feature.run_items] != [each.name for each in before.run_items]
    assert any(
        [each.name for each in rule.run_items] != sorted(each.name for each in rule.run_items)
        for feature in shuffled
        for rule in feature.rules
    )


def test_an_order_can_be_repeated() -> None:
    first, again, other = features(), features(), features()

    sentence = shuffle(first, "random")
    shuffle(again, sentence.partition("order=")[2].split()[0])
    shuffle(other, "random")

    assert names(again) == names(first)
    assert names(other) != names(first)


def test_scenarios_stay_with_their_rule_and_feature() -> None:
    shuffled = features()

    shuffle(shuffled, "random:7")

    for feature in shuffled:
        assert {each.name[0] for each in feature.walk_scenarios()} == {feature.name}
        for rule in feature.rules:
            assert all(each.name.startswith(f"{rule.name} ") for each in rule.run_items)
