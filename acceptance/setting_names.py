"""Names of settings, as people type them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

from acceptance.errors import ConfigurationError

_LIKENESS = 0.65
"""How similar a name must be to a setting's to count as a typo, from 0 to 1 (difflib)."""

_WRONG_BEGINNING = 0.8
"""The factor for names whose first letters differ."""

_SHORTEST_TYPO = 4
"""Shorter names resemble any name."""


def defined(texts: Iterable[str]) -> dict[str, str]:
    """Return the settings that `NAME=VALUE` define; a name alone means yes, as behave reads it."""
    parts = (text.partition("=") for text in texts)
    return {name.strip(): value.strip().strip("\"'") or "true" for name, _, value in parts}


def strangers(prefix: str, given: Iterable[str], known: set[str]) -> Sequence[str]:
    """Return the names that are left to formatters and plug-ins; refuse misspelled settings.

    A run that was meant for a server must not take place here because of a typo, nor the reverse.

    Args:
        prefix: the text before each name: "-D ", or the prefix of environment variables.
        given: the names that are set.
        known: the names of the suite's settings, in the same spelling.

    Raises:
        ConfigurationError: one of them is almost the name of a setting.

    """
    others = sorted(set(given) - known)
    for name in others:
        meant = _meant(name, known)
        if meant:
            right = meant if prefix == "-D " else f"{prefix}{meant}"
            message = (
                f"{prefix}{_as_typed(name)} is not a setting of the suite: did you mean {right}?"
            )
            raise ConfigurationError(message)
    return [f"{prefix}{_as_typed(name)}" for name in others]


def _meant(name: str, known: Iterable[str]) -> str | None:
    # behave reads all of `-D staging:HOST` as one name.
    typed = re.split(r"[:\s]", name.strip())[0]
    # Settings of behave and of formatters have dots: behave.reporter.junit.show_hostname.
    if "." in typed or len(typed) < _SHORTEST_TYPO:
        return None
    likeness, nearest = max((_likeness(_plain(typed), _plain(each)), each) for each in known)
    return nearest if likeness >= _LIKENESS else None


def _likeness(typed: str, meant: str) -> float:
    """Return how similar two names are, from 0 to 1; typos are rarely in the first letter."""
    likeness = SequenceMatcher(None, typed, meant).ratio()
    return likeness if typed[:1] == meant[:1] else likeness * _WRONG_BEGINNING


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())


def _as_typed(name: str) -> str:
    return name if name.isprintable() and name else repr(name)


def refuse_host_for_a_name(command_line: Mapping[str, str], hosts: set[str | None]) -> None:
    """Refuse `-D HOST`, which behave reads as a setting of that name.

    Raises:
        ConfigurationError: a name on the command line is one of the hosts.

    """
    for typed in command_line:
        host = re.sub(r"\A\w+://|[:/].*", "", typed.lower())
        if host in hosts:
            message = f"-D {typed} names a host, not a setting: type -D staging={typed} to test it."
            raise ConfigurationError(message)


def refuse_unknown(given: Mapping[str, Any], known: set[str], where: str) -> None:
    """Refuse unknown names in a place that holds settings of the suite only.

    Raises:
        ConfigurationError: a name is unknown.

    """
    unknown = sorted(set(given) - known)
    if unknown:
        message = (
            f"{where} {', '.join(map(repr, unknown))}, which the suite does not know: "
            f"it knows {', '.join(sorted(known))}."
        )
        raise ConfigurationError(message)
