"""A setting that others must not read."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class SecretSetting:
    """A password or a user, which stands only in the environment.

    Attributes:
        variable: the name of the environment variable.
        value: what it is set to, or None where it is not set.

    """

    variable: str = field(compare=False)
    value: str | None = field(default=None, repr=False)
