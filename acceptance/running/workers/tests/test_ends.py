"""The ends of runs with workers in which something goes wrong."""

import os
import re
import signal
import subprocess
import time
from pathlib import Path

import pytest

from acceptance.running.tests.quick_runs import QuickRuns
from acceptance.running.tests.suites import Suite
from acceptance.running.workers.tests.compared_runs import all_reports_of

STEPS = """
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from behave import step

from acceptance.room import folder_in_memory


@step("pass")
def _(context):
    pass


@step("ask")
def _(context):
    breakpoint()


@step("interrupt")
def _(context):
    raise KeyboardInterrupt


@step("be killed")
def _(context):
    print("seen last")
    os.kill(os.getpid(), signal.SIGKILL)


@step("be killed with a program running")
def _(context):
    program = subprocess.Popen(["sleep", "100"], process_group=0)
    child = os.fork()
    if child == 0:
        time.sleep(100)
    Path("left").write_text(f"{program.pid} {child}")
    folder_in_memory()
    Path(tempfile.mkdtemp()).joinpath("file").touch()
    Path("worker").write_text(f"{os.getpid()} {tempfile.gettempdir()}")
    os.kill(os.getpid(), signal.SIGKILL)


@step("exit immediately")
def _(context):
    os._exit(3)


@step("meet")
def _(context):
    Path(f"met-{os.getpid()}").touch()
    while len([*Path().glob("met-*")]) < 2:
        time.sleep(0.01)


@step("wait for long")
def _(context):
    Path(f"waiting-{os.getpid()}").touch()
    time.sleep(60)


@step("fail with evidence")
def _(context):
    artifacts = context._runner.artifacts(Path("artifacts").absolute())
    folder = artifacts.folder_for("features/a.feature", context.scenario.name.lower())
    (folder / "who.txt").write_text(context.scenario.name)
    assert False, folder.name
"""

FEATURE = """
Feature: {name}

  Scenario: {name} one
    Given pass
    When {step}
    Then pass

  Scenario: {name} two
    Given pass
"""


@pytest.fixture
def suite(tmp_path: Path, runs: QuickRuns) -> Suite:
    suite = Suite(tmp_path, runs)
    suite.write("steps/own_steps.py", STEPS)
    write(suite, "a", "pass")
    write(suite, "b", "pass")
    return suite


def write(suite: Suite, name: str, step: str) -> None:
    suite.write(f"features/{name}.feature", FEATURE.format(name=name.upper(), step=step))


def counts(output: str) -> str:
    (found,) = re.findall(r"\d+ scenarios? passed, .*", output)
    return str(found)


def test_an_interruption_by_a_step_ends_the_run_there(suite: Suite) -> None:
    write(suite, "b", "interrupt")
    write(suite, "c", "pass")

    alone = all_reports_of(suite)
    together = all_reports_of(suite, "-j", "3")

    assert alone == together


def test_a_worker_has_no_terminal(suite: Suite) -> None:
    write(suite, "a", "ask")

    ended = suite.behave("-j", "2")

    assert (
        "ASSERT FAILED: this step has a breakpoint(), but workers have no terminal: "
        "remove that from the step, or run the scenario without -j."
    ) in ended.output


@pytest.mark.parametrize(
    ("step", "how"), [("be killed", "by SIGKILL"), ("exit immediately", "with status 3")]
)
def test_a_worker_that_ends_fails_its_scenario(suite: Suite, step: str, how: str) -> None:
    write(suite, "a", step)

    ended = suite.behave("-j", "2")

    assert re.search(
        rf"ASSERT FAILED: worker \d was ended {how} in this scenario: "
        r"type `behave features/a.feature:4` to run it alone\.",
        ended.output,
    )
    assert counts(ended.output) == "3 scenarios passed, 1 failed, 0 skipped"
    assert "3 steps passed" not in ended.output
    assert ended.status == 1


def test_a_worker_that_was_killed_leaves_nothing_behind(suite: Suite) -> None:
    write(suite, "a", "be killed with a program running")

    ended = suite.behave("-j", "2")

    assert counts(ended.output) == "3 scenarios passed, 1 failed, 0 skipped"
    program, child = (suite.folder / "left").read_text().split()
    worker, temporary = (suite.folder / "worker").read_text().split()
    assert not is_running(int(program))
    assert not is_running(int(child))
    assert not Path(temporary).exists()
    assert not [*Path("/dev/shm").glob(f"acceptance-{worker}-*")]  # noqa: S108


def is_running(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_another_worker_takes_over_each_time(suite: Suite) -> None:
    for name in "abcdef":
        write(suite, name, "be killed")

    ended = suite.behave("-j", "2")

    assert counts(ended.output) == "6 scenarios passed, 6 failed, 0 skipped"


def test_a_hook_that_ends_the_worker_fails_the_scenario(suite: Suite) -> None:
    suite.write(
        "environment.py",
        """
        import os

        def before_scenario(context, scenario):
            if scenario.name == "A one":
                os._exit(4)
        """,
    )

    ended = suite.behave("-j", "2")

    assert "was ended with status 4 in this scenario" in ended.output
    assert counts(ended.output) == "3 scenarios passed, 1 failed, 0 skipped"


def test_a_run_that_cannot_begin_reports_that_once(suite: Suite) -> None:
    suite.write(
        "environment.py",
        """
        from acceptance.errors import ConfigurationError

        def before_all(context):
            print("about to begin")
            raise ConfigurationError("There is no site: start one.")
        """,
    )

    alone = suite.behave()
    together = suite.behave("-j", "2")

    assert together == alone
    assert together.output == "about to begin\nThere is no site: start one."


def test_a_worker_that_ends_before_it_begins_ends_the_run(suite: Suite) -> None:
    suite.write(
        "environment.py",
        """
        import os

        def before_all(context):
            os._exit(5)
        """,
    )

    ended = suite.behave("-j", "2")

    assert re.fullmatch(
        r"Worker \d was ended with status 5 before it could run anything: "
        r"run without -j to see more\.",
        ended.output,
    )
    assert ended.status == 1


def test_a_hook_that_fails_in_one_worker_alone_fails_the_feature(suite: Suite) -> None:
    suite.write(
        "features/b.feature",
        "Feature: B\n" + "\n".join(f"  Scenario: B {n}\n    Given meet\n" for n in range(2)),
    )
    (suite.folder / "features" / "a.feature").unlink()
    suite.write(
        "environment.py",
        """
        from pathlib import Path

        def after_feature(context, feature):
            print("after", feature.name)
            # Only in the second worker.
            try:
                Path("been").mkdir()
            except FileExistsError:
                raise ValueError("only here") from None
        """,
    )

    ended = suite.behave("-j", "2")

    assert "HOOK-ERROR in after_feature: ValueError: only here" in ended.output
    assert "0 features passed, 0 failed, 1 hook_error, 0 skipped" in ended.output
    assert counts(ended.output) == "2 scenarios passed, 0 failed, 0 skipped"
    assert ended.status == 1


def test_two_workers_never_share_a_folder_for_evidence(suite: Suite) -> None:
    write(suite, "a", "fail with evidence")
    write(suite, "b", "fail with evidence")

    suite.behave("-j", "2")

    (run,) = (each for each in (suite.folder / "artifacts").iterdir() if each.is_symlink())
    found = {each.parent.name: each.read_text() for each in run.rglob("who.txt")}
    assert sorted(found.values()) == ["A one", "B one"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("to_group", [False, True])
def test_a_signal_ends_all_workers(suite: Suite, number: signal.Signals, *, to_group: bool) -> None:
    write(suite, "a", "wait for long")
    write(suite, "b", "wait for long")
    suite.write(
        "environment.py",
        """
        import os
        from pathlib import Path

        def after_scenario(context, scenario):
            Path(f"after {scenario.name}").touch()

        def after_all(context):
            Path(f"after all {os.getpid()}").touch()
        """,
    )
    with subprocess.Popen(  # noqa: S603
        suite.command("-j", "2"),
        cwd=suite.folder,
        env=suite.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as run:
        waiting = waiting_in(suite.folder, 2)
        (os.killpg if to_group else os.kill)(run.pid, number)
        output, _ = run.communicate(timeout=40)

    assert counts(output) == "0 scenarios passed, 0 failed, 2 error, 0 skipped, 2 untested"
    assert output.count("ABORTED: By user (KeyboardInterrupt).") == 2
    assert output.count("The run received SIGTERM and is ending.") == (number == signal.SIGTERM)
    assert len([*suite.folder.glob("after all *")]) == 2
    assert sorted(each.name for each in suite.folder.glob("after ? *")) == [
        "after A one",
        "after B one",
    ]
    assert run.returncode == 1
    assert not [pid for pid in waiting if is_running(pid)]


def waiting_in(folder: Path, count: int) -> list[int]:
    end = time.monotonic() + 40
    while time.monotonic() < end:
        found = [int(each.name.partition("-")[2]) for each in folder.glob("waiting-*")]
        if len(found) == count:
            return found
        time.sleep(0.02)
    raise AssertionError(folder)
