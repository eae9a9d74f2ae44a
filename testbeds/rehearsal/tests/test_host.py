import json
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from invoke.context import Context
from invoke.exceptions import Exit

from acceptance.waiting import eventually
from testbeds import ROOT
from testbeds.errors import MachineError, TestBedError
from testbeds.rehearsal import control_groups, image, machine, runs, tasks
from testbeds.rehearsal.host import Rehearsal, open_rehearsal
from testbeds.rehearsal.network import MAIL_HOST, SITE_HOST
from testbeds.rehearsal.runs import Run, all_runs, open_run, remove_dead

# Boots a server, prints its name, and waits to be killed.
DRIVER = """\
import signal
from testbeds.rehearsal.host import open_rehearsal
with open_rehearsal() as rehearsal:
    print(rehearsal.started.name, flush=True)
    signal.pause()
"""

# Sends an email without and with the password, and prints the results.
CORRESPOND = """\
import json, os, poplib, smtplib, ssl, time
trust = ssl.create_default_context()
host, sender = os.environ["EMAIL_HOST"], "noreply@superlists-staging.test"
recipient = os.environ["SUPERLISTS_MAIL_ADDRESS"].format(unique="edith.k3f9")
with smtplib.SMTP(host, int(os.environ["EMAIL_PORT"]), timeout=10) as site:
    site.starttls(context=trust)
    try:
        site.sendmail(sender, [recipient], "Subject: none\\n\\nnone\\n")
        refused = 0
    except smtplib.SMTPSenderRefused as error:
        refused = error.smtp_code
    site.login(os.environ["EMAIL_USER"], os.environ["EMAIL_PASSWORD"])
    site.sendmail(sender, [recipient], "Subject: Your login link\\n\\nhello\\n")
deadline, mails = time.monotonic() + 10, []
while not mails and time.monotonic() < deadline:
    mailbox = poplib.POP3_SSL(host, context=trust, timeout=10)
    mailbox.user("tests")
    mailbox.pass_(os.environ["SUPERLISTS_MAILBOX_PASSWORD"])
    mails = [
        b"\\n".join(mailbox.retr(number + 1)[1]).decode()
        for number in range(len(mailbox.list()[1]))
    ]
    mailbox.quit()
with open(os.environ["ANSWER"], "w") as answer:
    json.dump({"refused": refused, "mails": mails}, answer)
"""


def cannot_be_held() -> str:
    try:
        machine.check()
    except MachineError as error:
        return str(error)
    return ""


@pytest.fixture(scope="module", autouse=True)
def able_machine() -> None:
    sentence = cannot_be_held()
    if sentence:
        pytest.skip(sentence)


@pytest.fixture(scope="module")
def rehearsal() -> Iterator[Rehearsal]:
    with open_rehearsal() as opened:
        yield opened


def start_driver() -> tuple[subprocess.Popen[str], Run]:
    driver = subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", DRIVER], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert driver.stdout is not None
    # On a machine that makes its first image, a message about that comes first.
    name = next(line for line in driver.stdout if line.startswith("rehearsal-")).strip()
    return driver, Run(name)


def traces(of: Run) -> list[str]:
    """Return everything that this machine still has of a rehearsal."""
    found = [str(path) for path in places(of) if path.exists()]
    mounts = Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines()
    found += [line for line in mounts if of.name in line]
    for process in psutil.process_iter():
        with suppress(psutil.NoSuchProcess):
            if any(of.name in word for word in process.cmdline()):
                found.append(str(process))
    return found


def places(of: Run) -> Iterator[Path]:
    yield of.folder
    yield of.group
    yield Path("/sys/fs/cgroup/systemd") / of.name
    for network in (of.server_network, of.client_network):
        yield runs.NETWORKS / network
        yield runs.NETWORK_FILES / network


def nothing_is_left_of(of: Run) -> None:
    assert traces(of) == []


def test_a_person_with_all_rights_reaches_a_booted_server(rehearsal: Rehearsal) -> None:
    assert rehearsal.ssh("id -un; sudo -n id -un", user="elspeth").split() == ["elspeth", "root"]
    assert rehearsal.ssh("cat /proc/1/comm").strip() == "systemd"
    servers = rehearsal.ssh("systemctl is-active ssh nginx postfix dovecot systemd-journald")
    assert set(servers.split()) == {"active"}


def test_sending_email_needs_a_password_and_reaches_every_address(
    rehearsal: Rehearsal, tmp_path: Path
) -> None:
    answer = tmp_path / "answer.json"
    more = {**rehearsal.site_environment, "ANSWER": str(answer)}

    assert rehearsal.call(sys.executable, "-c", CORRESPOND, environment=more) == 0

    results = json.loads(answer.read_text(encoding="utf-8"))
    assert results["refused"] == 530
    (mail,) = results["mails"]
    assert f"Delivered-To: tests+edith.k3f9@{MAIL_HOST}\n" in mail
    assert "Subject: Your login link\n" in mail


def test_the_server_trusts_its_mail_servers_certificate(rehearsal: Rehearsal) -> None:
    program = (
        "import smtplib, ssl\n"
        f"site = smtplib.SMTP('{MAIL_HOST}', 587, timeout=10)\n"
        "site.starttls(context=ssl.create_default_context())\n"
        "print(site.ehlo()[0])\n"
    )

    assert rehearsal.ssh(f"python3 - <<'END'\n{program}END\n").strip() == "250"


def test_a_rehearsal_has_no_way_out(rehearsal: Rehearsal) -> None:
    routes = ["ip", "route", "show", "default"]
    inside = subprocess.run(  # noqa: S603
        rehearsal.command(*routes), capture_output=True, text=True, check=True, timeout=30
    )

    assert inside.stdout == ""
    # A default route is a route to the network 0.0.0.0.
    assert rehearsal.ssh("awk '$2 == \"00000000\"' /proc/net/route") == ""


def test_a_reboot_keeps_what_was_written(rehearsal: Rehearsal) -> None:
    rehearsal.ssh("echo kept >/root/note")
    before = rehearsal.ssh("journalctl --list-boots -q | wc -l")

    rehearsal.reboot()

    assert rehearsal.ssh("cat /root/note").strip() == "kept"
    assert int(rehearsal.ssh("journalctl --list-boots -q | wc -l")) == int(before) + 1


def test_the_error_of_a_failed_command_has_its_last_line(rehearsal: Rehearsal) -> None:
    with pytest.raises(
        TestBedError, match=r"`.*` on the server failed with status 3: no such luck"
    ):
        rehearsal.ssh("echo no such luck >&2; exit 3")


def test_passwords_are_not_shown(rehearsal: Rehearsal) -> None:
    for name in ("EMAIL_PASSWORD", "SUPERLISTS_MAILBOX_PASSWORD"):
        secret = {**rehearsal.environment, **rehearsal.site_environment}[name]
        assert secret not in repr(rehearsal)
    assert (rehearsal.started.folder.stat().st_mode & 0o777) == 0o700


def test_two_parallel_rehearsals_are_separate_and_leave_nothing(rehearsal: Rehearsal) -> None:
    rehearsal.ssh("touch /root/first")

    with open_rehearsal() as second:
        assert second.ssh("ls /root").strip() == ""
        assert second.environment["HOME"] != rehearsal.environment["HOME"]
        keys = [each.ssh("cat /etc/ssh/ssh_host_*_key.pub") for each in (rehearsal, second)]
        assert keys[0] != keys[1]

    nothing_is_left_of(second.started)
    assert "first" in rehearsal.ssh("ls /root")


def test_a_server_that_is_slow_to_start_is_not_taken_for_one_that_ended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at_once = control_groups.joined

    def joined_late(group: Path, command: Sequence[str]) -> Sequence[str]:
        # Longer than a refusal by a server on which nothing listens yet.
        words = at_once(group, command)
        return (
            ["sh", "-c", 'sleep 0.5; exec "$@"', "sh", *words] if group.name == "server" else words
        )

    monkeypatch.setattr(control_groups, "joined", joined_late)

    with open_rehearsal() as slow:
        assert slow.ssh("id -u").strip() == "0"

    nothing_is_left_of(slow.started)


def test_a_process_that_joins_late_is_killed_too(monkeypatch: pytest.MonkeyPatch) -> None:
    kill = control_groups._kill
    late: list[subprocess.Popen[bytes]] = []

    def kill_and_let_one_in(group: Path) -> None:
        kill(group)
        if not late:
            command = control_groups.joined(group, ["sleep", "1000"])
            late.append(subprocess.Popen(command, stdin=subprocess.DEVNULL))  # noqa: S603
            eventually(lambda: it_is_populated(run), timeout=10, describe=str)

    with open_run() as run:
        monkeypatch.setattr(control_groups, "_kill", kill_and_let_one_in)

    assert late[0].wait(timeout=10) == -signal.SIGKILL
    nothing_is_left_of(run)


def test_a_rehearsal_that_fails_leaves_nothing() -> None:
    opened: list[Run] = []

    def fail() -> None:
        with open_rehearsal() as rehearsal:
            opened.append(rehearsal.started)
            assert traces(rehearsal.started) != []
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()

    nothing_is_left_of(opened[0])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_driver_that_is_ended_leaves_nothing(number: signal.Signals) -> None:
    driver, run = start_driver()
    assert traces(run) != []

    driver.send_signal(number)
    driver.communicate(timeout=30)

    assert driver.returncode != 0
    eventually(lambda: nothing_is_left_of(run), timeout=20, describe=str)


def test_the_next_rehearsal_removes_what_nothing_else_could() -> None:
    driver, run = start_driver()
    for keeper in psutil.Process(driver.pid).children():
        if "remove_dead" in " ".join(keeper.cmdline()):
            keeper.kill()
    driver.kill()
    driver.communicate(timeout=30)
    assert traces(run) != []

    with open_rehearsal() as another:
        assert another.ssh("id -u").strip() == "0"
        nothing_is_left_of(run)

    nothing_is_left_of(another.started)


def test_an_image_that_was_not_finished_is_removed_with_the_rehearsal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders: list[Path] = []

    def fail(command: Sequence[str], *_: object, **__: object) -> str:
        made = next(Path(word) for word in command if word.startswith(str(tmp_path)))
        (made / "usr").mkdir(parents=True)
        folders.append(made)
        raise TestBedError("no room")

    monkeypatch.setattr(image, "run", fail)
    monkeypatch.setattr(image, "_sources", list)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))

    with pytest.raises(TestBedError, match="no room"), open_run() as run:
        image.image_for(run, print)

    assert folders
    assert [file.name for file in image.cache().iterdir()] == ["lock"]
    nothing_is_left_of(run)


def test_a_rehearsal_that_had_only_begun_is_removed_too() -> None:
    half = Run("rehearsal-half")
    half.folder.mkdir(parents=True)
    (half.group / "server").mkdir(parents=True)

    remove_dead()

    nothing_is_left_of(half)


def test_a_kept_rehearsal_is_not_taken_for_a_dead_one() -> None:
    with open_run() as run:
        run.keep()
        sleeper = subprocess.Popen(  # noqa: S603
            control_groups.joined(run.group / "server", ["sleep", "1000"]),
            stdin=subprocess.DEVNULL,
        )

    try:
        eventually(lambda: it_is_populated(run), timeout=10, describe=str)
        remove_dead()
        assert run in all_runs()
    finally:
        run.remove()
    assert sleeper.wait(timeout=10) == -signal.SIGKILL
    nothing_is_left_of(run)


def test_a_server_is_kept_from_up_to_down_and_reached_from_a_shell(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    # Someone who keeps a server on this machine must not lose it.
    monkeypatch.setattr(runs, "RUNS", runs.RUNS.with_name("superlists-rehearsals-of-tests"))
    context = Context()

    tasks.up(context)
    try:
        (kept,) = all_runs()
        tasks.up(context)
        assert all_runs() == [kept]
        tasks.shell(context, command=f"ssh {SITE_HOST} id -un; ssh root@{SITE_HOST} id -un")
        with pytest.raises(Exit) as ended:
            tasks.shell(context, command="exit 3")
    finally:
        tasks.down(context)

    output = capfd.readouterr().out
    assert "The server is already running." in output
    assert "\nelspeth\nroot\n" in output
    assert ended.value.code == 3
    nothing_is_left_of(kept)
    tasks.down(context)
    assert capfd.readouterr().out == "No server is running.\n"
    with pytest.raises(Exit, match=r"No server is running: type `fab rehearsal.up` first\."):
        tasks.shell(context)


def it_is_populated(run: Run) -> None:
    assert control_groups.is_populated(run.group)
