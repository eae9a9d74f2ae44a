"""What provisioning does to a server that has just been installed, and what it leaves alone."""

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

# All that provisioning could change, with the time of each change.
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
"""Of 10; before there was a sandbox, systemd 252 found 8.5."""


@pytest.fixture(scope="module", autouse=True)
def able_machine() -> None:
    try:
        machine.check()
    except MachineError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def new_server() -> Iterator[RehearsedSite]:
    """A server that nothing was done to."""
    with open_rehearsal() as rehearsal:
        yield RehearsedSite(rehearsal, Checkout(ROOT))


@pytest.fixture(scope="module")
def dry_run(new_server: RehearsedSite) -> tuple[str, str, str]:
    """What a dry run said, and all that it could have changed: before, and after."""
    before = new_server.ssh(FINGERPRINT)
    said = new_server.expect_success(new_server.fab(*PROVISION, "--dry"))
    return said, before, new_server.ssh(FINGERPRINT)


@pytest.fixture(scope="module")
def server(new_server: RehearsedSite, dry_run: tuple[str, str, str]) -> RehearsedSite:
    """A server that is provisioned, and lets Elspeth use sudo as before."""
    new_server.expect_success(new_server.fab(*PROVISION))
    return new_server


def test_a_dry_run_shows_what_would_change_and_changes_nothing(
    dry_run: tuple[str, str, str],
) -> None:
    said, before, after = dry_run

    assert f"+{USER} ALL=(root) NOPASSWD: /usr/bin/systemctl restart {UNIT}\n" in said
    assert "+    listen 443 ssl;\n" in said
    assert "+Type=notify\n" in said
    assert f"would          let {USER} read the journal\n" in said
    assert "what would change: 8; nothing has" in said
    assert after == before


# Before anything asks for the server that is provisioned.
def test_deploying_before_provisioning_is_refused(new_server: RehearsedSite) -> None:
    refused = new_server.fab(*new_server.deployment)

    assert refused.status == 1
    assert refused.last_line.startswith(f"{SITE_HOST} is not ready for a site: type `fab -H ")


def test_once_more_changes_nothing(server: RehearsedSite) -> None:
    before = server.ssh(FINGERPRINT)

    again = server.fab(*PROVISION)
    dry = server.fab(*PROVISION, "--dry")

    assert again.status == dry.status == 0
    assert "what had to change: nothing" in again.said
    assert "what would change: 0; nothing has" in dry.said
    assert server.ssh(FINGERPRINT) == before


def test_what_somebody_changed_is_shown_and_put_back(server: RehearsedSite) -> None:
    before = server.ssh(f"cat {NGINX}")
    server.ssh(f"sed -i 's/client_max_body_size 64k/client_max_body_size 1g/' {NGINX}")

    provisioned = server.fab(*PROVISION)

    assert "-    client_max_body_size 1g;\n+    client_max_body_size 64k;\n" in provisioned.said
    assert "what had to change: 1" in provisioned.said
    assert server.ssh(f"cat {NGINX}") == before


def test_what_nginx_refuses_is_taken_back(server: RehearsedSite) -> None:
    before = server.ssh(f"cat {NGINX}")

    refused = server.fab("provision", "--certificate=/etc/hostname", f"--key={KEY}")

    assert refused.status == 1
    assert refused.last_line.startswith(
        'nginx refuses the site, and goes on as it was (cannot load certificate "/etc/hostname": '
    )
    assert server.ssh(f"cat {NGINX}") == before
    server.ssh("nginx -t -q && systemctl reload nginx")


def test_a_missing_certificate_is_told(server: RehearsedSite) -> None:
    refused = server.fab("provision")

    assert refused.status == 1
    expected = f"There is no /etc/letsencrypt/live/{SITE_HOST}/fullchain.pem on {SITE_HOST}: "
    assert refused.last_line.startswith(expected)


def test_http_leads_to_https(server: RehearsedSite) -> None:
    assert server.tester_runs(REDIRECT) == f"301 https://{SITE_HOST}/lists/?a=b\n"


def test_no_server_says_which_nginx_it_is(server: RehearsedSite) -> None:
    for host in (SITE_HOST, "another.test", "a b"):
        said = server.tester_runs(ANSWER_OVER_HTTP.format(host=host))
        assert "Server: nginx\n" in said, said
        assert "nginx/" not in said


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
def test_only_what_has_forward_secrecy_is_spoken(
    server: RehearsedSite, cipher: str, *, is_taken: bool
) -> None:
    said = server.tester_runs(HANDSHAKE.format(host=SITE_HOST, cipher=cipher))

    assert (said == "taken\n") == is_taken, said


def test_the_unit_may_do_little(server: RehearsedSite) -> None:
    said = server.ssh(f"systemd-analyze security --no-pager {UNIT}")

    exposure = re.search(r"exposure level for \S+: (\S+)", said)
    assert exposure
    assert float(exposure[1]) <= MOST_EXPOSURE


def test_another_apt_is_waited_for_and_named(server: RehearsedSite) -> None:
    hold = (
        "import fcntl, time; file = open('/var/lib/dpkg/lock-frontend', 'w'); "
        "fcntl.lockf(file, fcntl.LOCK_EX); print('held', flush=True); time.sleep(600)"
    )
    server.ssh(f'nohup python3 -c "{hold}" >/root/holding 2>&1 & echo $! >/root/holder')
    server.ssh("timeout 20 sh -c 'until grep -q held /root/holding; do sleep 0.1; done'")
    locks = " ".join(provisioning._APT_LOCKS)
    wait = f"python3 -I - 1 {locks} <<'END'\n{provisioning._WAIT_FOR_APT}END\n"
    try:
        said = server.ssh(wait)
    finally:
        server.ssh("kill $(cat /root/holder)")

    assert re.match(
        r"python3 -c .* \(process \d+\) holds /var/lib/dpkg/lock-frontend$", said.strip()
    )
    assert server.ssh(wait) == ""


def test_nobody_else_can_read_the_sites_folder_and_its_user_can_read_the_journal(
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
