"""The contract of hosts, tested behind a real sshd, on this machine, and behind a command."""

import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from time import monotonic

import psutil
import pytest
from trustme import CA

from acceptance.hosts.command import HostBehindCommand
from acceptance.hosts.errors import CommandFailedError, ConnectionLostError, ServerError
from acceptance.hosts.host import Host
from acceptance.hosts.ssh.host import SshHost
from acceptance.hosts.this_machine import ThisMachine
from testbeds.loopback.deployed_site import SITE_NAME
from testbeds.loopback.ssh_server import open_ssh_server
from testbeds.loopback.tester import Tester

AWKWARD = [
    "two words",
    "",
    "it's",
    '"quoted"',
    "$(touch hacked)",
    "`touch hacked`",
    "$HOME",
    "~",
    "; touch hacked",
    "&& touch hacked",
    "two\nlines",
    "-n",
    "--help",
    "*",
    "back\\slash",
    "!history",
    "#comment",
    "zażółć",
]

ALL_BYTES = bytes(range(256)) * 300 + b"no end of a line"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module", params=["ssh", "this machine", "command"])
def opened(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, home: Path
) -> Iterator[Host]:
    """A host that is not connected yet, where commands have this home."""
    with pytest.MonkeyPatch.context() as patch, ExitStack() as undo:
        host: Host
        match request.param:
            case "ssh":
                folder = tmp_path_factory.mktemp("ssh")
                ssh = undo.enter_context(open_ssh_server(folder, home))
                tester = Tester(tmp_path_factory.mktemp("tester") / "home", CA(), ssh)
                for name, value in tester.environment.items():
                    patch.setenv(name, value)
                host = SshHost(SITE_NAME)
            case "this machine":
                patch.setenv("HOME", str(home))
                host = ThisMachine()
            case _:
                host = HostBehindCommand(["env", "-u", "LANG", f"HOME={home}"])
        yield host
        host.disconnect()


@pytest.fixture
def host(opened: Host) -> Host:
    opened.connect()
    return opened


def is_one_sentence(message: str) -> bool:
    return "\n" not in message and message.endswith(".") and len(message) < 600


def running(words: str) -> list[psutil.Process]:
    """Return the processes of this machine with this text in their arguments."""
    return [each for each in psutil.process_iter() if words in _arguments(each)]


def _arguments(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


class TestConnecting:
    def test_it_can_be_done_and_undone_again(self, opened: Host) -> None:
        for _ in range(2):
            opened.connect()
            opened.connect()
            assert opened.is_connected
            assert opened.run(["echo", "done"], "~/") == "done\n"
            opened.disconnect()
            opened.disconnect()

    def test_nothing_starts_over_a_connection_that_is_not_there(self, opened: Host) -> None:
        opened.disconnect()

        if not opened.is_connected:
            with pytest.raises(ConnectionLostError):
                opened.start(["true"], "~/")
            with pytest.raises(ConnectionLostError):
                opened.reach("localhost", 1)

    def test_each_part_of_it_says_what_it_found(self, opened: Host) -> None:
        opened.disconnect()

        found = [stage.reach() for stage in opened.stages()]

        assert all(found)
        assert opened.is_connected
        assert opened.user == opened.run(["id", "-un"], "/").strip()
        assert str(opened).isprintable()


class TestCommands:
    @pytest.mark.parametrize("argument", AWKWARD)
    def test_arguments_arrive_as_they_are(self, host: Host, argument: str) -> None:
        assert host.run(["printf", "%s|", argument, argument], "~/") == f"{argument}|" * 2

    @pytest.mark.parametrize("name", [name for name in AWKWARD if name])
    def test_folders_are_what_they_are_called(self, host: Host, home: Path, name: str) -> None:
        place = home / name
        place.mkdir(exist_ok=True)

        for path in (f"~/{name}", str(place)):
            where = "import os; print(os.getcwd(), end='')"
            assert host.run([sys.executable, "-c", where], path) == str(place)
        assert not list(home.rglob("hacked"))

    def test_a_home_may_be_named_by_itself(self, host: Host, home: Path) -> None:
        assert host.run(["pwd"], "~") == host.run(["pwd"], "~/") == f"{home}\n"

    def test_a_folder_that_is_not_there_is_named(self, host: Host) -> None:
        with pytest.raises(CommandFailedError, match="no such folder"):
            host.run(["pwd"], "~/no such folder")

    def test_a_command_that_fails_says_why(self, host: Host) -> None:
        with pytest.raises(CommandFailedError) as failure:
            host.run(["sh", "-c", "echo first >&2; echo the reason >&2; exit 3"], "~/")

        assert "with status 3: the reason" in str(failure.value)
        assert str(host) in str(failure.value)

    @pytest.mark.parametrize("manners", ["", "trap '' TERM; "], ids=["polite", "stubborn"])
    def test_a_command_that_takes_too_long_is_stopped_there_too(
        self, host: Host, manners: str
    ) -> None:
        forever = f"{manners}while :; do sleep 0.01; done; : {id(host)}"

        with pytest.raises(ServerError, match=r"took longer than 0\.3 s") as refusal:
            host.run(["sh", "-c", forever], "~/", timeout=0.3)

        assert is_one_sentence(str(refusal.value))
        assert host.is_connected
        assert running(forever) == []

    def test_a_host_that_stops_nothing_keeps_no_one_waiting(
        self, host: Host, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("acceptance.hosts.host._GRACE", 0.2)
        # The program stops its parent, timeout(1), which limits it.
        stop = f"import os, signal; os.kill(os.getppid(), signal.SIGSTOP)  # {id(host)}"

        with pytest.raises(ServerError, match=r"took longer than 0\.2 s"):
            host.run([sys.executable, "-c", stop], "~/", timeout=0.2)

        for part in running(stop):
            part.kill()

    def test_a_command_finds_nothing_to_read(self, host: Host) -> None:
        assert host.run(["cat"], "~/", timeout=5) == ""

    def test_bytes_pass_as_they_are(self, host: Host) -> None:
        keep = ["sh", "-c", "cat >kept && cat kept"]

        assert host.output_of(keep, "~/", given=[ALL_BYTES, ALL_BYTES]) == ALL_BYTES * 2

    def test_a_command_may_write_much(self, host: Host) -> None:
        write = "import sys; sys.stderr.write('e' * 4_000_000); sys.stdout.write('o' * 4_000_000)"

        assert len(host.run([sys.executable, "-c", write], "~/")) == 4_000_000

    def test_a_command_that_a_signal_ends_is_not_taken_for_done(self, host: Host) -> None:
        with pytest.raises(ServerError, match="ended by a signal"):
            host.run(["sh", "-c", "kill -9 $PPID"], "~/", timeout=5)

    def test_what_runs_a_command_may_end_before_it(self, host: Host) -> None:
        # The parent of timeout(1) prints the end.
        kill = "import psutil; psutil.Process().parents()[1].kill()"

        with pytest.raises(ConnectionLostError, match="its exit status is missing"):
            host.run([sys.executable, "-c", kill], "~/")


class TestFiles:
    @pytest.mark.parametrize("content", [b"", b"+", ALL_BYTES], ids=["empty", "plus", "all"])
    def test_they_are_read_as_they_are(self, host: Host, home: Path, content: bytes) -> None:
        (home / "-it's a file!").write_bytes(content)

        assert host.read("-it's a file!", "~/") == content
        assert host.read(str(home / "-it's a file!")) == content

    def test_a_missing_file_is_not_taken_for_one_that_cannot_be_read(
        self, host: Host, home: Path
    ) -> None:
        (home / "link").unlink(missing_ok=True)
        (home / "link").symlink_to("nowhere")

        assert host.read("nowhere", "~/") is None
        with pytest.raises(ServerError, match="link that leads nowhere"):
            host.read("link", "~/")


class TestPrograms:
    def test_one_is_spoken_to_in_lines(self, host: Host) -> None:
        command = ["sh", "-c", "read line; echo $line; read line; exit 7"]
        with closing(host.start(command, "~/")) as program:
            program.write_line("hello")
            assert program.read_line(5) == "hello"
            assert program.is_running

            program.write_line("enough")
            with pytest.raises(ConnectionLostError, match="it ended with status 7"):
                program.read_line(5)
            assert not program.is_running

    def test_several_run_at_a_time(self, host: Host) -> None:
        with closing(host.start(["cat"], "~/")) as one, closing(host.start(["cat"], "~/")) as two:
            one.write_line("one")
            two.write_line("two")
            assert (two.read_line(5), one.read_line(5)) == ("two", "one")

    def test_much_on_stderr_keeps_no_one_from_answering(self, host: Host) -> None:
        write = "import sys; sys.stderr.write('e' * 4_000_000 + '!\\n'); print('done')"
        with closing(host.start([sys.executable, "-c", write], "~/")) as program:
            assert program.read_line(10) == "done"
            assert program.finish(5) == (0, b"")
            assert program.errors().endswith("e!")
            assert len(program.errors()) < 100_000

    def test_a_line_that_never_ends_keeps_no_one_waiting(self, host: Host) -> None:
        with closing(host.start(["sh", "-c", "yes | tr -d '\\n'"], "~/")) as program:
            start = monotonic()

            with pytest.raises(ConnectionLostError, match=r"did not answer within 0\.3 s"):
                program.read_line(0.3)

            assert monotonic() - start < 2

    def test_its_end_comes_with_its_last_error(self, host: Host) -> None:
        command = ["sh", "-c", "echo the reason >&2; exit 3"]
        with (
            closing(host.start(command, "~/")) as program,
            pytest.raises(ConnectionLostError, match="it ended with status 3: the reason"),
        ):
            program.read_line(5)

    def test_one_that_has_ended_takes_nothing(self, host: Host) -> None:
        with closing(host.start(["sh", "-c", "kill -9 $$"], "~/")) as program:
            with pytest.raises(ConnectionLostError, match="it ended by signal 9"):
                program.read_line(5)
            with pytest.raises(ConnectionLostError, match="it ended by signal 9"):
                program.write(b"x" * 4_000_000)

    def test_it_ends_where_it_is_closed(self, host: Host) -> None:
        words = f"cat; : {id(host)}"
        with closing(host.start(["sh", "-c", words], "~/")) as program:
            program.write_line("started")
            assert program.read_line(5) == "started"
            parts = running(words)
            assert parts

        assert psutil.wait_procs(parts, timeout=5)[1] == []

    def test_what_is_appended_to_a_file_is_followed(self, host: Host, home: Path) -> None:
        log = home / "log"
        log.write_text("before\n", encoding="utf-8")
        with closing(host.start(["tail", "-n", "1", "-F", "./log"], "~/")) as program:
            assert program.read_line(5) == "before"
            with log.open("a", encoding="utf-8") as file:
                file.write("after\nhalf")
                file.flush()
            assert program.read_line(5) == "after"
            assert program.read_until_quiet(0.2, 2) in ("half", "")


class TestReaching:
    @pytest.fixture
    def echo(self) -> Iterator[int]:
        """A port that sends a greeting, and then everything back."""
        with socket.create_server(("127.0.0.1", 0)) as listener:

            def serve() -> None:
                while True:
                    try:
                        connection, _ = listener.accept()
                    except OSError:
                        return
                    threading.Thread(target=answer, args=(connection,), daemon=True).start()

            def answer(connection: socket.socket) -> None:
                # `reach` tries the port first: it connects, and hangs up without reading.
                with connection, suppress(ConnectionError):
                    connection.sendall(b"hello ")
                    while chunk := connection.recv(65536):
                        connection.sendall(chunk)

            thread = threading.Thread(target=serve, daemon=True)
            thread.start()
            yield int(listener.getsockname()[1])
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()

    def test_a_port_leads_to_one_that_the_host_can_reach(self, host: Host, echo: int) -> None:
        with closing(host.reach("localhost", echo)) as way:
            assert _echoed(way.port) == _echoed(way.port) == b"hello " + ALL_BYTES

        with pytest.raises(OSError, match="refused"):
            _echoed(way.port)

    def test_one_where_nothing_listens_is_named(self, host: Host, echo: int) -> None:
        assert echo != 1
        with pytest.raises(ServerError, match="localhost, port 1, cannot be reached") as refusal:
            host.reach("localhost", 1)

        assert is_one_sentence(str(refusal.value))
        assert host.is_connected


def _echoed(port: int) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        sender = threading.Thread(target=connection.sendall, args=(ALL_BYTES,), daemon=True)
        sender.start()
        came = b""
        while len(came) < len(ALL_BYTES) + 6:
            came += connection.recv(65536)
        sender.join()
    return came
