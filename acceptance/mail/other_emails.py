"""The email that arrived instead of the awaited one."""

from collections.abc import Iterable, Sequence


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
    return "" if emails else "no other email arrived, neither for this person nor for anyone else"
