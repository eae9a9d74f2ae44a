from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from acceptance.configuration import Configuration, without_password
from acceptance.errors import ConfigurationError
from acceptance.hosts.secret_setting import SecretSetting
from acceptance.project import Project
from acceptance.readers import BrowserName, DeployedSite, FixturesWay, Reset
from features.support.project import SUPERLISTS

Write = Callable[[str], Path]

PROJECT = Project(name="Superlists", table="superlists", environment_prefix="SUPERLISTS_")

# Each setting with three values, as they are written and as they are read.
THREE_VALUES: dict[str, list[tuple[str, object]]] = {
    "browser": [
        ("firefox", BrowserName.FIREFOX),
        ("none", BrowserName.NONE),
        ("mixed", BrowserName.MIXED),
    ],
    "headed": [("true", True), ("false", False), ("yes", True)],
    "pictures": [("true", True), ("false", False), ("yes", True)],
    "evidence": [("false", False), ("true", True), ("no", False)],
    "grid": [
        (url, url) for url in ("http://one.example.com", "http://[::1]:4444", "https://two/wd/hub")
    ],
    "grid_timeout": [("1", 1.0), ("2.5", 2.5), ("600", 600.0)],
    "site_address": [(host, host) for host in ("one.example.com", "192.0.2.2", "xn--three-3ya")],
    "staging": [
        ("one.example.com", DeployedSite("https://one.example.com", "one.example.com")),
        (
            "https://Two.example.com:8443/",
            DeployedSite("https://two.example.com:8443", "two.example.com"),
        ),
        ("http://192.0.2.2", DeployedSite("http://192.0.2.2", "192.0.2.2")),
    ],
    "unlisted_host": [(host, host) for host in ("one.example.com", "192.0.2.2", "localhost")],
    "fixtures": [
        ("tunnel", FixturesWay.TUNNEL),
        ("ssh", FixturesWay.SSH),
        ("Tunnel", FixturesWay.TUNNEL),
    ],
    "order": [(order, order) for order in ("random", "random:7", "random:123456")],
    "reset": [("never", Reset.NEVER), ("run", Reset.RUN), ("Scenario", Reset.SCENARIO)],
    "host_command": [
        ("docker compose exec -T web", ("docker", "compose", "exec", "-T", "web")),
        ("kubectl exec -i deploy/web --", ("kubectl", "exec", "-i", "deploy/web", "--")),
        ("podman exec -i 'my web'", ("podman", "exec", "-i", "my web")),
    ],
    "site_folder": [(path, path) for path in ("/srv/site", "~/sites/{host}", "~/with space")],
    "server_log": [(log, log) for log in ("journal:gunicorn-{host}", "/var/log/a.log", "~/a.log")],
    "mailbox": [
        (url, url)
        for url in (
            "pop3s://edith@pop.example.com",
            "maildev+http://localhost:1080",
            "pop3s://edith%40example.com@pop.example.com:1995",
        )
    ],
    "mail_address": [
        (pattern, pattern)
        for pattern in ("edith+{unique}@example.com", "{unique}@example.com", "edith@example.com")
    ],
    "mail_timeout": [("1", 1.0), ("2.5", 2.5), ("600", 600.0)],
    "timeout": [("1", 1.0), ("2.5", 2.5), ("600", 600.0)],
}

NONSENSE = {
    "browser": ["", "netscape", "5", "chrome;reboot", "хром", "fire\nfox"],
    "headed": ["", "maybe", "2", "-1", "nan", "tru\ne", "\uff54rue", "$(true)"],
    "pictures": ["", "maybe", "2", "png", "tru\ne", "$(true)"],
    "evidence": ["", "none", "2", "off-ish", "tru\ne", "$(true)"],
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
NONSENSE |= {
    "site_address": NONSENSE_HOSTS,
    "unlisted_host": NONSENSE_HOSTS,
    "staging": [
        *(
            text
            for text in NONSENSE_HOSTS
            if text not in {"example.com:443", "https://example.com"}
        ),
        "https://",
        "https://example.com/lists",
        "https://example.com?a",
        "https://example.com#a",
        "https://example.com:0",
        "https://example.com:",
        "ftp://example.com",
        "//example.com",
        "-oProxyCommand=reboot",
    ],
    "fixtures": ["", "banana", "true", "ssh tunnel", "ssh;reboot", "tun\nnel"],
    "order": ["", "true", "random:", "random:x", "random:-1", "alphabetical"],
    "reset": ["", "yes", "once", "run,never"],
    "host_command": ["", "docker 'exec", "docker 'e\nxec'", "docker e\x1bxec"],
    "site_folder": ["", "sites", "../sites", "~edith/sites", "$HOME/sites", "/srv\n/sites", "~"],
    "server_log": ["", "journal:", "gunicorn.log", "journal:a b", "journal:a;reboot", "a\nb"],
    "mailbox": [
        "",
        "edith@example.com",
        "pop3://edith@example.com",
        "pop3s://",
        "pop3s://pop.example.com",
        "pop3s://edith@",
        "pop3s://edith@pop.example.com:banana",
        "maildev+ftp://localhost",
        "http://localhost:1080",
    ],
    "mail_address": [
        "",
        "edith",
        "@example.com",
        "edith@",
        "e dith@example.com",
        "édith@example.com",
    ],
    "mail_timeout": NONSENSE["timeout"],
    "grid_timeout": NONSENSE["timeout"],
}

EVERY_NONSENSE = [(name, text) for name, all_said in NONSENSE.items() for text in all_said]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a file of settings."""

    def write_file(content: str) -> Path:
        file = tmp_path / "pyproject.toml"
        file.write_text(content, encoding="utf-8")
        return file

    return write_file


@pytest.fixture
def no_file(tmp_path: Path) -> Path:
    return tmp_path / "missing" / "pyproject.toml"


def resolved(
    command_line: dict[str, str], environment: dict[str, str], file: Path
) -> Configuration:
    return Configuration.resolve(replace(PROJECT, root=file.parent), command_line, environment)


def refusal(command_line: dict[str, str], environment: dict[str, str], file: Path) -> str:
    """The one line with which these settings are refused."""
    with pytest.raises(ConfigurationError) as refused:
        resolved(command_line, environment, file)
    message = str(refused.value)
    assert "\n" not in message
    assert message.endswith((".", "?"))
    return message


# They cannot be set everywhere, and have their own tests.
ELSEWHERE = {"staging_hosts", "mailbox_password", "site_user", "site_password"}

# A site on a server also needs these.
WITH_STAGING = """
staging_hosts = ["one.example.com", "two.example.com", "192.0.2.2"]
mailbox = "pop3s://edith@pop.example.com"
mail_address = "edith+{unique}@example.com"
"""


def test_every_setting_is_tested() -> None:
    assert set(THREE_VALUES) == set(NONSENSE)
    settings = set(Configuration.__dataclass_fields__) - {"project", "options", "strangers"}
    assert set(THREE_VALUES) | ELSEWHERE == settings


def test_nothing_needs_to_be_set(no_file: Path) -> None:
    assert resolved({}, {}, no_file) == Configuration()


@pytest.mark.parametrize("name", THREE_VALUES)
def test_the_command_line_beats_the_environment_and_that_the_file(write: Write, name: str) -> None:
    (in_file, from_file), (in_environment, from_environment), (typed, from_typed) = THREE_VALUES[
        name
    ]
    others = WITH_STAGING if name == "staging" else ""
    file = write(f'[tool.superlists]\n{name} = "{in_file}"\n{others}')
    environment = {f"SUPERLISTS_{name.upper()}": in_environment}

    assert getattr(resolved({}, {}, file), name) == from_file
    assert getattr(resolved({}, environment, file), name) == from_environment
    assert getattr(resolved({name: typed}, environment, file), name) == from_typed


def test_toml_has_numbers_and_booleans_of_its_own(write: Write) -> None:
    file = write("[tool.superlists]\nheaded = true\ntimeout = 7\n")

    assert resolved({}, {}, file) == Configuration(headed=True, timeout=7)


def test_a_default_of_behave_may_be_a_number_too(no_file: Path) -> None:
    userdata: dict[str, str] = {"timeout": 7}  # type: ignore[dict-item] # as behave hands it on

    assert resolved(userdata, {}, no_file).timeout == 7


def test_an_empty_variable_sets_nothing(no_file: Path) -> None:
    environment = {"SUPERLISTS_BROWSER": "", "SUPERLISTS_TIMEOUT": ""}

    assert resolved({}, environment, no_file) == Configuration()


def test_spaces_around_a_value_do_not_count(no_file: Path) -> None:
    assert resolved({"timeout": " 7\n"}, {}, no_file).timeout == 7


@pytest.mark.parametrize(("name", "text"), EVERY_NONSENSE)
def test_nonsense_on_the_command_line_is_refused(no_file: Path, name: str, text: str) -> None:
    message = refusal({name: text}, {}, no_file)

    assert message.startswith(f"-D {name} is {without_password(text)!r}, which cannot be used: ")


@pytest.mark.parametrize(("name", "text"), [case for case in EVERY_NONSENSE if case[1]])
def test_nonsense_in_the_environment_is_refused(no_file: Path, name: str, text: str) -> None:
    variable = f"SUPERLISTS_{name.upper()}"

    message = refusal({}, {variable: text}, no_file)

    assert message.startswith(f"{variable} is {without_password(text)!r}, which cannot be used: ")


@pytest.mark.parametrize("name", NONSENSE)
@pytest.mark.parametrize("value", ['""', "[1, 2]", "{ a = 1 }", "-inf"])
def test_nonsense_in_the_file_is_refused(write: Write, name: str, value: str) -> None:
    message = refusal({}, {}, write(f"[tool.superlists]\n{name} = {value}\n"))

    assert message.startswith(f"{name} in pyproject.toml is ")


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("browser", "name one of chromium, chrome, firefox, none, mixed."),
        ("headed", "give true or false."),
        ("grid", "give an address such as http://grid.example.com:4444."),
        ("site_address", "give a host name or an IPv4 address."),
        ("unlisted_host", "give a host name or an IPv4 address."),
        ("staging", "give a host such as staging.example.com, or its https:// address."),
        ("fixtures", "name one of ssh, tunnel."),
        ("order", "give random, or random:NUMBER to repeat the order of a run."),
        ("reset", "name one of scenario, run, never."),
        ("site_folder", "give a path on the server that starts with / or ~/."),
        ("server_log", "give a path on the server that starts with / or ~/."),
        (
            "mail_address",
            "give an address such as you+{unique}@example.com, or one without {unique}.",
        ),
        ("mail_timeout", "give a number of seconds between 0.1 and 600."),
        ("timeout", "give a number of seconds between 0.1 and 600."),
    ],
)
def test_a_refusal_explains_what_to_give_instead(no_file: Path, name: str, advice: str) -> None:
    assert refusal({name: "non sense"}, {}, no_file).endswith(advice)


# Misspelled names of settings and of variables. None may be ignored: with a typo in "staging", a
# run that is meant for a server would take place here.
TYPOS = {
    "stagign": "staging",
    "stagin": "staging",
    "Staging": "staging",
    "STAGING": "staging",
    "stage": "staging",
    "stag-ing": "staging",
    "staging:one.example.com": "staging",
    "tsaging": "staging",
    "browsr": "browser",
    "brwser": "browser",
    "TIMEOUT": "timeout",
    "time\nout": "timeout",
    "mail-box": "mailbox",
    "mailAddress": "mail_address",
    "unlisted-host": "unlisted_host",
    "headless": "headed",
    "picture": "pictures",
}
# Settings of behave itself, of its formatters and of its other runners.
OTHERS = [
    "behave.reporter.junit.show_hostname",
    "behave.formatter.html-pretty.title_string",
    "runner.continue_after_failed_step",
    "AllureFormatter.link_pattern",
    "staging.tool.of_somebody",
    "parallel_processes",
    "device",
    "show_timings",
    "url",
    "id",
]


@pytest.mark.parametrize(("typed", "meant"), TYPOS.items())
def test_a_typo_in_a_name_is_refused(no_file: Path, typed: str, meant: str) -> None:
    message = refusal({typed: "5"}, {}, no_file)

    assert message.startswith("-D ")
    assert "\n" not in message
    assert message.endswith(f" is not a setting of the suite: did you mean {meant}?")


@pytest.mark.parametrize(
    "typed", ["SUPERLISTS_STAGIGN", "SUPERLISTS_staging", "SUPERLISTS_MAIL_BOX"]
)
def test_a_typo_in_a_variable_is_refused(no_file: Path, typed: str) -> None:
    message = refusal({}, {typed: "one.example.com"}, no_file)

    assert message.startswith(f"{typed} is not a setting of the suite: did you mean ")


@pytest.mark.parametrize("typed", OTHERS)
def test_the_names_of_others_are_left_to_them_and_shown(no_file: Path, typed: str) -> None:
    configuration = resolved({typed: "5"}, {}, no_file)

    assert configuration == Configuration()
    assert str(configuration).endswith(f"\nNot settings of the suite: -D {typed}")


@pytest.mark.parametrize("typed", ["one.example.com", "https://One.example.com:8443/"])
def test_a_host_in_the_place_of_a_name_is_refused(write: Write, typed: str) -> None:
    file = write('[tool.superlists]\nstaging_hosts = ["one.example.com"]\n')

    assert refusal({typed: "true"}, {}, file) == (
        f"-D {typed} names a host, not a setting: type -D staging={typed} to test it."
    )


def test_an_unknown_name_in_the_file_is_refused(write: Write) -> None:
    message = refusal({}, {}, write('[tool.superlists]\nbrwser = "firefox"\nwait = 5\n'))

    assert message.startswith("[tool.superlists] in pyproject.toml has 'brwser', 'wait', which")


@pytest.mark.parametrize("content", ["tool = 5", "[tool]\nsuperlists = 5", "[[tool.superlists]]"])
def test_a_file_with_another_value_for_the_table_is_refused(write: Write, content: str) -> None:
    assert refusal({}, {}, write(content)) == (
        "superlists in pyproject.toml is not a table: write [tool.superlists] above it."
    )


def test_a_file_without_the_table_sets_nothing(write: Write) -> None:
    assert resolved({}, {}, write("[tool.other]\nbrowser = 5\n")) == Configuration()


@pytest.mark.parametrize(
    "content",
    [
        b"browser: firefox",
        b"[tool.superlists]\nbrowser = '\xff'",
        b"[tool.superlists]\ntimeout = " + b"9" * 5000,
    ],
)
def test_a_file_that_is_not_toml_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "pyproject.toml"
    file.write_bytes(content)

    message = refusal({}, {}, file)

    assert message.startswith("pyproject.toml cannot be read as TOML (")
    assert message.endswith("): correct it and run again.")


def test_a_folder_in_the_place_of_the_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "pyproject.toml"
    file.mkdir()

    assert "cannot be read as TOML" in refusal({}, {}, file)


def test_only_listed_hosts_may_be_tested(write: Write) -> None:
    file = write(f"[tool.superlists]\n{WITH_STAGING}")

    assert resolved({"staging": "one.example.com"}, {}, file).staging
    assert refusal({"staging": "https://other.example.com:8443"}, {}, file) == (
        "other.example.com is not one of the staging_hosts in pyproject.toml, and testing a site "
        "deletes all its data: name a staging host, such as one.example.com; "
        "docs/how-to/staging.md explains how to list a new one."
    )


@pytest.mark.parametrize(
    "text", ["ONE.example.com", "https://One.Example.Com", "https://one.example.com:8443/"]
)
def test_a_listed_host_is_known_however_it_is_written(write: Write, text: str) -> None:
    file = write(f"[tool.superlists]\n{WITH_STAGING}")

    staging = resolved({"staging": text}, {}, file).staging

    assert staging is not None
    assert staging.host == "one.example.com"


def test_a_host_that_is_not_listed_has_to_be_spelled_twice(write: Write) -> None:
    file = write(f"[tool.superlists]\n{WITH_STAGING}")
    asked = {"staging": "other.example.com"}

    assert resolved({**asked, "unlisted_host": "Other.example.com"}, {}, file).staging
    for another in ("one.example.com", "other.example.org", "example.com"):
        refused = refusal({**asked, "unlisted_host": another}, {}, file)
        assert refused.startswith("other.example.com is not one of the staging_hosts")


@pytest.mark.parametrize(
    ("command_line", "environment", "source"),
    [
        ({"staging_hosts": "other.example.com"}, {}, "-D staging_hosts"),
        ({}, {"SUPERLISTS_STAGING_HOSTS": "other.example.com"}, "SUPERLISTS_STAGING_HOSTS"),
    ],
)
def test_hosts_are_listed_in_the_file_only(
    write: Write, command_line: dict[str, str], environment: dict[str, str], source: str
) -> None:
    file = write(f"[tool.superlists]\n{WITH_STAGING}")

    message = refusal({"staging": "other.example.com", **command_line}, environment, file)

    assert message.startswith(
        f"{source} is set, but the hosts that a run may empty are listed only"
    )


@pytest.mark.parametrize("text", ['"one.example.com"', "5", "[5]", '["*"]', '["a b"]', '[""]'])
def test_a_value_that_is_not_a_list_of_hosts_is_refused(write: Write, text: str) -> None:
    message = refusal({}, {}, write(f"[tool.superlists]\nstaging_hosts = {text}\n"))

    assert message.startswith("staging_hosts in pyproject.toml is ")
    assert message.endswith("which cannot be used: give a list of host names.")


def test_no_host_at_all_is_listed_where_there_is_no_file(no_file: Path) -> None:
    assert refusal({"staging": "one.example.com"}, {}, no_file).startswith(
        "one.example.com is not one of the staging_hosts"
    )


@pytest.mark.parametrize("missing", ["mailbox", "mail_address"])
def test_a_site_on_a_server_needs_a_mailbox(write: Write, missing: str) -> None:
    kept = [line for line in WITH_STAGING.splitlines() if not line.startswith(f"{missing} ")]
    file = write("\n".join(["[tool.superlists]", *kept]))

    message = refusal({"staging": "one.example.com"}, {}, file)

    assert message.startswith(
        f"one.example.com sends real email, but {missing} is not set: set SUPER"
    )


def test_the_password_of_the_mailbox_comes_from_the_environment_only(write: Write) -> None:
    file = write(f"[tool.superlists]\n{WITH_STAGING}")
    asked = {"staging": "one.example.com"}
    environment = {"SUPERLISTS_MAILBOX_PASSWORD": "to p=secret#"}

    configuration = resolved(asked, environment, file)

    assert configuration.mailbox_password.value == "to p=secret#"
    assert "secret" not in f"{configuration} {configuration!r}"
    for message in (
        refusal({**asked, "mailbox_password": "topsecret"}, {}, file),
        refusal(
            asked, {}, write(f"[tool.superlists]\nmailbox_password = 'topsecret'{WITH_STAGING}")
        ),
    ):
        assert "secret" not in message
        assert message.endswith("set SUPERLISTS_MAILBOX_PASSWORD instead, and change the password.")


def test_the_projects_own_list_names_no_host_that_could_be_production() -> None:
    listed = Configuration.resolve(SUPERLISTS, {}, {}).staging_hosts

    assert listed
    assert all("staging" in host for host in listed)


@pytest.mark.parametrize(
    ("settings", "asked"),
    [
        ({"headed": "yes"}, "headed is"),
        ({"grid": "http://grid:4444"}, "grid is"),
        ({"grid": "http://grid:4444", "headed": "yes"}, "headed and grid are"),
    ],
)
def test_a_run_without_a_browser_cannot_show_one(
    no_file: Path, settings: dict[str, str], asked: str
) -> None:
    assert refusal({**settings, "browser": "none"}, {}, no_file) == (
        f"{asked} set, and browser=none has no window: leave that out, or use -D browser=mixed."
    )
    assert resolved({**settings, "browser": "mixed"}, {}, no_file).browser is BrowserName.MIXED


def test_a_run_shows_what_it_uses() -> None:
    assert str(Configuration(project=PROJECT)) == (
        "Superlists: a site on this machine, chromium headless, waits of 5 s"
    )
    assert str(Configuration(project=PROJECT, browser=BrowserName.NONE)) == (
        "Superlists: a site on this machine, no browser, waits of 5 s"
    )
    assert str(Configuration(project=PROJECT, browser=BrowserName.MIXED)) == (
        "Superlists: a site on this machine, chromium headless where a scenario needs it, "
        "waits of 5 s"
    )
    assert str(
        Configuration(
            project=PROJECT,
            browser=BrowserName.FIREFOX,
            headed=True,
            grid="http://grid.example.com:4444",
            staging=DeployedSite("https://staging.example.com", "staging.example.com"),
            mailbox="pop3s://edith@pop.example.com",
            mailbox_password=SecretSetting("SUPERLISTS_MAILBOX_PASSWORD", "secret"),
            mail_address="edith+{unique}@example.com",
            timeout=0.5,
        )
    ) == (
        "Superlists: https://staging.example.com, firefox in a window"
        " on http://grid.example.com:4444, waits of 0.5 s\n"
        "Mail: edith+{unique}@example.com in pop3s://edith@pop.example.com, waits of 60 s"
    )


@pytest.mark.parametrize("reset", ["run", "never"])
def test_a_site_that_is_not_emptied_needs_new_people_for_each_scenario(
    write: Write, reset: str
) -> None:
    file = write(f"[tool.superlists]\n{WITH_STAGING}")
    settings = {"staging": "one.example.com", "reset": reset}

    assert resolved(settings, {}, file).reset == reset
    assert refusal({**settings, "mail_address": "edith@example.com"}, {}, file) == (
        f"With reset={reset}, each scenario needs new people, but mail_address is "
        "edith@example.com: put {unique} into it, as in you+{unique}@example.com."
    )


def test_workers_on_one_site_do_not_empty_it_for_each_other(write: Write) -> None:
    file = write(f"[tool.superlists]\n{WITH_STAGING}")
    staging = {"staging": "one.example.com"}

    assert resolved(staging, {}, file).for_workers().reset is Reset.RUN
    assert resolved({**staging, "reset": "never"}, {}, file).for_workers().reset is Reset.NEVER
    with pytest.raises(ConfigurationError) as refused:
        resolved({**staging, "reset": "scenario"}, {}, file).for_workers()
    assert str(refused.value) == (
        "Each worker would empty one.example.com while others use it: add -D reset=run, or leave "
        "out -j."
    )
    with pytest.raises(ConfigurationError, match=r"put \{unique\} into it"):
        resolved({**staging, "mail_address": "edith@example.com"}, {}, file).for_workers()


def test_the_password_of_a_grid_is_not_shown(no_file: Path) -> None:
    rented = resolved({"grid": "https://edith:secret@grid.example.com"}, {}, no_file)

    assert rented.grid == "https://edith:secret@grid.example.com"
    assert "on https://***@grid.example.com" in str(rented)
    assert "secret" not in refusal({"grid": "ftp://edith:secret@grid.example.com"}, {}, no_file)
    assert "secret" not in refusal({"staging": "https://edith:secret@example.com"}, {}, no_file)


def test_the_runner_chooses_the_scenarios_of_a_machine(no_file: Path) -> None:
    configuration = resolved({"shard": "2/5", "shard_times": "times.txt"}, {}, no_file)

    assert not configuration.strangers
    # A person who repeats one scenario repeats it on whichever shard it is.
    assert not configuration.options


@pytest.mark.parametrize("name", ["shard", "shard_times"])
def test_only_the_command_line_chooses_the_scenarios_of_a_machine(write: Write, name: str) -> None:
    message = refusal({}, {f"SUPERLISTS_{name.upper()}": "2/5"}, write(""))
    assert message.endswith(f": unset it, and type -D {name}=2/5.")

    message = refusal({}, {}, write(f"[tool.superlists]\n{name} = '2/5'\n"))
    assert f"has '{name}', which the suite does not know" in message


def test_the_words_that_repeat_a_run_contain_no_password(no_file: Path) -> None:
    configuration = resolved({"grid": "http://edith:secret@grid:4444"}, {}, no_file)

    assert configuration.options == ("-D", "grid=http://***@grid:4444")


def test_the_words_that_repeat_a_run_are_known(no_file: Path) -> None:
    environment = {"SUPERLISTS_TIMEOUT": "7", "SUPERLISTS_MAILBOX_PASSWORD": "open sesame"}

    configuration = resolved({"headed": "true", "pictures": "1"}, environment, no_file)

    assert configuration.options == ("-D", "headed=true", "-D", "timeout=7")


def test_settings_in_the_file_do_not_have_to_be_repeated(write: Write) -> None:
    file = write("[tool.superlists]\ntimeout = 7\n")

    assert resolved({}, {}, file).options == ()


@pytest.mark.parametrize("name", ["grid", "mailbox", "staging", "mail_address"])
@pytest.mark.parametrize(
    "text",
    [
        "ftp://edith:sec@ret@one.example.com",
        "ftp://edith:sec/ret@one.example.com",
        "ftp://edith:sec?ret@one.example.com",
        "ftp://edith:sec#ret@one.example.com",
        "ftp://edith:sec\nret@one.example.com",
        "FTP://:sec ret@one.example.com",
        "ftp:edith:sec ret@one.example.com",
        "edith:sec ret@one.example.com",
    ],
)
def test_no_password_is_shown_wherever_it_stands(no_file: Path, name: str, text: str) -> None:
    message = refusal({name: text}, {}, no_file)

    assert "sec" not in message
    assert "ret@" not in message
    assert "***@one.example.com" in message


def test_an_address_without_a_password_is_shown(no_file: Path) -> None:
    message = refusal({"mail_address": "édith+{unique}@example.com"}, {}, no_file)

    assert "'édith+{unique}@example.com'" in message


def test_a_blank_password_is_refused(no_file: Path) -> None:
    message = refusal({}, {"SUPERLISTS_MAILBOX_PASSWORD": " "}, no_file)

    assert message == (
        "SUPERLISTS_MAILBOX_PASSWORD is blank, which cannot be used: give the password."
    )


@pytest.mark.parametrize("name", ["site_user", "site_password"])
def test_the_log_in_of_a_site_comes_from_the_environment_only(
    no_file: Path, write: Write, name: str
) -> None:
    for message in (
        refusal({name: "topsecret"}, {}, no_file),
        refusal({}, {}, write(f"[tool.superlists]\n{name} = 'topsecret'\n")),
    ):
        assert "topsecret" not in message
        assert f"set SUPERLISTS_{name.upper()} instead" in message


def test_half_a_log_in_of_a_site_is_refused(no_file: Path) -> None:
    assert refusal({}, {"SUPERLISTS_SITE_USER": "edith"}, no_file) == (
        "SUPERLISTS_SITE_USER is set without SUPERLISTS_SITE_PASSWORD: set both, or neither."
    )
    assert refusal({}, {"SUPERLISTS_SITE_PASSWORD": "sesame"}, no_file) == (
        "SUPERLISTS_SITE_PASSWORD is set without SUPERLISTS_SITE_USER: set both, or neither."
    )


def test_a_user_with_a_colon_is_refused_and_not_shown(no_file: Path) -> None:
    message = refusal({}, {"SUPERLISTS_SITE_USER": "edith:sesame"}, no_file)

    assert message == (
        "SUPERLISTS_SITE_USER is hidden here, which cannot be used: give a name without a colon."
    )


@pytest.mark.parametrize("address", ["https://edith:sesame@one.example.com", "edith:sesame@host"])
def test_a_log_in_in_the_address_of_a_site_is_refused(no_file: Path, address: str) -> None:
    message = refusal({"staging": address}, {}, no_file)

    assert "sesame" not in message
    assert "set SUPERLISTS_SITE_USER and SUPERLISTS_SITE_PASSWORD" in message
