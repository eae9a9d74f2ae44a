"""The tasks: what `fab -l` lists as rehearsal.…."""

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
"""What a check ends with that could not be made (Automake's manual, "Scripts-based Testsuites")."""

SERVER = f"{USER}@{SITE_HOST}"


@task
def up(_context: Context) -> None:
    """Boot a server to try things on, and keep it until rehearsal.down."""
    with _one_sentence():
        if kept_rehearsal():
            write("It is up already.")
        else:
            with open_rehearsal() as rehearsal:
                rehearsal.started.keep()
        write(
            "`fab rehearsal.shell` opens a shell from which the server is reached: `ssh "
            f"{SITE_HOST}` (as root: `ssh root@{SITE_HOST}`), `fab -H {SERVER} provision "
            f"--certificate={CERTIFICATE} --key={KEY}`, `fab -H {SERVER} deploy "
            f"--staging={SITE_HOST} --wheelhouse`, `behave -D staging={SITE_HOST}`; "
            "`fab rehearsal.down` throws it away."
        )


@task(help={"command": "a line for the shell to run, instead of one that asks what to do"})
def shell(_context: Context, command: str = "") -> None:
    """Open a shell from which the server that is kept is reached, and nothing else."""
    with _one_sentence():
        rehearsal = kept_rehearsal()
        if rehearsal is None:
            message = "No server is kept: type `fab rehearsal.up` first."
            raise TestBedError(message)
        bring_wheels(rehearsal)
        words = ["-c", command] if command else []
        status = rehearsal.call("bash", *words, environment=rehearsal.site_environment)
    if status != 0:
        raise Exit(code=status)


@task
def down(_context: Context) -> None:
    """Throw the server away that is kept."""
    with _one_sentence():
        rehearsal = kept_rehearsal()
        if rehearsal:
            rehearsal.started.remove()
        else:
            write("No server is kept.")


@task(help={"command": "a line for the shell to run, instead of behave -D staging=…"})
def run(_context: Context, command: str = "") -> None:
    """Boot a server, provision it, deploy to it, run the suite against it, and throw it away."""
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
    """Do with a new staging server what the documentation describes.

    Raises:
        TestBedError: one of the tasks failed.
        DeploymentError: the site's packages cannot be had.

    """
    _fab(rehearsal, "provision", f"--certificate={CERTIFICATE}", f"--key={KEY}")
    # From here on Elspeth may do what provision let her do, and no more.
    rehearsal.ssh("rm /etc/sudoers.d/rehearsal")
    bring_wheels(rehearsal)
    _fab(rehearsal, "deploy", f"--staging={SITE_HOST}", "--wheelhouse")
    _fab(rehearsal, "mark-as-staging", typed=f"{SITE_HOST}\n")


def bring_wheels(rehearsal: Rehearsal) -> None:
    """Download the site's packages into the cache, from where a package index is reached.

    Raises:
        DeploymentError: they cannot be had.

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
    """End the task with the sentence that says why, and the status that says what for."""
    # End in an orderly way at SIGTERM, too, as at Ctrl-C.
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    except KeyboardInterrupt:
        raise Exit("Ended, because you asked to.", code=1) from None
    except MachineError as error:
        raise Exit(str(error), code=CANNOT) from None
    except (DeploymentError, TestBedError) as error:
        raise Exit(str(error), code=1) from None
    finally:
        signal.signal(signal.SIGTERM, before)
