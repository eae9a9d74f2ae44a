"""The page of a staging site that the acceptance suite reads over https."""

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from acceptance.server.models import Marker
from acceptance.server.site import site

# Read once, because a process keeps running the code that it was started with.
_COMMIT = site().commit()


@require_safe
def identity(request: HttpRequest) -> JsonResponse:
    """Return the identity of the site's database, and the address that the site uses for itself.

    The suite fills a database over SSH and tests a site over https; this shows that the two belong
    together. The links in the site's emails begin with the address.
    """
    marker = Marker.objects.first()
    return JsonResponse(
        {
            "site_name": settings.SITE_NAME,
            "identity": marker.identity if marker else None,
            "commit": _COMMIT,
            "address": request.build_absolute_uri("/"),
        }
    )
