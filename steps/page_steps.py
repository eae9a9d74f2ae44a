"""Steps about any page: opening it, its messages, how it looks, who can use it."""

from behave import given, then, when

from features.support.places import PLACES
from features.support.world import ScenarioContext

THUMB = 44
"""The smallest height of what a thumb presses, in CSS pixels (WCAG 2.2, 2.5.5)."""


@given("{name:Name} uses a phone")
def uses_phone(context: ScenarioContext, name: str) -> None:
    context.world.person(name).uses_phone()


@given("{name:Name} uses a computer")
def uses_computer(context: ScenarioContext, name: str) -> None:
    context.world.person(name).uses_computer()


@given("{name:Name}'s browser keeps pages for the Back button")
def browser_keeps_pages(context: ScenarioContext, name: str) -> None:
    context.world.person(name).keeps_pages()


@given("{name:Name}'s page is out of date")
def page_is_out_of_date(context: ScenarioContext, name: str) -> None:
    context.world.person(name).has_outdated_page()


@then("{name:Name} sees that {whose:Possessive} page was out of date")
def sees_page_was_out_of_date(context: ScenarioContext, name: str, whose: str) -> None:
    context.world.person(name).sees_page_was_outdated()


@when("{name:Name} opens the {place:Place}")
def opens_place(context: ScenarioContext, name: str, place: str) -> None:
    PLACES[place](context.world.person(name))


@when("{name:Name} follows the link {link:Text}")
def follows_link(context: ScenarioContext, name: str, link: str) -> None:
    context.world.person(name).session.follow(link)


@when("{name:Name} opens the same address again")
def opens_same_address(context: ScenarioContext, name: str) -> None:
    session = context.world.person(name).session
    session.open(session.address)


@when("{name:Name} goes back")
def goes_back(context: ScenarioContext, name: str) -> None:
    context.world.person(name).session.go_back()


@then("{name:Name} sees the message {text:Text}")
@then("{name:Name} sees a message that includes {text:Text}")
def sees_message(context: ScenarioContext, name: str, text: str) -> None:
    context.world.person(name).messages.show(text)


@then("{name:Name} sees no message that includes {text:Text}")
def sees_no_such_message(context: ScenarioContext, name: str, text: str) -> None:
    context.world.person(name).messages.do_not_show(text)


@then("{name:Name} sees the warning {text:Text}")
def sees_warning(context: ScenarioContext, name: str, text: str) -> None:
    context.world.person(name).messages.warn(text)


@then("{name:Name} sees the confirmation {text:Text}")
def sees_confirmation(context: ScenarioContext, name: str, text: str) -> None:
    context.world.person(name).messages.confirm(text)


@then("{name:Name} no longer sees a message")
def sees_no_message(context: ScenarioContext, name: str) -> None:
    context.world.person(name).messages.are_gone()


@then("{name:Name} sees that there is nothing here")
def sees_nothing_here(context: ScenarioContext, name: str) -> None:
    context.world.person(name).sees_nothing_here()


@then("{name:Name}'s page has the title {title:Text} and the heading {heading:Text}")
def has_title_and_heading(context: ScenarioContext, name: str, title: str, heading: str) -> None:
    context.world.person(name).page.is_called(title, heading)


@then("{name:Name} reads {text:Text}")
def reads(context: ScenarioContext, name: str, text: str) -> None:
    context.world.person(name).page.reads(text)


@then("{name:Name} reads {text:Text} and {whose:Possessive} address")
def reads_with_own_address(context: ScenarioContext, name: str, text: str, whose: str) -> None:
    person = context.world.person(name)
    person.page.reads(f"{text} {person.address}")


@then("{name:Name} reads {text:Text} and {other:Name}'s address")
def reads_with_address(context: ScenarioContext, name: str, text: str, other: str) -> None:
    context.world.person(name).page.reads(f"{text} {context.world.person(other).address}")


@then("the language of {name:Name}'s page is English")
def page_is_english(context: ScenarioContext, name: str) -> None:
    context.world.person(name).page.is_in_language("en")


@then("{name:Name} sees the icon of the site in the tab and beside its name")
def sees_icon(context: ScenarioContext, name: str) -> None:
    context.world.person(name).page.has_icon()


@then("{name:Name} reads {text:Text} in its own direction")
def reads_in_own_direction(context: ScenarioContext, name: str, text: str) -> None:
    context.world.person(name).page.keeps_direction_of(text)


@then("{name:Name} can use {controls:Texts} there")
def can_use(context: ScenarioContext, name: str, controls: list[str]) -> None:
    context.world.person(name).page.offers(controls)


@then("nothing on {name:Name}'s page is empty")
def has_nothing_empty(context: ScenarioContext, name: str) -> None:
    context.world.person(name).page.has_nothing_empty()


@then("every button on {name:Name}'s page does something")
def has_no_idle_button(context: ScenarioContext, name: str) -> None:
    context.world.person(name).page.has_no_idle_button()


@then("{name:Name}'s page has the part {heading:Text}")
def has_part(context: ScenarioContext, name: str, heading: str) -> None:
    context.world.person(name).page.has_part(heading)


@then("{name:Name}'s screen reader finds {parts:Texts} by their labels and headings")
def screen_reader_finds_parts(context: ScenarioContext, name: str, parts: list[str]) -> None:
    context.world.person(name).page.leads_to_parts(parts)


@when("{name:Name} skips to the content with the keyboard")
def skips_to_content(context: ScenarioContext, name: str) -> None:
    context.world.person(name).keyboard.follow_first_link()


@then("the Tab key leads {name:Name} through these, always in sight")
def tab_key_leads_through(context: ScenarioContext, name: str) -> None:
    stops = [(row["kind"], row["name"]) for row in context.table or ()]
    context.world.person(name).keyboard.reaches(stops)


@then("the Tab key leads {name:Name} to the field {field:Text}")
def tab_key_leads_to(context: ScenarioContext, name: str, field: str) -> None:
    context.world.person(name).keyboard.continues_at(field)


@then("the page fits on {name:Name}'s screen")
def page_fits(context: ScenarioContext, name: str) -> None:
    context.world.person(name).layout.fits_width()


@then("every button and link is big enough for {name:Name}'s finger")
def is_big_enough_for_finger(context: ScenarioContext, name: str) -> None:
    context.world.person(name).layout.can_be_touched(height=THUMB)


@then("every button and link shows {name:Name} what it is for")
def shows_what_it_is_for(context: ScenarioContext, name: str) -> None:
    context.world.person(name).layout.shows_what_can_be_pressed()


@then("nothing covers anything else on {name:Name}'s page")
def nothing_covers_anything(context: ScenarioContext, name: str) -> None:
    context.world.person(name).covering.leaves_all_readable()


@then("every item on {name:Name}'s page begins beside its number")
def items_begin_beside_numbers(context: ScenarioContext, name: str) -> None:
    context.world.person(name).list.has_items_beside_numbers()


@then("every message stands out on {name:Name}'s page")
def messages_stand_out(context: ScenarioContext, name: str) -> None:
    context.world.person(name).messages.stand_out()


@then("the list is as wide as the field for an item on {name:Name}'s screen")
def list_is_as_wide_as_field(context: ScenarioContext, name: str) -> None:
    context.world.person(name).list.is_as_wide_as_form()


@then("{name:Name} sees {whose:Possessive} email address beside {link:Text}")
def sees_address_beside(context: ScenarioContext, name: str, whose: str, link: str) -> None:
    person = context.world.person(name)
    person.layout.has_side_by_side([(person.address, link)])


@then("the field for an item is in the middle of {name:Name}'s screen")
def field_is_centred(context: ScenarioContext, name: str) -> None:
    context.world.person(name).items.is_in_the_middle()


@then("{name:Name} sees these beside each other")
def sees_side_by_side(context: ScenarioContext, name: str) -> None:
    pairs = [(row["left"], row["right"]) for row in context.table or ()]
    context.world.person(name).layout.has_side_by_side(pairs)


@when("{name:Name} looks at the print preview")
def looks_at_print_preview(context: ScenarioContext, name: str) -> None:
    context.world.person(name).media.print()


@then("{name:Name}'s printout shows only the list and its name")
def print_has_only_list(context: ScenarioContext, name: str) -> None:
    context.world.person(name).media.shows_only("h1, #id_list_table")


@then("{name:Name} sees the button {button:Text}")
def sees_button(context: ScenarioContext, name: str, button: str) -> None:
    context.world.person(name).page.has_button(button)


@then("{name:Name}'s printout has no buttons, no links and no fields")
def print_has_no_controls(context: ScenarioContext, name: str) -> None:
    context.world.person(name).media.has_no_controls()


@then("{name:Name}'s printout can be read on white paper")
def print_is_readable(context: ScenarioContext, name: str) -> None:
    context.world.person(name).media.is_readable()


@then("no item is split between two pages of {name:Name}'s printout")
def print_keeps_items_whole(context: ScenarioContext, name: str) -> None:
    context.world.person(name).media.keeps_whole("#id_list_table tr")


@then("{name:Name}'s page follows the accessibility guidelines")
def follows_guidelines(context: ScenarioContext, name: str) -> None:
    context.world.person(name).accessibility.keeps_to_wcag()


@then("{name:Name}'s page follows the accessibility guidelines in dark mode")
def follows_guidelines_in_dark(context: ScenarioContext, name: str) -> None:
    context.world.person(name).accessibility.keeps_to_wcag_in_dark()


@then(
    "{name:Name}'s page follows the accessibility guidelines on a computer, in light and dark mode"
)
def follows_guidelines_on_computer(context: ScenarioContext, name: str) -> None:
    person = context.world.person(name)
    person.uses_computer()
    person.accessibility.keeps_to_wcag()
    person.accessibility.keeps_to_wcag_in_dark()
