import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from acceptance.browser.select import browser_on_its_way
from acceptance.configuration import Configuration
from testbeds.errors import TestBedError
from testbeds.keys import make_key
from testbeds.loopback.host import LoopbackHost, open_loopback

TIMEOUT = 30

OPEN_PAGE = "import sys, urllib.request; print(urllib.request.urlopen(sys.argv[1]).status)"


@pytest.fixture(scope="module")
def host() -> Iterator[LoopbackHost]:
    with open_loopback() as opened:
        yield opened


def ssh(host: LoopbackHost, *arguments: str) -> list[str]:
    """OpenSSH's own client, which reads its files from the user's home, regardless of HOME."""
    options = ("-F", str(host.tester.ssh_configuration), "-o", "BatchMode=yes")
    return ["ssh", *options, *arguments]


def run(
    command: list[str], environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=TIMEOUT,
    )


def test_the_ssh_client_finds_the_site_in_the_folder_of_a_deployed_one(host: LoopbackHost) -> None:
    manage = "cd ~/sites/localhost && exec virtualenv/bin/python manage.py"

    finished = run(ssh(host, "localhost", f"{manage} create_session edith@example.com"))

    assert (finished.returncode, finished.stderr) == (0, "")
    assert len(finished.stdout.strip()) == 32


def test_the_ssh_client_refuses_another_server_in_the_place_of_the_known_one(
    host: LoopbackHost,
) -> None:
    host.ssh.change_host_key()
    try:
        refused = run(ssh(host, "localhost", "true"))
    finally:
        host.tester.known_hosts.write_text(host.ssh.known_host, encoding="utf-8")

    assert refused.returncode == 255
    assert "REMOTE HOST IDENTIFICATION HAS CHANGED" in refused.stderr
    assert run(ssh(host, "localhost", "true")).returncode == 0


def test_connections_that_browsers_open_in_advance_keep_no_one_waiting(
    host: LoopbackHost,
) -> None:
    port = urlsplit(host.site.url).port
    with ExitStack() as unused:
        for _ in range(30):
            unused.enter_context(socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT))
        opened = run(
            [sys.executable, "-c", OPEN_PAGE, host.site.url],
            {**os.environ, **host.tester.environment},
        )

    assert opened.stdout == "200\n"


def test_only_its_key_opens_the_server(host: LoopbackHost, tmp_path: Path) -> None:
    stranger = tmp_path / "key"
    make_key(stranger)
    host.tester.use_key(host.ssh, stranger)
    before = host.ssh.logins()
    try:
        # More often than newer OpenSSH servers tolerate by default.
        refused = [run(ssh(host, "localhost", "true")) for _ in range(5)]
    finally:
        host.tester.use_key(host.ssh, host.ssh.client_key)

    assert {each.returncode for each in refused} == {255}
    assert all("Permission denied (publickey)" in each.stderr for each in refused)
    assert host.ssh.logins() == before
    assert run(ssh(host, "localhost", "true")).returncode == 0
    assert host.ssh.logins() == before + 1


def test_connections_can_be_cut_and_reopened(host: LoopbackHost) -> None:
    with subprocess.Popen(  # noqa: S603
        ssh(host, "localhost", "echo started; exec cat"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as connected:
        assert connected.stdout
        assert connected.stdout.readline() == b"started\n"

        host.ssh.cut_connections()

        assert connected.wait(TIMEOUT) == 255
    assert run(ssh(host, "localhost", "true")).returncode == 0


def test_the_ssh_server_can_stop_and_start_on_its_port(host: LoopbackHost) -> None:
    host.ssh.stop()
    try:
        refused = run(ssh(host, "localhost", "true"))
    finally:
        host.ssh.start("ForceCommand echo forced")

    assert "Connection refused" in refused.stderr
    assert run(ssh(host, "localhost", "true")).stdout == "forced\n"
    host.ssh.stop()
    host.ssh.start()
    assert run(ssh(host, "localhost", "true")).stdout == ""


def test_python_opens_the_site_if_it_trusts_the_authority(host: LoopbackHost) -> None:
    command = [sys.executable, "-c", OPEN_PAGE, host.site.url]

    trusting = run(command, {**os.environ, **host.tester.environment})
    wary = run(command)

    assert trusting.stdout == "200\n"
    assert "CERTIFICATE_VERIFY_FAILED" in wary.stderr


def test_chromium_opens_the_site_if_it_trusts_the_authority(
    host: LoopbackHost, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def open_site() -> str:
        with browser_on_its_way(Configuration(timeout=TIMEOUT)) as when_ready:
            session = when_ready().session()
            session.open(host.site.url)
            return session.title

    monkeypatch.setenv("HOME", host.tester.environment["HOME"])
    assert "To-Do" in open_site()
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(AssertionError, match="ERR_CERT_AUTHORITY_INVALID"):
        open_site()


def test_a_value_survives_the_env_file_unchanged(host: LoopbackHost) -> None:
    awkward = """sesame's "$HOME" \\n = # `open`\\"""
    host.site.write_environment({**host.site.environment, "EMAIL_PASSWORD": awkward})
    try:
        shown = host.site.manage(
            "shell",
            "--verbosity=0",
            "--command=from django.conf import settings; print(settings.EMAIL_HOST_PASSWORD)",
        )
    finally:
        host.site.write_environment(host.site.environment)

    assert shown == f"{awkward}\n"


def test_a_site_that_cannot_start_reports_the_reason_and_can_start_again(
    host: LoopbackHost,
) -> None:
    with pytest.raises(TestBedError, match="DJANGO_SECRET_KEY is missing"):
        host.site.restart(DJANGO_SECRET_KEY=None)

    host.site.restart()

    command = [sys.executable, "-c", OPEN_PAGE, host.site.url]
    assert run(command, {**os.environ, **host.tester.environment}).stdout == "200\n"


def test_only_its_servers_get_a_reserved_port(host: LoopbackHost) -> None:
    host.ssh.stop()
    try:
        with socket.socket() as stranger, pytest.raises(OSError, match="Address already in use"):
            stranger.bind(("127.0.0.1", host.ssh.port))
    finally:
        host.ssh.start()
