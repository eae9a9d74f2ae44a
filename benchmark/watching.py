"""How long a person who watches the suite waits: from a save to the verdict of one feature."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmark.runs import BenchmarkError
from testbeds import ROOT

FEATURE = ROOT / "features" / "start_a_list.feature"

_VERDICTS = ("✓", "✗")


@contextmanager
def watched(feature: Path = FEATURE) -> Iterator["subprocess.Popen[str]"]:
    """Watch one feature for the length of the block, and begin when it has passed.

    Raises:
        BenchmarkError: it did not pass.

    """
    words = [sys.executable, "-m", "acceptance.running.watch", str(feature.relative_to(ROOT))]
    with subprocess.Popen(  # noqa: S603
        words,
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    ) as process:
        try:
            _wait_for_verdict(process)
            yield process
        finally:
            process.terminate()
            process.communicate()


def seconds_from_save_to_verdict(
    process: "subprocess.Popen[str]", feature: Path = FEATURE
) -> float:
    """Save a watched feature as it is, and return the seconds until its verdict is shown.

    Raises:
        BenchmarkError: it did not pass.

    """
    text = feature.read_bytes()
    began = time.perf_counter()
    feature.write_bytes(text)
    _wait_for_verdict(process)
    return time.perf_counter() - began


def _wait_for_verdict(process: "subprocess.Popen[str]") -> None:
    shown = []
    for line in process.stdout or ():
        shown.append(line)
        if line.startswith(_VERDICTS[0]):
            return
        if line.startswith(_VERDICTS[1]):
            break
    message = f"The watched feature did not pass: mend it, then measure again.\n{''.join(shown)}"
    raise BenchmarkError(message)
