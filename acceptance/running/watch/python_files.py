"""Whether a Python file that was saved can be read at all."""

import traceback
from pathlib import Path


def complaint_about(root: Path, file: Path) -> str | None:
    """Say what Python cannot read in a file below a folder, and where; None where it can.

    A file that is gone is nothing to complain of.
    """
    try:
        compile((root / file).read_bytes(), str(file), "exec", dont_inherit=True)
    except FileNotFoundError:
        return None
    except (SyntaxError, ValueError) as error:
        shown = "".join(traceback.format_exception_only(error)).rstrip()
        return f"{file} cannot be read:\n{shown}"
    return None
