"""Files that are written whole or not at all, even by two processes at the same time."""

from pathlib import Path
from tempfile import TemporaryDirectory


def write_whole(file: Path, text: str) -> None:
    """Write a file in UTF-8 in one step, and make its folder if there is none.

    If that fails, the file keeps its former content. Characters that cannot be encoded are written
    as escapes.

    Raises:
        OSError: the file cannot be written.

    """
    file.parent.mkdir(parents=True, exist_ok=True)
    # In the same folder, so that it can be moved into place in one step.
    with TemporaryDirectory(dir=file.parent, prefix=".unfinished-") as folder:
        unfinished = Path(folder, file.name)
        unfinished.write_text(text, encoding="utf-8", errors="backslashreplace")
        unfinished.replace(file)
