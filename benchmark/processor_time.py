"""Run a command and write down what it took: `python -m benchmark.processor_time FILE COMMAND…`.

That includes the browsers that it starts and that outlive it: this process adopts and awaits them.
"""

import ctypes
import json
import os
import resource
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

# prctl(2): orphans become children of this process.
SET_CHILD_SUBREAPER = 36


def main() -> int:
    """Run the command, and return its exit code."""
    _, report, *command = sys.argv
    ctypes.CDLL(None).prctl(SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    began = time.perf_counter()
    status = subprocess.run(command, check=False).returncode  # noqa: S603
    seconds = time.perf_counter() - began
    with suppress(ChildProcessError):
        while True:
            os.wait()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    figures = {"seconds": seconds, "processor_seconds": used.ru_utime + used.ru_stime}
    Path(report).write_text(json.dumps(figures), encoding="utf-8")
    return status


if __name__ == "__main__":
    sys.exit(main())
