from collections.abc import Callable
from pathlib import Path

import pytest

from features.support.configuration import (
    BrowserName,
    Configuration,
    ConfigurationError,
)

Write = Callable[[str], Path]

# Each setting with three values, as they are written and as they are read.
THREE_VALUES: dict[str, list[tuple[str, object]]] = {
    "browser": [
        ("chrome", BrowserName.CHROME),
        ("firefox", BrowserName.FIREFOX),
        ("chromium", BrowserName.CHROMIUM),
    ],
    "headed": [("true", True), ("false", False), ("yes", True)],
    "grid": [
        (url, url) for url in ("http://one.example.com", "http://[::1]:4444", "https://two/wd/hub")
    ],
    "site_address": [(host, host) for host in ("one.example.com", "192.0.2.2", "xn--three-3ya")],
    "staging": [(host, host) for host in ("one.example.com", "192.0.2.2", "xn--three-3ya")],
    "timeout": [("1", 1.0), ("2.5", 2.5), ("600", 600.0)],
}

NONSENSE = {
    "browser": ["", "netscape", "5", "chrome;reboot", "хром", "fire\nfox"],
    "headed": ["", "maybe", "2", "-1", "nan", "tru\ne", "\uff54rue", "$(true)"],
    "grid": [
        "",
        "true",
        "grid.example.com",
        "http://",
        "http://:4444",
        "http://[",
        "http://grid.example.com:0",
        "http://grid.example.com:banana",
        "http://grid.example.com:70000",
        "http://grid.\nexample.com",
        "http://grid example.com",
        "http://grïd.example.com",
        "ftp://grid.example.com",
        "file:///etc/passwd",
        "javascript:alert(1)",
    ],
    "timeout": [
        "",
        "banana",
        "0",
        "0.05",
        "-5",
        "600.1",
        "1e400",
        "nan",
        "inf",
        "-inf",
        "1_0",
        "\u0665",
        "5 s",
        "5\n6",
        "5;reboot",
        "true",
    ],
}
NONSENSE_HOSTS = [
    "",
    "true",
    "no",
    ".",
    "-",
    "..",
    ":",
    "a..b",
    "-a.example.com",
    "example.com:443",
    "https://example.com",
    "exa mple.com",
    "exa\nmple.com",
    "example.com; reboot",
    "$(reboot)",
    "root@example.com",
    "bücher.example.com",
    "1.2.3",
    "256.1.1.1",
    "::1",
    "a" * 64 + ".example.com",
    ".".join(["a" * 60] * 5),
]
NONSENSE |= {"site_address": NONSENSE_HOSTS, "staging": NONSENSE_HOSTS}

EVERY_NONSENSE = [(name, said) for name, all_said in NONSENSE.items() for said in all_said]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a file of settings."""

    def write_file(content: str) -> Path:
        file = tmp_path / "settings.toml"
        file.write_text(content, encoding="utf-8")
        return file

    return write_file


@pytest.fixture
def no_file(tmp_path: Path) -> Path:
    return tmp_path / "missing.toml"


def refusal(command_line: dict[str, str], environment: dict[str, str], file: Path) -> str:
    """The one line with which these settings are refused."""
    with pytest.raises(ConfigurationError) as refused:
        Configuration.resolve(command_line, environment, file)
    message = str(refused.value)
    assert "\n" not in message
    assert message.endswith(".")
    return message


def test_every_setting_is_tested() -> None:
    assert set(THREE_VALUES) == set(NONSENSE) == set(Configuration.__dataclass_fields__)


def test_nothing_needs_to_be_set(no_file: Path) -> None:
    assert Configuration.resolve({}, {}, no_file) == Configuration()


@pytest.mark.parametrize("name", THREE_VALUES)
def test_the_command_line_beats_the_environment_and_that_the_file(write: Write, name: str) -> None:
    (in_file, from_file), (in_environment, from_environment), (typed, from_typed) = THREE_VALUES[
        name
    ]
    file = write(f'[tool.superlists]\n{name} = "{in_file}"\n')
    environment = {f"SUPERLISTS_{name.upper()}": in_environment}

    assert getattr(Configuration.resolve({}, {}, file), name) == from_file
    assert getattr(Configuration.resolve({}, environment, file), name) == from_environment
    assert getattr(Configuration.resolve({name: typed}, environment, file), name) == from_typed


def test_toml_has_numbers_and_booleans_of_its_own(write: Write) -> None:
    file = write("[tool.superlists]\nheaded = true\ntimeout = 7\n")

    assert Configuration.resolve({}, {}, file) == Configuration(headed=True, timeout=7)


def test_a_default_of_behave_may_be_a_number_too(no_file: Path) -> None:
    userdata: dict[str, str] = {"timeout": 7}  # type: ignore[dict-item] # as behave hands it on

    assert Configuration.resolve(userdata, {}, no_file).timeout == 7


def test_an_empty_variable_sets_nothing(no_file: Path) -> None:
    environment = {"SUPERLISTS_BROWSER": "", "SUPERLISTS_TIMEOUT": ""}

    assert Configuration.resolve({}, environment, no_file) == Configuration()


def test_spaces_around_a_value_do_not_count(no_file: Path) -> None:
    assert Configuration.resolve({"timeout": " 7\n"}, {}, no_file).timeout == 7


@pytest.mark.parametrize(("name", "said"), EVERY_NONSENSE)
def test_nonsense_on_the_command_line_is_refused(no_file: Path, name: str, said: str) -> None:
    message = refusal({name: said}, {}, no_file)

    assert message.startswith(f"-D {name} is {said!r}, which cannot be used: ")


@pytest.mark.parametrize(("name", "said"), [case for case in EVERY_NONSENSE if case[1]])
def test_nonsense_in_the_environment_is_refused(no_file: Path, name: str, said: str) -> None:
    variable = f"SUPERLISTS_{name.upper()}"

    message = refusal({}, {variable: said}, no_file)

    assert message.startswith(f"{variable} is {said!r}, which cannot be used: ")


@pytest.mark.parametrize("name", NONSENSE)
@pytest.mark.parametrize("value", ['""', "[1, 2]", "{ a = 1 }", "-inf"])
def test_nonsense_in_the_file_is_refused(write: Write, name: str, value: str) -> None:
    message = refusal({}, {}, write(f"[tool.superlists]\n{name} = {value}\n"))

    assert message.startswith(f"{name} in settings.toml is ")


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("browser", "name one of chromium, chrome, firefox."),
        ("headed", "say true or false."),
        ("grid", "give an address such as http://grid.example.com:4444."),
        ("site_address", "give a host name or an IPv4 address."),
        ("staging", "give a host name or an IPv4 address."),
        ("timeout", "give a number of seconds between 0.1 and 600."),
    ],
)
def test_a_refusal_says_what_to_give_instead(no_file: Path, name: str, advice: str) -> None:
    assert refusal({name: "non sense"}, {}, no_file).endswith(advice)


@pytest.mark.parametrize("name", ["brwser", "TIMEOUT", "", "time\nout"])
def test_an_unknown_name_on_the_command_line_is_refused(no_file: Path, name: str) -> None:
    message = refusal({name: "5"}, {}, no_file)

    assert message.startswith(f"-D was given {name!r}, which the suite does not know: ")
    assert message.endswith("it knows browser, grid, headed, site_address, staging, timeout.")


def test_an_unknown_name_in_the_file_is_refused(write: Write) -> None:
    message = refusal({}, {}, write('[tool.superlists]\nbrwser = "firefox"\nwait = 5\n'))

    assert message.startswith("[tool.superlists] in settings.toml has 'brwser', 'wait', which")


@pytest.mark.parametrize("content", ["tool = 5", "[tool]\nsuperlists = 5", "[[tool.superlists]]"])
def test_a_file_where_the_table_is_none_is_refused(write: Write, content: str) -> None:
    assert refusal({}, {}, write(content)) == (
        "superlists in settings.toml is not a table: write [tool.superlists] above it."
    )


def test_a_file_without_the_table_sets_nothing(write: Write) -> None:
    assert Configuration.resolve({}, {}, write("[tool.other]\nbrowser = 5\n")) == Configuration()


@pytest.mark.parametrize(
    "content",
    [
        b"browser: firefox",
        b"[tool.superlists]\nbrowser = '\xff'",
        b"[tool.superlists]\ntimeout = " + b"9" * 5000,
    ],
)
def test_a_file_that_is_no_toml_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "settings.toml"
    file.write_bytes(content)

    message = refusal({}, {}, file)

    assert message.startswith("settings.toml cannot be read as TOML (")
    assert message.endswith("): correct it and run again.")


def test_a_folder_in_the_place_of_the_file_is_refused(tmp_path: Path) -> None:
    assert "cannot be read as TOML" in refusal({}, {}, tmp_path)


def test_the_projects_own_file_can_be_used() -> None:
    Configuration.resolve({}, {})


def test_a_run_says_what_it_uses() -> None:
    assert str(Configuration()) == (
        "Superlists: a site on this machine, chromium headless, waits of 5 s"
    )
    assert str(
        Configuration(
            browser=BrowserName.FIREFOX,
            headed=True,
            grid="http://grid.example.com:4444",
            staging="staging.example.com",
            timeout=0.5,
        )
    ) == (
        "Superlists: staging host staging.example.com, firefox in a window"
        " on http://grid.example.com:4444, waits of 0.5 s"
    )


def test_the_password_of_a_grid_is_not_shown(no_file: Path) -> None:
    rented = Configuration.resolve({"grid": "https://edith:secret@grid.example.com"}, {}, no_file)

    assert rented.grid == "https://edith:secret@grid.example.com"
    assert "on https://***@grid.example.com" in str(rented)
    assert "secret" not in refusal({"grid": "ftp://edith:secret@grid.example.com"}, {}, no_file)
