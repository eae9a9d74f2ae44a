"""Runs of behave in processes that have already imported it: a hundred in the time of ten.

As a program, this module runs behave once for each line of JSON that it reads, and answers with a
line.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path


class QuickRuns:
    """Runs behave."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def run(
        self, folder: Path, words: Sequence[str], environment: Mapping[str, str]
    ) -> tuple[int, str]:
        """Run behave in a folder and return its exit status and its output."""
        assert self._process.stdin
        assert self._process.stdout
        request = json.dumps([str(folder), list(words), dict(environment)])
        self._process.stdin.write(f"{request}\n")
        self._process.stdin.flush()
        status, printed = json.loads(self._process.stdout.readline())
        return status, printed


@contextmanager
def quick_runs() -> Iterator[QuickRuns]:
    """Run behave quickly for the duration of the block."""
    with subprocess.Popen(
        [sys.executable, "-m", "acceptance.running.tests.quick_runs"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield QuickRuns(process)
        assert process.stdin
        process.stdin.close()


def _answer(folder: str, words: Sequence[str], environment: Mapping[str, str]) -> tuple[int, str]:
    with tempfile.TemporaryFile("w+", encoding="utf-8") as printed:
        child = os.fork()
        if child == 0:
            os.dup2(printed.fileno(), 1)
            os.dup2(printed.fileno(), 2)
            _become(folder, words, environment)
        _, how = os.waitpid(child, 0)
        printed.seek(0)
        return os.waitstatus_to_exitcode(how), printed.read()


def _become(folder: str, words: Sequence[str], environment: Mapping[str, str]) -> None:
    from behave.__main__ import main  # noqa: PLC0415

    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.path.insert(0, folder)
    status = 1
    try:
        status = main(list(words))
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else 1
    except BaseException:  # noqa: BLE001 (as the interpreter does)
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _main() -> None:
    import behave.formatter.progress  # noqa: PLC0415
    import behave.reporter.junit  # noqa: PLC0415, F401

    import acceptance.reports.formatter  # noqa: PLC0415
    import acceptance.running.runner  # noqa: PLC0415, F401

    for line in sys.stdin:
        answer = json.dumps(_answer(*json.loads(line)))
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _main()
