"""Steps about starting a list, and its items."""

from behave import given, then, when

from features.support.world import ScenarioContext


@given("{name:Name} has an open list with {items:Texts}")
def has_open_list(context: ScenarioContext, name: str, items: list[str]) -> None:
    context.world.person(name).has_open_list(items)


@given("{name:Name} has an open list with {number:d} items")
def has_long_open_list(context: ScenarioContext, name: str, number: int) -> None:
    items = [f"Read page {page}" for page in range(1, number + 1)]
    context.world.person(name).has_open_list(items)


@given("{name:Name} owns a list with {items:Texts}")
def owns_list(context: ScenarioContext, name: str, items: list[str]) -> None:
    context.world.person(name).owns_list(items)


@given("{name:Name} has started {number:d} open lists in the last hour")
def has_started_lists(context: ScenarioContext, name: str, number: int) -> None:
    context.world.person(name).has_started_open_lists(number)


@given("{name:Name} started {number:d} open lists {minutes:d} minutes ago")
def started_lists(context: ScenarioContext, name: str, number: int, minutes: int) -> None:
    context.world.person(name).has_started_open_lists(number, minutes)


@given("{name:Name} has made {number:d} changes in the last hour")
def has_made_changes(context: ScenarioContext, name: str, number: int) -> None:
    context.world.person(name).has_made_changes(number)


@when("{name:Name} starts a list with {text:Text}")
def starts_list(context: ScenarioContext, name: str, text: str) -> None:
    context.world.person(name).starts_list(text)


@when("{name:Name} tries to start a list with {text:Text}")
def tries_to_start_list_with(context: ScenarioContext, name: str, text: str) -> None:
    context.world.person(name).tries_to_start_list(text)


@when("{name:Name} tries to start a list without an item")
def tries_to_start_list(context: ScenarioContext, name: str) -> None:
    context.world.person(name).tries_to_start_empty_list()


@when("{name:Name} opens {whose:Possessive} list")
def opens_own_list(context: ScenarioContext, name: str, whose: str) -> None:
    person = context.world.person(name)
    person.opens_list_of(person)


@when("{name:Name} opens {other:Name}'s list")
def opens_list_of(context: ScenarioContext, name: str, other: str) -> None:
    context.world.person(name).opens_list_of(context.world.person(other))


@when("{name:Name} adds {text:Text}")
def adds_item(context: ScenarioContext, name: str, text: str) -> None:
    context.world.person(name).items.enter(text)


@when("{name:Name} adds an item that no one can see")
def adds_invisible_item(context: ScenarioContext, name: str) -> None:
    context.world.person(name).items.enter_invisible()


@when("{name:Name} adds an item with {length:d} characters")
def adds_item_of_length(context: ScenarioContext, name: str, length: int) -> None:
    context.world.person(name).items.enter("x" * length)


@given("{name:Name} has tried to add an empty item")
@when("{name:Name} tries to add an empty item")
def tries_empty_item(context: ScenarioContext, name: str) -> None:
    context.world.person(name).items.enter_nothing()


@given("{name:Name} has tried to add {text:Text} again")
def has_tried_to_add_again(context: ScenarioContext, name: str, text: str) -> None:
    context.world.person(name).has_tried_to_add_again(text)


@when("{name:Name} starts to type {text:Text}")
def starts_to_type(context: ScenarioContext, name: str, text: str) -> None:
    context.world.person(name).items.type(text)


@then("{name:Name} is invited to start a list")
def is_invited(context: ScenarioContext, name: str) -> None:
    context.world.person(name).home.invites_to_start_list()


@then("{name:Name}'s list reads {items:Texts}")
def list_reads(context: ScenarioContext, name: str, items: list[str]) -> None:
    context.world.person(name).list.shows(items)


@then("{name:Name}'s list has {number:d} items")
def list_has_items(context: ScenarioContext, name: str, number: int) -> None:
    context.world.person(name).list.shows_number(number)


@then("{name:Name} sees {other:Name}'s list with {items:Texts}")
def sees_list_of(context: ScenarioContext, name: str, other: str, items: list[str]) -> None:
    context.world.person(name).sees_list_of(context.world.person(other), items)


@then("{name:Name}'s list reads {text:Text} and an item with {length:d} characters")
def list_reads_long_item(context: ScenarioContext, name: str, text: str, length: int) -> None:
    context.world.person(name).list.shows([text, "x" * length])


@then("the lists of {name:Name} and {other:Name} have different addresses")
def have_different_addresses(context: ScenarioContext, name: str, other: str) -> None:
    one, another = (context.world.person(each).list_path for each in (name, other))
    assert one != another, f"both lists are at {one}"


@then("{name:Name} is asked to enter an item")
def is_asked_for_item(context: ScenarioContext, name: str) -> None:
    context.world.person(name).items.demands_text()


@then("{name:Name} is no longer asked to enter an item")
def is_no_longer_asked_for_item(context: ScenarioContext, name: str) -> None:
    context.world.person(name).items.accepts_text()


@then("{name:Name} can shorten the item with {length:d} characters")
def can_shorten_item(context: ScenarioContext, name: str, length: int) -> None:
    context.world.person(name).items.keeps("x" * length)


@then("{name:Name} sees the item {item:Text} without scrolling")
def sees_item_without_scrolling(context: ScenarioContext, name: str, item: str) -> None:
    context.world.person(name).list.has_in_sight(item)


@then("{name:Name} sees that {item:Text} is new")
def sees_item_new(context: ScenarioContext, name: str, item: str) -> None:
    context.world.person(name).list.shows_new(item)


@then("{name:Name} hears {text:Text} from the screen reader, and does not see it")
def hears_message(context: ScenarioContext, name: str, text: str) -> None:
    context.world.person(name).messages.is_heard(text, is_seen=False)


@then("{name:Name} hears {text:Text} from the screen reader, and sees it")
def hears_and_sees_message(context: ScenarioContext, name: str, text: str) -> None:
    context.world.person(name).messages.is_heard(text, is_seen=True)


@then("{name:Name} can type the next item immediately")
def can_type_next_item(context: ScenarioContext, name: str) -> None:
    context.world.person(name).items.is_ready()


@then("{text:Text} is selected for {name:Name} to type over")
def is_selected(context: ScenarioContext, text: str, name: str) -> None:
    context.world.person(name).items.has_selected(text)
