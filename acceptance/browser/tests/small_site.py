"""A site of a few pages, on this machine, that remembers what it was asked for."""

from collections.abc import Iterator
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


@dataclass(frozen=True)
class Request:
    """What the site was asked.

    Attributes:
        path: what for, with its query.
        headers: as they came.
        body: what a form that is posted says.

    """

    path: str
    headers: Message
    body: str


@dataclass
class SmallSite:
    """The site.

    Attributes:
        url: where it is, without a slash at its end.
        requests: what it was asked, oldest first.

    """

    url: str
    requests: list[Request] = field(default_factory=list)

    def last_request(self, path: str) -> Request:
        """Return the last request for a path, whatever its query is."""
        return [each for each in self.requests if each.path.partition("?")[0] == path][-1]


@contextmanager
def open_small_site() -> Iterator[SmallSite]:
    """Serve the site for the length of the block."""

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            body = self.rfile.read(length).decode()
            site.requests.append(Request(self.path, self.headers, body))
            path = self.path.partition("?")[0]
            if path == "/moved":
                self.send_response(302)
                self.send_header("Location", "/elsewhere")
                self.send_header("Set-Cookie", "seen=yes; Path=/")
            else:
                self.send_response(200 if path in PAGES else 404)
            page = f"<!DOCTYPE html>{PAGES.get(path, '<h1>Missing</h1>')}".encode()
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)

        do_POST = do_GET  # noqa: N815 (so http.server names it)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("localhost", 0), Pages) as server:
        site = SmallSite(f"http://localhost:{server.server_port}")
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield site
        finally:
            server.shutdown()
            thread.join()
