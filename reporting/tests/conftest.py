import json

import pytest
from jsonschema import Draft202012Validator

from reporting.tests.behave_runs import ROOT

SCHEMA = ROOT / "setup/report/node_modules/@cucumber/messages/messages.schema.json"


@pytest.fixture(scope="session")
def schema() -> Draft202012Validator:
    """What Cucumber says that its messages look like."""
    return Draft202012Validator(json.loads(SCHEMA.read_text("utf-8")))
