"""An unprivileged dovecot with one mailbox: POP3 over TLS to read it, LMTP to fill it."""

import grp
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from trustme import LeafCert

from testbeds.commands import find_program
from testbeds.loopback.server_process import START, reserved_port, running
from testbeds.mail import dovecot_users

USER = "superlists"

# The settings with the same names in both versions. All services run as one user, without chroot,
# which only root could use.
_CONFIGURATION = """\
{of_version}
protocols = pop3 lmtp
base_dir = {folder}/run
log_path = /dev/stderr
listen = 127.0.0.1
default_internal_user = {system_user}
default_internal_group = {system_group}
default_login_user = {system_user}
first_valid_uid = 1
ssl = required
recipient_delimiter = +
auth_failure_delay = 0
service anvil {{
  chroot =
  # Without this, the login after a wrong password would take seconds.
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
service pop3-login {{
  chroot =
  # One process for all connections, started before the first of them.
  {one_for_all}
  process_min_avail = 1
  inet_listener pop3 {{
    port = 0
  }}
  inet_listener pop3s {{
    port = {port}
    ssl = yes
  }}
}}
service lmtp {{
  unix_listener {folder}/lmtp {{
    mode = 0600
  }}
}}
"""

# Debian 12 has 2.3, Debian 13 has 2.4.
_OF_2_3 = """\
ssl_cert = <{folder}/certificate.pem
ssl_key = <{folder}/key.pem
mail_location = maildir:{folder}/mail
auth_username_format = %Ln
passdb {{
  driver = passwd-file
  args = {folder}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home
}}"""

_OF_2_4 = """\
dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
ssl_server_cert_file = {folder}/certificate.pem
ssl_server_key_file = {folder}/key.pem
mail_driver = maildir
mail_path = {folder}/mail
auth_username_format = %{{user | username | lower}}
passdb passwd-file {{
  passwd_file_path = {folder}/users
}}
userdb static {{
  fields {{
    uid = {uid}
    gid = {gid}
    home = {folder}/home
  }}
}}"""


@dataclass(frozen=True, kw_only=True)
class Dovecot:
    """A running dovecot.

    Attributes:
        port: its port of POP3 over TLS on loopback.
        lmtp: the socket at which it accepts emails for `user`, with or without `+detail`.
        user: the only user.
        password: the user's password.
        maildir: the folder with the user's emails.

    """

    port: int
    lmtp: Path
    user: str
    password: str = field(repr=False)
    maildir: Path


@contextmanager
def open_dovecot(certificate: LeafCert) -> Iterator[Dovecot]:
    """Run a dovecot in a new folder, which is deleted afterwards.

    Raises:
        TestBedError: dovecot is missing or does not start.

    """
    # Not in a folder of the caller: the user of dovecot needs access to it, and the path of a
    # socket may have 107 characters at most (unix(7)).
    folder = Path(tempfile.mkdtemp(prefix="dovecot-"))
    try:
        password = secrets.token_urlsafe()
        with reserved_port() as port:
            _set_up(folder, certificate, password, port)
            command = ["dovecot", "-F", "-c", str(folder / "dovecot.conf")]
            with running(command, folder / "dovecot.log", port, as_nobody=_is_root()):
                yield Dovecot(
                    port=port,
                    lmtp=folder / "lmtp",
                    user=USER,
                    password=password,
                    maildir=folder / "mail",
                )
    finally:
        shutil.rmtree(folder)


def _is_root() -> bool:
    return os.geteuid() == 0


def _set_up(folder: Path, certificate: LeafCert, password: str, port: int) -> None:
    # dovecot refuses to run services as root.
    account = pwd.getpwnam("nobody") if _is_root() else pwd.getpwuid(os.getuid())
    (folder / "mail").mkdir()
    for part in ("new", "cur", "tmp"):
        (folder / "mail" / part).mkdir()
    certificate.private_key_pem.write_to_path(folder / "key.pem")
    for pem in certificate.cert_chain_pems:
        pem.write_to_path(folder / "certificate.pem", append=True)
    (folder / "users").write_text(dovecot_users({USER: password}), encoding="utf-8")
    (folder / "dovecot.conf").write_text(
        _configuration(_version(), folder, port, account), encoding="utf-8"
    )
    for path in (folder, *folder.rglob("*")):
        os.chown(path, account.pw_uid, account.pw_gid)


def _configuration(
    version: tuple[int, ...], folder: Path, port: int, account: pwd.struct_passwd
) -> str:
    """Return the configuration of a dovecot of this version that runs as `account`."""
    is_2_4 = version >= (2, 4)
    of_version = (_OF_2_4 if is_2_4 else _OF_2_3).format(
        folder=folder, uid=account.pw_uid, gid=account.pw_gid
    )
    return _CONFIGURATION.format(
        of_version=of_version,
        one_for_all="restart_request_count = unlimited" if is_2_4 else "service_count = 0",
        folder=folder,
        port=port,
        system_user=account.pw_name,
        system_group=grp.getgrgid(account.pw_gid).gr_name,
    )


def _version() -> tuple[int, ...]:
    run = subprocess.run(  # noqa: S603
        [find_program("dovecot"), "--version"],
        capture_output=True,
        text=True,
        timeout=START,
        check=True,
    )
    # Such as "2.3.19.1 (9b53102964)" or, on Debian 13, "2.4.1-4 (7d8c0e5759)".
    return tuple(map(int, run.stdout.split()[0].split("-")[0].split(".")))
