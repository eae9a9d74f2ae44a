"""The parts that are run at a save, their order, and what is shown."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from acceptance.running.tests.quick_runs import QuickRuns
from acceptance.running.tests.suites import Suite
from acceptance.running.watch.tests.watching import Watching, watching

ONE = """\
Feature: One

  Scenario: Edith does it
    Given "Edith" does it

  @planned
  Scenario: To come
    Given "Edith" does it
"""
TWO = """\
Feature: Two

  Scenario: Oni does it
    Given "Oni" does it

  Scenario: Oni does it differently
    Given it is done differently
"""
STEPS = """\
import signal
from pathlib import Path

from behave import given


@given('"{name}" does it')
def does(context, name):
    if Path("artifacts/waits").exists():
        with open("artifacts/reached", "w") as reached:
            reached.write("here")
        signal.pause()
    assert not Path(f"artifacts/{name}").exists(), f"{name} cannot do it"
"""
MORE_STEPS = """\
from behave import given


@given("it is done differently")
def differently(context):
    pass
"""
PROJECT = """\
from pathlib import Path

from acceptance.project import Project

PROJECT = Project(root=Path(__file__).parent, table="own")
"""


class Watched:
    """A watched suite whose people fail on request."""

    def __init__(self, suite: Suite) -> None:
        self._suite = suite
        self.folder = suite.folder
        settings = (suite.folder / "pyproject.toml").read_text(encoding="utf-8")
        for file, text in {
            "pyproject.toml": f'{settings}\n[tool.acceptance]\nproject = "own_project:PROJECT"\n',
            "features/one.feature": ONE,
            "features/two.feature": TWO,
            "steps/own_steps.py": STEPS,
            "steps/more_steps.py": MORE_STEPS,
            "own_project.py": PROJECT,
            "artifacts/here": "",
        }.items():
            suite.write(file, text)

    @contextmanager
    def watch(self, *words: str) -> Iterator[Watching]:
        with watching(self.folder, *words, environment=self._suite.environment) as watch:
            yield watch

    def save(self, path: str, text: str | None = None) -> None:
        """Save a file, with the text that it has or another."""
        file = self.folder / path
        file.parent.mkdir(exist_ok=True)
        file.write_text(file.read_text() if text is None else text, encoding="utf-8")

    def let_fail(self, *names: str) -> None:
        """Let these people fail, and no others; this does not count as a save."""
        for name in ("Edith", "Oni"):
            file = self.folder / "artifacts" / name
            file.write_text("") if name in names else file.unlink(missing_ok=True)


@pytest.fixture
def suite(tmp_path: Path, runs: QuickRuns) -> Watched:
    return Watched(Suite(tmp_path, runs))


def test_a_feature_that_is_saved_is_run_before_the_rest(suite: Watched) -> None:
    with suite.watch() as watch:
        assert watch.verdicts(1) == ["✓ 3 scenarios (everything)"]

        suite.save("features/two.feature")

        assert watch.verdicts(3) == [
            "✓ 2 scenarios (features/two.feature)",
            "✓ 1 scenario (the rest)",
            "✓ 3 scenarios (in all)",
        ]


def test_what_failed_is_run_first_and_once(suite: Watched) -> None:
    suite.let_fail("Oni")
    with suite.watch() as watch:
        assert watch.verdicts(1) == ["✗ 1 of 3 failed (everything)"]
        shown = [watch.line() for _ in range(4)]
        assert shown[1:3] == [
            "FAILURE in step '\"Oni\" does it' (features/two.feature:4):",
            "ASSERT FAILED: Oni cannot do it",
        ]

        suite.save("features/one.feature")

        assert watch.verdicts(4) == [
            "✗ 1 of 1 failed (what failed last)",
            "✓ 1 scenario (features/one.feature)",
            "✓ 1 scenario (the rest)",
            "✗ 1 of 3 failed (in all)",
        ]

        suite.let_fail()
        suite.save("features/two.feature")

        assert watch.verdicts(2) == [
            "✓ 1 scenario (what failed last)",
            "✓ 1 scenario (features/two.feature)",
        ]


def test_of_a_file_of_steps_the_features_come_first_that_use_it(suite: Watched) -> None:
    with suite.watch() as watch:
        watch.verdicts(1)

        suite.save("steps/more_steps.py")
        assert watch.verdicts(3)[0] == "✓ 2 scenarios (features/two.feature)"

        suite.save("steps/own_steps.py")
        assert watch.verdicts(1) == ["✓ 3 scenarios (features/one.feature, features/two.feature)"]


def test_of_another_file_everything_is_run(suite: Watched) -> None:
    with suite.watch() as watch:
        watch.verdicts(1)

        suite.save("own_templates/page.html", "new, in a new folder")

        assert watch.verdicts(1) == ["✓ 3 scenarios (everything)"]


def test_a_feature_that_comes_is_run_and_one_that_goes_is_not(suite: Watched) -> None:
    with suite.watch() as watch:
        watch.verdicts(1)

        suite.save("features/three.feature", ONE.replace("One", "Three"))
        assert watch.verdicts(3)[0] == "✓ 1 scenario (features/three.feature)"

        (suite.folder / "features/two.feature").unlink()
        assert watch.verdicts(1) == ["✓ 2 scenarios (the rest)"]


def test_only_what_is_asked_for_is_run(suite: Watched) -> None:
    with suite.watch("features/two.feature", "-n", "differently") as watch:
        assert watch.verdicts(1) == ["✓ 1 scenario (everything)"]


def test_a_save_during_a_run_ends_it_and_starts_again(suite: Watched) -> None:
    reached = suite.folder / "artifacts" / "reached"
    os.mkfifo(reached)
    waits = suite.folder / "artifacts" / "waits"
    waits.write_text("")
    with suite.watch() as watch:
        assert reached.read_text() == "here"
        suite.save("features/two.feature")
        # What was not run before belongs to a file now, and waits, too.
        assert reached.read_text() == "here"
        waits.unlink()
        suite.save("features/one.feature")

        # Of both saves no verdict was given yet.
        assert watch.verdicts(1) == ["✓ 3 scenarios (features/one.feature, features/two.feature)"]
        assert watch.end() == 0
        assert watch.rest() == [""]
    assert (suite.folder / "artifacts/failed.txt").read_text() == ""


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_ctrl_c_during_a_run_leaves_nothing(suite: Watched, how: signal.Signals) -> None:
    reached = suite.folder / "artifacts" / "reached"
    os.mkfifo(reached)
    (suite.folder / "artifacts" / "waits").write_text("")
    with suite.watch() as watch:
        assert reached.read_text() == "here"
        assert len(watch.processes()) > 1

        assert watch.end(how) == 0


def test_a_feature_that_cannot_be_read_is_shown_once(suite: Watched) -> None:
    with suite.watch() as watch:
        watch.verdicts(1)
        suite.save(
            "features/one.feature",
            "Feature: One\n\n  Nonsense:\n  Scenario: x\n    Given y\n    z\n",
        )

        assert watch.line() == (
            "✗ behave cannot read features/one.feature (line 6: it does not "
            "understand 'z'): correct it there."
        )

        suite.save("features/two.feature")
        assert watch.line().startswith("✗ behave cannot read features/one.feature")

        suite.save("features/one.feature", ONE)
        assert "features/one.feature" in watch.verdicts(1)[0]


def test_python_that_cannot_be_read_is_shown_once(suite: Watched) -> None:
    with suite.watch() as watch:
        watch.verdicts(1)
        suite.save("steps/more_steps.py", "def differently(:\n")

        assert [watch.line() for _ in range(3)] == [
            "✗ steps/more_steps.py cannot be read:",
            '  File "steps/more_steps.py", line 1',
            "    def differently(:",
        ]

        suite.save("steps/more_steps.py", MORE_STEPS)
        assert watch.verdicts(1) == ["✓ 2 scenarios (features/two.feature)"]


def test_what_keeps_a_run_from_its_scenarios_is_shown_once(suite: Watched) -> None:
    with suite.watch() as watch:
        watch.verdicts(1)
        suite.save("steps/more_steps.py", "import no_such_module\n")

        assert watch.verdicts(1) == ["✗ the run failed (features/two.feature)"]
        assert any("no_such_module" in watch.line() for _ in range(30))

        suite.save("steps/more_steps.py", MORE_STEPS)
        assert watch.verdicts(3)[-1] == "✓ 3 scenarios (in all)"


def test_a_site_elsewhere_is_not_watched(suite: Watched) -> None:
    words = ["unlisted_host=h.example", "staging=h.example", "mailbox=pop3s://me@h.example"]
    options = [option for word in [*words, "mail_address=me@h.example"] for option in ("-D", word)]
    with suite.watch(*options) as watch:
        assert watch.line() == (
            "h.example does not change when a file is saved here: leave out `staging`, and the "
            "watch runs the site on this machine."
        )
