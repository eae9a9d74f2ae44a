"""The scenarios that are left out where workers share a site."""

from collections.abc import Sequence
from textwrap import dedent
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest
from behave.configuration import Configuration as BehaveConfiguration
from behave.model import Feature, Scenario
from behave.parser import parse_feature

from acceptance.running.alone import leave_out_what_needs_site, line_about_what_needs_site
from acceptance.running.selection import selected

if TYPE_CHECKING:
    from acceptance.configuration import Configuration

FEATURE = """\
    Feature: Limits

      Scenario: Edith reads it
        Given it is done

      @alone
      Rule: It is limited

        Scenario: Edith reaches the limit
          Given it is done

        Scenario: Edith waits
          Given it is done
    """


def left_out(words: Sequence[str], *, staging: bool) -> tuple[list[str], list[str]]:
    """Return the names of the scenarios that are left out, and of those that are run."""
    feature = parse_feature(dedent(FEATURE))
    assert isinstance(feature, Feature)
    configuration = BehaveConfiguration(command_args=[*words], load_config=False)
    settings = cast("Configuration", SimpleNamespace(staging="a site" if staging else None))
    out = leave_out_what_needs_site([feature], configuration, settings)
    return names(out), names([*selected([feature], configuration)])


def names(scenarios: Sequence[Scenario]) -> list[str]:
    return [str(scenario.name) for scenario in scenarios]


@pytest.mark.parametrize("words", [["-j", "2"], ["-j", "0"]])
def test_workers_at_one_site_leave_out_what_needs_it_for_itself(words: Sequence[str]) -> None:
    assert left_out(words, staging=True) == (
        ["Edith reaches the limit", "Edith waits"],
        ["Edith reads it"],
    )


@pytest.mark.parametrize(("words", "staging"), [(["-j", "2"], False), ([], True), ([], False)])
def test_nothing_is_left_out_where_no_workers_share_a_site(
    words: Sequence[str],
    staging: bool,  # noqa: FBT001
) -> None:
    out, run = left_out(words, staging=staging)

    assert out == []
    assert len(run) == 3


def test_only_selected_scenarios_count() -> None:
    out, _ = left_out(["-j", "2", "-n", "Edith waits"], staging=True)

    assert out == ["Edith waits"]


def test_the_line_names_the_way_to_run_them() -> None:
    feature = parse_feature(dedent(FEATURE))
    assert isinstance(feature, Feature)
    scenarios = [*feature.walk_scenarios()]

    assert line_about_what_needs_site(scenarios[:1]) == (
        "1 scenario needs the site for itself and was left out: add --tags=@alone and leave out"
        " -j to run it."
    )
    assert line_about_what_needs_site(scenarios[1:]) == (
        "2 scenarios need the site for themselves and were left out: add --tags=@alone and leave"
        " out -j to run them."
    )
