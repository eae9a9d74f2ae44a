"""Steps for features in German, which start with `# language: de`."""

from behave import given, then, when

from features.support.world import ScenarioContext


@given("{name:Name} ist angemeldet")
def ist_angemeldet(context: ScenarioContext, name: str) -> None:
    context.world.person(name).has_session()


@given("{name:Name} hat eine offene Liste mit {items:Texts}")
def hat_offene_liste(context: ScenarioContext, name: str, items: list[str]) -> None:
    context.world.person(name).has_open_list(items)


@given("{name:Name} besitzt eine Liste mit {items:Texts}")
def besitzt_liste(context: ScenarioContext, name: str, items: list[str]) -> None:
    context.world.person(name).owns_list(items)


@when("{name:Name} eine Liste mit {text:Text} beginnt")
def beginnt_liste(context: ScenarioContext, name: str, text: str) -> None:
    context.world.person(name).starts_list(text)


@when("{name:Name} den Eintrag {text:Text} hinzufügt")
def fuegt_hinzu(context: ScenarioContext, name: str, text: str) -> None:
    context.world.person(name).items.enter(text)


@when("{name:Name} ihre Listen öffnet")
def oeffnet_listen(context: ScenarioContext, name: str) -> None:
    context.world.person(name).opens_my_lists()


@then("enthält {name:Name}s Liste {items:Texts}")
def enthaelt(context: ScenarioContext, name: str, items: list[str]) -> None:
    context.world.person(name).list.shows(items)


@then("heißen {name:Name}s eigene Listen {names:Texts}")
def heissen(context: ScenarioContext, name: str, names: list[str]) -> None:
    context.world.person(name).my_lists.shows_own(names)


@then("sieht {name:Name} die Meldung {text:Text}")
def sieht_meldung(context: ScenarioContext, name: str, text: str) -> None:
    context.world.person(name).messages.show(text)
