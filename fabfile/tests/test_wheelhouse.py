import json
import subprocess
import sys

import pytest

from fabfile.errors import DeploymentError
from fabfile.wheelhouse import ASK, ServerPython, parse, requirements_for

LOCK = b"""\
# made by hand
django==5.2.19 \\
    --hash=sha256:aa \\
    --hash=sha256:bb
    # via superlists
typing-extensions==4.16.0 ; python_full_version < '3.13' \\
    --hash=sha256:cc
    # via django
tzdata==2026.6 ; sys_platform == 'win32' \\
    --hash=sha256:dd
"""


def answer() -> str:
    return subprocess.run(  # noqa: S603
        [sys.executable, "-c", ASK], capture_output=True, text=True, check=True, timeout=30
    ).stdout


def changed(**markers: str) -> ServerPython:
    output = json.loads(answer())
    output["markers"].update(markers)
    return parse(json.dumps(output))


def test_the_markers_of_the_server_decide_and_not_those_of_this_machine() -> None:
    older = requirements_for(changed(python_full_version="3.12.1"), LOCK)
    newer = requirements_for(changed(python_full_version="3.13.0"), LOCK)
    windows = requirements_for(changed(sys_platform="win32"), LOCK)

    assert "typing-extensions==4.16.0 \\\n    --hash=sha256:cc\n" in older
    assert "typing-extensions" not in newer
    assert "sha256:cc" not in newer
    assert "tzdata" not in older
    assert "tzdata==2026.6 \\\n    --hash=sha256:dd\n" in windows
    assert "django==5.2.19 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\n" in newer


def test_another_lock_python_or_machine_needs_another_environment() -> None:
    python = parse(answer())

    assert python.key(LOCK) == parse(answer()).key(LOCK)
    assert (
        len(
            {
                python.key(LOCK),
                python.key(LOCK + b"\n"),
                changed(python_full_version="3.99.0").key(LOCK),
                changed(platform_machine="riscv64").key(LOCK),
            }
        )
        == 4
    )


def test_wheels_for_an_older_library_fit_and_those_for_a_newer_one_do_not() -> None:
    platforms = list(ServerPython({"platform_machine": "x86_64"}, 36).platforms())

    assert "manylinux_2_36_x86_64" in platforms
    assert "manylinux_2_17_x86_64" in platforms
    assert "manylinux2014_x86_64" in platforms
    assert "manylinux_2_37_x86_64" not in platforms


def test_a_python_that_is_too_old_is_refused() -> None:
    with pytest.raises(DeploymentError, match=r"is 3\.9\.2, and the site needs 3\.11 or newer"):
        changed(python_version="3.9", python_full_version="3.9.2")


@pytest.mark.parametrize(
    "output",
    [
        "Welcome",
        "[]",
        "{}",
        '{"markers": {}, "libc": ["glibc"]}',
        json.dumps({"markers": {"python_version": "3.12"}, "libc": ["glibc", "2.36"]}),
    ],
)
def test_an_invalid_answer_is_refused(output: str) -> None:
    with pytest.raises(DeploymentError, match="does not report its version"):
        parse(output)


@pytest.mark.parametrize("machine", ["../..", "x86_64 --index-url=http://elsewhere", "\x1b[2J", ""])
def test_an_invalid_machine_name_is_refused(machine: str) -> None:
    with pytest.raises(DeploymentError, match="does not report its version"):
        changed(platform_machine=machine)
