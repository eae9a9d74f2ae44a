"""Test for missing files without mistaking inaccessible files for missing ones."""

# `test` also ends with 1 for files that it cannot access.
ABSENT = """\
absent() {
    if [ -e "$1" ]; then return 1; fi
    if [ -L "$1" ]; then echo "$1 is a link that leads nowhere" >&2; exit 1; fi
    case $(ls -d -- "$1" 2>&1) in *": No such file or directory") return 0 ;; esac
    ls -d -- "$1" >/dev/null
    exit 1
}
"""
"""A function for scripts of /bin/sh that tests whether nothing exists at a path.

If that is unknown, or if the path is a link that leads nowhere, the function prints the reason and
ends the script with status 1. It relies on messages in English (LC_ALL=C.UTF-8), which commands
over SSH always have.
"""
