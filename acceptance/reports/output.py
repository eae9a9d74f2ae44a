"""Write a document completely, or not at all."""

from pathlib import Path

from acceptance.evidence.showable import showable
from acceptance.reports.errors import ReportError
from acceptance.whole_file import write_whole


def write_document(file: Path, text: str) -> None:
    """Write a document, and keep the earlier one if that fails.

    Raises:
        ReportError: it cannot be written.

    """
    try:
        write_whole(file, showable(text))
    except OSError as error:
        reason = "its folder is a file" if isinstance(error, FileExistsError) else error.strerror
        message = f"{file} cannot be written ({reason}): name another file after --output."
        raise ReportError(message) from None
