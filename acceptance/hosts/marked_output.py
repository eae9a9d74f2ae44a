"""A command line for any login shell, and the command's own output told apart from the shell's.

sshd hands a command line to the user's login shell, which reads its start-up files first: these may
print a greeting, end the shell, or set options. And shells differ in what they make of quotes,
backslashes, `!` and line breaks. Hence a login shell gets one simple command, and a script of
/bin/sh marks where the output of the command begins and ends, and with which status.
"""

import re
import secrets
import shlex
import string
from collections.abc import Sequence
from dataclasses import dataclass

from acceptance.hosts.printable import printable

FOLDER = "folder"
"""What stands for the status where the folder could not be entered."""

# Lines of the shell are for a person to recognise, not to read in full.
_REMEMBERED = 4096
_LONGEST_LINE = 160

_LONGEST_WORD = 100

_COMMAND_LINE = re.compile(r"exec /bin/sh -c 'eval.*")

# What no shell takes for anything else, not even within quotes, nor printf(1).
_PLAIN = frozenset((string.ascii_letters + string.digits + " ./:=_,+@-").encode())

# The options are those that a start-up file may have exported (SHELLOPTS). The marks are in two
# parts, so that a shell that prints each command that it runs prints no mark.
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
    """What the output of one command begins and ends with; no one can know it before."""

    first: str
    second: str

    def __bytes__(self) -> bytes:
        """Return it as it stands in the output."""
        return f"{self.first}{self.second}".encode()


def new_mark() -> Mark:
    """Return a mark that has never been used.

    What may be its beginning waits for what follows, so it begins as few texts end.
    """
    return Mark(f"@{secrets.token_hex(8)}", secrets.token_hex(8))


def marked_command_line(folder: str, command: Sequence[str], mark: Mark) -> str:
    """Write a command line that runs a command in a folder, for any login shell.

    Takes what `marked_script` takes.
    """
    return f"exec /bin/sh -c '{marked_script(folder, command, mark)}'"


def marked_script(folder: str, command: Sequence[str], mark: Mark) -> str:
    """Write a script that runs a command in a folder, for `sh -c`.

    It has no character that anything on the way to that shell might take for something else.

    Args:
        folder: where it runs; may start with ~/.
        command: the program and its arguments, which no shell takes apart.
        mark: what its output begins and ends with.

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
    # Quoted as a whole, ~ would be a folder of that name.
    return f'"$HOME"/{shlex.quote(below)}' if home == "~" else shlex.quote(folder)


def shown(command: Sequence[str]) -> str:
    """Return a command for a message: one line, without the scripts that are arguments of it."""
    return " ".join(
        shlex.quote(word) if word.isprintable() and len(word) <= _LONGEST_WORD else "…"
        for word in command
    )


class MarkedOutput:
    """Takes apart what comes from a command line with marks.

    Attributes:
        has_begun: whether the command was started.
        status: what the command ended with, or None before its end.
        passes_a_terminal: whether line breaks come as those of a terminal do.

    """

    def __init__(self, mark: Mark) -> None:
        self.has_begun = False
        self.status: str | None = None
        self.passes_a_terminal = False
        self._mark = bytes(mark)
        self._before = b""
        self._rest = b""

    def feed(self, chunk: bytes) -> bytes:
        """Take what has come, and return what of it the command wrote itself."""
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
        """Return the end of what the login shell itself printed before the command."""
        return (self._before if self.has_begun else self._rest).decode(errors="replace")

    def line_of_the_shell(self) -> str:
        """Return the last line of that, for a message, or ""."""
        lines = [line.strip() for line in printable(self.of_the_shell()).splitlines()]
        # Some repeat the command line, which is long.
        line = re.sub(_COMMAND_LINE, "…", next(filter(None, reversed(lines)), ""))
        return line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]}…"

    def _begun_mark(self, own: bytes) -> int:
        """Return how many bytes at the end may be the beginning of the mark."""
        longest = min(len(own), len(self._mark) - 1)
        return next((n for n in range(longest, 0, -1) if own.endswith(self._mark[:n])), 0)
