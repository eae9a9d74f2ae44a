"""A feature with everything that a feature can have, in a folder of its own."""

from pathlib import Path

import pytest

FEATURE = '''
Feature: Items of a list
  A list is a sequence
  of things to do.

  The site keeps it tidy.

  Background:
    Given Edith is logged in

  Scenario: Edith starts
    When Edith adds "Buy milk"

  Rule: An item says something

    Background: A list is there
      Given Edith has opened a list

    @browser
    Scenario: An item that looks like HTML
      When Edith adds "<b>Learn</b> <script>alert(1)</script> & HTML"
      And Edith notes
        """
        <img src=x onerror=alert(2)>
        """
      Then Edith's list reads
        | item          | number |
        | <i>milk</i>   | 1      |

    @planned
    Scenario: Edith ticks off an item
      When Edith ticks off "Buy milk"

  Rule: An item has a length

    Scenario Outline: An item of <length> letters
      When Edith adds an item of <length> letters
      Then it is <what>

      Examples: Known ones
        | length | what    |
        | 255    | kept    |
        | 256    | refused |
'''


@pytest.fixture
def feature(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file, relative to a working directory that holds nothing else."""
    monkeypatch.chdir(tmp_path)
    file = Path("features") / "items.feature"
    file.parent.mkdir()
    file.write_text(FEATURE, encoding="utf-8")
    return file
