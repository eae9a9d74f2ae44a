"""The site as it is deployed: its folder, its .env, and gunicorn with TLS."""

import os
import secrets
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

from trustme import CA, LeafCert

from superlists.release import deployed_commit
from testbeds import ROOT
from testbeds.deployed_files import copy_deployed_files
from testbeds.errors import TestBedError
from testbeds.loopback.mail_server import MailServer
from testbeds.loopback.server_process import reserved_port, running

SITE_NAME = "localhost"

_COMMAND_TIMEOUT = 60


class DeployedSite:
    """A site that gunicorn serves.

    Attributes:
        folder: its folder, with the same layout as on a server.
        url: the address of its home page.
        log: the file that the site logs to.

    """

    def __init__(self, home: Path, port: int, authority: CA, mail: MailServer) -> None:
        """Set the site up in `home`, with a database that is marked for tests."""
        self.folder = home / "sites" / SITE_NAME
        self.log = self.folder / "gunicorn.log"
        self.url = f"https://{SITE_NAME}:{port}"
        self._port = port
        self._running = ExitStack()
        self._trust = ssl.create_default_context()
        authority.configure_trust(self._trust)
        self._tls = home / "tls"
        self._lay_out()
        self._tls.mkdir(mode=0o700)
        authority.cert_pem.write_to_path(self._tls / "authority.pem")
        self.use_certificate(authority.issue_cert(SITE_NAME))
        self.environment = {
            "DJANGO_DEBUG_FALSE": "y",
            "SITENAME": SITE_NAME,
            "DJANGO_SECRET_KEY": secrets.token_urlsafe(50),
            "STAGING": "y",
            **mail.for_the_site,
            # The certificate of its mail server comes from an authority that only this host knows.
            "SSL_CERT_FILE": str(self._tls / "authority.pem"),
        }
        self.write_environment(self.environment)
        with ThreadPoolExecutor() as meanwhile:
            static_files = meanwhile.submit(
                self.manage, "collectstatic", "--verbosity=0", "--noinput"
            )
            self.manage("migrate", "--verbosity=0")
            self.manage("mark_as_staging", typed=f"{SITE_NAME}\n")
            static_files.result()

    def write_environment(self, variables: Mapping[str, str]) -> None:
        """Write the site's .env."""
        lines = (f"{name}={_quoted(value)}\n" for name, value in variables.items())
        file = self.folder / ".env"
        file.touch(mode=0o600)
        file.write_text("".join(lines), encoding="utf-8")

    def manage(self, *arguments: str, typed: str = "") -> str:
        """Run a command of manage.py as a person would on the server, and return its output.

        Raises:
            CalledProcessError: it failed.

        """
        try:
            return subprocess.run(  # noqa: S603
                [str(self.folder / "virtualenv/bin/python"), "manage.py", *arguments],
                cwd=self.folder,
                env=_bare_environment(),
                input=typed,
                capture_output=True,
                text=True,
                check=True,
                timeout=_COMMAND_TIMEOUT,
            ).stdout
        except subprocess.CalledProcessError as error:
            error.add_note(error.stderr)
            raise

    def start(self) -> None:
        """Start gunicorn."""
        command = [
            str(self.folder / "virtualenv/bin/gunicorn"),
            f"--bind=127.0.0.1:{self._port}",
            f"--certfile={self._tls / 'certificate.pem'}",
            f"--keyfile={self._tls / 'key.pem'}",
            # Browsers then keep their connection, with one TLS handshake instead of one per file.
            "--worker-class=gthread",
            # A connection that a browser opens in advance occupies a thread until it is used, and
            # a browser opens up to six for each person. Behind nginx, as on servers, none does.
            "--threads=64",
            "--keep-alive=60",
            "--no-control-socket",
            "superlists.wsgi",
        ]
        self._running.enter_context(
            running(command, self.log, self._port, environment=_bare_environment())
        )
        self._wait_until_it_greets()

    def stop(self) -> None:
        """Stop gunicorn."""
        self._running.close()

    def restart(self, **changes: str | None) -> None:
        """Restart gunicorn with some variables of its .env changed, or removed if None."""
        self.stop()
        changed = {**self.environment, **changes}
        self.write_environment({k: value for k, value in changed.items() if value is not None})
        self.start()

    def _wait_until_it_greets(self) -> None:
        # gunicorn listens before it loads the site, but only answers once that is done.
        address = ("127.0.0.1", self._port)
        try:
            with socket.create_connection(address, timeout=_COMMAND_TIMEOUT) as connection:
                self._trust.wrap_socket(connection, server_hostname=SITE_NAME).close()
        except ssl.SSLCertVerificationError:
            # It answers with a certificate that a test made to be refused.
            pass
        except OSError:
            output = self.log.read_text(encoding="utf-8", errors="replace").strip()
            message = f"gunicorn does not serve the site; it printed: {output or 'nothing'}"
            raise TestBedError(message) from None

    def _lay_out(self) -> None:
        copy_deployed_files(self.folder)
        (self.folder / "virtualenv").symlink_to(sys.prefix)
        commit = deployed_commit(ROOT)
        if commit:
            (self.folder / "COMMIT").write_text(f"{commit}\n", encoding="ascii")

    def use_certificate(self, certificate: LeafCert) -> None:
        """Use another certificate from the next start on."""
        certificate.private_key_pem.write_to_path(self._tls / "key.pem")
        chain = b"".join(pem.bytes() for pem in certificate.cert_chain_pems)
        (self._tls / "certificate.pem").write_bytes(chain)


@contextmanager
def open_deployed_site(home: Path, authority: CA, mail: MailServer) -> Iterator[DeployedSite]:
    """Serve a site in `home` that sends its emails through `mail`."""
    with reserved_port() as port:
        site = DeployedSite(home, port, authority, mail)
        try:
            site.start()
            yield site
        finally:
            site.stop()


def _quoted(value: str) -> str:
    """Quote a value for python-dotenv, whose quoting differs from that of a shell."""
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _bare_environment() -> Mapping[str, str]:
    """Return the environment of a server's processes before they read .env."""
    return {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
