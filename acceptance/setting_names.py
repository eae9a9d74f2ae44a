"""Names of settings, as people type them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

from acceptance.errors import ConfigurationError

_LIKENESS = 0.65
"""How much a name is like that of a setting, from 0 to 1, if it is taken for a slip (difflib)."""

_WRONG_BEGINNING = 0.8
"""How much of that is left where the first letters differ."""

_SHORTEST_SLIP = 4
"""Shorter names are like anything."""


def defined(texts: Iterable[str]) -> dict[str, str]:
    """Return the settings that `NAME=VALUE` define; a name alone means yes, as to behave."""
    parts = (text.partition("=") for text in texts)
    return {name.strip(): value.strip().strip("\"'") or "true" for name, _, value in parts}


def strangers(prefix: str, given: Iterable[str], known: set[str]) -> Sequence[str]:
    """Return what is set for formatters and plug-ins; refuse what is meant for the suite.

    A run that was meant for a server must not take place here because of a slip, nor the reverse.

    Args:
        prefix: what stands before each name: "-D ", or that of environment variables.
        given: the names.
        known: the names of settings, as they are spelled there.

    Raises:
        ConfigurationError: one of them is nearly that of a setting.

    """
    others = sorted(set(given) - known)
    for name in others:
        meant = _meant(name, known)
        if meant:
            right = meant if prefix == "-D " else f"{prefix}{meant}"
            message = f"{prefix}{_as_typed(name)} is no setting of the suite: did you mean {right}?"
            raise ConfigurationError(message)
    return [f"{prefix}{_as_typed(name)}" for name in others]


def _meant(name: str, known: Iterable[str]) -> str | None:
    # Of `-D staging:HOST`, too, behave makes one name.
    typed = re.split(r"[:\s]", name.strip())[0]
    # With dots are behave's own and those of formatters: behave.reporter.junit.show_hostname.
    if "." in typed or len(typed) < _SHORTEST_SLIP:
        return None
    likeness, nearest = max((_likeness(_plain(typed), _plain(each)), each) for each in known)
    return nearest if likeness >= _LIKENESS else None


def _likeness(typed: str, meant: str) -> float:
    """Return from 0 to 1 how much one name is like the other; slips seldom begin a word."""
    likeness = SequenceMatcher(None, typed, meant).ratio()
    return likeness if typed[:1] == meant[:1] else likeness * _WRONG_BEGINNING


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())


def _as_typed(name: str) -> str:
    return name if name.isprintable() and name else repr(name)


def refuse_host_for_a_name(command_line: Mapping[str, str], hosts: set[str | None]) -> None:
    """Refuse `-D HOST`, which behave takes for a setting of that name.

    Raises:
        ConfigurationError: there is one.

    """
    for typed in command_line:
        host = re.sub(r"\A\w+://|[:/].*", "", typed.lower())
        if host in hosts:
            message = f"-D {typed} names a host and no setting: type -D staging={typed} to test it."
            raise ConfigurationError(message)


def refuse_unknown(given: Mapping[str, Any], known: set[str], where: str) -> None:
    """Refuse what only the suite can be meant with, and what it does not know.

    Raises:
        ConfigurationError: there is something.

    """
    unknown = sorted(set(given) - known)
    if unknown:
        message = (
            f"{where} {', '.join(map(repr, unknown))}, which the suite does not know: "
            f"it knows {', '.join(sorted(known))}."
        )
        raise ConfigurationError(message)
