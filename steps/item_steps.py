"""Steps about what people do with an item of a list: tick it off, edit it, remove it."""

from behave import given, then, when

from features.support.world import ScenarioContext


@given("{name:Name} has ticked off {item:Text}")
@when("{name:Name} ticks off {item:Text}")
def ticks_off(context: ScenarioContext, name: str, item: str) -> None:
    context.world.person(name).list.toggle(item)


@when("{name:Name} removes the tick from {item:Text}")
def removes_tick(context: ScenarioContext, name: str, item: str) -> None:
    context.world.person(name).list.toggle(item)


@given("{name:Name} has changed {item:Text} to {text:Text}")
@when("{name:Name} changes {item:Text} to {text:Text}")
def changes_item(context: ScenarioContext, name: str, item: str, text: str) -> None:
    context.world.person(name).changes_item(item, text)


@given("{name:Name} is editing {item:Text} on {other:Name}'s list")
def is_editing_item(context: ScenarioContext, name: str, item: str, other: str) -> None:
    person = context.world.person(name)
    person.opens_list_of(context.world.person(other))
    person.list.edit(item)


@when("{name:Name} asks to edit {item:Text}")
def asks_to_edit_item(context: ScenarioContext, name: str, item: str) -> None:
    context.world.person(name).list.edit(item)


@then("{name:Name} can edit the text {text:Text}")
def can_edit_text(context: ScenarioContext, name: str, text: str) -> None:
    context.world.person(name).items.keeps(text)


@when("{name:Name} saves {text:Text}")
def saves_item(context: ScenarioContext, name: str, text: str) -> None:
    context.world.person(name).items.enter(text)


@given("{name:Name} has removed {item:Text}")
@when("{name:Name} removes {item:Text}")
def removes_item(context: ScenarioContext, name: str, item: str) -> None:
    context.world.person(name).list.remove(item)


@when("{name:Name} undoes that")
@when("{name:Name} undoes the removal")
def undoes(context: ScenarioContext, name: str) -> None:
    context.world.person(name).list.undo()


@then("{name:Name} cannot undo that")
def cannot_undo(context: ScenarioContext, name: str) -> None:
    context.world.person(name).messages.offer_no_undo()


@then("{name:Name} can undo that by pressing Enter")
def can_undo_by_enter(context: ScenarioContext, name: str) -> None:
    context.world.person(name).list.has_focus_on_undo()


@then("{name:Name} can still add {text:Text}")
def can_still_add(context: ScenarioContext, name: str, text: str) -> None:
    context.world.person(name).items.keeps(text)


@then("{name:Name} sees that the list is empty")
def sees_empty_list(context: ScenarioContext, name: str) -> None:
    context.world.person(name).list.is_empty()


@then("the check box and the buttons to save, edit and remove {item:Text} name it to {name:Name}")
def controls_name_item(context: ScenarioContext, item: str, name: str) -> None:
    context.world.person(name).list.names_in_row(item)


@then("{name:Name} sees that {item:Text} is done")
def sees_item_done(context: ScenarioContext, name: str, item: str) -> None:
    context.world.person(name).list.shows_done(item)


@then("{name:Name} sees that {item:Text} is still to do")
def sees_item_to_do(context: ScenarioContext, name: str, item: str) -> None:
    context.world.person(name).list.shows_done(item, done=False)


@then("{name:Name} sees that {item:Text} is crossed out")
def sees_item_crossed_out(context: ScenarioContext, name: str, item: str) -> None:
    context.world.person(name).list.shows_crossed_out(item, crossed_out=True)


@then("{name:Name} sees that {item:Text} is not crossed out")
def sees_item_not_crossed_out(context: ScenarioContext, name: str, item: str) -> None:
    context.world.person(name).list.shows_crossed_out(item, crossed_out=False)


@then("{name:Name} is back at {item:Text}")
def is_back_at_item(context: ScenarioContext, name: str, item: str) -> None:
    context.world.person(name).list.is_at(item)


@then("{name:Name}'s browser does not tick {item:Text} automatically")
def browser_remembers_no_tick(context: ScenarioContext, name: str, item: str) -> None:
    context.world.person(name).fields.offers_nothing_in(item)


@then("{name:Name} can continue from {item:Text} with the keyboard")
def keyboard_is_at_item(context: ScenarioContext, name: str, item: str) -> None:
    context.world.person(name).list.has_focus_on(item)
