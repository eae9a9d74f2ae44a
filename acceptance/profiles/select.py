"""The one place that chooses where the site under test runs."""

from collections.abc import Iterator
from contextlib import contextmanager

from acceptance.configuration import Configuration
from acceptance.hosts.secrets import Secrets
from acceptance.profiles.profile import Profile
from acceptance.profiles.sharing import Sharing


def import_profile(configuration: Configuration) -> None:
    """Import the modules of the configured site, and open nothing."""
    if configuration.staging is None:
        from acceptance.profiles.local import import_site  # noqa: PLC0415

        import_site(configuration.project)


@contextmanager
def open_profile(
    configuration: Configuration,
    secrets: Secrets,
    sharing: Sharing | None = None,
) -> Iterator[Profile]:
    """Open the configured site for the duration of the block.

    Args:
        configuration: the settings of the run, which name the site.
        secrets: the secrets of the run; those of the site are added.
        sharing: the access to what workers share, or None without workers. On this machine, each
            worker has its own site.

    Raises:
        ConfigurationError: the place cannot be used as it is configured.

    """
    # Each place imports much that the other does not need: Django here, Fabric there.
    if configuration.staging is None:
        from acceptance.profiles.local import open_local_profile  # noqa: PLC0415

        is_alone = sharing is None
        with open_local_profile(configuration, secrets, is_alone=is_alone) as local:
            yield local
    elif sharing is not None:
        from acceptance.profiles.shared import open_shared_profile  # noqa: PLC0415
        from acceptance.profiles.staging import open_for_workers  # noqa: PLC0415

        for_workers = configuration.for_workers()
        with open_shared_profile(for_workers, secrets, sharing, open_for_workers) as shared:
            yield shared
    else:
        from acceptance.profiles.staging import open_staging_profile  # noqa: PLC0415

        with open_staging_profile(configuration, secrets) as staging:
            yield staging
