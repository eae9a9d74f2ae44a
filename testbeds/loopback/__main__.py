"""Test a site that is deployed on this machine's loopback, without owning a server."""

import argparse
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence

from testbeds.errors import TestBedError
from testbeds.loopback.host import open_loopback

KILLED = 128
"""The number that a shell adds to that of the signal that ended a command."""


def main() -> int:
    """Deploy the site on loopback, run a command against it, and discard everything."""
    parser = argparse.ArgumentParser(prog="python -m testbeds.loopback", description=main.__doc__)
    parser.add_argument(
        "command",
        nargs=argparse.REMAINDER,
        help="the command, such as behave or bash; by default behave -D staging=URL",
    )
    given = parser.parse_args().command
    # SIGTERM ends this in the same orderly way as Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with open_loopback() as host:
            command = given or ["behave", "-D", f"staging={host.site.url}"]
            print(  # noqa: T201
                f"The site is deployed at {host.site.url}, and its log is {host.site.log}. It will "
                f"be discarded after: {' '.join(command)}",
                flush=True,
            )
            environment = {**os.environ, **host.environment}
            return _status_of(command, environment)
    except TestBedError as error:
        sys.stderr.write(f"{error}\n")
    except FileNotFoundError as error:
        sys.stderr.write(f"{error.filename} is not installed: check that it is on the PATH.\n")
    except KeyboardInterrupt:
        sys.stderr.write("Interrupted; the site has been discarded.\n")
    return 1


def _status_of(command: Sequence[str], environment: Mapping[str, str]) -> int:
    with subprocess.Popen(command, env=environment) as process:  # noqa: S603
        # Ctrl-C also interrupts the command, which has to clean up itself.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, lambda *_: process.terminate())
        status = process.wait()
    return status if status >= 0 else KILLED - status


if __name__ == "__main__":
    sys.exit(main())
