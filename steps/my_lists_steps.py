"""Steps about the page My Lists."""

from behave import given, then, when

from features.support.world import ScenarioContext


@given("{name:Name} owns {number:d} lists")
def owns_lists(context: ScenarioContext, name: str, number: int) -> None:
    for book in range(1, number + 1):
        context.world.person(name).owns_list([f"Read book {book}"])


@when("{name:Name} opens My lists")
def opens_my_lists(context: ScenarioContext, name: str) -> None:
    context.world.person(name).opens_my_lists()


@when("{name:Name} chooses the list {text:Text}")
def chooses_list(context: ScenarioContext, name: str, text: str) -> None:
    context.world.person(name).my_lists.choose(text)


@then("{name:Name}'s own lists are {names:Texts}")
def own_lists_are(context: ScenarioContext, name: str, names: list[str]) -> None:
    context.world.person(name).my_lists.shows_own(names)


@then("{name:Name} has no lists of {whose:Possessive} own")
def has_no_own_lists(context: ScenarioContext, name: str, whose: str) -> None:
    context.world.person(name).my_lists.has_none_of_ones_own()


@then("{name:Name}'s own lists are these {number:d}, the newest first")
def own_lists_are_newest_first(context: ScenarioContext, name: str, number: int) -> None:
    context.world.person(name).my_lists.shows_own(
        [f"Read book {book}" for book in range(number, 0, -1)]
    )


@then("the lists shared with {name:Name} are {names:Texts}")
def shared_lists_are(context: ScenarioContext, name: str, names: list[str]) -> None:
    context.world.person(name).my_lists.shows_shared(names)


@then("no one has shared a list with {name:Name}")
def no_one_has_shared(context: ScenarioContext, name: str) -> None:
    context.world.person(name).my_lists.has_none_of_others()
