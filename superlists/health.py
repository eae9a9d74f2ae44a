"""What a deployment asks a site that it has just started."""

from django.apps import apps
from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from superlists.release import deployed_commit

# Asked once: a process goes on running the code that it was started with.
_COMMIT = deployed_commit(settings.BASE_DIR)


@require_safe
def health(_request: HttpRequest) -> JsonResponse:
    """Say which commit answers and as what kind of site, and nothing else: anybody may ask."""
    kind = "staging" if apps.is_installed("acceptance.server") else "production"
    return JsonResponse({"commit": _COMMIT, "kind": kind})
