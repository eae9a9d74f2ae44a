"""How long the fixtures of a scenario take: prints milliseconds, as the environment is set."""

import os
import sys
import time
from statistics import median

from acceptance.configuration import Configuration
from acceptance.hosts.secrets import Secrets
from acceptance.profiles.profile import Profile
from acceptance.profiles.select import open_profile
from acceptance.server.fixtures import create_session
from features.support.project import SUPERLISTS

SCENARIOS = 200


def seconds_for_fixtures(profile: Profile) -> float:
    """Return how long emptying the site and logging one person in takes."""
    began = time.perf_counter()
    profile.begin_scenario()
    profile.make(create_session, username=profile.address_for("Edith"))
    return time.perf_counter() - began


def main() -> int:
    """Measure the fixtures of many scenarios and print the median in milliseconds."""
    with open_profile(Configuration.resolve(SUPERLISTS, {}, os.environ), Secrets()) as profile:
        # The first one also connects.
        seconds_for_fixtures(profile)
        times = [seconds_for_fixtures(profile) for _ in range(SCENARIOS)]
    print(median(times) * 1000)
    return 0


if __name__ == "__main__":
    sys.exit(main())
