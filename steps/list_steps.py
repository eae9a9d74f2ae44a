"""Steps about starting a list and about its items."""

from behave import given, then, when

from features.support.world import ScenarioContext


@given("{name:Name} has opened a list with {items:Texts}")
def has_opened_list(context: ScenarioContext, name: str, items: list[str]) -> None:
    context.world.person(name).has_open_list(items)


@given("{name:Name} keeps a list with {items:Texts}")
def keeps_list(context: ScenarioContext, name: str, items: list[str]) -> None:
    context.world.person(name).keeps_list(items)


@when("{name:Name} starts a list with {text:Text}")
def starts_list(context: ScenarioContext, name: str, text: str) -> None:
    context.world.person(name).starts_list(text)


@when("{name:Name} tries to start a list without an item")
def tries_to_start_list(context: ScenarioContext, name: str) -> None:
    context.world.person(name).tries_to_start_empty_list()


@when("{name:Name} opens {other:Name}'s list")
def opens_list_of(context: ScenarioContext, name: str, other: str) -> None:
    context.world.person(name).opens_list_of(context.world.person(other))


@when("{name:Name} adds {text:Text}")
def adds_item(context: ScenarioContext, name: str, text: str) -> None:
    context.world.person(name).items.enter(text)


@when("{name:Name} adds an item of {length:d} characters")
def adds_item_of_length(context: ScenarioContext, name: str, length: int) -> None:
    context.world.person(name).items.enter("x" * length)


@given("{name:Name} has tried to add an empty item")
@when("{name:Name} tries to add an empty item")
def tries_empty_item(context: ScenarioContext, name: str) -> None:
    context.world.person(name).items.enter_nothing()


@given("{name:Name} has been refused {text:Text} a second time")
def has_been_refused(context: ScenarioContext, name: str, text: str) -> None:
    context.world.person(name).has_been_refused(text)


@when("{name:Name} starts to type {text:Text}")
def starts_to_type(context: ScenarioContext, name: str, text: str) -> None:
    context.world.person(name).items.type(text)


@then("{name:Name} is invited to start a list")
def is_invited(context: ScenarioContext, name: str) -> None:
    context.world.person(name).home.invites_to_start_list()


@then("{name:Name}'s list reads {items:Texts}")
def list_reads(context: ScenarioContext, name: str, items: list[str]) -> None:
    context.world.person(name).list.shows(items)


@then("{name:Name}'s list reads {text:Text} and an item of {length:d} characters")
def list_reads_long_item(context: ScenarioContext, name: str, text: str, length: int) -> None:
    context.world.person(name).list.shows([text, "x" * length])


@then("the lists of {name:Name} and {other:Name} have different addresses")
def have_different_addresses(context: ScenarioContext, name: str, other: str) -> None:
    one, another = (context.world.person(each).list_path for each in (name, other))
    assert one != another, f"both lists are at {one}"


@then("{name:Name}'s browser asks for an item")
def browser_asks_for_item(context: ScenarioContext, name: str) -> None:
    context.world.person(name).items.demands_text()


@then("{name:Name}'s browser has no complaint")
def browser_has_no_complaint(context: ScenarioContext, name: str) -> None:
    context.world.person(name).items.accepts_text()


@then("{name:Name} is told about the item {message:Text}")
def told_about_item(context: ScenarioContext, name: str, message: str) -> None:
    context.world.person(name).items.complains(message)


@then("{name:Name} is told nothing about the item")
def told_nothing_about_item(context: ScenarioContext, name: str) -> None:
    context.world.person(name).items.complains_no_more()


@then("{name:Name} still has the item of {length:d} characters before {whom:Pronoun}")
def still_has_item(context: ScenarioContext, name: str, length: int, whom: str) -> None:
    context.world.person(name).items.keeps("x" * length)
