"""A site of a few pages on this machine that records its requests."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

PAGES = {
    "/": """<title>Home</title><h1>Hello</h1>
        <a href="/elsewhere"> Go <b>elsewhere</b> </a> <a href="/secret" hidden>Secret</a>
        <p class="note">Seen</p> <p class="note" hidden>Unseen</p>""",
    "/elsewhere": """<title>Elsewhere</title><h1>You are elsewhere</h1>""",
    "/form": """<title>Form</title><h1>Fill it in</h1>
        <form action="/answer">
            <input name="text" value="old"> <input type="hidden" name="token" value="t">
            <input type="checkbox" name="done" checked> <input type="checkbox" name="late">
            <button id="send" name="way" value="fast">Send</button>
            <button id="off" disabled>Off</button>
        </form>
        <form method="post" action="/posted"><input name="item"></form>""",
    "/answer": """<title>Answer</title>""",
    "/posted": """<title>Posted</title>""",
    "/script": """<title>Written</title><script>document.title = "Scripted"</script>""",
    "/broken-picture": """<title>Picture</title><img src="/missing.png" alt="">""",
}


HTML = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Reply:
    """An answer of the site.

    Attributes:
        body: its body.
        status: HTTP's status code.
        headers: its header fields, except for the length of the body.
        delay: how late it comes, in seconds.

    """

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": HTML})
    delay: float = 0


@dataclass(frozen=True)
class Request:
    """A request to the site.

    Attributes:
        method: HTTP's method.
        path: its path and query.
        headers: its header fields.
        body: its body, as a form that is posted has one.

    """

    method: str
    path: str
    headers: Message
    body: str


@dataclass
class SmallSite:
    """The site.

    Attributes:
        url: its address, without a slash at its end.
        requests: the requests that it received, oldest first.
        replies: its answers, by path.

    """

    url: str
    requests: list[Request] = field(default_factory=list)
    replies: dict[str, Reply] = field(default_factory=dict)

    @property
    def url_of_another(self) -> str:
        """The same site under the address of another site."""
        return self.url.replace("localhost", "127.0.0.1")

    def shows(self, markup: str, path: str = "/page") -> str:
        """Show a page at a path, and return its address."""
        return self.answers(Reply(f"<!DOCTYPE html>{markup}".encode()), path)

    def answers(self, reply: Reply, path: str = "/answer") -> str:
        """Set the answer at a path, and return its address."""
        self.replies[path] = reply
        return f"{self.url}{path}"

    def redirects(self, status: int, location: str, path: str = "/redirect", **headers: str) -> str:
        """Redirect from a path to `location`, and return its address."""
        fields = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.answers(Reply(status=status, headers={"Location": location, **fields}), path)

    def last_request(self, path: str) -> Request:
        """Return the last request for a path, whatever its query is."""
        return [each for each in self.requests if each.path.partition("?")[0] == path][-1]


MISSING = Reply(b"<!DOCTYPE html><h1>Missing</h1>", 404)


@contextmanager
def open_small_site() -> Iterator[SmallSite]:
    """Serve the site for the duration of the block."""

    class Pages(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            body = self.rfile.read(length).decode()
            site.requests.append(Request(self.command, self.path, self.headers, body))
            reply = site.replies.get(self.path.partition("?")[0], MISSING)
            time.sleep(reply.delay)
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        do_POST = do_GET  # noqa: N815 (so http.server names it)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("localhost", 0), Pages) as server:
        site = SmallSite(f"http://localhost:{server.server_port}")
        for path, markup in PAGES.items():
            site.shows(markup, path)
        site.redirects(302, "/elsewhere", "/moved", Set_Cookie="seen=yes; Path=/")
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield site
        finally:
            server.shutdown()
            thread.join()
