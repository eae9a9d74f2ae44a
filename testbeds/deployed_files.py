"""Copy the files that a deployment brings to a staging server, committed or not."""

import shutil
from pathlib import Path

from testbeds import ROOT

_UNWANTED = shutil.ignore_patterns("tests", "__pycache__")


def copy_deployed_files(folder: Path) -> None:
    """Copy the files into a folder, which is created if necessary."""
    from fabfile.source import paths  # noqa: PLC0415 (brings all of Fabric)

    for name in paths(staging=True):
        source, target = ROOT / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=_UNWANTED)
        else:
            shutil.copy2(source, target)
