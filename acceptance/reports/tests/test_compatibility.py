"""The samples of Cucumber's compatibility kit, run by behave, with what the kit expects of them."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from cucumber_compatibility_kit.compatibility_kit import CompatibilityKit
from jsonschema import Draft202012Validator

from acceptance.reports.tests.behave_runs import Run, run_behave
from acceptance.reports.tests.normal_form import normal_form

KIT = CompatibilityKit().cck_features_folder_location
STEPS = Path(__file__).with_name("compatibility")

NO_AMBIGUITY = "behave takes the first definition that fits, and knows no status AMBIGUOUS"
ONE_HOOK = "it has several hooks of a kind, and behave has one of each"

# Whatever is not here is run.
BEHAVE_CANNOT: Mapping[str, str] = {
    "all-statuses": NO_AMBIGUITY,
    "ambiguous": NO_AMBIGUITY,
    "data-tables-doc-strings": "a step of behave has a table or a text, and not both",
    "failedish-combinations": NO_AMBIGUITY,
    "global-hooks": ONE_HOOK,
    "global-hooks-afterall-error": ONE_HOOK,
    "global-hooks-beforeall-error": ONE_HOOK,
    "hooks-conditional": "hooks of behave have no tag expressions",
    "hooks-named": "hooks of behave have no other name than their kind",
    "hooks-skipped": ONE_HOOK,
    "markdown": "behave reads no Markdown",
    "multiple-features-reversed": "behave has no --order",
    "retry-ambiguous": NO_AMBIGUITY,
    "retry-pending": "what tries again in behave does so whatever went wrong",
    "retry-undefined": "what tries again in behave does so whatever went wrong",
    "skipped-exception": "a step of behave skips by a call, not by an exception",
    "test-run-exception": "behave ends with a traceback at once where it breaks itself",
    "unknown-parameter-type": "behave ends as it loads a sentence with an unknown type",
}

# behave reads texts between quotation marks only, which the samples are given.
BACKTICKS, QUOTATION_MARKS = "```", '"""'


def all_samples() -> list[str]:
    return sorted(folder.name for folder in KIT.iterdir() if folder.is_dir())


def executed() -> list[str]:
    return sorted(folder.name.replace("_", "-") for folder in STEPS.iterdir() if folder.is_dir())


def run_sample(sample: str, folder: Path) -> Run:
    features = folder / "samples" / sample
    shutil.copytree(KIT / sample, features)
    for file in features.glob("*.feature"):
        text = file.read_text("utf-8").replace(BACKTICKS, QUOTATION_MARKS)
        file.write_text(text, encoding="utf-8")
    (features / "steps").mkdir()
    for file in (STEPS / sample.replace("-", "_")).glob("*.py"):
        shutil.copy(file, features / ("steps" if file.name == "steps.py" else "") / file.name)
    return run_behave(folder, f"samples/{sample}")


def test_each_sample_of_the_kit_is_run_or_there_is_a_reason() -> None:
    assert sorted([*executed(), *BEHAVE_CANNOT]) == all_samples()


@pytest.mark.parametrize("sample", executed())
def test_a_sample_has_the_messages_that_the_kit_expects(
    sample: str, tmp_path: Path, schema: Draft202012Validator
) -> None:
    expected = (KIT / sample / f"{sample}.ndjson").read_text("utf-8")
    expected = expected.replace(BACKTICKS, QUOTATION_MARKS.replace('"', r"\""))

    run = run_sample(sample, tmp_path)

    for message in run.messages:
        schema.validate(message)
    assert normal_form(run.messages) == normal_form(
        json.loads(line) for line in expected.splitlines()
    )
    assert run.one("testRunFinished")["success"] == run.passed
