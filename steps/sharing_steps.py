"""Steps about who can see a list: sharing it, and keeping an open one."""

from behave import given, then, when

from features.support.world import ScenarioContext


@given("{name:Name} has shared {whose:Possessive} list {items:Texts} with {other:Name}")
def has_shared_list(
    context: ScenarioContext, name: str, whose: str, items: list[str], other: str
) -> None:
    sharee = context.world.person(other)
    context.world.person(name).owns_list(items, shared_with=[sharee.address])


@when("{name:Name} shares the list with {other:Name}")
def shares_list(context: ScenarioContext, name: str, other: str) -> None:
    context.world.person(name).list.share_with(context.world.person(other).address)


@when("{name:Name} shares the list with {other:Name} on the other computer")
def shares_list_elsewhere(context: ScenarioContext, name: str, other: str) -> None:
    elsewhere = context.world.person_elsewhere(name)
    elsewhere.opens_list_of(context.world.person(name))
    elsewhere.list.share_with(context.world.person(other).address)


@when("{name:Name} shares the list with {other:Name}'s address in capital letters")
def shares_list_with_capitals(context: ScenarioContext, name: str, other: str) -> None:
    context.world.person(name).list.share_with(context.world.person(other).address.upper())


@when("{name:Name} shares the list with the address {address:Text}")
def shares_list_with_address(context: ScenarioContext, name: str, address: str) -> None:
    context.world.person(name).list.share_with(address)


@when("{name:Name} stops sharing the list with {other:Name}")
def stops_sharing(context: ScenarioContext, name: str, other: str) -> None:
    context.world.person(name).list.stop_sharing_with(context.world.person(other).address)


@given("{number:d} emails about shared lists have been sent to {name:Name} in the last hour")
def emails_have_been_sent(context: ScenarioContext, number: int, name: str) -> None:
    context.world.person(name).has_been_sent_sharing_emails(number)


@given("{number:d} emails about shared lists were sent to {name:Name} {minutes:d} minutes ago")
def emails_were_sent(context: ScenarioContext, number: int, name: str, minutes: int) -> None:
    context.world.person(name).was_sent_sharing_emails(number, minutes)


@given("{number:d} emails about {name:Name}'s lists have been sent in the last hour")
def emails_of_owner_have_been_sent(context: ScenarioContext, number: int, name: str) -> None:
    context.world.person(name).has_caused_sharing_emails(number)


@when("{name:Name} keeps the list")
def keeps_list(context: ScenarioContext, name: str) -> None:
    context.world.person(name).list.keep()


@then("{name:Name} cannot keep the list")
def cannot_keep(context: ScenarioContext, name: str) -> None:
    context.world.person(name).list.offers_no_keeping()


@then("{name:Name} finds nothing at the addresses of {other:Name}'s buttons and links")
def finds_nothing_at_addresses(context: ScenarioContext, name: str, other: str) -> None:
    context.world.person(name).finds_nothing_at_addresses_of(context.world.person(other))


@then("{name:Name}'s email contains {text:Text} and {other:Name}'s address")
def email_names(context: ScenarioContext, name: str, text: str, other: str) -> None:
    context.world.person(name).reads_in_email(text, context.world.person(other).address)


@then("{name:Name} cannot stop sharing the list")
def cannot_stop_sharing(context: ScenarioContext, name: str) -> None:
    context.world.person(name).list.offers_no_end_of_sharing()


@then("{name:Name} sees that the list is shared with {other:Name}")
def sees_sharee(context: ScenarioContext, name: str, other: str) -> None:
    context.world.person(name).list.is_shared_with(context.world.person(other).address)


@then("{name:Name} sees that the list is shared only with {other:Name}")
def sees_only_sharee(context: ScenarioContext, name: str, other: str) -> None:
    context.world.person(name).list.is_shared_exactly_with([context.world.person(other).address])


@then("{name:Name} sees that the list is shared with {one:Name} and {other:Name}")
def sees_two_sharees(context: ScenarioContext, name: str, one: str, other: str) -> None:
    sharees = [context.world.person(each).address for each in (one, other)]
    context.world.person(name).list.is_shared_exactly_with(sharees)


@then("{name:Name} sees that the list belongs to {owner:Pronoun}")
def sees_own_list(context: ScenarioContext, name: str, owner: str) -> None:
    person = context.world.person(name)
    person.list.belongs_to(person.address)


@then("{name:Name} sees that the list belongs to {other:Name}")
def sees_owner(context: ScenarioContext, name: str, other: str) -> None:
    context.world.person(name).list.belongs_to(context.world.person(other).address)


@then("{name:Name} cannot share the list")
def cannot_share(context: ScenarioContext, name: str) -> None:
    context.world.person(name).list.offers_no_sharing()


@then("{name:Name} sees that {other:Name} shared it")
def sees_who_shared(context: ScenarioContext, name: str, other: str) -> None:
    context.world.person(name).my_lists.names_sharer(context.world.person(other).address)


@then("{name:Name} can correct {other:Name}'s address {address:Text}")
def can_correct_address(context: ScenarioContext, name: str, other: str, address: str) -> None:
    context.world.person(name).list.keeps_address(address)
