"""Check that everything a run needs is there, and run nothing."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence

from acceptance.browser.browser import Browser
from acceptance.browser.errors import BrowserUnavailableError
from acceptance.browser.select import browser_on_its_way
from acceptance.configuration import Configuration
from acceptance.errors import ExplainedError, NotReadyError
from acceptance.hosts.secrets import Secrets, secrets_of
from acceptance.profiles.checks import Check, Verdict, run_checks
from acceptance.profiles.profile import Profile
from acceptance.profiles.select import open_profile
from acceptance.project import project_here
from acceptance.setting_names import defined


def preflight(
    profile: Profile, browser_when_ready: Callable[[], Browser], secrets: Secrets
) -> None:
    """Run the checks of the profile and print their results, without secrets.

    Raises:
        NotReadyError: a check failed.

    """
    checks = profile.checks()
    if not checks:
        return
    failed = []
    for finding in run_checks([_browser_check(browser_when_ready), *checks]):
        print(secrets.hidden_in(str(finding)), flush=True)  # noqa: T201 (a person waits for this)
        if finding.verdict is Verdict.FAILED:
            failed.append(finding.title)
    if failed:
        message = (
            f"Nothing was run, because these checks failed: {', '.join(failed)}; the lines above "
            "explain what to do."
        )
        raise NotReadyError(message)


def _browser_check(browser_when_ready: Callable[[], Browser]) -> Check:
    def look() -> str:
        try:
            return browser_when_ready().name
        except BrowserUnavailableError as error:
            raise NotReadyError(str(error)) from None

    return Check("browser", look)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the checks for a deployed site, and no scenarios."""
    parser = argparse.ArgumentParser(prog="preflight", description=main.__doc__)
    parser.add_argument("host", help="the staging host, or its https:// address")
    parser.add_argument(
        "-D",
        dest="settings",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        help="a setting, as for behave",
    )
    given = parser.parse_args(arguments)
    try:
        settings = {"staging": given.host, **defined(given.settings)}
        configuration = Configuration.resolve(project_here(), settings, os.environ)
        print(configuration)  # noqa: T201
        secrets = secrets_of(os.environ, configuration.project.ordinary_words)
        with (
            secrets.kept_out_of_errors(),
            browser_on_its_way(configuration) as browser,
            open_profile(configuration, secrets) as profile,
        ):
            preflight(profile, browser, secrets)
    except ExplainedError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    print("Everything is ready.")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
