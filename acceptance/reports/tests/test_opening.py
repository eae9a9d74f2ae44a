"""When a page is opened for the person who asked for it."""

from pathlib import Path

import pytest

from acceptance.reports.opening import open_page


@pytest.mark.parametrize(
    ("system", "variables", "opened"),
    [
        ("linux", {"DISPLAY": ":0"}, True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
        ("linux", {}, False),
        ("linux", {"DISPLAY": ""}, False),
        (
            "linux",
            {"DISPLAY": "localhost:10.0", "SSH_CONNECTION": "192.0.2.1 1 192.0.2.2 22"},
            False,
        ),
        ("linux", {"DISPLAY": ":99", "CI": "true"}, False),
        ("darwin", {}, True),
        ("darwin", {"SSH_CONNECTION": "192.0.2.1 1 192.0.2.2 22"}, False),
        ("win32", {}, True),
    ],
)
def test_a_page_is_opened_only_in_a_desktop_session(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    system: str,
    variables: dict[str, str],
    *,
    opened: bool,
) -> None:
    addresses: list[str] = []
    monkeypatch.setattr("sys.platform", system)
    monkeypatch.setattr("webbrowser.open", addresses.append)

    open_page(tmp_path / "a page.html", variables)

    assert addresses == ([f"{tmp_path.as_uri()}/a%20page.html"] if opened else [])
