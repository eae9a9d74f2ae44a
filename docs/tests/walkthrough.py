"""Does what a document tells its reader to do, with the files and commands that it shows.

The words before a block decide what it is for. "Create `FILE`" gives the whole file; "At the end of
`FILE`" gives what to append; "In `FILE`" gives a diff, whose lines are found by their text and not
by their numbers. A block of the kind "console" has commands after `$ `, with the output below:
`…` stands there for any text, also for whole lines.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from docs.tests.markdown import Block, blocks

_FILE = re.compile(r"(Create|At the end of|[Ii]n) `([\w./-]+)`[^`]*\Z")
_TIMEOUT = 120


def walk(document: Path, folder: Path, *, elsewhere: Mapping[str, str]) -> None:
    """Follow a document in a copy of the project.

    Args:
        document: the document.
        folder: the copy.
        elsewhere: commands that are run in another place, with that place.

    Raises:
        AssertionError: a file cannot be changed, or a command does not print what is shown.

    """
    for block in blocks(document):
        if block.kind == "console":
            for command, output in commands(block):
                if command not in elsewhere:
                    assert_prints(folder, command, output)
        elif block.kind not in {"", "sh"}:
            _change(folder, block)


def commands(block: Block) -> Iterator[tuple[str, Sequence[str]]]:
    """Return the commands of a block, each with the lines that are shown below it."""
    for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        command, _, output = part.partition("\n")
        yield command, [line.strip() for line in output.splitlines() if line.strip()]


def assert_prints(folder: Path, command: str, output: Sequence[str]) -> None:
    """Run a command, and see that it prints these lines in this order."""
    _, printed = run(folder, command)
    rest = printed
    for line in output:
        for part in filter(None, (part.strip() for part in line.split("…"))):
            assert part in rest, f"{command} does not print {part!r}, or not there:\n{printed}"
            rest = rest.partition(part)[2]


def run(folder: Path, command: str, **variables: str) -> tuple[int, str]:
    """Run a command as a shell does for a reader; return its status, and all that it printed."""
    programs = Path(sys.executable).parent
    environment = {
        **os.environ,
        "PATH": f"{programs}:{os.environ['PATH']}",
        "PYTHONPATH": str(folder),
        **variables,
    }
    ended = subprocess.run(  # noqa: S602
        command,
        shell=True,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=_TIMEOUT,
        check=False,
    )
    return ended.returncode, ended.stdout


def _change(folder: Path, block: Block) -> None:
    found = _FILE.search(" ".join(block.before.split()))
    assert found, f"Which file is this block for? {block.before[-80:]!r}"
    how, name = found.groups()
    file = folder / name
    match how:
        case "Create":
            assert not file.exists(), f"{name} exists"
            file.write_text(block.text, encoding="utf-8")
        case "At the end of":
            with file.open("a", encoding="utf-8") as end:
                end.write(("\n" if block.text.startswith(" ") else "\n\n") + block.text)
        case _:
            _apply(file, block.text)


def _apply(file: Path, diff: str) -> None:
    text = file.read_text(encoding="utf-8")
    for hunk in re.split(r"^@@.*\n", diff, flags=re.MULTILINE):
        lines = hunk.splitlines(keepends=True)
        before = "".join(line[1:] or "\n" for line in lines if line[:1] in {" ", "-"})
        after = "".join(line[1:] or "\n" for line in lines if line[:1] in {" ", "+"})
        if before:
            assert text.count(before) == 1, f"{file.name} has not, or not once:\n{before}"
            text = text.replace(before, after)
    file.write_text(text, encoding="utf-8")
