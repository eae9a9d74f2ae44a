"""Whether a file or folder is there: absence is only reported where it was looked at."""

# `test` ends with 1 for whatever it cannot look at, too.
ABSENT = """\
absent() {
    if [ -e "$1" ]; then return 1; fi
    if [ -L "$1" ]; then echo "$1 is a link that leads nowhere" >&2; exit 1; fi
    case $(ls -d -- "$1" 2>&1) in *": No such file or directory") return 0 ;; esac
    ls -d -- "$1" >/dev/null
    exit 1
}
"""
"""A function for a script of /bin/sh: whether nothing is there.

Where that cannot be seen, or where a link leads nowhere, it ends the script with status 1 and says
why. It relies on messages in English (LC_ALL=C.UTF-8), which commands over SSH always have.
"""
