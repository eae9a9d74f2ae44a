"""What a deployment asks a site that it has just started."""

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from superlists.release import deployed_commit

# Asked once: a process goes on running the code that it was started with.
_COMMIT = deployed_commit(settings.BASE_DIR)


@require_safe
def health(_request: HttpRequest) -> JsonResponse:
    """Tell which commit answers, and nothing else: anybody may ask."""
    return JsonResponse({"commit": _COMMIT})
