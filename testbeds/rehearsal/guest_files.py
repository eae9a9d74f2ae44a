"""The files of one rehearsal's server, in addition to the image."""

import io
import tarfile
from pathlib import Path

from trustme import CA

from testbeds.keys import public_key
from testbeds.mail import MailAccounts, dovecot_users
from testbeds.rehearsal.network import HOSTS, MAIL_HOST, SITE_HOST
from testbeds.rehearsal.tester import USER

CERTIFICATE = "/etc/ssl/superlists/certificate.pem"
KEY = "/etc/ssl/superlists/key.pem"

_BUNDLE = "etc/ssl/certs/ca-certificates.crt"


class GuestFiles:
    """An archive of files without folders, so that the folders of the image stay unchanged."""

    def __init__(self, archive: tarfile.TarFile) -> None:
        self._archive = archive

    def add(self, path: str, content: bytes, mode: int = 0o644, owner: str = "root") -> None:
        """Add a file at an absolute path."""
        member = tarfile.TarInfo(path.lstrip("/"))
        member.size, member.mode = len(content), mode
        member.uname = member.gname = owner
        self._archive.addfile(member, io.BytesIO(content))


def write_guest_files(  # noqa: PLR0913 (each has its own source)
    file: Path, *, image: Path, authority: CA, mail: MailAccounts, host_key: Path, client_key: Path
) -> None:
    """Write an archive with the files of one server.

    Args:
        file: the file to write, which only root can read.
        image: the image to which the files are added.
        authority: the authority that issues the server's certificate, and that it trusts.
        mail: the accounts of its mail server.
        host_key: the file of its private ssh key; the public one is beside it.
        client_key: the file of the private key that logs in; the public one is beside it.

    """
    file.touch(mode=0o600)
    certificate = authority.issue_cert(SITE_HOST, MAIL_HOST)
    chain = b"".join(pem.bytes() for pem in certificate.cert_chain_pems)
    with tarfile.open(file, "w") as archive:
        files = GuestFiles(archive)
        # Debian's way to let a host resolve its own name, without which sudo complains.
        name = (image / "etc/hostname").read_text(encoding="utf-8")
        files.add("/etc/hosts", f"{HOSTS}127.0.1.1 {name}".encode())
        files.add(CERTIFICATE, chain)
        files.add(KEY, certificate.private_key_pem.bytes(), 0o600)
        trusted = (image / _BUNDLE).read_bytes() + authority.cert_pem.bytes()
        files.add(_BUNDLE, trusted)
        users = dovecot_users(
            {mail.submission_user: mail.submission_password, mail.user: mail.password}
        )
        files.add("/etc/dovecot/users", users.encode(), 0o640, "dovecot")
        files.add("/etc/ssh/ssh_host_ed25519_key", host_key.read_bytes(), 0o600)
        files.add("/etc/ssh/ssh_host_ed25519_key.pub", public_key(host_key).encode())
        keys = public_key(client_key).encode()
        files.add("/root/.ssh/authorized_keys", keys, 0o600)
        files.add(f"/home/{USER}/.ssh/authorized_keys", keys, 0o600, USER)
