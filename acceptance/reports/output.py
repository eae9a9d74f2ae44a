"""Write a document, whole or not at all."""

from pathlib import Path
from tempfile import TemporaryDirectory

from acceptance.evidence.showable import showable
from acceptance.reports.errors import ReportError


def write_document(file: Path, text: str) -> None:
    """Write a document, and leave what stood there as it is if that fails.

    Raises:
        ReportError: it cannot be written.

    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        # Beside its place, so that it comes there in one step.
        with TemporaryDirectory(dir=file.parent, prefix=".unfinished-") as folder:
            unfinished = Path(folder) / file.name
            unfinished.write_text(showable(text), encoding="utf-8")
            unfinished.replace(file)
    except OSError as error:
        reason = "its folder is a file" if isinstance(error, FileExistsError) else error.strerror
        message = f"{file} cannot be written ({reason}): name another file after --output."
        raise ReportError(message) from None
