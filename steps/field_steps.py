"""Steps about the fields of a page: what they offer to people, and what they demand."""

from behave import then

from features.support.world import ScenarioContext


@then("{name:Name}'s phone shows its keyboard for email addresses in the field {field:Text}")
def phone_shows_keyboard(context: ScenarioContext, name: str, field: str) -> None:
    context.world.person(name).fields.asks_for_address_in(field)


@then("the Enter key of {name:Name}'s phone reads Done in the field {field:Text}")
def enter_key_reads_done(context: ScenarioContext, name: str, field: str) -> None:
    context.world.person(name).fields.is_done_by_enter_in(field)


@then("{name:Name}'s browser offers {whose:Possessive} own address in the field {field:Text}")
def browser_offers_address(context: ScenarioContext, name: str, whose: str, field: str) -> None:
    context.world.person(name).fields.offers_own_address_in(field)


@then("{name:Name}'s browser offers nothing in the field {field:Text}")
def browser_offers_nothing(context: ScenarioContext, name: str, field: str) -> None:
    context.world.person(name).fields.offers_nothing_in(field)


@then("the empty field {field:Text} shows {name:Name} what to type")
def field_gives_hint(context: ScenarioContext, field: str, name: str) -> None:
    context.world.person(name).fields.gives_hint_in(field)


@then("{name:Name} cannot leave the field {field:Text} empty")
def cannot_leave_field_empty(context: ScenarioContext, name: str, field: str) -> None:
    context.world.person(name).fields.demands_text_in(field)


@then("{name:Name} can leave the field {field:Text} empty")
def can_leave_field_empty(context: ScenarioContext, name: str, field: str) -> None:
    context.world.person(name).fields.demands_no_text_in(field)


@then("{name:Name} can type into the field {field:Text} immediately")
def can_type_immediately(context: ScenarioContext, name: str, field: str) -> None:
    context.world.person(name).fields.takes_the_keys_in(field)


@then("a text explains {what:Text} to {name:Name}")
def text_explains(context: ScenarioContext, what: str, name: str) -> None:
    context.world.person(name).fields.has_explanation_of(what)


@then("only what is refused looks refused, until {name:Name} types")
def only_refused_looks_refused(context: ScenarioContext, name: str) -> None:
    context.world.person(name).fields.look_refused_until_typed_into()
