"""What provisioning does to a server that has just been installed, and what it leaves alone."""

from collections.abc import Iterator

import pytest

from fabfile.rehearsal import machine
from fabfile.rehearsal.errors import MachineError, RehearsalError
from fabfile.rehearsal.guest_files import KEY
from fabfile.rehearsal.host import open_rehearsal
from fabfile.rehearsal.network import SITE_HOST
from fabfile.rehearsal.tester import USER
from fabfile.source import ROOT
from fabfile.tests.rehearsed_site import FOLDER, PROVISION, UNIT, Checkout, RehearsedSite

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
    assert "what would change: 7; nothing has" in said
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
            with pytest.raises(RehearsalError, match="a password is required"):
                server.as_user(f"sudo -n {command}")

        refused = server.fab(*PROVISION)
    finally:
        server.ssh("mv /root/rehearsal /etc/sudoers.d/")

    assert refused.status == 1
    assert refused.last_line.startswith(f"{USER} cannot provision {SITE_HOST}, because sudo ")
