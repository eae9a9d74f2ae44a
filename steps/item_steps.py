"""Steps about what people do with an item of a list: tick it off."""

from behave import given, then, when

from features.support.world import ScenarioContext


@given("{name:Name} has ticked off {item:Text}")
@when("{name:Name} ticks off {item:Text}")
def ticks_off(context: ScenarioContext, name: str, item: str) -> None:
    context.world.person(name).list.toggle(item)


@when("{name:Name} removes the tick from {item:Text}")
def removes_tick(context: ScenarioContext, name: str, item: str) -> None:
    context.world.person(name).list.toggle(item)


@then("{name:Name} sees that {item:Text} is done")
def sees_item_done(context: ScenarioContext, name: str, item: str) -> None:
    context.world.person(name).list.shows_done(item)


@then("{name:Name} sees that {item:Text} is still to do")
def sees_item_to_do(context: ScenarioContext, name: str, item: str) -> None:
    context.world.person(name).list.shows_done(item, done=False)


@then("{name:Name}'s keyboard is at {item:Text}")
def keyboard_is_at_item(context: ScenarioContext, name: str, item: str) -> None:
    context.world.person(name).list.has_focus_on(item)
