"""The tasks that `fab -l` lists."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from difflib import SequenceMatcher

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from fabric import Connection, task
from invoke.exceptions import Exit

from acceptance.hosts.errors import ServerError
from acceptance.hosts.secrets import secrets_of
from fabfile import deployment, provisioning, watching
from fabfile.errors import DeploymentError
from fabfile.interruption import InterruptedTaskError, orderly_ending
from fabfile.progress import output_failure
from fabfile.source import local_source
from fabfile.target import target_of

_MISSPELT = 0.9
"""How similar a name and a misspelling of it are, from 0 to 1."""
_SIGNALLED = 128
"""The number that shells add to that of the signal that ended a program."""


@task(
    help={
        "dry": "show what would change, and change nothing",
        "certificate": "the certificate with its chain, on the server; by default certbot's",
        "key": "the certificate's private key, on the server; by default certbot's",
    }
)
def provision(
    c: Connection,
    dry: bool = False,  # noqa: FBT001, FBT002 (how invoke knows that it is a flag)
    certificate: str = "",
    key: str = "",
) -> None:
    """Make a server ready for a site; only this task needs full sudo there."""
    with _one_sentence():
        target = target_of(c)
        paths = provisioning.certificate_for(target.site.host, certificate, key)
        provisioning.provision(target, paths, dry=dry)


@task(
    help={
        "staging": "the host again, if it is a staging server, which the suite may empty",
        "wheelhouse": "upload the packages, for a server that reaches no package index",
        "dry": "show what would be done, and change nothing",
    }
)
def deploy(
    c: Connection,
    staging: str | None = None,
    wheelhouse: bool = False,  # noqa: FBT001, FBT002
    dry: bool = False,  # noqa: FBT001, FBT002
) -> None:
    """Deploy the commit that is checked out here, as production without --staging=HOST."""
    with _one_sentence():
        target = target_of(c)
        if staging == "":
            message = f"--staging= names no host: write it, as in --staging={c.original_host}."
            raise DeploymentError(message)
        if staging not in (None, c.original_host):
            # A name that is not similar is another server's, which may be production.
            alike = SequenceMatcher(None, staging, c.original_host).ratio() > _MISSPELT
            message = (
                f"--staging={staging} is not the host that you deploy to: did you mean "
                f"--staging={c.original_host}?"
                if alike
                else f"--staging={staging} and -H {c.original_host} name two servers: name the one "
                "that you mean in both places."
            )
            raise DeploymentError(message)
        source = local_source()
        is_staging = staging is not None
        deployment.deploy(target, source, staging=is_staging, wheelhouse=wheelhouse, dry=dry)


@task
def rollback(c: Connection) -> None:
    """Go back to the previous release; the database stays as it is."""
    with _one_sentence():
        deployment.roll_back(target_of(c))


@task(
    help={
        "since": "a time that journalctl accepts, such as '1 hour ago'; by default the last lines",
        "follow": "keep showing new lines until Ctrl-C",
    }
)
def logs(
    c: Connection,
    since: str = "",
    follow: bool = False,  # noqa: FBT001, FBT002
) -> None:
    """Show the site's log."""
    with _one_sentence():
        watching.show_logs(target_of(c), since, follow=follow)


@task
def status(c: Connection) -> None:
    """Show which release serves, and whether it answers."""
    with _one_sentence():
        watching.show_status(target_of(c))


@task(help={"email": "an email address; a new person is created"})
def create_session(c: Connection, email: str) -> None:
    """Log someone in on a staging server, and print the key of their session."""
    with _one_sentence():
        try:
            EmailValidator()(email)
        except ValidationError:
            message = f"{email!r} is not an email address: type one, such as edith@example.com."
            raise DeploymentError(message) from None
        watching.create_session(target_of(c), email)


@task
def mark_as_staging(c: Connection) -> None:
    """Mark a staging server's database as one that may be emptied; you type the site's name."""
    with _one_sentence():
        watching.mark_as_staging(target_of(c))


@contextmanager
def _one_sentence() -> Iterator[None]:
    """Turn an error into one sentence and exit status 1.

    A signal ends the task only where nothing is left half done, with the status of shells for it.
    """
    try:
        with orderly_ending():
            yield
    except InterruptedTaskError as interruption:
        message = (
            f"{interruption.number.name} ended the task; `fab … status` shows which release serves."
        )
        raise Exit(message, code=_SIGNALLED + interruption.number) from None
    except (DeploymentError, ServerError) as error:
        sentence = secrets_of(os.environ, ["superlists"]).hidden_in(str(error))
        ended = sentence.endswith((".", "!", "?"))
        raise Exit(sentence if ended else f"{sentence}.", code=1) from None
    if failure := output_failure():
        message = f"The task has succeeded, but not all of its output could be shown ({failure})."
        raise Exit(message, code=1)
