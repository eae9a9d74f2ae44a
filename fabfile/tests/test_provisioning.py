"""Provisioning a server that has just been installed."""

import re
from collections.abc import Iterator

import pytest

from fabfile import provisioning
from fabfile.tests.rehearsed_site import FOLDER, PROVISION, UNIT, Checkout, RehearsedSite
from testbeds import ROOT
from testbeds.errors import MachineError, TestBedError
from testbeds.rehearsal import machine
from testbeds.rehearsal.guest_files import KEY
from testbeds.rehearsal.host import open_rehearsal
from testbeds.rehearsal.network import SITE_HOST
from testbeds.rehearsal.tester import USER

NGINX = f"/etc/nginx/sites-available/{SITE_HOST}"

# Everything that provisioning could change, with the time of each change.
FINGERPRINT = (
    "find /etc /home /usr/bin /usr/sbin -printf '%p %M %u:%g %l %C@\\n' | sort; "
    "systemctl show nginx --property=MainPID"
)

REDIRECT = f"""\
import http.client
connection = http.client.HTTPConnection("{SITE_HOST}", timeout=20)
connection.request("GET", "/lists/?a=b")
answer = connection.getresponse()
print(answer.status, answer.headers["Location"])
"""


# As any browser or scanner might ask, whatever host it names.
ANSWER_OVER_HTTP = f"""\
import socket
with socket.create_connection(("{SITE_HOST}", 80), 20) as connection:
    connection.sendall(b"GET /nothing HTTP/1.0\\r\\nHost: {{host}}\\r\\n\\r\\n")
    answer = b""
    while chunk := connection.recv(65536):
        answer += chunk
print(answer.decode().replace("\\r", ""))
"""

HANDSHAKE = """\
import socket, ssl
context = ssl.create_default_context()
context.maximum_version = ssl.TLSVersion.TLSv1_2
context.set_ciphers("{cipher}:@SECLEVEL=0")
with socket.create_connection(("{host}", 443), 20) as connection:
    try:
        with context.wrap_socket(connection, server_hostname="{host}"):
            print("taken")
    except ssl.SSLError as error:
        print(error)
"""

MOST_EXPOSURE = 1.5
"""Out of 10; without a sandbox, systemd 252 reports 8.5."""


@pytest.fixture(scope="module", autouse=True)
def able_machine() -> None:
    try:
        machine.check()
    except MachineError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def new_server() -> Iterator[RehearsedSite]:
    """A server that is not provisioned yet."""
    with open_rehearsal() as rehearsal:
        yield RehearsedSite(rehearsal, Checkout(ROOT))


@pytest.fixture(scope="module")
def dry_run(new_server: RehearsedSite) -> tuple[str, str, str]:
    """The output of a dry run, and everything that it could have changed, before and after."""
    before = new_server.ssh(FINGERPRINT)
    output = new_server.expect_success(new_server.fab(*PROVISION, "--dry"))
    return output, before, new_server.ssh(FINGERPRINT)


@pytest.fixture(scope="module")
def server(new_server: RehearsedSite, dry_run: tuple[str, str, str]) -> RehearsedSite:
    """A server that is provisioned, and lets Elspeth use sudo as before."""
    new_server.expect_success(new_server.fab(*PROVISION))
    return new_server


def test_a_dry_run_shows_what_would_change_and_changes_nothing(
    dry_run: tuple[str, str, str],
) -> None:
    output, before, after = dry_run

    assert f"+{USER} ALL=(root) NOPASSWD: /usr/bin/systemctl restart {UNIT}\n" in output
    assert "+    listen 443 ssl;\n" in output
    assert "+Type=notify\n" in output
    assert f"would          let {USER} read the journal\n" in output
    assert "things that would change: 8; nothing has changed" in output
    assert after == before


# Comes before any test that uses the fixture `server`, which provisions.
def test_deploying_before_provisioning_is_refused(new_server: RehearsedSite) -> None:
    refused = new_server.fab(*new_server.deployment)

    assert refused.status == 1
    assert refused.last_line.startswith(f"{SITE_HOST} is not ready for a site: type `fab -H ")


def test_provisioning_again_changes_nothing(server: RehearsedSite) -> None:
    before = server.ssh(FINGERPRINT)

    again = server.fab(*PROVISION)
    dry = server.fab(*PROVISION, "--dry")

    assert again.status == dry.status == 0
    assert "changes made: none" in again.output
    assert "things that would change: 0; nothing has changed" in dry.output
    assert server.ssh(FINGERPRINT) == before


def test_changes_by_hand_are_shown_and_reverted(server: RehearsedSite) -> None:
    before = server.ssh(f"cat {NGINX}")
    server.ssh(f"sed -i 's/client_max_body_size 64k/client_max_body_size 1g/' {NGINX}")

    provisioned = server.fab(*PROVISION)

    assert "-    client_max_body_size 1g;\n+    client_max_body_size 64k;\n" in provisioned.output
    assert "changes made: 1" in provisioned.output
    assert server.ssh(f"cat {NGINX}") == before


def test_a_configuration_that_nginx_refuses_is_reverted(server: RehearsedSite) -> None:
    before = server.ssh(f"cat {NGINX}")

    refused = server.fab("provision", "--certificate=/etc/hostname", f"--key={KEY}")

    assert refused.status == 1
    assert refused.last_line.startswith(
        "nginx refuses the site, and keeps its old configuration"
        ' (cannot load certificate "/etc/hostname": '
    )
    assert server.ssh(f"cat {NGINX}") == before
    server.ssh("nginx -t -q && systemctl reload nginx")


def test_a_missing_certificate_is_named(server: RehearsedSite) -> None:
    refused = server.fab("provision")

    assert refused.status == 1
    expected = f"There is no /etc/letsencrypt/live/{SITE_HOST}/fullchain.pem on {SITE_HOST}: "
    assert refused.last_line.startswith(expected)


def test_http_redirects_to_https(server: RehearsedSite) -> None:
    assert server.tester_runs(REDIRECT) == f"301 https://{SITE_HOST}/lists/?a=b\n"


def test_no_server_shows_its_nginx_version(server: RehearsedSite) -> None:
    for host in (SITE_HOST, "another.test", "a b"):
        output = server.tester_runs(ANSWER_OVER_HTTP.format(host=host))
        assert "Server: nginx\n" in output, output
        assert "nginx/" not in output


@pytest.mark.parametrize(
    ("cipher", "is_taken"),
    [
        ("ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256", True),
        ("AES128-SHA", False),
        ("AES128-GCM-SHA256", False),
        ("ECDHE-ECDSA-AES128-SHA:ECDHE-RSA-AES128-SHA", False),
        ("ECDHE-ECDSA-AES256-SHA384:ECDHE-RSA-AES256-SHA384", False),
    ],
)
def test_only_ciphers_with_forward_secrecy_are_accepted(
    server: RehearsedSite, cipher: str, *, is_taken: bool
) -> None:
    output = server.tester_runs(HANDSHAKE.format(host=SITE_HOST, cipher=cipher))

    assert (output == "taken\n") == is_taken, output


def test_the_unit_is_sandboxed(server: RehearsedSite) -> None:
    output = server.ssh(f"systemd-analyze security --no-pager {UNIT}")

    exposure = re.search(r"exposure level for \S+: (\S+)", output)
    assert exposure
    assert float(exposure[1]) <= MOST_EXPOSURE


def test_provisioning_waits_for_another_apt_and_names_it(server: RehearsedSite) -> None:
    hold = (
        "import fcntl, time; file = open('/var/lib/dpkg/lock-frontend', 'w'); "
        "fcntl.lockf(file, fcntl.LOCK_EX); print('held', flush=True); time.sleep(600)"
    )
    server.ssh(f'nohup python3 -c "{hold}" >/root/holding 2>&1 & echo $! >/root/holder')
    server.ssh("timeout 20 sh -c 'until grep -q held /root/holding; do sleep 0.1; done'")
    locks = " ".join(provisioning._APT_LOCKS)
    wait = f"python3 -I - 1 {locks} <<'END'\n{provisioning._WAIT_FOR_APT}END\n"
    try:
        output = server.ssh(wait)
    finally:
        server.ssh("kill $(cat /root/holder)")

    assert re.match(
        r"python3 -c .* \(process \d+\) holds /var/lib/dpkg/lock-frontend$", output.strip()
    )
    assert server.ssh(wait) == ""


def test_only_the_sites_user_can_read_its_folder_and_can_read_the_journal(
    server: RehearsedSite,
) -> None:
    assert server.ssh(f"stat -c '%a %U' {FOLDER}") == f"700 {USER}\n"
    assert server.as_user(f"journalctl --quiet --unit={UNIT}; echo $?").splitlines()[-1] == "0"
    assert "systemd-journal" in server.as_user("id --groups --name").split()


def test_sudo_lets_the_user_do_what_deploying_needs_and_no_more(server: RehearsedSite) -> None:
    server.ssh("mv /etc/sudoers.d/rehearsal /root/")
    try:
        server.as_user(f"sudo -n systemctl restart {UNIT}")
        for command in (
            "true",
            "cat /etc/shadow",
            f"systemctl stop {UNIT}",
            f"systemctl restart {UNIT} nginx",
            "systemctl restart nginx",
            f"systemctl edit {UNIT}",
        ):
            with pytest.raises(TestBedError, match="a password is required"):
                server.as_user(f"sudo -n {command}")

        refused = server.fab(*PROVISION)
    finally:
        server.ssh("mv /root/rehearsal /etc/sudoers.d/")

    assert refused.status == 1
    assert refused.last_line.startswith(f"{USER} cannot provision {SITE_HOST}, because sudo ")
