"""The site's settings with the app that only staging servers install, so that it can be tested."""

from superlists.settings import *  # noqa: F403
from superlists.settings import INSTALLED_APPS as _INSTALLED_APPS

INSTALLED_APPS = [
    *(app for app in _INSTALLED_APPS if app != "acceptance.server"),
    "acceptance.server",
]
