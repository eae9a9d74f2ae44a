"""The tasks that `fab -l` lists as rehearsal.…."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from invoke.context import Context
from invoke.exceptions import Exit
from invoke.tasks import task

from fabfile.errors import DeploymentError
from fabfile.progress import step, write
from fabfile.source import local_source
from fabfile.wheelhouse import ASK, parse, wheels_for
from testbeds.errors import MachineError, TestBedError
from testbeds.rehearsal.guest_files import CERTIFICATE, KEY
from testbeds.rehearsal.host import Rehearsal, kept_rehearsal, open_rehearsal
from testbeds.rehearsal.network import SITE_HOST
from testbeds.rehearsal.tester import USER

CANNOT = 77
"""The exit status of a check that was skipped (Automake's manual, "Scripts-based Testsuites")."""

SERVER = f"{USER}@{SITE_HOST}"


@task
def up(_context: Context) -> None:
    """Boot a server for experiments, and keep it until rehearsal.down."""
    with _one_sentence():
        if kept_rehearsal():
            write("The server is already running.")
        else:
            with open_rehearsal() as rehearsal:
                rehearsal.started.keep()
        write(
            "`fab rehearsal.shell` opens a shell that can reach the server: `ssh "
            f"{SITE_HOST}` (as root: `ssh root@{SITE_HOST}`), `fab -H {SERVER} provision "
            f"--certificate={CERTIFICATE} --key={KEY}`, `fab -H {SERVER} deploy "
            f"--staging={SITE_HOST} --wheelhouse`, `behave -D staging={SITE_HOST}`; "
            "`fab rehearsal.down` discards it."
        )


@task(help={"command": "a command to run instead of an interactive shell"})
def shell(_context: Context, command: str = "") -> None:
    """Open a shell that can reach the running server, and nothing else."""
    with _one_sentence():
        rehearsal = kept_rehearsal()
        if rehearsal is None:
            message = "No server is running: type `fab rehearsal.up` first."
            raise TestBedError(message)
        bring_wheels(rehearsal)
        words = ["-c", command] if command else []
        status = rehearsal.call("bash", *words, environment=rehearsal.site_environment)
    if status != 0:
        raise Exit(code=status)


@task
def down(_context: Context) -> None:
    """Discard the running server."""
    with _one_sentence():
        rehearsal = kept_rehearsal()
        if rehearsal:
            rehearsal.started.remove()
        else:
            write("No server is running.")


@task(help={"command": "a command to run instead of behave -D staging=…"})
def run(_context: Context, command: str = "") -> None:
    """Boot a server, provision it, deploy to it, run the suite against it, and discard it."""
    with _one_sentence():
        with open_rehearsal() as rehearsal:
            deploy_site(rehearsal)
            line = command or f"behave -D staging={SITE_HOST}"
            status = rehearsal.call("sh", "-c", line, environment=rehearsal.site_environment)
        result = "passed" if status == 0 else f"FAILED with status {status}"
        write(f"The rehearsal {result}: {line}")
    if status != 0:
        raise Exit(code=status)


def deploy_site(rehearsal: Rehearsal) -> None:
    """Set up a new staging server as the documentation describes.

    Raises:
        TestBedError: one of the tasks failed.
        DeploymentError: the site's packages cannot be downloaded.

    """
    _fab(rehearsal, "provision", f"--certificate={CERTIFICATE}", f"--key={KEY}")
    # From now on, Elspeth may only do what provisioning allows.
    rehearsal.ssh("rm /etc/sudoers.d/rehearsal")
    bring_wheels(rehearsal)
    _fab(rehearsal, "deploy", f"--staging={SITE_HOST}", "--wheelhouse")
    _fab(rehearsal, "mark-as-staging", typed=f"{SITE_HOST}\n")


def bring_wheels(rehearsal: Rehearsal) -> None:
    """Download the site's packages into the cache, outside of the rehearsal's network.

    Raises:
        DeploymentError: they cannot be downloaded.

    """
    with step("packages"):
        python = parse(rehearsal.ssh(f"python3 - <<'END'\n{ASK}END\n"))
        wheels_for(python, local_source().lock())


def _fab(rehearsal: Rehearsal, task_name: str, *arguments: str, typed: str = "") -> None:
    command = [sys.executable, "-m", "fabric", "-H", SERVER, task_name, *arguments]
    status = rehearsal.call(*command, environment=rehearsal.site_environment, typed=typed)
    if status != 0:
        message = f"`fab {task_name}` failed with status {status}."
        raise TestBedError(message)


@contextmanager
def _one_sentence() -> Iterator[None]:
    """Turn an error into one sentence and an exit status."""
    # SIGTERM ends this in the same orderly way as Ctrl-C.
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    except KeyboardInterrupt:
        raise Exit("Interrupted.", code=1) from None
    except MachineError as error:
        raise Exit(str(error), code=CANNOT) from None
    except (DeploymentError, TestBedError) as error:
        raise Exit(str(error), code=1) from None
    finally:
        signal.signal(signal.SIGTERM, before)
