"""Steps about any page: opening it, what it says, how it looks, who can use it."""

from behave import given, then, when

from features.support.places import PLACES
from features.support.world import ScenarioContext


@given("{name:Name} has a window of {width:d} by {height:d}")
def has_window(context: ScenarioContext, name: str, width: int, height: int) -> None:
    context.world.person(name).session.window.resize(width, height)


@given("{name:Name}'s browser keeps the pages that it has shown")
def browser_keeps_pages(context: ScenarioContext, name: str) -> None:
    context.world.person(name).keeps_pages()


@when("{name:Name} opens the {place:Place}")
def opens_place(context: ScenarioContext, name: str, place: str) -> None:
    PLACES[place](context.world.person(name))


@when("{name:Name} goes back")
def goes_back(context: ScenarioContext, name: str) -> None:
    context.world.person(name).session.go_back()


@then("{name:Name} reads {text:Text}")
def reads(context: ScenarioContext, name: str, text: str) -> None:
    context.world.person(name).page.reads(text)


@then("{name:Name} is told that there is nothing here")
def told_nothing_here(context: ScenarioContext, name: str) -> None:
    context.world.person(name).missing_page.is_shown()


@then("nothing is wider than {name:Name}'s window")
def nothing_too_wide(context: ScenarioContext, name: str) -> None:
    context.world.person(name).layout.fits_width()


@then("everything on {name:Name}'s page is large enough to touch")
def everything_large_enough(context: ScenarioContext, name: str) -> None:
    context.world.person(name).layout.can_be_touched()


@then("the field for an item is in the middle of {name:Name}'s window")
def field_is_centred(context: ScenarioContext, name: str) -> None:
    context.world.person(name).items.is_in_the_middle()


@then("{name:Name}'s page keeps to WCAG 2.2 AA")
def keeps_to_wcag(context: ScenarioContext, name: str) -> None:
    context.world.person(name).accessibility.keeps_to_wcag()
