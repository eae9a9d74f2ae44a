import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from mutants.unit_tests import recording
from mutants.unit_tests.recording import Recorded
from testbeds import ROOT

HOME = "lists/tests/test_home.py::test_the_first_page_takes_no_posts"
ADDRESS = "lists/tests/test_home.py::test_the_form_starts_a_list"
STARTS_A_PROCESS = (
    "superlists/tests/test_environment_file.py::test_the_settings_alone_do_not_read_it"
)
READS = (
    "superlists/tests/test_environment_variables.py"
    "::test_every_variable_that_is_read_is_known_by_name"
)


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    output = tmp_path_factory.mktemp("recording") / "recorded"
    command = [sys.executable, "-m", "pytest", "-p", recording.__name__, "-p", "no:cacheprovider"]
    subprocess.run(  # noqa: S603
        [*command, HOME, ADDRESS, STARTS_A_PROCESS, READS],
        cwd=ROOT,
        env={**os.environ, recording.OUTPUT: str(output)},
        timeout=120,
        check=True,
    )
    return Recorded.read(output)


def reaching(recorded: Recorded, path: str, text: str) -> Sequence[str]:
    lines = Path(ROOT, path).read_text(encoding="utf-8").splitlines()
    line = next(number for number, each in enumerate(lines, 1) if text in each)
    return recorded.reach.lines.get(path, {}).get(str(line), ())


@pytest.mark.parametrize(
    ("path", "text", "tests"),
    [
        ("lists/views.py", 'return render(request, "lists/home.html"', [ADDRESS]),
        ("lists/templates/lists/home.html", "lists/item_form.html", [ADDRESS]),
        ("lists/templates/lists/home.html", "<h1>", [ADDRESS]),
        ("lists/item_views.py", "@wraps(change)", []),
        ("superlists/settings.py", "ROOT_URLCONF", [STARTS_A_PROCESS]),
        ("superlists/environment_variables.py", "DEVELOPMENT_KEY = ", [STARTS_A_PROCESS, READS]),
    ],
)
def test_it_follows_a_test_into_functions_templates_files_and_processes(
    recorded: Recorded, path: str, text: str, tests: list[str]
) -> None:
    assert sorted(reaching(recorded, path, text)) == sorted(tests)


def test_it_knows_the_price_of_each_test_and_what_runs_before_them(recorded: Recorded) -> None:
    assert recorded.failures == {}
    assert recorded.reach.seconds[STARTS_A_PROCESS] > recorded.reach.seconds[READS]
    assert recorded.reach.at_start["superlists/environment_variables.py"]
