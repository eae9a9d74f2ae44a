"""A web server in front of the site that asks for a user and a password, as for staging sites.

It is nginx with HTTP basic authentication (RFC 7617), and with redirects, as they are common in
front of sites.
"""

import base64
import hashlib
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from testbeds.loopback.deployed_site import SITE_NAME
from testbeds.loopback.host import LoopbackHost
from testbeds.loopback.server_process import reserved_port, running

USER = "edith@staging"

_CONFIGURATION = """\
daemon off;
{user}
pid {folder}/nginx.pid;
error_log stderr error;
events {{}}
http {{
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port} ssl;
        ssl_certificate {folder}/certificate.pem;
        ssl_certificate_key {folder}/key.pem;
        keepalive_timeout 60;
        auth_basic "Staging";
        auth_basic_user_file {folder}/users;
        {more}
        location / {{
            proxy_pass {site};
            proxy_set_header Host $http_host;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
        }}
    }}
    server {{
        listen 127.0.0.1:{plain_port};
        return 301 {redirect}$request_uri;
    }}
}}
"""


@dataclass(frozen=True)
class Shield:
    """The web server.

    Attributes:
        url: the address of the site behind it.
        plain_url: an http address that only redirects.
        user: the user that it accepts.
        password: the user's password.
        access_log: the log of requests, with their users.

    """

    url: str
    plain_url: str
    user: str
    password: str = field(repr=False)
    access_log: Path

    @property
    def environment(self) -> Mapping[str, str]:
        """The variables with which the suite gets through, besides those of the host."""
        return {
            "SUPERLISTS_STAGING": self.url,
            "SUPERLISTS_SITE_USER": self.user,
            "SUPERLISTS_SITE_PASSWORD": self.password,
        }


@contextmanager
def open_shield(
    host: LoopbackHost, folder: Path, *, more: str = "", redirect: str | None = None
) -> Iterator[Shield]:
    """Run it in front of a site during the block.

    Args:
        host: the host of the site.
        folder: an empty folder for its files.
        more: additional lines of configuration.
        redirect: the target of redirects from http, without a path; by default this server.

    Raises:
        TestBedError: nginx is missing or does not start.

    """
    # With characters that have to be encoded in an address.
    password = f"{secrets.token_urlsafe(9)}:/?#@ %é"
    certificate = host.authority.issue_cert(SITE_NAME)
    certificate.private_key_pem.write_to_path(folder / "key.pem")
    chain = b"".join(pem.bytes() for pem in certificate.cert_chain_pems)
    (folder / "certificate.pem").write_bytes(chain)
    # A password in plain text would end at its first colon for nginx.
    digest = base64.b64encode(hashlib.sha1(password.encode(), usedforsecurity=False).digest())
    (folder / "users").write_text(f"{USER}:{{SHA}}{digest.decode()}\n", encoding="utf-8")
    with reserved_port() as port, reserved_port() as plain_port:
        url = f"https://{SITE_NAME}:{port}"
        configuration = folder / "nginx.conf"
        configuration.write_text(
            _CONFIGURATION.format(
                user="user root;" if os.geteuid() == 0 else "",
                folder=folder,
                port=port,
                plain_port=plain_port,
                site=host.site.url,
                redirect=redirect or url,
                more=more,
            ),
            encoding="utf-8",
        )
        command = ["nginx", "-p", str(folder), "-c", str(configuration), "-e", "stderr"]
        with running(command, folder / "nginx.log", port):
            yield Shield(
                url,
                f"http://{SITE_NAME}:{plain_port}",
                USER,
                password,
                folder / "access.log",
            )
