#!/usr/bin/env python
"""Django's command line for this project."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main() -> None:
    """Run the command that the arguments name.

    A wrong setting ends the process with status 1 and the one sentence that explains it: a
    traceback through Django's start-up would only hide that sentence.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "superlists.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
