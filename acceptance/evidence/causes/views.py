"""The place of a view in the site's code."""

from collections.abc import Callable

FindView = Callable[[str], str]
"""Returns what answers at a path of the site, in a few words; "" if it is unknown."""


def no_view_known(path: str) -> str:  # noqa: ARG001
    """Return "", because it is unknown which view answers at a path."""
    return ""


def view_in_words(view: str) -> str:
    """Return a few words about the view that answers at a path.

    Args:
        view: its name and its file, or "" if the site has none there.

    """
    return f"answered by {view}" if view else "where the site has no view"
