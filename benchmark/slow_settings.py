"""The settings of a site that takes its time."""

from superlists.settings import *  # noqa: F403
from superlists.settings import MIDDLEWARE as _MIDDLEWARE

MIDDLEWARE = ["benchmark.slow_site.answers_late", *_MIDDLEWARE]
