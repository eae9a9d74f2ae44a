"""The WSGI application that a server such as gunicorn loads."""

import os
import sys
from importlib import import_module
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

from superlists.environment_file import load_environment_file

# gunicorn's arbiter restarts a worker that died, forever, unless the worker's exit status is
# Arbiter.WORKER_BOOT_ERROR (gunicorn/arbiter.py, reap_workers: "avoid infinite start/stop
# cycles"), which halts the server.
WORKER_BOOT_ERROR = 3

try:
    load_environment_file(Path(__file__).resolve().parent.parent / ".env")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "superlists.settings")
    application = get_wsgi_application()
    # This module needs Django's apps, which are ready now.
    import_module("superlists.permission_to_wipe").begin_to_serve()
except ImproperlyConfigured as error:
    sys.stderr.write(f"{error}\n")
    sys.exit(WORKER_BOOT_ERROR)
