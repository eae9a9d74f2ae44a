import json
import os
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from acceptance.waiting import eventually
from fabfile.tests.rehearsed_site import (
    FOLDER,
    UNIT,
    Checkout,
    Ended,
    RehearsedSite,
    project_as_it_is,
)
from testbeds.errors import MachineError, TestBedError
from testbeds.rehearsal import machine
from testbeds.rehearsal.host import open_rehearsal
from testbeds.rehearsal.network import SITE_HOST
from testbeds.rehearsal.tester import USER

LOGIN = ("--name", "^Edith opens her login link$")
ONE = ("--name", "^Edith starts a list$")

TUNNEL = ("-D", "fixtures=tunnel")
SCENARIOS_PASSED = re.compile(r"^[1-9]\d* scenarios passed, 0 failed", re.MULTILINE)

MARK_FOR_ANOTHER = (
    "su postgres -c 'psql -q superlists' <<'END'\n"
    "UPDATE staging_marker SET site_name = 'superlists.test';\n"
    "END\n"
)

# Without a line that differs each time.
DUMP_POSTGRESQL = 'su postgres -c "pg_dump --data-only superlists" | grep -v restrict'

DATABASE = f"{FOLDER}/database/db.sqlite3"

MIGRATION = """\
from django.db import migrations


def run(apps, editor):
    {body}


class Migration(migrations.Migration):
    dependencies = [("lists", "{newest}")]
    operations = [migrations.RunPython(run)]
"""

# As the app `acceptance.server` makes it.
MAKE_MARKER = f"""\
import sqlite3
with sqlite3.connect("{DATABASE}") as database:
    database.execute("create table staging_marker (id, site_name, marked_at, identity)")
    database.execute("insert into staging_marker values (1, '{SITE_HOST}', '2030-01-01', 'a')")
"""  # noqa: S608

CHANGE = f"""\
import sqlite3
with sqlite3.connect("{DATABASE}") as database:
    database.execute("{{sql}}")
"""

PEOPLE = f"""\
import sqlite3
database = sqlite3.connect("{DATABASE}")
print([database.execute("SELECT * FROM " + each).fetchall()
       for each in ("accounts_user", "lists_list", "lists_item")])
"""  # noqa: S608

MARKERS = f"""\
import sqlite3
print(sqlite3.connect("{DATABASE}").execute("SELECT site_name FROM staging_marker").fetchall())
"""  # noqa: S608


@pytest.fixture(scope="module", autouse=True)
def no_password_at_hand() -> Iterator[None]:
    """Removes what other tests have left in the deployer's environment."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("EMAIL_PASSWORD", raising=False)
        yield


@pytest.fixture(scope="module", autouse=True)
def able_machine() -> None:
    try:
        machine.check()
    except MachineError as error:
        if os.geteuid() == 0 and os.environ.get("CI"):
            pytest.fail(str(error))
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    return project_as_it_is(tmp_path_factory.mktemp("projects") / "project")


@pytest.fixture(scope="module")
def server(checkout: Checkout) -> Iterator[RehearsedSite]:
    """A server that is provisioned, with nothing deployed to it."""
    with open_rehearsal() as rehearsal:
        site = RehearsedSite(rehearsal, checkout)
        site.provision()
        yield site


@pytest.fixture(scope="module")
def first_deployment(server: RehearsedSite) -> Ended:
    deployed = server.deploy(password=False)
    server.mark()
    return deployed


@pytest.fixture
def site(server: RehearsedSite, first_deployment: Ended) -> RehearsedSite:
    """The site as staging, fully configured."""
    server.expect_success(server.deploy())
    return server


def test_a_deployment_without_the_mail_password_warns(first_deployment: Ended) -> None:
    assert first_deployment.status == 0
    assert "the site has no EMAIL_PASSWORD" in first_deployment.output


def test_without_the_mail_password_a_run_ends_with_the_servers_530_and_with_it_people_log_in(
    site: RehearsedSite,
) -> None:
    site.ssh(f"sed -i /^EMAIL_PASSWORD=/d {FOLDER}/.env && systemctl restart {UNIT}")

    without = site.behave(*LOGIN)
    completed = site.deploy()
    with_it = site.behave(*LOGIN)

    assert without.status != 0
    assert "its mail server replies 530 5.7.0" in without.output
    assert re.search(r"^\.env +gets EMAIL_PASSWORD$", completed.output, re.MULTILINE)
    assert with_it.status == 0, with_it.output


def test_the_same_commit_again_is_quick_and_changes_nothing(
    site: RehearsedSite, first_deployment: Ended
) -> None:
    before = trace(site)

    again = site.deploy()

    assert again.status == 0
    # On a busy machine, both take longer.
    assert again.seconds < first_deployment.seconds / 2
    assert "nothing to do" in again.output
    assert trace(site) == before


def test_a_broken_migration_leaves_the_old_release_serving(
    site: RehearsedSite, checkout: Checkout, tmp_path: Path
) -> None:
    broken = with_migration(checkout, 'raise RuntimeError("there is no such list")', tmp_path)
    before = trace(site)

    failed = site.deploy(broken)

    assert failed.status == 1
    expected = f"manage.py migrate failed on {SITE_HOST}: RuntimeError: there is no such list."
    assert failed.last_line == expected
    assert trace(site) == before
    assert site.serving_commit() == checkout.commit
    assert "<h1>Start a new To-Do list</h1>" in site.page("/")
    passed = site.behave(*ONE)
    assert passed.status == 0, passed.output


def test_the_next_commit_is_served_with_the_settings_as_they_were(
    site: RehearsedSite, checkout: Checkout, tmp_path: Path
) -> None:
    show = f"stat -c '%a %U %y' {FOLDER}/.env && cat {FOLDER}/.env"
    site.as_user(f"echo '# by hand' >>{FOLDER}/.env")
    before = site.ssh(show)
    new = checkout.with_file("superlists/static/new.txt", "New.\n", tmp_path / "new")

    deployed = site.fab(*site.deployment, checkout=new, EMAIL_PASSWORD="another one")

    assert deployed.status == 0, deployed.output
    assert (
        "EMAIL_PASSWORD in .env differs from the one in your environment, and is kept"
        in deployed.output
    )
    assert site.serving_commit() == new.commit
    assert site.ssh(show) == before
    assert before.startswith(f"600 {USER} ")
    assert before.count("DJANGO_SECRET_KEY=") == 1


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (
            ("superlists/wsgi.py", "raise RuntimeError\n"),
            f"https://{SITE_HOST}/health answers 502 ",
        ),
        (
            ("superlists/release.py", "def deployed_commit(_):\n    return 40 * 'f'\n"),
            f"https://{SITE_HOST} answers with fffffffff, not with ",
        ),
    ],
    ids=["it does not start", "it is another commit"],
)
def test_a_release_that_does_not_answer_as_it_should_gives_way_to_the_one_that_served(
    site: RehearsedSite, checkout: Checkout, tmp_path: Path, file: tuple[str, str], reason: str
) -> None:
    broken = checkout.with_file(*file, tmp_path / "broken")
    before = site.releases()

    failed = site.deploy(broken)

    assert failed.status == 1
    assert failed.last_line.startswith(reason)
    assert re.search(r"^going back +to ", failed.output, re.MULTILINE)
    assert site.serving_commit() == checkout.commit
    assert site.releases() == before


def test_a_database_inside_a_release_is_refused_before_anything_changes(
    site: RehearsedSite, checkout: Checkout, tmp_path: Path
) -> None:
    keep = site.ssh(f"cat {FOLDER}/.env")
    inside = "DATABASE_URL=sqlite:///db.sqlite3"
    site.as_user(f"sed -i 's|^DATABASE_URL=.*|{inside}|' {FOLDER}/.env")
    new = checkout.with_file("superlists/static/new.txt", "New.\n", tmp_path / "new")
    before = trace(site)
    try:
        refused = [
            site.deploy(new),
            site.fab(*site.deployment, "--dry", checkout=new),
            site.fab("rollback"),
        ]
    finally:
        site.as_user(f"cat >{FOLDER}/.env <<'END'\n{keep}END\n")

    for ended in refused[:2]:
        assert ended.status == 1
        assert "which deploying replaces, so that what people wrote would be lost" in ended.output
        assert f"write DATABASE_URL=sqlite:///{FOLDER}/database/db.sqlite3 " in ended.last_line
    assert refused[2].status == 1
    assert untimed(trace(site)) == untimed(before)


def test_a_dry_run_says_what_deploying_would_do_and_changes_nothing(
    site: RehearsedSite, checkout: Checkout, tmp_path: Path
) -> None:
    new = checkout.with_file("superlists/static/new.txt", "New.\n", tmp_path / "new")
    everything = f"find {FOLDER} -printf '%p %M %l %C@\\n' | grep -v /database | sort"
    before = site.ssh(everything)

    dry = site.fab(*site.deployment, "--dry", checkout=new)

    assert dry.status == 0, dry.output
    assert f"database       {DATABASE}\n" in dry.output
    assert re.search(r"^room +[\d.]+ MB free, [\d.]+ MB needed$", dry.output, re.MULTILINE)
    assert re.search(r"^would +restart ", dry.output, re.MULTILINE)
    assert site.ssh(everything) == before


def test_too_little_space_is_reported_before_anything_changes(
    site: RehearsedSite, checkout: Checkout, tmp_path: Path
) -> None:
    new = checkout.with_file("superlists/static/new.txt", "New.\n", tmp_path / "new")
    kept = f"{FOLDER}/releases.kept"
    small = f"mount -t tmpfs -o size=1m,mode=700,uid={USER} tmpfs {FOLDER}/releases"
    site.ssh(f"cp -a {FOLDER}/releases {kept} && {small}")
    try:
        refused = site.deploy(new)
    finally:
        site.ssh(f"umount {FOLDER}/releases; rm -rf {kept}")

    assert refused.status == 1
    assert re.match(
        rf"There is too little space in {FOLDER}/releases on {SITE_HOST} "
        r"\([\d.]+ MB are free, and this deployment needs [\d.]+ MB\): ",
        refused.last_line,
    )
    assert site.serving_commit() == checkout.commit


@pytest.mark.parametrize("how", ["no one reads", "killed"])
def test_the_old_release_serves_however_a_deployment_ends_before_the_site_answers(
    site: RehearsedSite, checkout: Checkout, tmp_path: Path, how: str
) -> None:
    # Long enough for the deployment to be ended while it waits for the answer.
    slow = "import time\ntime.sleep(4)\nraise RuntimeError\n"
    broken = checkout.with_file("superlists/wsgi.py", slow, tmp_path / "broken")

    with site.begin_fab(*site.deployment, checkout=broken) as deploying:
        assert deploying.stdout
        assert any(line.startswith("restart ") for line in deploying.stdout)
        if how == "killed":
            deploying.kill()
        deploying.stdout.close()

    assert deploying.returncode != 0

    def it_serves() -> None:
        assert site.ssh(f"ls {FOLDER} | grep ^current").split() == ["current"]
        assert site.serving_commit() == checkout.commit

    eventually(it_serves, timeout=60, describe=str)
    site.expect_success(site.fab("status"))


def test_a_switch_that_was_never_confirmed_is_taken_back_by_the_next_command(
    site: RehearsedSite,
) -> None:
    later = "20990101T000000Z-0123456"
    # The state after a power failure of the server.
    site.as_user(
        f"cd {FOLDER} && cp -P current current.before && "
        f"cp -a $(readlink -f current) releases/{later} && ln -s -f -n releases/{later} current"
    )
    try:
        again = site.deploy()
        # No one can go back to a release that never answered.
        assert "TAKEN_BACK" in site.ssh(f"ls {FOLDER}/releases/{later}").split()
    finally:
        site.ssh(f"rm -rf {FOLDER}/releases/{later}")

    assert again.status == 0, again.output
    assert (
        "going back     to the release before a deployment that was not finished\n" in again.output
    )
    assert "nothing to do" in again.output
    assert site.ssh(f"ls {FOLDER} | grep ^current").split() == ["current"]


def test_only_nginx_reaches_the_socket(site: RehearsedSite) -> None:
    socket = f"/run/{UNIT}/socket"
    reach = (
        "python3 -c 'import socket; "
        f'socket.socket(socket.AF_UNIX).connect("{socket}"); print("reached")\' || true'
    )

    assert site.ssh(f"stat -c '%a %U %G' {socket}") == f"660 {USER} www-data\n"
    assert site.ssh(f'su www-data -s /bin/sh -c "{quoted(reach)}"') == "reached\n"
    assert site.ssh(f'su nobody -s /bin/sh -c "{quoted(reach)}" 2>/dev/null') == ""
    shown = f"/proc/$(systemctl show --value --property=MainPID {UNIT})/root"
    assert site.ssh(f"ls -A {shown}/home/{USER} {shown}/root").split()[1] == "sites"
    with pytest.raises(TestBedError, match="Read-only file system"):
        site.ssh(f"touch {shown}/{FOLDER}/x")


def quoted(command: str) -> str:
    return command.replace('"', '\\"')


def test_a_rollback_goes_back_one_release(
    site: RehearsedSite, checkout: Checkout, tmp_path: Path
) -> None:
    text = "Nothing to read here.\n"
    new = checkout.with_file("superlists/static/new.txt", text, tmp_path / "new")
    site.expect_success(site.deploy(new))
    assert site.serving_commit() == new.commit

    rolled_back = site.fab("rollback")

    assert rolled_back.status == 0, rolled_back.output
    assert site.serving_commit() == checkout.commit
    assert site.ssh(f"cat {FOLDER}/current/COMMIT").strip() == checkout.commit


def test_a_reboot_brings_the_site_back_with_its_data(site: RehearsedSite) -> None:
    site.people_write()
    before = site.dump()
    assert "Buy peacock feathers" in before

    site.rehearsal.reboot()

    assert site.serving_commit() == site.checkout.commit
    assert site.dump() == before
    site.expect_success(site.fab("status"))


def test_a_second_deployment_is_refused_meanwhile_and_ctrl_c_leaves_the_old_release_serving(
    site: RehearsedSite, checkout: Checkout, tmp_path: Path
) -> None:
    site.as_user("mkfifo ~/begun ~/go_on")
    home = f"/home/{USER}"
    wait = f'open("{home}/begun", "w").close(); open("{home}/go_on").read()'
    slow = with_migration(checkout, wait, tmp_path)
    before = trace(site)
    first = site.begin_fab(*site.deployment, checkout=slow)
    site.as_user("timeout 60 cat ~/begun")

    second = site.deploy()
    first.send_signal(signal.SIGINT)
    output, _ = first.communicate(timeout=10)

    assert second.status == 1
    busy = r"\S+@\S+ since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC has been deploying to "
    assert re.match(busy + re.escape(SITE_HOST), second.last_line)
    assert first.returncode != 0
    assert "Traceback" not in output
    assert site.serving_commit() == checkout.commit
    assert trace(site) == before


def test_the_log_is_shown_from_a_time_on(site: RehearsedSite) -> None:
    site.ssh(f"systemctl restart {UNIT}")
    now = site.ssh("date '+%F %T' -d '1 second'").strip()
    site.ssh(f"sleep 1.1; systemctl restart {UNIT}")

    since = site.fab("logs", f"--since={now}")
    all_of_it = site.fab("logs")
    nonsense = site.fab("logs", "--since=banana")

    started = f"Started {UNIT}.service"
    assert since.output.count(started) == 1
    assert all_of_it.output.count(started) > 1
    assert nonsense.status == 1
    assert nonsense.last_line.startswith("'banana' is not a time that journalctl accepts")


def test_the_log_is_followed_until_ctrl_c(site: RehearsedSite) -> None:
    with site.begin_fab("logs", "--follow") as following:
        try:
            assert following.stdout
            # Existing lines are shown first, then new ones.
            assert re.search(r" (gunicorn|systemd)\[\d+\]: ", following.stdout.readline())
            site.ssh(f"systemctl restart {UNIT}")
            pid = site.ssh(f"systemctl show --value --property=MainPID {UNIT}").strip()
            assert any(f" gunicorn[{pid}]: " in line for line in following.stdout)

            following.send_signal(signal.SIGINT)
            output, _ = following.communicate(timeout=10)
        finally:
            following.kill()

    assert following.returncode == 0
    assert "Traceback" not in output
    eventually(lambda: no_one_reads_the_journal(site), timeout=10, describe=str)


def no_one_reads_the_journal(site: RehearsedSite) -> None:
    assert "journalctl" not in site.ssh("ps -e -o comm=")


def test_no_secret_is_in_a_log_or_in_the_output_of_a_task(site: RehearsedSite) -> None:
    site.behave(*LOGIN)
    for task in (("status",), ("logs",), ("create-session", "edith@example.com")):
        site.expect_success(site.fab(*task))
    environment = site.ssh(f"cat {FOLDER}/.env")
    output = "".join(site.outputs)
    logged = site.ssh("journalctl --quiet --no-pager; cat /var/log/nginx/*.log")

    assert UNIT in output
    assert UNIT in logged
    assert "GET /accounts/" in logged
    for name in ("EMAIL_PASSWORD", "DJANGO_SECRET_KEY"):
        secret = re.search(rf"^{name}=['\"]?(.{{20,}}?)['\"]?$", environment, re.MULTILINE)
        assert secret
        assert secret[1] not in output
        assert secret[1] not in logged


RESET = json.dumps(
    {
        "call": "reset",
        "arguments": {},
        "host": SITE_HOST,
        "run": {"id": "0" * 32, "holder": "elspeth@laptop", "longest_pause": 600},
    }
)


def asked_to_reset(run: subprocess.Popen[str]) -> str:
    """Ask a process on the server to empty the site, and return its answer."""
    assert run.stdin
    assert run.stdout
    run.stdin.write(f"{RESET}\n")
    run.stdin.flush()
    return run.stdout.readline()


def test_a_staging_site_that_becomes_production_during_a_run_is_wiped_by_no_one(
    site: RehearsedSite,
) -> None:
    with site.begin_run() as run:
        try:
            assert run.stdout
            assert "ready" in run.stdout.readline()
            assert "answer" in asked_to_reset(run)
            site.people_write()
            before = people(site)

            meanwhile = site.deploy()
            site.ssh(f"sed -i /^STAGING=/d {FOLDER}/.env")
            converting_meanwhile = site.fab("deploy", "--wheelhouse")
            refused_for_env = asked_to_reset(run)
            # As if the run had been idle for long enough.
            change_database(site, "DELETE FROM staging_hold")
            converted = site.fab("deploy", "--wheelhouse")
            refused_for_good = asked_to_reset(run)
        finally:
            run.kill()

    for refused in (meanwhile, converting_meanwhile):
        assert refused.status == 1
        assert refused.last_line.startswith(
            f"elspeth@laptop has been using {SITE_HOST} for a run of "
        )
    assert converted.status == 0, converted.output
    assert "the database was marked as one that may be emptied" in converted.output
    assert f"{SITE_HOST} has been a staging site so far" in converted.output
    assert "STAGING in " in refused_for_env
    assert "refused" in refused_for_good
    assert "staging" not in site.ssh(f"ls {FOLDER}/current/").split()
    assert json.loads(site.page("/health"))["kind"] == "production"
    assert re.search(
        r"^answers +with [0-9a-f]{7}, as production$", site.fab("status").output, re.MULTILINE
    )
    assert people(site) == before
    assert before != "[]"


def test_a_site_that_was_production_is_staging_again_only_once_its_name_is_typed(
    server: RehearsedSite,
) -> None:
    """The site is a production site, from the previous test."""
    site = server
    site.people_write()
    before = people(site)

    # The traces of a production site are found with and without the link to what serves.
    as_it_is = site.deploy()
    site.ssh(f"mv {FOLDER}/current {FOLDER}/aside")
    without_link = site.deploy()
    site.ssh(f"mv {FOLDER}/aside {FOLDER}/current; mv {FOLDER}/.env {FOLDER}/aside")
    without_env = site.deploy()
    site.ssh(f"mv {FOLDER}/aside {FOLDER}/.env; echo STAGING=y >>{FOLDER}/.env")
    without_word = site.fab("deploy", "--wheelhouse")
    restarted = site.ssh(f"systemctl restart {UNIT}; systemctl is-active {UNIT}")
    converted = site.deploy()
    refused = site.behave(*ONE)

    for ended in (as_it_is, without_link):
        assert ended.status == 1
        assert "looks like a production site" in ended.last_line
    assert "There is no " in without_env.last_line
    assert "one of the two is wrong" in without_word.last_line
    assert restarted.strip() == "active"
    assert converted.status == 0, converted.output
    assert f"{SITE_HOST} was a production site, and the database has 1 users" in converted.output
    site.expect_success(site.fab("status"))
    assert refused.status != 0
    assert "is not marked as one that may be emptied" in refused.output
    assert people(site) == before

    marked = site.fab("mark-as-staging", typed=f"{SITE_HOST}\n")
    assert f"{SITE_HOST} served people from this database as a production site" in marked.output
    passed = site.behave(*ONE)
    assert passed.status == 0, passed.output


def test_the_suite_passes_behind_a_command_that_enters_the_server(site: RehearsedSite) -> None:
    passed = site.behave("-D", f"host_command={command_into(site)}", "features/sharing.feature")

    assert passed.status == 0, passed.output
    assert SCENARIOS_PASSED.search(passed.output)
    assert f"runs commands as {USER}" in passed.output


def command_into(site: RehearsedSite) -> str:
    """Return the command that runs another one in the server, as `docker exec` would."""
    namespace = site.ssh("readlink /proc/1/ns/uts").strip()
    inside = []
    for process in Path("/proc").glob("[0-9]*"):
        # Processes end meanwhile, and root may not look at some.
        with suppress(OSError):
            if str((process / "ns" / "uts").readlink()) == namespace:
                inside.append(int(process.name))
    return (
        f"nsenter --target {min(inside)} --all "
        f"setpriv --reuid={USER} --regid={USER} --init-groups "
        f"env -i HOME=/home/{USER} USER={USER} PATH=/usr/bin:/bin"
    )


def people(site: RehearsedSite) -> str:
    """Return all users and items of lists."""
    return run_python(site, PEOPLE)


def change_database(site: RehearsedSite, sql: str) -> None:
    run_python(site, CHANGE.format(sql=sql))


# The following tests set the server up anew.


@pytest.fixture(scope="module")
def on_postgresql(server: RehearsedSite) -> RehearsedSite:
    """The site as staging, with PostgreSQL on the server."""
    server.ssh("systemctl enable --quiet --now postgresql")
    server.ssh(
        'su postgres -c "psql -q -v ON_ERROR_STOP=1 '
        "-c \\\"CREATE USER superlists PASSWORD 'sesame'\\\" "
        '-c \\"CREATE DATABASE superlists OWNER superlists\\""'
    )
    server.start_over("DATABASE_URL=postgres://superlists:sesame@127.0.0.1/superlists\n")
    server.expect_success(server.deploy())
    server.mark()
    return server


def test_the_whole_suite_passes_on_postgresql(on_postgresql: RehearsedSite) -> None:
    passed = on_postgresql.behave()

    assert passed.status == 0, passed.output
    assert SCENARIOS_PASSED.search(passed.output)
    assert on_postgresql.ssh(f"ls {FOLDER}/database") == ""


def test_the_whole_suite_passes_through_a_tunnel_to_that_postgresql(
    on_postgresql: RehearsedSite,
) -> None:
    passed = on_postgresql.behave(*TUNNEL)

    assert passed.status == 0, passed.output
    assert SCENARIOS_PASSED.search(passed.output)
    assert "this machine's, through a tunnel to the database" in passed.output


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (MARK_FOR_ANOTHER, "its database is marked for superlists.test"),
        (f"sed -i /^STAGING=/d {FOLDER}/.env", "`staging` is not installed"),
    ],
    ids=["marked for another site", "not for tests"],
)
def test_through_the_tunnel_the_guard_is_the_same(
    on_postgresql: RehearsedSite, change: str, reason: str
) -> None:
    on_postgresql.people_write()
    on_postgresql.ssh(change)
    before = on_postgresql.ssh(DUMP_POSTGRESQL)
    assert "Buy peacock feathers" in before

    refused = on_postgresql.behave(*TUNNEL)

    assert refused.status != 0
    assert reason in refused.output
    assert "Traceback" not in refused.output
    assert on_postgresql.ssh(DUMP_POSTGRESQL) == before


def test_a_site_that_was_set_up_by_hand_is_not_overwritten(server: RehearsedSite) -> None:
    server.start_over("SITENAME=" + SITE_HOST + "\n")
    by_hand = (
        f"cd {FOLDER} && mkdir virtualenv superlists && touch manage.py && "
        'python3 -c \'import sqlite3; sqlite3.connect("db.sqlite3").execute("create table a (b)")\''
    )
    server.as_user(by_hand)
    everything = f"find {FOLDER} -printf '%p %M %l %C@\\n' | grep -v deploy\\. | sort"
    before = server.ssh(everything)

    refused = server.fab("deploy", "--wheelhouse")

    assert refused.status == 1
    assert refused.last_line.startswith(
        f"{FOLDER}/manage.py on {SITE_HOST} is a file, so the site was set up by hand, and "
    )
    assert f"`mv {FOLDER}/db.sqlite3* {FOLDER}/database/`" in refused.last_line
    assert "\n".join(server.ssh(everything).splitlines()[1:]) == "\n".join(before.splitlines()[1:])
    server.as_user(f"cd {FOLDER} && rm -r virtualenv superlists manage.py db.sqlite3")


def test_a_production_server_refuses_every_way_in_and_keeps_its_data(
    server: RehearsedSite,
) -> None:
    server.start_over()
    server.expect_success(server.fab("deploy", "--wheelhouse"))
    server.people_write()
    before = people(server)
    assert "Buy peacock feathers" in before
    run_python(server, MAKE_MARKER)

    refused = [
        server.behave(),
        server.behave("-D", f"unlisted_host={SITE_HOST}"),
        server.preflight(),
        server.preflight("-D", f"unlisted_host={SITE_HOST}"),
        server.fab("create-session", "edith@example.com"),
        server.fab("mark-as-staging", typed=f"{SITE_HOST}\n"),
        server.deploy(),
    ]
    unknown = [
        server.manage("reset_site"),
        server.manage("answer_fixture_requests"),
        server.manage("create_session", "edith@example.com"),
        server.manage("mark_as_staging", typed=f"{SITE_HOST}\n"),
    ]

    assert people(server) == before
    server.expect_success(server.fab("deploy", "--wheelhouse"))
    assert run_python(server, MARKERS).strip() == "[]"
    for ended in refused:
        assert ended.status != 0, ended.output
        assert "Traceback" not in ended.output
    for ended in unknown:
        assert "Unknown command" in ended.output
    assert "staging" not in server.ssh(f"ls {FOLDER}/current").split()


def test_the_database_of_a_staging_site_is_refused_for_production(
    server: RehearsedSite,
) -> None:
    """The site is a production site, from the previous test."""
    change_database(
        server, "INSERT INTO staging_marker VALUES (1, 'other.test', '2030-01-01', 'a')"
    )

    refused = server.fab("deploy", "--wheelhouse")
    before = run_python(server, MARKERS)
    server.ssh(f"systemctl restart {UNIT}")

    assert refused.status == 1
    assert "is marked as the one of other.test, which the acceptance suite" in refused.last_line
    assert "other.test" in before
    eventually(lambda: no_marker_is_left(server), timeout=10, describe=str)
    assert "was marked as one that may be emptied, as the one of other.test" in server.ssh(
        f"journalctl --quiet --unit={UNIT} --lines=50"
    )


def no_marker_is_left(site: RehearsedSite) -> None:
    assert run_python(site, MARKERS).strip() == "[]"


def trace(site: RehearsedSite) -> str:
    """Return the state that a deployment without changes leaves alone."""
    show = f"systemctl show {UNIT} --property=MainPID,ActiveEnterTimestampMonotonic"
    return site.ssh(
        f"ls {FOLDER}/releases; readlink {FOLDER}/current; stat -c '%y %z' {FOLDER}/.env; {show}"
    )


def untimed(trace_of_a_site: str) -> list[str]:
    """Leave out the time at which .env was written, since a test may have done that."""
    return [line for line in trace_of_a_site.splitlines() if not re.match(r"\d{4}-", line)]


def with_migration(checkout: Checkout, body: str, folder: Path) -> Checkout:
    newest = max(checkout.folder.glob("lists/migrations/0*.py")).stem
    migration = MIGRATION.format(body=body, newest=newest)
    return checkout.with_file("lists/migrations/9999_something.py", migration, folder / "project")


def run_python(site: RehearsedSite, program: str) -> str:
    return site.as_user(f"python3 - <<'END'\n{program}END\n")
