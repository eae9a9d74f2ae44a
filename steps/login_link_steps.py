"""Steps about login links: asking for one, getting it by mail, opening it."""

from behave import given, then, when

from features.support.world import ScenarioContext


@when("{name:Name} asks for a login link")
def asks_for_login_link(context: ScenarioContext, name: str) -> None:
    context.world.person(name).asks_for_login_link()


@when("{name:Name} asks for a login link to {address:Text}")
def asks_for_login_link_to(context: ScenarioContext, name: str, address: str) -> None:
    context.world.person(name).asks_for_login_link(as_typed=address)


@given("{name:Name} has asked for a login link as often as the site allows")
def has_asked_often(context: ScenarioContext, name: str) -> None:
    context.world.person(name).has_asked_for_login_links()


@given("{name:Name} has got a login link")
def has_got_login_link(context: ScenarioContext, name: str) -> None:
    context.world.person(name).has_login_link()


@given("{name:Name} has got {number:d} login links")
def has_got_login_links(context: ScenarioContext, name: str, number: int) -> None:
    for _ in range(number):
        context.world.person(name).has_login_link()


@given("{minutes:d} minutes have passed for {name:Name}'s login link")
def minutes_have_passed(context: ScenarioContext, minutes: int, name: str) -> None:
    context.world.person(name).lets_login_links_age(minutes)


@given("a mail scanner has looked at {name:Name}'s login link")
def scanner_has_looked(context: ScenarioContext, name: str) -> None:
    context.world.person(name).has_mail_scanned()


@given("{name:Name}'s browser runs no scripts")
def browser_runs_no_scripts(context: ScenarioContext, name: str) -> None:
    context.world.person(name).runs_no_scripts()


@when("{name:Name} opens {whose:Possessive} login link")
def opens_login_link(context: ScenarioContext, name: str, whose: str) -> None:
    person = context.world.person(name)
    person.opens_login_link(person.login_link)


@when("{name:Name} opens {whose:Possessive} oldest login link")
def opens_oldest_login_link(context: ScenarioContext, name: str, whose: str) -> None:
    person = context.world.person(name)
    person.opens_login_link(person.login_links[0])


@when("{name:Name} opens {whose:Possessive} login link without its last letter")
def opens_damaged_login_link(context: ScenarioContext, name: str, whose: str) -> None:
    person = context.world.person(name)
    person.opens_login_link(person.login_link[:-1])


@when("{name:Name} opens the login link of {other:Name}")
def opens_login_link_of(context: ScenarioContext, name: str, other: str) -> None:
    context.world.person(name).opens_login_link(context.world.person(other).login_link)


@when("{name:Name} confirms the log-in")
def confirms_log_in(context: ScenarioContext, name: str) -> None:
    context.world.person(name).log_in_page.confirm()


@then("{name:Name} is asked whether to log in as {other:Name}")
def is_asked_whether_to_become(context: ScenarioContext, name: str, other: str) -> None:
    address = context.world.person(other).address
    context.world.person(name).log_in_page.asks_whether_to_become(address)


@then("{name:Name} gets the mail {subject:Text}")
def gets_mail(context: ScenarioContext, name: str, subject: str) -> None:
    context.world.person(name).gets_mail(subject)


@then("the mail to {name:Name} says {text:Text} and links to the site")
def mail_says(context: ScenarioContext, name: str, text: str) -> None:
    context.world.person(name).reads_in_mail(text)


@then("{name:Name} and {other:Name} read the same answer")
def read_same_answer(context: ScenarioContext, name: str, other: str) -> None:
    answers = [context.world.person(each).answer_without_address() for each in (name, other)]
    assert answers[0] == answers[1], f"the answers differ: {answers}"


@then("{name:Name} is told that the link does not work any more")
def told_link_is_dead(context: ScenarioContext, name: str) -> None:
    context.world.person(name).page.reads("This login link does not work any more.")


@then("{name:Name} can ask for a new link")
def can_ask_for_new_link(context: ScenarioContext, name: str) -> None:
    context.world.person(name).log_in_page.asks_for_address()


@then("{name:Name} is told about the address {message:Text}")
def told_about_address(context: ScenarioContext, name: str, message: str) -> None:
    context.world.person(name).log_in_page.complains(message)


@then("{name:Name} still has the address {address:Text} before {whom:Pronoun}")
def still_has_address(context: ScenarioContext, name: str, address: str, whom: str) -> None:
    context.world.person(name).log_in_page.keeps(address)
