"""The `.env` beside the code, as the processes that read it see it."""

import json
import os
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from superlists import environment_file
from superlists.environment_file import load_environment_file
from superlists.tests.processes import PRODUCTION, run_python

ENVIRONMENT = "import superlists.wsgi, json, os; print(json.dumps(dict(os.environ)))"

AWKWARD = {
    b"A=sesame": "sesame",
    b"A=open=sesame==": "open=sesame==",
    b"A='open = sesame'": "open = sesame",
    b'A="open = sesame"': "open = sesame",
    b"A=open sesame": "open sesame",
    b"A='  sesame '": "  sesame ",
    b"A=#sesame": "#sesame",
    b"A=open#sesame": "open#sesame",
    b"A='open #sesame'": "open #sesame",
    b"A=sesame # the password": "sesame",
    b"A=$HOME/${SITENAME}$(id)`id`": "$HOME/${SITENAME}$(id)`id`",
    b'A="$HOME ${SITENAME}"': "$HOME ${SITENAME}",
    b"A=C:\\new\\table": "C:\\new\\table",
    b"A='C:\\new\\table'": "C:\\new\\table",
    b"A='it\\'s'": "it's",
    b"A=it's": "it's",
    b'A="say \\"sesame\\""': 'say "sesame"',
    b"export A=sesame": "sesame",
    b"  A = sesame  ": "sesame",
    b"A=": "",
    b"A=''": "",
    b"\n\n# a comment\n  # another\nA=sesame\n\n": "sesame",
    b"A=sesame\r\nB=c\r\n": "sesame",
    b"\xef\xbb\xbfA=sesame": "sesame",
    "A=sésame ☃".encode(): "sésame ☃",
    b"A=first\nA=last": "last",
}

UNREADABLE = {
    b"sesame": 1,
    b"A": 1,
    b"export A": 1,
    b"=sesame": 1,
    b"A='sesame": 1,
    b'A="sesame': 1,
    b"A='open' sesame": 1,
    b"A=ok\n\n# a comment\n\nopen sesame=1\nB=ok": 5,
    b"A=ok\r\n\r\nopen sesame\r\n": 3,
    b"A=ok\r\ropen sesame\r": 3,
    b"A='sesame\nB='ok'\n": 1,
    b"A='sesame\nB=ok\nC='": 1,
    b"A-B=sesame": 1,
    b"1A=sesame": 1,
    b"A=ses\0ame": 1,
    "Á=sesame".encode(): 1,
}


@pytest.fixture
def variables(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The environment of this process, for one test."""
    variables: dict[str, str] = {}
    monkeypatch.setattr(os, "environ", variables)
    return variables


def ours(variables: dict[str, str]) -> dict[str, str]:
    """Return all variables but the one that pytest sets to the running test."""
    return {name: value for name, value in variables.items() if not name.startswith("PYTEST")}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / ".env"


@pytest.mark.parametrize(("content", "value"), AWKWARD.items())
def test_a_value_means_what_it_looks_like(
    variables: dict[str, str], file: Path, content: bytes, value: str
) -> None:
    file.write_bytes(content)

    load_environment_file(file)

    assert variables["A"] == value


@pytest.mark.parametrize(("content", "line"), UNREADABLE.items())
def test_a_line_that_cannot_be_read_is_named_and_not_repeated(
    variables: dict[str, str], file: Path, content: bytes, line: int
) -> None:
    file.write_bytes(content)

    with pytest.raises(ImproperlyConfigured) as refusal:
        load_environment_file(file)

    sentence = str(refusal.value)
    assert sentence.startswith(f"{file} cannot be read in line {line}: ")
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert "sesame" not in sentence
    assert ours(variables) == {}, "a file is read as a whole or not at all"


def test_a_variable_that_is_already_set_wins(variables: dict[str, str], file: Path) -> None:
    variables["A"] = ""
    file.write_bytes(b"A=sesame\nB=sesame")

    load_environment_file(file)

    assert ours(variables) == {"A": "", "B": "sesame"}


def test_it_is_known_what_was_read_and_what_the_environment_has_overridden(
    variables: dict[str, str], file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment_file, "_loaded", [])
    assert environment_file.loaded() is None
    variables.update(SITENAME="other.example.com", STAGING="y", EMAIL_PORT="25", OURS="x")
    content = b"SITENAME=superlists.example.com\nSTAGING=y\nOURS=y\nEMAIL_PASSWORD=sesame\n"
    file.write_bytes(content)

    load_environment_file(file)

    loaded = environment_file.loaded()
    assert loaded is not None
    assert (loaded.path, loaded.content) == (file, content)
    assert loaded.variables["EMAIL_PASSWORD"] == "sesame"
    assert loaded.overridden == ["SITENAME", "EMAIL_PORT"]
    assert "sesame" not in repr(loaded)


def test_a_missing_file_sets_nothing(variables: dict[str, str], file: Path) -> None:
    load_environment_file(file)

    assert ours(variables) == {}


def test_a_folder_in_place_of_the_file_is_refused(file: Path) -> None:
    file.mkdir()

    with pytest.raises(ImproperlyConfigured, match=r"/\.env cannot be read \(Is a directory\): "):
        load_environment_file(file)


def write(deployed: Path, *lines: str) -> Path:
    file = deployed / ".env"
    settings = [f"{name}={value}" for name, value in PRODUCTION.items()]
    file.write_text("\n".join([*settings, *lines]), encoding="utf-8")
    return file


def test_both_programs_of_a_server_read_it(deployed: Path) -> None:
    write(deployed, "EMAIL_PASSWORD=' ses#me=\"é\" $HOME '")

    by_hand = run_python(deployed, "manage.py", "diffsettings")
    # WhiteNoise warns that no one has collected the static files.
    behind_gunicorn = run_python(deployed, "-W", "ignore:No directory at", "-c", ENVIRONMENT)

    assert by_hand.returncode == behind_gunicorn.returncode == 0, by_hand.stderr
    assert """EMAIL_HOST_PASSWORD = ' ses#me="é" $HOME '\n""" in by_hand.stdout
    variables = json.loads(behind_gunicorn.stdout)
    assert variables["EMAIL_PASSWORD"] == ' ses#me="é" $HOME '


def test_the_environment_of_a_process_comes_before_it(deployed: Path) -> None:
    write(deployed, "EMAIL_PORT=2525")

    answer = run_python(deployed, "manage.py", "diffsettings", EMAIL_PORT="2526")

    assert "EMAIL_PORT = 2526\n" in answer.stdout


@pytest.mark.parametrize(
    ("arguments", "status"),
    [(["manage.py", "check"], 1), (["-m", "gunicorn", "superlists.wsgi"], 3)],
)
def test_the_programs_of_a_server_stop_at_a_line_that_cannot_be_read(
    deployed: Path, arguments: list[str], status: int
) -> None:
    file = write(deployed, "open sesame")

    answer = run_python(deployed, *arguments, GUNICORN_CMD_ARGS="--bind 127.0.0.1:0")

    assert answer.returncode == status
    assert f"{file} cannot be read in line 4: " in answer.stderr
    assert "Traceback" not in answer.stderr
    assert "sesame" not in answer.stderr


def test_a_file_that_may_not_be_read_stops_them(deployed: Path) -> None:
    file = write(deployed)
    file.chmod(0)

    answer = run_python(deployed, "manage.py", "check", as_ordinary_user=True)

    assert answer.returncode == 1
    assert answer.stderr == (
        f"{file} cannot be read (Permission denied): let the user that the site runs as read it,"
        " or delete it.\n"
    )


def test_a_file_in_another_encoding_stops_them(deployed: Path) -> None:
    file = deployed / ".env"
    file.write_bytes("EMAIL_PASSWORD=sésame".encode("latin-1"))

    answer = run_python(deployed, "manage.py", "check")

    assert answer.returncode == 1
    assert answer.stderr == (f"{file} cannot be read, because it is not UTF-8: save it as UTF-8.\n")


def test_the_settings_alone_do_not_read_it(deployed: Path) -> None:
    write(deployed)

    answer = run_python(
        deployed, "-c", "from superlists import settings; print(settings.SITE_NAME)"
    )

    assert answer.stdout == "localhost\n", answer.stderr
