"""The emails that arrived instead of the awaited one."""

from collections.abc import Iterable, Sequence

_MOST_NAMED = 3


def arrived_instead(to: str, subject: str, arrived: Iterable[tuple[Sequence[str], str]]) -> str:
    """Return a sentence about the email that differs least from the awaited one.

    Args:
        to: the address of the awaited email.
        subject: its subject, or "" for any.
        arrived: the addresses and the subjects of the emails that arrived, oldest first.

    """
    emails = list(arrived)
    subjects = [each for addresses, each in emails if to in addresses]
    if subjects:
        return f"an email to {to} arrived, but its subject is {subjects[-1]!r}"
    others = [addresses for addresses, each in emails if each == subject or not subject]
    if others:
        what = f"the email {subject!r}" if subject else "the email"
        return f"{what} went to {', '.join(others[-1])}, and not to {to}"
    return ""


def beside(arrived: Iterable[tuple[Sequence[str], str]]) -> str:
    """Return what else arrived, to be put after a sentence about the awaited email.

    Args:
        arrived: the addresses and the subjects of all emails of the scenario, oldest first.

    """
    named = [f"{subject!r} to {', '.join(addresses)}" for addresses, subject in arrived]
    if not named:
        return ", nor any other email"
    more = f" and {len(named) - _MOST_NAMED} before" if len(named) > _MOST_NAMED else ""
    return f", but {', '.join(named[-_MOST_NAMED:])}{more}"
