"""Problems with a command that enters a host."""

import sys
from collections.abc import Sequence
from contextlib import closing

import pytest

from acceptance.hosts.command import HostBehindCommand
from acceptance.hosts.errors import ConnectionLostError, NotStartedError, ServerError

# As `docker compose exec` without -T: a terminal at the other end, and bytes passed on.
THROUGH_A_TERMINAL = "import pty, sys; pty.spawn(sys.argv[1:])"


def is_one_sentence(message: str) -> bool:
    return "\n" not in message and message.endswith(".") and len(message) < 600


def refusal(*command: str) -> str:
    host = HostBehindCommand(command)
    with pytest.raises(ServerError) as refused:
        host.connect()
    assert not host.is_connected
    assert is_one_sentence(str(refused.value))
    return str(refused.value)


def printing(line: str, status: int) -> Sequence[str]:
    """A command that runs nothing, such as one without a container."""
    return "sh", "-c", f"echo '{line}' >&2; exit {status}"


def test_a_command_that_is_not_installed_is_named() -> None:
    message = refusal("no-such-docker", "exec", "web")

    assert "no-such-docker, which enters the site's host, is not installed" in message
    assert "host_command" in message


def test_a_container_that_is_not_running_is_named_as_the_command_does() -> None:
    message = refusal(*printing('service "web" is not running', 1))

    assert 'it printed “service "web" is not running”' in message
    assert "ended with status 1 before it started anything" in message


def test_a_container_without_a_shell_is_named_as_the_command_does() -> None:
    message = refusal(*printing('exec: "/bin/sh": no such file or directory', 127))

    assert '“exec: "/bin/sh": no such file or directory”) ended with status 127' in message


def test_a_command_that_requires_a_terminal_is_named() -> None:
    message = refusal(*printing("the input device is not a TTY", 1))

    assert "which requires a terminal" in message
    assert "(Docker Compose: -T; others: without -t)" in message


def test_a_terminal_in_between_is_recognised_by_the_output() -> None:
    message = refusal(sys.executable, "-c", THROUGH_A_TERMINAL)

    assert "puts a terminal in between, which changes the data" in message
    assert "(Docker Compose: -T; others: without -t)" in message


def test_a_command_that_can_no_longer_be_executed_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    host = HostBehindCommand(["env"])
    host.connect()
    monkeypatch.setenv("PATH", "")

    with pytest.raises(ConnectionLostError, match="`env` cannot be executed"):
        host.start(["true"], "/")


def test_arguments_with_spaces_stay_whole() -> None:
    host = HostBehindCommand(["env", "GREETING=two words"])

    assert host.run(["sh", "-c", 'echo "$GREETING"'], "/") == "two words\n"
    assert "`env 'GREETING=two words'`" in str(host)


def test_a_host_without_python_forwards_no_ports(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("acceptance.hosts.command._PYTHON", "no-such-python")
    host = HostBehindCommand(["env"])
    host.connect()

    with pytest.raises(ServerError, match="check that it listens there, and that `no-such-python`"):
        host.reach("localhost", 1)


def test_earlier_output_is_not_taken_for_the_answer() -> None:
    host = HostBehindCommand(["sh", "-c", 'echo Welcome; echo Warning >&2; exec "$@"', "sh"])

    assert host.run(["echo", "done"], "/") == "done\n"
    with closing(host.start(["cat"], "/")) as program:
        program.write_line("hello")
        assert program.read_line(5) == "hello"
        assert program.errors() == ""


def test_a_command_that_runs_nothing_raises_the_same_error_as_other_hosts() -> None:
    host = HostBehindCommand(printing("gone", 1))

    with pytest.raises(NotStartedError, match="No command can be started on the host behind"):
        host.run(["true"], "/")
