"""Where scenarios of the features are, for tests that run one of them."""

from testbeds import ROOT


def place_of(feature: str, name: str) -> str:
    """Return the file of a feature and the line of a scenario in it, as behave takes them.

    Args:
        feature: the name of its file, without suffix.
        name: the whole name of the scenario.

    """
    file = f"features/{feature}.feature"
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    (line,) = (at for at, line in enumerate(lines, 1) if line.strip() == f"Scenario: {name}")
    return f"{file}:{line}"
