"""Find the cause of a failed command in its output, since the last line only shows its effect."""

import re

# The wording of the C library, SQLite and paramiko's server (errno(3), sqlite.org/rescode.html).
_CAUSES = (
    re.compile(r"no space left on device|database or disk is full|\[errno 28\]", re.IGNORECASE),
    re.compile(r"disk quota exceeded|\[errno 122\]", re.IGNORECASE),
    re.compile(r"read-only file system|\[errno 30\]", re.IGNORECASE),
    re.compile(r"attempt to write a readonly database|unable to open database file"),
    re.compile(r"too many open files|cannot allocate memory|^killed$", re.IGNORECASE),
    re.compile(r"input/output error|disk i/o error", re.IGNORECASE),
    re.compile(r"permission denied|operation not permitted", re.IGNORECASE),
)


def line_with_cause(output: str) -> str:
    """Return the line that names the cause, or else the last one."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    for cause in _CAUSES:
        for line in lines:
            if cause.search(line):
                return line
    return lines[-1] if lines else "it printed nothing"


def is_about_storage(message: str) -> bool:
    """Return whether a message names a full, read-only or forbidden disk or a similar cause."""
    return any(cause.search(message) for cause in _CAUSES)
