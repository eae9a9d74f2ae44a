"""Steps about login links: asking for one, getting it by email, opening it."""

from behave import given, then, when

from features.support.world import ScenarioContext


@when("{name:Name} asks for a login link")
def asks_for_login_link(context: ScenarioContext, name: str) -> None:
    context.world.person(name).asks_for_login_link()


@when("{name:Name} asks for a login link to {address:Text}")
def asks_for_login_link_to(context: ScenarioContext, name: str, address: str) -> None:
    context.world.person(name).asks_for_login_link(as_typed=address)


@when("{name:Name} asks for a login link to an address of {length:d} characters")
def asks_for_login_link_to_length(context: ScenarioContext, name: str, length: int) -> None:
    end = "@example.com"
    context.world.person(name).asks_for_login_link(as_typed=f"{'e' * (length - len(end))}{end}")


@given("{number:d} login links have been sent to {name:Name} in the last hour")
def have_been_sent(context: ScenarioContext, number: int, name: str) -> None:
    context.world.person(name).has_been_sent_login_links(number)


@given("{number:d} login links were sent to {name:Name} {minutes:d} minutes ago")
def were_sent(context: ScenarioContext, number: int, name: str, minutes: int) -> None:
    context.world.person(name).was_sent_login_links(number, minutes)


@given("{name:Name} has asked for {number:d} login links in the last hour")
def has_asked_for_login_links(context: ScenarioContext, name: str, number: int) -> None:
    context.world.person(name).has_asked_for_login_links(number)


@given(
    "{number:d} login links have been requested from {name:Name}'s internet connection"
    " in the last hour"
)
def have_been_requested(context: ScenarioContext, number: int, name: str) -> None:
    context.world.person(name).uses_up_login_links(number)


@given("{name:Name} has a login link")
def has_login_link(context: ScenarioContext, name: str) -> None:
    context.world.person(name).has_login_link()


@given("{name:Name} has {number:d} login links")
def has_login_links(context: ScenarioContext, name: str, number: int) -> None:
    for _ in range(number):
        context.world.person(name).has_login_link()


@given("{name:Name} got a login link {minutes:d} minutes ago")
def got_login_link(context: ScenarioContext, name: str, minutes: int) -> None:
    context.world.person(name).got_login_link(minutes)


@given("{name:Name}'s email provider has checked {whose:Possessive} login link")
def provider_has_checked(context: ScenarioContext, name: str, whose: str) -> None:
    context.world.person(name).has_email_scanned()


@given("{name:Name} uses a simple browser")
def uses_simple_browser(context: ScenarioContext, name: str) -> None:
    context.world.person(name).uses_simple_browser()


@when("{name:Name} opens {whose:Possessive} login link")
@when("{name:Name} opens {whose:Possessive} newer login link")
def opens_login_link(context: ScenarioContext, name: str, whose: str) -> None:
    person = context.world.person(name)
    person.opens_login_link(person.login_link)


@when("{name:Name} opens {whose:Possessive} older login link")
def opens_older_login_link(context: ScenarioContext, name: str, whose: str) -> None:
    person = context.world.person(name)
    person.opens_login_link(person.login_links[0])


@when("{name:Name} opens {whose:Possessive} login link without its last letter")
def opens_damaged_login_link(context: ScenarioContext, name: str, whose: str) -> None:
    person = context.world.person(name)
    person.opens_login_link(person.login_link[:-1])


@when("{name:Name} opens {other:Name}'s login link")
def opens_login_link_of(context: ScenarioContext, name: str, other: str) -> None:
    context.world.person(name).opens_login_link(context.world.person(other).login_link)


@when("{name:Name} stays logged in as {other:Name}")
def stays_logged_in(context: ScenarioContext, name: str, other: str) -> None:
    context.world.person(name).log_in_page.stay(context.world.person(other).address)


@when("{name:Name} confirms the login")
def confirms_login(context: ScenarioContext, name: str) -> None:
    context.world.person(name).log_in_page.confirm()


@then("{name:Name}'s email asks programs not to answer it")
def email_asks_for_no_answer(context: ScenarioContext, name: str) -> None:
    context.world.person(name).is_asked_for_no_answer()


@then("{name:Name} is asked whether to log in as {other:Name}")
def is_asked_whether_to_become(context: ScenarioContext, name: str, other: str) -> None:
    person, address = context.world.person(name), context.world.person(other).address
    person.log_in_page.asks_whether_to_become(address, instead_of=person.address)


@then("{name:Name} gets the email {subject:Text}")
def gets_email(context: ScenarioContext, name: str, subject: str) -> None:
    context.world.person(name).gets_mail(subject)


@then("only {name:Name} gets the email {subject:Text}")
def is_only_one_to_get_email(context: ScenarioContext, name: str, subject: str) -> None:
    person = context.world.person(name)
    person.gets_mail(subject)
    person.is_only_recipient()


@then("{name:Name}'s email does not contain {text:Text}")
def email_does_not_contain(context: ScenarioContext, name: str, text: str) -> None:
    context.world.person(name).reads_nothing_in_email_of(text)


@when("{name:Name} opens the link in {whose:Possessive} email")
def opens_link_in_email(context: ScenarioContext, name: str, whose: str) -> None:
    context.world.person(name).opens_link_in_email()


@then("the site's log contains nothing about {name:Name}")
def log_contains_nothing(context: ScenarioContext, name: str) -> None:
    context.world.person(name).cannot_be_found_in_log()


@then("{name:Name}'s email contains {text:Text} and {whose:Possessive} address")
def email_names_own_address(context: ScenarioContext, name: str, text: str, whose: str) -> None:
    person = context.world.person(name)
    person.reads_in_email(text, person.address)


@then("{name:Name}'s email contains {text:Text} and a link to the site")
def email_contains(context: ScenarioContext, name: str, text: str) -> None:
    context.world.person(name).reads_in_mail(text)


@then("{name:Name} and {other:Name} see the same message")
def see_same_message(context: ScenarioContext, name: str, other: str) -> None:
    answers = [context.world.person(each).answer_without_address() for each in (name, other)]
    assert answers[0] == answers[1], f"the messages differ: {answers}"


@then("{name:Name} sees that the link no longer works")
def sees_link_no_longer_works(context: ScenarioContext, name: str) -> None:
    context.world.person(name).messages.show("This login link no longer works.")


@then("{name:Name} can ask for a new link")
def can_ask_for_new_link(context: ScenarioContext, name: str) -> None:
    context.world.person(name).log_in_page.asks_for_address()


@then("{name:Name} can correct {whose:Possessive} address {address:Text}")
def can_correct_own_address(context: ScenarioContext, name: str, whose: str, address: str) -> None:
    context.world.person(name).log_in_page.keeps(address)
