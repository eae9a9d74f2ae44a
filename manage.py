#!/usr/bin/env python
"""Django's command line for this project."""

import os
import sys
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import Error

from superlists.database_errors import known_meaning, sentence_about
from superlists.environment_file import load_environment_file


def main() -> None:
    """Run the command that the arguments name.

    A wrong setting, or a database that is locked, read-only or full, ends the process with status 1
    and the one sentence that explains it, which a traceback would only hide.
    """
    try:
        load_environment_file(Path(__file__).resolve().parent / ".env")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "superlists.settings")
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(str(error))
    except Error as error:
        if known_meaning(error) is None:
            raise
        sys.exit(sentence_about(error))


if __name__ == "__main__":
    main()
