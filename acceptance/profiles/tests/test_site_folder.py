"""The check of the folder in which a site should be."""

import os
import sys
from pathlib import Path

import pytest

from acceptance.hosts.command import HostBehindCommand
from acceptance.hosts.errors import ServerError
from acceptance.hosts.this_machine import ThisMachine
from acceptance.profiles.site_folder import PYTHON, NoSiteError, check_site

HERE = ThisMachine()


def is_one_sentence(message: str) -> bool:
    return "\n" not in message and message.endswith(".") and len(message) < 600


@pytest.fixture
def site(tmp_path: Path) -> Path:
    site = tmp_path / "site"
    (site / "virtualenv/bin").mkdir(parents=True)
    (site / "virtualenv/bin/python").symlink_to(sys.executable)
    (site / "manage.py").touch()
    return site


def test_a_site_is_found(site: Path) -> None:
    check_site(HERE, str(site))
    check_site(HERE, str(site))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("rm -r ../site", "there is no such folder"),
        ("rm manage.py", "it has no manage.py"),
        ("rm -r virtualenv", "it has no virtualenv"),
        ("rm virtualenv/bin/python", "it has no virtualenv/bin/python"),
    ],
)
def test_a_missing_site_is_reported_as_missing(site: Path, change: str, expected: str) -> None:
    HERE.run(["sh", "-c", change], str(site))

    with pytest.raises(NoSiteError, match=expected) as refusal:
        check_site(HERE, str(site))
    assert "deploy it" in str(refusal.value)
    assert is_one_sentence(str(refusal.value))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("mv virtualenv .venv", "`ln -s .venv virtualenv`"),
        ("mv virtualenv venv", "`ln -s venv virtualenv`"),
        ("rm -r virtualenv; ln -s /gone virtualenv", "virtualenv is a link that leads nowhere"),
        ("ln -sf /gone virtualenv/bin/python", "python is a link that leads nowhere"),
        ("ln -sf /gone manage.py", "manage.py is a link that leads nowhere"),
        ("rm -r ../site; touch ../site", "Not a directory"),
        ("rm -r ../site; ln -s site ../site", "is a link that leads nowhere"),
        ("rm virtualenv/bin/python; echo >virtualenv/bin/python", "Permission denied"),
        (
            f"rm {PYTHON}; printf '\\177ELF\\001' >{PYTHON}; chmod +x {PYTHON}",
            PYTHON,
        ),
        (f"rm {PYTHON}; cp /bin/false {PYTHON}", "status 1"),
    ],
)
def test_any_other_problem_is_not_reported_as_a_missing_site(
    site: Path, change: str, expected: str
) -> None:
    HERE.run(["sh", "-c", change], str(site))

    with pytest.raises(ServerError) as refusal:
        check_site(HERE, str(site))

    assert expected in str(refusal.value)
    assert "deploy it" not in str(refusal.value)
    assert not isinstance(refusal.value, NoSiteError)
    assert is_one_sentence(str(refusal.value))


def test_a_folder_without_permission_is_not_reported_as_a_missing_site(site: Path) -> None:
    # Root may enter every folder, unless it lacks that privilege (capabilities(7)).
    without = [] if os.geteuid() else ["setpriv", "--bounding-set=-all", "--inh-caps=-all"]
    host = HostBehindCommand(["env", *without])
    site.chmod(0)

    try:
        with pytest.raises(ServerError, match="Permission denied") as refusal:
            check_site(host, str(site))
    finally:
        site.chmod(0o700)
    assert "deploy it" not in str(refusal.value)
