"""The page that a deployment asks for once it has started the site."""

from django.apps import apps
from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from superlists.release import deployed_commit

# Read once: a process keeps running the code that it was started with.
_COMMIT = deployed_commit(settings.BASE_DIR)


@require_safe
def health(_request: HttpRequest) -> JsonResponse:
    """Answer with the commit and the kind of the site, and nothing else, since anyone may ask."""
    kind = "staging" if apps.is_installed("acceptance.server") else "production"
    return JsonResponse({"commit": _COMMIT, "kind": kind})
