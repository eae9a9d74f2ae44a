import re
from collections.abc import Sequence

import pytest

from fabfile.deployed_site import Site
from fabfile.errors import DeploymentError
from fabfile.provisioning import (
    ConfigurationFile,
    Surroundings,
    certificate_for,
    configuration_files,
    difference,
)

HOST = "superlists-staging.test"
SITE = Site(HOST, "elspeth", "/home/elspeth")


def configured() -> Sequence[ConfigurationFile]:
    around = Surroundings("www-data", [SITE.folder], [f"{SITE.folder}/database"])
    return configuration_files(SITE, certificate_for(HOST, "", ""), around)


@pytest.mark.parametrize(
    "host",
    [
        "",
        "a;reboot",
        "a b",
        "$(reboot)",
        "a`id`",
        "-x",
        "192.0.2.7",
        "::1",
        "a..b",
        "A.test",
        "a\n",
    ],
)
def test_a_host_that_is_no_site_name_is_refused(host: str) -> None:
    with pytest.raises(DeploymentError, match="is not the name of a site"):
        Site(host, "elspeth", "/home/elspeth")


@pytest.mark.parametrize("user", ["root", "", "a b", "%admin", "a,b", "ALL=(ALL)", "a\n"])
def test_only_an_ordinary_user_runs_a_site(user: str) -> None:
    with pytest.raises(DeploymentError):
        Site(HOST, user, "/home/elspeth")


@pytest.mark.parametrize("path", ["relative", "/a b", "/a;", "/a\n", "/$x", "/a{", " "])
def test_a_path_that_nginx_would_need_quoted_is_refused(path: str) -> None:
    with pytest.raises(DeploymentError, match="--certificate"):
        certificate_for(HOST, path, "/etc/key.pem")


def test_the_certificate_is_certbots_by_default() -> None:
    certificate = certificate_for(HOST, "", "/etc/ssl/private/key.pem")

    assert certificate.chain == f"/etc/letsencrypt/live/{HOST}/fullchain.pem"
    assert certificate.key == "/etc/ssl/private/key.pem"


def test_sudo_lets_the_user_type_the_one_command_of_a_deployment() -> None:
    sudoers, *_ = configured()
    rules = [line for line in sudoers.content.splitlines() if not line.startswith("#")]

    assert rules == [f"elspeth ALL=(root) NOPASSWD: {' '.join(SITE.restart)}"]
    assert sudoers.mode == "440"
    # sudo skips files with a dot in their name (sudoers(5), "Including other files").
    assert "." not in sudoers.path.rpartition("/")[2]


def test_every_placeholder_in_the_templates_is_filled() -> None:
    for file in configured():
        # systemd's sets of system calls begin like our placeholders, but are in lower case.
        assert not re.search(r"@[A-Z_]+@", file.content), file.path


def test_nginx_logs_neither_query_strings_nor_referrers() -> None:
    nginx = configured()[2].content
    log_format = nginx.partition("log_format")[2].partition(";")[0]

    for variable in ("$request ", '$request"', "$request_uri", "$args", "$query_string", "referer"):
        assert variable not in log_format
    assert nginx.count("access_log ") == nginx.count("server {")
    assert nginx.count("error_log /var/log/nginx/error.log emerg;") == nginx.count("server {")


def test_a_difference_shows_both_sides() -> None:
    file = configured()[0]

    assert difference(file, file.content) == ""
    assert f"--- /dev/null\n+++ {file.path}\n" in difference(file, None)
    assert "-old\n" in difference(file, "old\n")
