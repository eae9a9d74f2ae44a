"""A setting that must stay secret."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class SecretSetting:
    """A password or a user name, which is set only in the environment.

    Attributes:
        variable: the name of the environment variable.
        value: its value, or None if it is not set.

    """

    variable: str = field(compare=False)
    value: str | None = field(default=None, repr=False)
