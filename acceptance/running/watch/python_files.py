"""Checks whether Python can read a saved file."""

import traceback
from pathlib import Path


def complaint_about(root: Path, file: Path) -> str | None:
    """Return the syntax error in a file below a folder, and its place; None if there is none.

    A file that is gone has no error.
    """
    try:
        compile((root / file).read_bytes(), str(file), "exec", dont_inherit=True)
    except FileNotFoundError:
        return None
    except (SyntaxError, ValueError) as error:
        shown = "".join(traceback.format_exception_only(error)).rstrip()
        return f"{file} cannot be read:\n{shown}"
    return None
