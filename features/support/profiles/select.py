"""The one place that decides where the site under test runs."""

from collections.abc import Iterator
from contextlib import contextmanager

from features.support.configuration import Configuration, ConfigurationError
from features.support.profiles.profile import Profile


@contextmanager
def open_profile(configuration: Configuration) -> Iterator[Profile]:
    """Keep the site that the run asked for at hand for the length of the block.

    Raises:
        ConfigurationError: the run asked for a place that there is no profile for.

    """
    if configuration.staging is not None:
        message = (
            f"Testing {configuration.staging} is not possible yet: the staging profile comes "
            "with the next release; leave out staging to test the site on this machine."
        )
        raise ConfigurationError(message)
    # Django is only imported when its site runs in this process.
    from features.support.profiles.local import open_local_profile  # noqa: PLC0415

    with open_local_profile(configuration) as profile:
        yield profile
