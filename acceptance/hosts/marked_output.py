"""A command line for any login shell, and how to separate the command's output from the shell's.

sshd passes a command line to the user's login shell, which reads its start-up files first. These
may print a greeting, end the shell, or set options. Shells also differ in how they read quotes,
backslashes, `!` and line breaks. Therefore the login shell gets one simple command, and a script
for /bin/sh marks where the output of the command begins and ends, and its status.
"""

import re
import secrets
import shlex
import string
from collections.abc import Sequence
from dataclasses import dataclass

from acceptance.hosts.printable import printable

FOLDER = "folder"
"""The value in place of the status if the folder could not be entered."""

# Lines of the shell are only shown so that a person can recognise them.
_REMEMBERED = 4096
_LONGEST_LINE = 160

_LONGEST_WORD = 100

_COMMAND_LINE = re.compile(r"exec /bin/sh -c 'eval.*")

# Characters without a special meaning in any shell, even within quotes, or for printf(1).
_PLAIN = frozenset((string.ascii_letters + string.digits + " ./:=_,+@-").encode())

# The options are those that a start-up file may have exported (SHELLOPTS). The marks are in two
# parts, so that a shell that prints each command (`set -x`) prints no mark.
_SCRIPT = """\
set +Cefuvx
LC_ALL=C.UTF-8
export LC_ALL
unset LANGUAGE
mark() {{ printf '%s%s%s\\n' {first} {second} "$1"; }}
mark '' >&2
mark ''
if cd {place} 2>/dev/null; then
    ( exec {command} )
    status=$?
else
    ls -d {place}/. >/dev/null
    status={FOLDER}
fi
mark " $status" >&2
mark " $status"
"""


@dataclass(frozen=True)
class Mark:
    """The unpredictable text at the beginning and the end of the output of one command."""

    first: str
    second: str

    def __bytes__(self) -> bytes:
        """Return its form in the output."""
        return f"{self.first}{self.second}".encode()


def new_mark() -> Mark:
    """Return a new mark.

    Output that may be the beginning of a mark is held back, so it begins as few texts end.
    """
    return Mark(f"@{secrets.token_hex(8)}", secrets.token_hex(8))


def marked_command_line(folder: str, command: Sequence[str], mark: Mark) -> str:
    """Write a command line that runs a command in a folder, for any login shell.

    The arguments are those of `marked_script`.
    """
    return f"exec /bin/sh -c '{marked_script(folder, command, mark)}'"


def marked_script(folder: str, command: Sequence[str], mark: Mark) -> str:
    """Return a script for `sh -c` that runs a command in a folder.

    It has no character with a special meaning for anything on the way to that shell.

    Args:
        folder: where it runs; may start with ~/.
        command: the program and its arguments, which no shell expands.
        mark: the mark at the beginning and the end of its output.

    """
    script = _SCRIPT.format(
        first=mark.first,
        second=mark.second,
        place=place(folder),
        command=shlex.join(command),
        FOLDER=FOLDER,
    )
    plain = "".join(
        chr(byte) if byte in _PLAIN else f"\\{byte:03o}"
        for byte in script.encode(errors="surrogateescape")
    )
    return f'eval "$(printf "{plain}")"'


def place(folder: str) -> str:
    """Quote a folder for /bin/sh; it may start with ~/."""
    home, _, below = folder.partition("/")
    # Within quotes, ~ would be an ordinary name.
    return f'"$HOME"/{shlex.quote(below)}' if home == "~" else shlex.quote(folder)


def shown(command: Sequence[str]) -> str:
    """Return a command for a message: one line, without scripts among its arguments."""
    return " ".join(
        shlex.quote(word) if word.isprintable() and len(word) <= _LONGEST_WORD else "…"
        for word in command
    )


class MarkedOutput:
    """Parses the output of a command line with marks.

    Attributes:
        has_begun: whether the command was started.
        status: the exit status of the command, or None before its end.
        passes_a_terminal: whether the line breaks are those of a terminal.

    """

    def __init__(self, mark: Mark) -> None:
        self.has_begun = False
        self.status: str | None = None
        self.passes_a_terminal = False
        self._mark = bytes(mark)
        self._before = b""
        self._rest = b""

    def feed(self, chunk: bytes) -> bytes:
        """Take more output, and return the part of it that the command itself wrote."""
        if self.status is not None:
            return b""
        self._rest += chunk
        if not self.has_begun:
            before, begin, rest = self._rest.partition(self._mark + b"\n")
            if not begin:
                self.passes_a_terminal = self._mark + b"\r\n" in before
                self._rest = before[-_REMEMBERED:]
                return b""
            self.has_begun = True
            self._before, self._rest = before[-_REMEMBERED:], rest
        own, end, rest = self._rest.partition(self._mark)
        if not end:
            held_back = self._begun_mark(own)
            self._rest = own[len(own) - held_back :]
            return own[: len(own) - held_back]
        status, line_end, _ = rest.partition(b"\n")
        self._rest = end + rest
        if line_end:
            self.status = status.decode(errors="replace").strip()
        return own

    def of_the_shell(self) -> str:
        """Return the end of the login shell's own output before the command."""
        return (self._before if self.has_begun else self._rest).decode(errors="replace")

    def line_of_the_shell(self) -> str:
        """Return the last line of the login shell's own output, for a message, or ""."""
        lines = [line.strip() for line in printable(self.of_the_shell()).splitlines()]
        # Some shells repeat the command line, which is long.
        line = re.sub(_COMMAND_LINE, "…", next(filter(None, reversed(lines)), ""))
        return line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]}…"

    def _begun_mark(self, own: bytes) -> int:
        """Return how many bytes at the end may be the beginning of the mark."""
        longest = min(len(own), len(self._mark) - 1)
        return next((n for n in range(longest, 0, -1) if own.endswith(self._mark[:n])), 0)
