"""How the runs beside a published page are read before the next page takes its place."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from acceptance.reports.__main__ import main
from acceptance.reports.history.keeping import keep, kept_runs
from acceptance.reports.history.published import text_of
from acceptance.reports.history.tests.past_runs import past_run

RUNS = (past_run(0, Start="passed"), past_run(1, Start="failed"))


class Host:
    """A host of static pages: its answer to each request, and the requests that it had."""

    def __init__(self, server: ThreadingHTTPServer) -> None:
        self.address = f"http://127.0.0.1:{server.server_address[1]}/superlists/"
        self.status = 200
        self.content = b""
        self.requests: list[str] = []


@pytest.fixture
def host() -> Iterator[Host]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.requests.append(self.path)
            self.send_response(served.status)
            self.send_header("Content-Length", str(len(served.content)))
            self.end_headers()
            self.wfile.write(served.content)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served = Host(server)
    thread = threading.Thread(target=server.serve_forever, args=[0.01])
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def refusal(capsys: pytest.CaptureFixture[str], folder: Path, address: str) -> str:
    assert main(["history", str(folder), "--from", address]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.count("\n") == 1
    assert kept_runs(folder).runs == ()
    return shown.err


def test_what_is_published_is_what_was_kept(host: Host, tmp_path: Path) -> None:
    keep(RUNS, tmp_path / "here")
    file = tmp_path / "site" / "runs.ndjson"
    assert main(["history", str(tmp_path / "here"), "--output", str(file)]) == 0
    host.content = file.read_bytes()

    assert main(["history", str(tmp_path / "there"), "--from", host.address]) == 0
    assert set(kept_runs(tmp_path / "there").runs) == set(RUNS)


def test_runs_that_are_kept_here_stay(host: Host, tmp_path: Path) -> None:
    host.content = text_of(RUNS[1:]).encode()
    keep(RUNS[:1], tmp_path)

    assert main(["history", str(tmp_path), "--from", host.address]) == 0
    assert set(kept_runs(tmp_path).runs) == set(RUNS)


def test_the_file_lies_beside_the_page_and_is_never_an_old_one(host: Host, tmp_path: Path) -> None:
    host.content = text_of(RUNS).encode()
    for _ in range(2):
        assert main(["history", str(tmp_path), "--from", f"{host.address}index.html"]) == 0

    assert all(path.startswith("/superlists/runs.ndjson?at=") for path in host.requests)
    assert len(set(host.requests)) == 2


def test_before_the_first_publication_there_are_no_runs(
    host: Host, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    host.status = 404

    assert main(["history", str(tmp_path), "--from", host.address]) == 0
    assert "has no runs yet: the history begins now" in capsys.readouterr().out


@pytest.mark.parametrize("status", [401, 403, 500])
def test_an_answer_that_says_nothing_stops_the_publication(
    host: Host, tmp_path: Path, capsys: pytest.CaptureFixture[str], status: int
) -> None:
    host.status = status

    assert f"answers with the status {status}" in refusal(capsys, tmp_path, host.address)


def test_a_page_in_the_place_of_the_file_stops_it(
    host: Host, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    host.content = b"<!DOCTYPE html>"

    assert "line 1 is not JSON" in refusal(capsys, tmp_path, host.address)


def test_half_a_file_stops_it(
    host: Host, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    host.content = text_of(RUNS).encode()[:-1]
    host.content = host.content[: host.content.rindex(b"\n") + 1]

    assert "ends before its scenario" in refusal(capsys, tmp_path, host.address)


def test_a_server_that_is_not_there_stops_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("urllib3.Retry", lambda *_, **__: False)

    assert "does not answer" in refusal(capsys, tmp_path, "http://127.0.0.1:1/")


def test_what_is_not_an_address_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "is not the address of a page" in refusal(capsys, tmp_path, "superlists.example.com")
