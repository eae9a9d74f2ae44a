import os
from pathlib import Path

import pytest

from fabfile.deployed_site import Site
from fabfile.environment_completion import Completion, complete, written
from fabfile.errors import DeploymentError
from superlists.environment_file import load_environment_file
from superlists.environment_lines import variables_in
from superlists.environment_variables import read_environment

SITE = Site("superlists-staging.test", "elspeth", "/home/elspeth")


def completed(
    content: str | None = None,
    *,
    staging: bool = False,
    **deployer: str,
) -> Completion:
    return complete(
        None if content is None else content.encode(),
        SITE,
        staging=staging,
        deployer=deployer,
    )


def variables(completion: Completion) -> dict[str, str]:
    return variables_in(completion.content, ".env")


def test_a_site_without_settings_gets_all_that_a_server_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / ".env"
    file.write_bytes(completed(EMAIL_PASSWORD="correct horse").content)
    for name in list(os.environ):
        monkeypatch.delenv(name)

    load_environment_file(file)
    environment = read_environment(tmp_path)

    assert environment.production
    assert not environment.staging
    assert environment.site_name == "superlists-staging.test"
    assert environment.trusted_proxies == 1
    assert environment.email_password == "correct horse"
    assert environment.database["NAME"] == (
        "/home/elspeth/sites/superlists-staging.test/database/db.sqlite3"
    )


def test_a_site_is_staging_only_on_request() -> None:
    assert variables(completed(staging=True))["STAGING"] == "y"
    assert "STAGING" not in variables(completed())


def test_the_lines_in_the_file_are_kept_exactly() -> None:
    before = "# by hand\nEMAIL_PASSWORD='old one' # keep\nDATABASE_URL=postgres:///x"

    completion = completed(before, EMAIL_PASSWORD="new", EMAIL_USER="superlists")

    assert completion.content.startswith(f"{before}\n".encode())
    found = variables(completion)
    assert found["EMAIL_PASSWORD"] == "old one"
    assert found["DATABASE_URL"] == "postgres:///x"
    assert found["EMAIL_USER"] == "superlists"
    assert completion.different == ["EMAIL_PASSWORD"]


def test_a_complete_file_stays_as_it_is() -> None:
    before = completed(EMAIL_HOST="smtp.example.com").content

    completion = completed(before.decode())

    assert completion.content == before
    assert completion.added == []


def test_every_site_gets_its_own_secret_key_once() -> None:
    first, second = completed(), completed()

    assert variables(first)["DJANGO_SECRET_KEY"] != variables(second)["DJANGO_SECRET_KEY"]
    assert completed(first.content.decode()).content == first.content


def test_a_missing_mail_password_is_noticed() -> None:
    assert completed().without_password
    assert completed(EMAIL_PASSWORD="").without_password
    assert completed("EMAIL_PASSWORD=\n").without_password
    # Even an empty value in the file is kept.
    assert completed("EMAIL_PASSWORD=\n", EMAIL_PASSWORD="x").without_password
    assert not completed(EMAIL_PASSWORD="x").without_password
    assert not completed("EMAIL_PASSWORD=x\n").without_password


def test_settings_that_cannot_be_read_are_not_repeated() -> None:
    with pytest.raises(DeploymentError, match="cannot be read in line 1") as refusal:
        completed("EMAIL_PASSWORD='hunter2\n")

    assert "hunter2" not in str(refusal.value)


@pytest.mark.parametrize(
    "value",
    [
        "plain",
        "two words",
        " leading",
        "trailing ",
        "a # b",
        "#",
        "it's",
        'say "it"',
        """'both" of them""",
        "back\\slash",
        "ends with \\",
        "$HOME ${HOME} `id` $(id)",
        "a=b;c&d|e",
        "ünïcødé ✓",
        "x" * 5000,
    ],
)
def test_any_value_is_read_back_unchanged(value: str) -> None:
    line = written("EMAIL_PASSWORD", value)

    assert variables_in(f"A=1\n{line}B='2'\n".encode(), ".env") == {
        "A": "1",
        "EMAIL_PASSWORD": value,
        "B": "2",
    }


@pytest.mark.parametrize("value", ["two\nlines", "hunter2\0", "hunter2\udcff"])
def test_a_value_that_cannot_be_written_is_refused_and_not_repeated(value: str) -> None:
    with pytest.raises(DeploymentError, match="EMAIL_PASSWORD in your environment") as refusal:
        written("EMAIL_PASSWORD", value)

    assert "hunter2" not in str(refusal.value)
