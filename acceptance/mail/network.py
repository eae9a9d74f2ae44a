"""Why a mail server cannot be reached, in words."""

import socket
import ssl
from collections.abc import Mapping

from acceptance.mail.errors import MailboxError, NotNowError

PATIENCE = 10.0
"""How long a mail server may take for one answer, in seconds."""

# x509_vfy.h of OpenSSL: what X509_verify_cert() found.
_EXPIRED = 10
_NOT_YET_VALID = 9
_OTHER_NAMES = {62, 64}

_REASONS: Mapping[type[OSError], str] = {
    socket.gaierror: (
        "This machine does not know the host of {server}: correct the setting mailbox, or see"
        " whether this machine is online."
    ),
    ConnectionRefusedError: (
        "{server} refuses connections: see whether the mail server runs, and listens at that port."
    ),
    TimeoutError: (
        "{server} does not answer within {patience:g} s: see whether the mail server is well, and"
        " whether a firewall stands in between."
    ),
}


def explained(error: OSError, server: str, patience: float) -> MailboxError | NotNowError:
    """Say why talking to a server failed.

    Args:
        error: what happened.
        server: its name and port.
        patience: how long it was waited for, in seconds.

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
            f"{server} does not speak TLS: give a port where it does, which for POP3 mostly is 995."
        )
    return MailboxError(f"{server} cannot be reached ({error.strerror or error}).")


def _about_certificate(error: ssl.SSLCertVerificationError, server: str) -> str:
    certificate = f"The certificate of {server}"
    if error.verify_code == _EXPIRED:
        return f"{certificate} has expired: renew it there."
    if error.verify_code == _NOT_YET_VALID:
        return f"{certificate} is not valid yet: compare the clocks of both machines."
    if error.verify_code in _OTHER_NAMES:
        return f"{certificate} is for another host: give the mailbox the name that stands in it."
    return (
        f"{certificate} comes from nobody whom this machine trusts ({error.verify_message}): name "
        "the file with its authority's certificate in SSL_CERT_FILE, if you trust that."
    )
