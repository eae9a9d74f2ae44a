"""Commands in real login shells behind a real sshd."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic

import pytest
from trustme import CA

from acceptance.hosts.errors import (
    CommandFailedError,
    ConnectionLostError,
    NotStartedError,
    ServerError,
)
from acceptance.hosts.ssh.host import SshHost
from acceptance.hosts.tests.test_host_contract import AWKWARD
from testbeds.loopback.deployed_site import SITE_NAME
from testbeds.loopback.ssh_server import SshServer, open_ssh_server
from testbeds.loopback.tester import Tester

HAND_OVER = '-c "$SSH_ORIGINAL_COMMAND"'
BASH = f"BASH_ENV=$HOME/.bashrc exec bash {HAND_OVER}"
SHELLS = {
    "bash": (BASH, ".bashrc"),
    "dash": (f". $HOME/.profile; exec dash {HAND_OVER}", ".profile"),
    "ksh": (f". $HOME/.profile; exec busybox sh {HAND_OVER}", ".profile"),
    "zsh": (f"exec zsh {HAND_OVER}", ".zshenv"),
    "tcsh": (f"exec tcsh {HAND_OVER}", ".tcshrc"),
    "fish": (f"exec fish {HAND_OVER}", ".config/fish/config.fish"),
}
PROFILES = {
    "bash": [
        "set -e; set -u; set -o noclobber; set -f",
        "set -vx",
        "export SHELLOPTS; set -eux",
        "stty erase x",
        "trap 'echo Bye; exit 9' EXIT",
        "export CDPATH=/; export LC_ALL=de_DE.ISO-8859-1; export POSIXLY_CORRECT=1",
        "export GREP_OPTIONS=--color=always; alias ls='ls --color=always'; alias sh=false",
        "exec 5>&1; printf '\\033[31mred\\007'",
    ],
    "tcsh": ["set echo", "set verbose", "set noclobber; set histchars='!^'", "alias sh false"],
    "zsh": [
        "setopt noclobber rcquotes errexit",
        "setopt verbose xtrace",
        "TRAPEXIT() { echo Bye }",
    ],
    "fish": ["function sh; false; end", "set fish_trace 1"],
}
CASES = [
    *((name, greeting) for name in SHELLS for greeting in ("", "echo Welcome", "printf Welcome")),
    *((name, profile) for name, profiles in PROFILES.items() for profile in profiles),
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    (home / "login").write_text("#!/bin/sh\n", encoding="utf-8")
    (home / "login").chmod(0o700)
    return home


@pytest.fixture(scope="module")
def ssh(tmp_path_factory: pytest.TempPathFactory, home: Path) -> Iterator[SshServer]:
    folder = tmp_path_factory.mktemp("ssh")
    with open_ssh_server(folder, home, f"ForceCommand {home / 'login'}") as server:
        tester = Tester(tmp_path_factory.mktemp("tester") / "home", CA(), server)
        with pytest.MonkeyPatch.context() as patch:
            for name, value in tester.environment.items():
                patch.setenv(name, value)
            yield server


@pytest.fixture(scope="module")
def server(ssh: SshServer) -> Iterator[SshHost]:
    server = SshHost(SITE_NAME)
    yield server
    assert ssh.logins() == 1
    server.disconnect()


@pytest.fixture
def log_in(home: Path, server: SshHost) -> Iterator[Callable[[str], SshHost]]:
    """Let the server run this instead of a login shell."""
    before = set(home.iterdir())

    def log_in(script: str) -> SshHost:
        (home / "login").write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        return server

    yield log_in
    for path in set(home.iterdir()) - before:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


@pytest.fixture
def shell(home: Path, log_in: Callable[[str], SshHost]) -> Callable[[str, str], SshHost]:
    """Log in with a shell and with this in its start-up file."""

    def shell(name: str, profile: str) -> SshHost:
        script, file = SHELLS[name]
        (home / file).parent.mkdir(parents=True, exist_ok=True)
        (home / file).write_text(f"{profile}\n", encoding="utf-8")
        return log_in(script)

    return shell


def is_one_sentence(message: str) -> bool:
    return "\n" not in message and message.endswith(".") and len(message) < 600


@pytest.mark.parametrize(("name", "profile"), CASES)
def test_a_command_is_run_unchanged_and_only_its_output_is_returned(
    shell: Callable[[str, str], SshHost], home: Path, name: str, profile: str
) -> None:
    server = shell(name, profile)
    content = bytes(range(256)) * 300 + b"no end of a line"
    (home / "it's a file!").write_bytes(content)

    assert server.run(["printf", "%s\\0", *AWKWARD], "~/").split("\0") == [*AWKWARD, ""]
    assert server.output_of(["cat", "it's a file!"], "~/") == content
    assert server.output_of(["cat"], "/", given=[content, content]) == content * 2
    with pytest.raises(CommandFailedError, match=r"`cat nothing` failed on .* status 1: cat: noth"):
        server.run(["cat", "nothing"], "~/")


@pytest.mark.parametrize("name", SHELLS)
def test_a_program_reads_and_writes_lines(shell: Callable[[str, str], SshHost], name: str) -> None:
    server = shell(name, "echo Welcome")
    program = server.start(["sh", "-c", "read line; echo $line; read line; exit 7"], "~/")

    program.write_line("hello")
    assert program.read_line(5) == "hello"
    program.write_line("enough")
    with pytest.raises(ConnectionLostError, match="it ended with status 7"):
        program.read_line(5)
    assert not program.is_running
    program.close()


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (f"exec rbash {HAND_OVER}", "which is restricted"),
        ("echo 'This account is currently not available.'; exit 1", "which is nologin"),
        (f"exec git-shell {HAND_OVER}", "git-shell, runs only Git"),
        ("echo 'This service allows sftp connections only.'; exit 1", "serves files only"),
        ("exit 0", "ended with status 0 before it started anything"),
        ("echo Welcome; exit 0", "printed “Welcome”) ended with status 0"),
        ("exec python3 -c 'raise SystemExit(3)'", "ended with status 3"),
        ("printf '\\033]0;owned\\007'; exit 1", "\\x1b]0;owned\\x07"),
        ("exec no-such-shell", "no-such-shell: not found"),
        ("echo Welcome; exec cat >/dev/null", "printed “Welcome”) ended with status 0"),
    ],
)
def test_a_login_shell_that_runs_nothing_is_named(
    log_in: Callable[[str], SshHost], script: str, expected: str
) -> None:
    server = log_in(script)

    with pytest.raises(NotStartedError) as refusal:
        server.run(["true"], "~/")

    assert expected in str(refusal.value)
    assert "chsh -s /bin/sh" in str(refusal.value)
    assert "No command can be started on" in str(refusal.value)
    assert is_one_sentence(str(refusal.value))
    assert "\x1b" not in str(refusal.value)


def test_a_start_up_file_that_ends_the_shell_is_named(
    shell: Callable[[str, str], SshHost],
) -> None:
    with pytest.raises(NotStartedError, match=r"ended with status 0 before .*~/\.bashrc"):
        shell("bash", '[ -z "$PS1" ] && exit 0').run(["true"], "~/")


def test_a_process_that_outlives_a_command_keeps_no_one_waiting(
    shell: Callable[[str, str], SshHost],
) -> None:
    server = shell("bash", "trap 'sleep 30' EXIT")
    start = monotonic()

    assert server.run(["echo", "done"], "~/") == "done\n"
    assert monotonic() - start < 10


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("echo 'exec: timeout: not found' >&2; exit 127", "install coreutils"),
        ('echo "timeout: unrecognized option: k" >&2; exit 1', "install coreutils"),
    ],
)
def test_a_server_without_a_usable_timeout_is_named(
    log_in: Callable[[str], SshHost], home: Path, script: str, expected: str
) -> None:
    (home / "timeout").write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    (home / "timeout").chmod(0o700)

    with pytest.raises(ServerError, match=expected) as refusal:
        log_in(f"PATH=$HOME:$PATH exec sh {HAND_OVER}").run(["true"], "~/")

    assert is_one_sentence(str(refusal.value))


def test_the_timeout_of_busybox_is_sufficient(log_in: Callable[[str], SshHost], home: Path) -> None:
    (home / "timeout").symlink_to(str(shutil.which("busybox")))
    server = log_in(f"PATH=$HOME:$PATH exec sh {HAND_OVER}")

    assert server.run(["echo", "done"], "~/") == "done\n"
    with pytest.raises(ServerError, match="took longer than 1 s"):
        server.run(["sleep", "30"], "~/", timeout=1)
