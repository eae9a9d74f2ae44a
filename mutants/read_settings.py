"""What the site reads from its settings, to see whether a mutant changes anything there."""

from collections.abc import Mapping

from django.conf import settings

ONLY_SETTINGS = ("superlists/settings.py", "superlists/environment_")
"""The beginnings of the paths of modules that do nothing at the start but compute settings."""


def settings_as_text() -> Mapping[str, str]:
    """Return all settings of the imported site, as texts, by name."""
    return {name: repr(getattr(settings, name)) for name in dir(settings) if name.isupper()}


def steady(one: Mapping[str, str], other: Mapping[str, str]) -> Mapping[str, str]:
    """Return the settings that are the same in two processes, unlike a key made at random."""
    return {name: text for name, text in one.items() if other.get(name) == text}
