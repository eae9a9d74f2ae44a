"""Explain why a mail server cannot be reached."""

import socket
import ssl
from collections.abc import Mapping

from acceptance.mail.errors import MailboxError, NotNowError

PATIENCE = 10.0
"""How long a mail server may take for one answer, in seconds."""

# x509_vfy.h of OpenSSL: results of X509_verify_cert().
_EXPIRED = 10
_NOT_YET_VALID = 9
_OTHER_NAMES = {62, 64}

_REASONS: Mapping[type[OSError], str] = {
    socket.gaierror: (
        "This machine cannot resolve the host of {server}: correct the setting mailbox, or check"
        " that this machine is online."
    ),
    ConnectionRefusedError: (
        "{server} refuses connections: check that the mail server is running at that port."
    ),
    TimeoutError: (
        "{server} does not answer within {patience:g} s: check that the mail server works, and"
        " that no firewall is in between."
    ),
}


def explained(error: OSError, server: str, patience: float) -> MailboxError | NotNowError:
    """Return the error that explains a failed connection to a server.

    Args:
        error: the original error.
        server: its name and port.
        patience: the timeout, in seconds.

    """
    if isinstance(error, ssl.SSLCertVerificationError):
        return MailboxError(_about_certificate(error, server))
    for kind, reason in _REASONS.items():
        if isinstance(error, kind):
            return MailboxError(reason.format(server=server, patience=patience))
    if isinstance(error, ssl.SSLEOFError | ConnectionError):
        return NotNowError(f"{server} closed the connection.")
    if isinstance(error, ssl.SSLError):
        return MailboxError(
            f"{server} does not use TLS: give the port for TLS, which is usually 995 for POP3."
        )
    return MailboxError(f"{server} cannot be reached ({error.strerror or error}).")


def _about_certificate(error: ssl.SSLCertVerificationError, server: str) -> str:
    certificate = f"The certificate of {server}"
    if error.verify_code == _EXPIRED:
        return f"{certificate} has expired: renew it there."
    if error.verify_code == _NOT_YET_VALID:
        return f"{certificate} is not valid yet: compare the clocks of both machines."
    if error.verify_code in _OTHER_NAMES:
        return f"{certificate} is for another host: use the name in it for the mailbox."
    return (
        f"{certificate} is not trusted by this machine ({error.verify_message}): name the file "
        "with its authority's certificate in SSL_CERT_FILE, if you trust that authority."
    )
