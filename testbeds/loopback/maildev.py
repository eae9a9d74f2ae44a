"""MailDev on loopback, which accepts all emails and serves them over HTTP."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from testbeds import ROOT
from testbeds.loopback.server_process import reserved_port, running

PROGRAM = ROOT / "setup/maildev/node_modules/.bin/maildev"


@dataclass(frozen=True, kw_only=True)
class MailDev:
    """A running MailDev.

    Attributes:
        smtp_port: its SMTP port on loopback, without encryption or a login.
        url: the address of its page, without a slash at its end.

    """

    smtp_port: int
    url: str


@contextmanager
def open_maildev(*options: str, program: Path = PROGRAM) -> Iterator[MailDev]:
    """Run a MailDev.

    Args:
        options: additional options, such as `--web-user`, `site`.
        program: the MailDev to run; by default the one that setup/maildev installs.

    Raises:
        TestBedError: it is not installed or does not start.

    """
    folder = Path(tempfile.mkdtemp(prefix="maildev-"))
    try:
        with reserved_port() as smtp_port, reserved_port() as web_port:
            loopback = ("--ip", "127.0.0.1", "--web-ip", "127.0.0.1")
            ports = ("--smtp", str(smtp_port), "--web", str(web_port))
            mails = ("--mail-directory", str(folder))
            command = [str(program), *loopback, *ports, *mails, *options]
            with running(command, folder / "maildev.log", web_port):
                yield MailDev(smtp_port=smtp_port, url=f"http://127.0.0.1:{web_port}")
    finally:
        shutil.rmtree(folder)
