"""Feature files, as behave's own parser reads them, and a sentence for each unreadable one."""

import codecs
import re
from pathlib import Path

from behave.model import Feature
from behave.parser import ParserError, State, parse_feature

from acceptance.reports.errors import ReportError

# With the names that editors show.
_MARKS = {
    codecs.BOM_UTF8: "UTF-8 with a byte order mark",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}


class UnreadableFeatureError(ReportError):
    """behave cannot read a file; the message says in one sentence which, why, and what to do.

    Attributes:
        file: the file.
        line: the line at which behave stopped, counted from 1, or None if it does not say.

    """

    def __init__(self, file: Path, reason: str, remedy: str, line: int | None = None) -> None:
        self.file = file
        self.line = line
        place = "" if line is None else f"line {line}: "
        super().__init__(f"behave cannot read {shown(file)} ({place}{reason}): {remedy}.")


def shown(file: Path) -> str:
    """Return a path as text that can be written anywhere, even if its name is not valid text."""
    return file.as_posix().encode(errors="backslashreplace").decode()


def text_of(file: Path) -> str:
    """Return the text of a feature file, with its line endings as they are.

    Raises:
        UnreadableFeatureError: the file cannot be read, or is not text in UTF-8.

    """
    try:
        content = file.read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UnreadableFeatureError(file, reason, "make it readable") from None
    for mark, encoding in _MARKS.items():
        if content.startswith(mark):
            raise UnreadableFeatureError(file, f"it is {encoding}", "save it as plain UTF-8")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UnreadableFeatureError(
            file, f"byte {content[error.start]:#04x} is not UTF-8", "save it as UTF-8", line
        ) from None


def parsed(file: Path, language: str | None = None) -> Feature:
    """Read a feature file as behave does.

    Args:
        file: the file.
        language: of a file that does not name its own, as `behave --lang`.

    Raises:
        UnreadableFeatureError: behave cannot read it.

    """
    text = text_of(file)
    try:
        feature: Feature | None = parse_feature(text, language, str(file))
    except ParserError as error:
        reason = _complaint(error)
        raise UnreadableFeatureError(file, reason, "correct it there", error.line) from None
    except KeyError as error:
        reason = f"behave does not know the language {error.args[0]!r}"
        remedy = "name one that `behave --lang-list` lists"
        named = (number for number, each in enumerate(text.splitlines(), 1) if "language:" in each)
        raise UnreadableFeatureError(file, reason, remedy, next(named, None)) from None
    except Exception as error:  # noqa: BLE001 (behave's parser breaks in many ways)
        reason = f"its parser breaks with {type(error).__name__}: {' '.join(str(error).split())}"
        raise UnreadableFeatureError(file, reason, "correct what is unusual there") from None
    if feature is None:
        remedy = "write one, or delete the file"
        raise UnreadableFeatureError(file, "there is no Feature in it", remedy)
    if feature.parser and feature.parser.state is State.MULTILINE_TEXT:
        # behave takes all scenarios that follow for a part of the text, without an error.
        line = feature.parser.multiline_start
        reason = "the quoted text that begins there never ends"
        raise UnreadableFeatureError(file, reason, "end it", line)
    return feature


def _complaint(error: ParserError) -> str:
    """Return what behave's parser objects to, in a few words on one line."""
    words, _, reason = str(error.args[0]).partition("\nREASON: ")
    text = " ".join((error.line_text or "").split())
    if reason and reason != "None":
        words = f"{reason.rstrip('.')}: {text}" if text else reason
    elif "Parser failure" in words:
        words = f"it does not understand {text!r}"
    else:
        words = re.sub(rf" at line {error.line}\b", "", words)
    return " ".join(words.split()).rstrip(".")
