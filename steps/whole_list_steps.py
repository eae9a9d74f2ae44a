"""Steps about a list as a whole: its name, renaming it and deleting it."""

from behave import then, when

from features.support.world import ScenarioContext


@when("{name:Name} renames the list to {list_name:Text}")
def renames_list(context: ScenarioContext, name: str, list_name: str) -> None:
    context.world.person(name).renames_list(list_name)


@when("{name:Name} renames the list to a name with {length:d} characters")
def renames_list_to_long_name(context: ScenarioContext, name: str, length: int) -> None:
    context.world.person(name).renames_list("x" * length)


@when("{name:Name} renames the list to a name that no one can see")
def renames_list_invisibly(context: ScenarioContext, name: str) -> None:
    context.world.person(name).renames_list_invisibly()


@when("{name:Name} asks to rename the list")
def asks_to_rename_list(context: ScenarioContext, name: str) -> None:
    context.world.person(name).list.ask_to_rename()


@when("{name:Name} asks to delete the list")
def asks_to_delete_list(context: ScenarioContext, name: str) -> None:
    context.world.person(name).list.ask_to_delete()


@when("{name:Name} confirms that")
def confirms_deletion(context: ScenarioContext, name: str) -> None:
    context.world.person(name).delete_page.confirm()


@when("{name:Name} decides not to delete the list")
def keeps_list(context: ScenarioContext, name: str) -> None:
    context.world.person(name).delete_page.keep()


@then("{name:Name}'s list is called {list_name:Text}")
def list_is_called(context: ScenarioContext, name: str, list_name: str) -> None:
    context.world.person(name).list.is_called(list_name)


@then("{name:Name}'s list is called by a name with {length:d} characters")
def list_has_long_name(context: ScenarioContext, name: str, length: int) -> None:
    context.world.person(name).list.is_called("x" * length)


@then("{name:Name} can edit the name {list_name:Text}")
def can_edit_name(context: ScenarioContext, name: str, list_name: str) -> None:
    context.world.person(name).rename_page.keeps(list_name)


@then("{name:Name} can shorten the name with {length:d} characters")
def can_shorten_name(context: ScenarioContext, name: str, length: int) -> None:
    context.world.person(name).rename_page.keeps("x" * length)


@then("{name:Name} cannot rename the list")
def cannot_rename_list(context: ScenarioContext, name: str) -> None:
    context.world.person(name).list.offers_no_link("Rename this list")


@then("{name:Name} is asked {question:Text}")
def is_asked(context: ScenarioContext, name: str, question: str) -> None:
    context.world.person(name).delete_page.asks(question)


@then("{name:Name} is warned that {warning:Text}")
def is_warned(context: ScenarioContext, name: str, warning: str) -> None:
    context.world.person(name).delete_page.warns(warning)


@then("{name:Name} cannot delete the list")
def cannot_delete_list(context: ScenarioContext, name: str) -> None:
    context.world.person(name).list.offers_no_link("Delete this list")
