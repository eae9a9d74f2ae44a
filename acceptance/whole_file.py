"""Files that are written whole or not at all, also where two processes write one at a time."""

from pathlib import Path
from tempfile import TemporaryDirectory


def write_whole(file: Path, text: str) -> None:
    """Write a file in UTF-8 in one step, and its folder if need be.

    If that fails, what stood there stays as it is. What no encoding has becomes an escape.

    Raises:
        OSError: it cannot be written.

    """
    file.parent.mkdir(parents=True, exist_ok=True)
    # Beside its place, so that it comes there in one step.
    with TemporaryDirectory(dir=file.parent, prefix=".unfinished-") as folder:
        unfinished = Path(folder, file.name)
        unfinished.write_text(text, encoding="utf-8", errors="backslashreplace")
        unfinished.replace(file)
