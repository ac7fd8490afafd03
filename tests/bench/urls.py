"""The project's addresses, and one more: the door, what every answer costs before it says anything."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path
from django.views.decorators.http import require_POST

from cases.access import require
from cases.choices import Right
from cases.models import Case
from config.urls import handler500

__all__ = ["handler500", "urlpatterns"]


@require_POST
def door(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Session, access, and the version of the case; an empty body."""
    case = Case.objects.select_related("board").filter(uid=uid).first()
    if case is None:
        raise Http404("No such case.")
    require(request.user, case.board, Right.ENTER, case)
    return HttpResponse(headers={"X-Version": str(case.version)})


urlpatterns = [
    path("door/<uuid:uid>/", door, name="door"),
    path("", include("config.urls")),
]
