"""What the acceptance suite asks a staging site over https."""

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from acceptance.server.models import Marker
from acceptance.server.site import site

# Asked once: a process goes on running the code that it was started with.
_COMMIT = site().commit()


@require_safe
def identity(request: HttpRequest) -> JsonResponse:
    """Tell which database is behind this site, and which address the site takes for its own.

    The suite fills a database over SSH and looks at a site over https; this shows that the one
    belongs to the other. The links in the mails that visitors ask for begin with the address.
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
