import smtplib
import tempfile
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest

from testbeds.errors import TestBedError
from testbeds.loopback.maildev import open_maildev


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_maildev_answers_while_it_is_open(folder: Path) -> None:
    with open_maildev() as maildev:
        with smtplib.SMTP("127.0.0.1", maildev.smtp_port, timeout=10) as connection:
            assert connection.noop()[0] == 250
        with closing(HTTPConnection(maildev.url.removeprefix("http://"), timeout=10)) as web:
            web.request("GET", "/api/healthz")
            assert web.getresponse().read() == b"true"
        assert list(folder.iterdir()) != []

    with pytest.raises(ConnectionRefusedError):
        smtplib.SMTP("127.0.0.1", maildev.smtp_port, timeout=10)
    assert list(folder.iterdir()) == []


def test_a_maildev_that_does_not_start_reports_the_reason(folder: Path) -> None:
    with pytest.raises(TestBedError, match=r"maildev ended with status 1; .*--no-such-op"):
        open_maildev("--no-such-option").__enter__()

    assert list(folder.iterdir()) == []


def test_a_missing_maildev_is_named(folder: Path) -> None:
    with pytest.raises(TestBedError, match=r"no/maildev is not installed.*make "):
        open_maildev(program=Path("no/maildev")).__enter__()

    assert list(folder.iterdir()) == []
