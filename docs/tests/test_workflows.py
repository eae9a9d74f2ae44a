"""The workflows of the repository, as far as they can be checked without GitHub."""

import re
from pathlib import Path

import pytest
import yaml

from docs.write_reference import phony_targets
from testbeds import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
PINNED = re.compile(r"actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
PUBLISH = ROOT / ".github" / "workflows" / "publish.yml"


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda file: file.name)
def test_every_action_is_pinned_to_a_commit(workflow: Path) -> None:
    uses = re.findall(r"uses: (.+)", workflow.read_text(encoding="utf-8"))

    assert uses
    assert [each for each in uses if not PINNED.fullmatch(each)] == []


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda file: file.name)
def test_every_make_target_is_there(workflow: Path) -> None:
    targets = re.findall(r"\bmake ([a-z-]+)", workflow.read_text(encoding="utf-8"))

    assert targets
    assert set(targets) <= set(phony_targets())


def test_only_the_job_that_publishes_may_write_and_it_runs_no_code_of_ours() -> None:
    workflow = yaml.safe_load(PUBLISH.read_text(encoding="utf-8"))
    writing = {
        name: job
        for name, job in workflow["jobs"].items()
        if "write" in job["permissions"].values()
    }

    assert workflow["permissions"] == {}
    assert list(writing) == ["publish"]
    assert [list(step) for step in writing["publish"]["steps"]] == [["id", "uses"]]


def test_one_publication_waits_for_another() -> None:
    workflow = yaml.safe_load(PUBLISH.read_text(encoding="utf-8"))

    assert workflow["concurrency"]["cancel-in-progress"] is False
