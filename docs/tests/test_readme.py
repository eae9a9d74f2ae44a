import re
from pathlib import Path

from docs.tests.markdown import blocks
from docs.tests.walkthrough import assert_prints
from features.support.tests.project_copy import copy_project
from testbeds import ROOT

# The number that explains a line; a time, an address, a wait, and the line of a feature.
VARIES = re.compile(
    r" +[①-⑨]$|\d{4}-\d\d-\d\d[T ][\d:,]+Z?|localhost:\d+|\(after \d+ s\)|(?<=feature:)\d+",
    re.MULTILINE,
)

SENDS = "EmailMessage(subject=subject, body=body, to=[address], headers=headers).send()"
MAIL_SERVER_IS_DOWN = 'raise ConnectionRefusedError(111, "Connection refused")'


def test_a_failure_is_printed_as_the_readme_shows_it(tmp_path: Path) -> None:
    (shown,) = (
        block.text for block in blocks(ROOT / "README.md") if block.text.startswith("FAILURE")
    )
    lines = VARIES.sub(lambda found: "" if found[0][0] == " " else "…", shown).splitlines()
    command = 'behave -D browser=none features/log_in.feature -n "asks for a login link"'
    project = copy_project(tmp_path / "superlists")
    project.change("accounts/mail.py", SENDS, MAIL_SERVER_IS_DOWN)

    assert_prints(project.folder, command, [line.strip() for line in lines])


def test_the_readme_is_read_in_five_minutes() -> None:
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()

    assert len(lines) <= 120
