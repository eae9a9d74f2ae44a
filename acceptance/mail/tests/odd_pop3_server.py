"""A POP3 server that behaves like those that cannot run here: Gmail, and old or broken ones."""

import socketserver
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import trustme


@dataclass(kw_only=True)
class Oddities:
    """The oddities of the server, which tests can change.

    Attributes:
        newest_first: it numbers the newest mail 1.
        lacks: the commands that it does not know.
        window: how many mails it lists, the oldest ones, or None for all.
        replies: what it answers to a command, such as "PASS" or, with a mail's name, "TOP a",
            instead of doing it; nothing ends the connection.
        uidl_lines: more lines in its answer to UIDL.

    """

    newest_first: bool = False
    lacks: set[str] = field(default_factory=set)
    window: int | None = None
    replies: dict[str, str] = field(default_factory=dict)
    uidl_lines: list[str] = field(default_factory=list)


class OddPop3Server(socketserver.ThreadingTCPServer):
    """A mailbox behind TLS, for any user and password.

    Attributes:
        mails: by name, the oldest first.
        oddities: what is odd about it.
        asked: the commands that came.

    """

    daemon_threads = True

    def __init__(self, authority: trustme.CA) -> None:
        self.mails: dict[str, bytes] = {}
        self.oddities = Oddities()
        self.asked: list[str] = []
        self.tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority.issue_cert("localhost").configure_cert(self.tls)
        super().__init__(("127.0.0.1", 0), _Conversation)

    @property
    def port(self) -> int:
        """Its port on loopback."""
        return int(self.server_address[1])

    def begin_anew(self) -> None:
        """Remove all emails and oddities."""
        self.mails.clear()
        self.asked.clear()
        self.oddities = Oddities()

    def listed(self) -> list[str]:
        """Return the names of the emails in the order of their numbers, from 1."""
        names = list(self.mails)[: self.oddities.window]
        return names[::-1] if self.oddities.newest_first else names


class _Conversation(socketserver.StreamRequestHandler):
    server: OddPop3Server

    def setup(self) -> None:
        self.request = self.server.tls.wrap_socket(self.request, server_side=True)
        super().setup()
        # The state at login (RFC 1939, section 8).
        self.names = self.server.listed()
        self.deleted: list[str] = []

    def handle(self) -> None:
        self.wfile.write(b"+OK ready\r\n")
        for line in self.rfile:
            command, *arguments = line.decode().split()
            self.server.asked.append(command)
            number = int(arguments[0]) if arguments and arguments[0].isdigit() else None
            answer = self.answer(command, number)
            if answer is None:
                return
            self.wfile.write(answer + b"\r\n")

    def finish(self) -> None:
        super().finish()
        self.request.close()

    def answer(self, command: str, number: int | None) -> bytes | None:
        odd = self.server.oddities
        name = self.names[number - 1] if number is not None else ""
        for key in (f"{command} {name}", command):
            if key in odd.replies:
                return odd.replies[key].encode() or None
        if command in odd.lacks:
            return b"-ERR unknown command"
        if name and name not in self.server.mails:
            return b"-ERR no such message"
        return getattr(self, f"do_{command.lower()}")(name)  # type: ignore[no-any-return]

    def do_user(self, _name: str) -> bytes:
        return b"+OK"

    do_pass = do_user

    def do_stat(self, _name: str) -> bytes:
        return b"+OK %d %d" % (len(self.names), sum(map(self.length, self.names)))

    def do_list(self, name: str) -> bytes:
        numbered = [b"%d %d" % (n, self.length(each)) for n, each in enumerate(self.names, 1)]
        if name:
            return b"+OK " + numbered[self.names.index(name)]
        return b"\r\n".join([b"+OK", *numbered, b"."])

    def do_uidl(self, _name: str) -> bytes:
        numbered = [f"{number} {name}" for number, name in enumerate(self.names, 1)]
        return "\r\n".join(["+OK", *numbered, *self.server.oddities.uidl_lines, "."]).encode()

    def do_top(self, name: str) -> bytes:
        head = self.server.mails[name].partition(b"\r\n\r\n")[0]
        return b"\r\n".join([b"+OK", head, b"", b"."])

    def do_retr(self, name: str) -> bytes:
        return b"\r\n".join([b"+OK", self.server.mails[name], b"."])

    def do_dele(self, name: str) -> bytes:
        self.deleted.append(name)
        return b"+OK"

    def do_quit(self, _name: str) -> bytes:
        for name in self.deleted:
            self.server.mails.pop(name, None)
        return b"+OK"

    def length(self, name: str) -> int:
        return len(self.server.mails.get(name, b""))


@contextmanager
def open_odd_server(authority: trustme.CA) -> Iterator[OddPop3Server]:
    """Run such a server during the block."""
    with OddPop3Server(authority) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            # Otherwise a test that fails would wait for the server forever.
            server.shutdown()
            thread.join()


def mail_to(address: str, subject: str, text: str = "Hello", **fields: str) -> bytes:
    """Return an email in the form in which a server stores it."""
    given: Mapping[str, str] = {"Subject": subject, "To": address, **fields}
    head = "".join(f"{name}: {value}\r\n" for name, value in given.items())
    return f"{head}\r\n{text}".encode()
