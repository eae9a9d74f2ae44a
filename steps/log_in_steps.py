"""Steps about logging in and out."""

from behave import given, then, when

from features.support.world import ScenarioContext


@given("{name:Name} is logged in")
def is_logged_in(context: ScenarioContext, name: str) -> None:
    context.world.person(name).has_session()


@given("{name:Name} has logged in with a login link")
@when("{name:Name} logs in")
def logs_in(context: ScenarioContext, name: str) -> None:
    context.world.person(name).logs_in()


@given("{name:Name} logged in {days:d} days ago")
def logged_in_days_ago(context: ScenarioContext, name: str, days: int) -> None:
    context.world.person(name).logged_in_days_ago(days)


@given("{name:Name}'s login has ended")
def login_has_ended(context: ScenarioContext, name: str) -> None:
    context.world.person(name).is_no_longer_logged_in()


@given("{name:Name} has logged in on another computer")
def has_logged_in_elsewhere(context: ScenarioContext, name: str) -> None:
    context.world.person_elsewhere(name).logs_in()


@when("{name:Name} logs in with {whose:Possessive} address in capital letters")
def logs_in_with_capitals(context: ScenarioContext, name: str, whose: str) -> None:
    person = context.world.person(name)
    person.logs_in(as_typed=person.address.upper())


@given("{name:Name} has logged out")
@when("{name:Name} logs out")
def logs_out(context: ScenarioContext, name: str) -> None:
    context.world.person(name).logs_out()


@when("{name:Name} closes {whose:Possessive} browser and opens it again")
def closes_browser(context: ScenarioContext, name: str, whose: str) -> None:
    context.world.person(name).closes_browser()


@then("{name:Name} is logged in")
def shows_log_in(context: ScenarioContext, name: str) -> None:
    person = context.world.person(name)
    person.navbar.shows_log_in_of(person.address)


@then("{name:Name} is still logged in on the other computer")
def shows_log_in_elsewhere(context: ScenarioContext, name: str) -> None:
    person = context.world.person_elsewhere(name)
    person.home.open_home()
    person.navbar.shows_log_in_of(person.address)


@then("{name:Name}'s browser is logged in as {other:Name}")
def shows_log_in_of_other(context: ScenarioContext, name: str, other: str) -> None:
    context.world.person(name).navbar.shows_log_in_of(context.world.person(other).address)


@then("{name:Name} is logged out")
def shows_no_one_logged_in(context: ScenarioContext, name: str) -> None:
    context.world.person(name).navbar.shows_no_one_logged_in()


@then("{name:Name} is asked for {whose:Possessive} email address in one place")
def is_asked_for_address(context: ScenarioContext, name: str, whose: str) -> None:
    context.world.person(name).navbar.asks_for_address(places=1)


@then("{name:Name} is not asked for {whose:Possessive} email address")
def is_not_asked_for_address(context: ScenarioContext, name: str, whose: str) -> None:
    context.world.person(name).navbar.asks_for_address(places=0)


@then("{name:Name} is asked to log in")
def is_asked_to_log_in(context: ScenarioContext, name: str) -> None:
    context.world.person(name).log_in_page.asks_for_address()
