"""The environment of a run: the machine, the programs and the CI server, if there is one."""

import platform
from collections.abc import Mapping
from getpass import getuser
from importlib.metadata import version

import cucumber_messages
from behave.version import VERSION
from ci_environment import detect_ci_environment
from cucumber_messages import Ci, Meta, Product, message_converter

PROTOCOL = version("cucumber-messages")
"""The version of Cucumber Messages that is written here."""


def meta(environment: Mapping[str, str]) -> Meta:
    """Describe this process, and the CI server that the variables describe."""
    return Meta(
        protocol_version=PROTOCOL,
        implementation=Product("behave", VERSION),
        runtime=Product(platform.python_implementation(), platform.python_version()),
        os=Product(platform.system(), platform.release()),
        cpu=Product(platform.machine() or "unknown"),
        ci=_ci(environment),
    )


def run_by(environment: Mapping[str, str]) -> tuple[str, str]:
    """Return who or what runs this process, and the address of its page if it is a CI job.

    That is the CI job that the variables describe, or else the user; "" where no one knows.
    """
    ci = _ci(environment)
    if ci is None:
        try:
            return getuser(), ""
        except (ImportError, KeyError, OSError):
            # A container may run as a user who has no name.
            return "", ""
    name = f"{ci.name}, build {ci.build_number}" if ci.build_number else ci.name
    address = ci.url or ""
    # What a page links to has to be the address of a page.
    return name, address if address.startswith(("https://", "http://")) else ""


def _ci(environment: Mapping[str, str]) -> Ci | None:
    try:
        found = detect_ci_environment(dict(environment))
    except (ValueError, OSError):
        # Some variables of a CI server do not make one.
        return None
    if found is None:
        return None
    known = {name: value for name, value in found.items() if value is not None}
    ci: Ci = message_converter.from_dict(known, cucumber_messages.Ci)
    return ci
