"""Look at a deployed site: its log, its releases, and a session for a person."""

import os
import sys
import threading
from codecs import getincrementaldecoder
from collections.abc import Sequence
from contextlib import suppress

from acceptance.hosts.errors import ConnectionLostError, ServerError
from acceptance.hosts.printable import printable
from acceptance.hosts.program import Program
from fabfile.environment_completion import is_staging_environment
from fabfile.errors import DeploymentError
from fabfile.health import NotHealthyError, answer_of
from fabfile.interruption import waiting
from fabfile.kind import STAGING, kind_of
from fabfile.progress import output_failure, show, write
from fabfile.releases import list_command, parse
from fabfile.target import Target

LINES = 100
"""How many lines of the log are shown without a start time."""

_END = 5
_TYPED = 1000


def show_logs(target: Target, since: str, *, follow: bool) -> None:
    """Show the journal of the site.

    Args:
        target: the server.
        since: a time that journalctl(1) accepts; "" for the last lines.
        follow: whether to keep showing new lines until Ctrl-C.

    Raises:
        DeploymentError: the time is invalid, or the journal cannot be read.
        ServerError: the server cannot be used.

    """
    if not since.isprintable():
        message = f"{since!r} is not a time: write one as in --since '1 hour ago'."
        raise DeploymentError(message)
    command = [
        *("journalctl", "--quiet", "--no-pager", "--output=short-iso", "--no-hostname"),
        f"--unit={target.site.unit}",
        f"--since={since}" if since else f"--lines={LINES}",
        *(["--follow"] if follow else []),
    ]
    status, errors = _stream(target, command, "/")
    if "Failed to parse timestamp" in errors:
        message = (
            f"{since!r} is not a time that journalctl accepts: write it as in --since '1 hour ago' "
            "or --since '2030-01-31 12:00'."
        )
        raise DeploymentError(message)
    if status != 0:
        message = (
            f"The journal of {target.site.unit} cannot be read ({errors or 'no reason given'}): "
            f"type `fab -H {target.site.user}@{target.site.host} provision`, which lets "
            f"{target.site.user} read it."
        )
        raise DeploymentError(message)


def show_status(target: Target) -> None:
    """Show which release serves, and whether it answers.

    Raises:
        DeploymentError: it does not answer.
        ServerError: the server cannot be used.

    """
    site = target.site
    releases = parse(target.run(list_command(site), "/"))
    if releases.current is None:
        message = f"No site is deployed to {site.folder} on {target}: type `fab … deploy`."
        raise DeploymentError(message)
    kind = kind_of(staging=is_staging_environment(target.read(f"{site.folder}/.env"), site))
    show("site", f"{site.url}, {kind}, in {site.folder} on {target}")
    for release in reversed(releases.all):
        title = "release" if release == releases.current else "earlier"
        shown = f"{release.name}, {kind_of(staging=release.staging)}"
        show(title if release.commit else "unused", shown)
    properties = [
        "systemctl",
        "show",
        site.unit,
        "--property=ActiveState,SubState,ActiveEnterTimestamp",
    ]
    found = dict(
        line.split("=", 1) for line in target.run(properties, "/").splitlines() if "=" in line
    )
    since = f" since {found['ActiveEnterTimestamp']}" if found.get("ActiveEnterTimestamp") else ""
    show("unit", f"{site.unit} is {found.get('ActiveState')} ({found.get('SubState')}){since}")
    answer = answer_of(site)
    if answer.commit != releases.current.commit:
        message = (
            f"{site.url} answers with {(answer.commit or 'no commit')[:9]}, which is not the "
            "current release: check where the name leads, and what the unit runs."
        )
        raise NotHealthyError(message)
    as_what = f", as {answer.kind}" if answer.kind else ""
    show("answers", f"with {(answer.commit or '')[:7]}{as_what}")
    release_kind = kind_of(staging=releases.current.staging)
    if {kind, release_kind, answer.kind or kind} != {kind}:
        message = (
            f"{site.url} answers as {answer.kind or 'neither of the two kinds'}, its release was "
            f"deployed as {release_kind}, and its .env makes it {kind}: see docs/how-to/deploy.md, "
            '"Another kind".'
        )
        raise NotHealthyError(message)


def create_session(target: Target, email: str) -> None:
    """Log someone in on a staging site, and print only the session's key.

    Raises:
        DeploymentError: the site is not a staging site.
        ServerError: the server cannot be used.

    """
    _check_staging(target)
    write(_manage(target, ["create_session", "--", email]), end="")


def mark_as_staging(target: Target) -> None:
    """Let a person mark the database as one that may be emptied, by typing the site's name.

    Raises:
        DeploymentError: the site is not a staging site, or the name was not typed.
        ServerError: the server cannot be used.

    """
    _check_staging(target)
    command = ["virtualenv/bin/python", "manage.py", "mark_as_staging"]
    status, errors = _stream(target, command, target.site.folder, is_asked=True)
    if status != 0:
        raise DeploymentError(_reason(errors))


def _check_staging(target: Target) -> None:
    site = target.site
    current = parse(target.run(list_command(site), "/")).current
    is_staging = is_staging_environment(target.read(f"{site.folder}/.env"), site)
    if not is_staging or (current is not None and not current.staging):
        message = (
            f"{site.host} is not deployed as a {STAGING} server, so no one is logged in and "
            "nothing is marked there: name your staging server after -H."
        )
        raise DeploymentError(message)


def _manage(target: Target, arguments: Sequence[str]) -> str:
    try:
        return target.run(["virtualenv/bin/python", "manage.py", *arguments], target.site.folder)
    except ServerError as error:
        raise DeploymentError(_reason(str(error))) from None


def _reason(output: str) -> str:
    """Return the last sentence of manage.py."""
    return (
        output.strip().splitlines()[-1].rpartition("CommandError: ")[2]
        if output.strip()
        else output
    )


def _stream(
    target: Target, command: Sequence[str], folder: str, *, is_asked: bool = False
) -> tuple[int | None, str]:
    """Show the output of a command while it runs.

    Args:
        target: where it runs.
        command: the program and its arguments.
        folder: where it runs there.
        is_asked: whether the command asks the person here something.

    Returns:
        Its status, or None if a signal ended it, and its errors.

    """
    target.connect()
    program = target.start(command, folder)
    decoder = getincrementaldecoder("utf-8")(errors="replace")
    try:
        if is_asked:
            # Reading a terminal cannot be cancelled, and the program may end without an answer.
            threading.Thread(target=_pass_on_one_line, args=(program,), daemon=True).start()
        with waiting():
            for chunk in program.chunks():
                write(printable(decoder.decode(chunk)), end="")
                if output_failure():
                    # As in `fab … logs | head`: the reader has read enough.
                    return 0, ""
        status, _ = program.finish(_END)
    except ConnectionLostError as error:
        raise target.explained(command, folder, error) from None
    except KeyboardInterrupt:
        if is_asked:
            raise
        return 0, ""
    else:
        return status, program.errors()
    finally:
        program.close()


def _pass_on_one_line(program: Program) -> None:
    typed = os.read(sys.stdin.fileno(), _TYPED)
    with suppress(ConnectionLostError):
        program.write(typed)
        program.write_no_more()
