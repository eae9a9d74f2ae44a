"""The fixtures that can be requested over a connection: the kit's own, and the site's."""

from importlib import import_module
from types import ModuleType
from typing import Any

from django.conf import settings
from django.db import transaction

from acceptance.fixtures.declaration import Fixture, FixtureMismatchError
from acceptance.server import fixtures, guard
from acceptance.server.beginning import Beginning
from acceptance.server.guard import Run
from acceptance.server.models import Lease
from acceptance.server.refusal import Refused

SETTING = "ACCEPTANCE_FIXTURES"
"""The setting that names the module in which the site declares its fixtures."""


def find(name: object) -> Fixture[..., Any]:
    """Return the fixture with this name.

    Raises:
        Refused: there is none.

    """
    for module in (fixtures, module_of_site()):
        for found in vars(module).values():
            if isinstance(found, Fixture) and found.name == name:
                return found
    raise Refused(
        f"The site has no fixture {str(name)[:100]!r}: deploy the version of the project that the"
        " run uses."
    )


def make(
    fixture: Fixture[..., Any], arguments: object, host: str, run: Run, beginning: Beginning
) -> tuple[Any, Lease]:
    """Make the fixture if the guard admits the run.

    Returns:
        The function's result, ready for JSON, and the lease that the run now has.

    Raises:
        Refused: the fixture takes other arguments, or the guard does not admit the run; nothing
            has been written.

    """
    try:
        function = fixture.prepare(arguments)
    except FixtureMismatchError as error:
        raise Refused(f"{error}: deploy the version of the project that the run uses.") from None
    answer = None
    with transaction.atomic():
        lease = guard.admit(host, run, beginning)
        if not fixture.commits:
            answer = function()
    if fixture.commits:
        answer = function()
    return answer, lease


def module_of_site() -> ModuleType:
    """Return the module in which the site declares its fixtures.

    Raises:
        Refused: the settings name none, or it cannot be imported.

    """
    name = getattr(settings, SETTING, None)
    if not name:
        raise Refused(
            f"The settings of {settings.SITE_NAME} name no module of fixtures: set {SETTING} to its"
            " dotted path."
        )
    try:
        return import_module(name)
    except Exception as error:  # noqa: BLE001 (the module may raise anything)
        reason = " ".join(f"{type(error).__name__}: {error}".split()).rstrip(".")
        raise Refused(
            f"The fixtures of {settings.SITE_NAME} in {name} cannot be imported ({reason[:200]}):"
            f" correct {SETTING} in the settings, or deploy the previous release."
        ) from None
