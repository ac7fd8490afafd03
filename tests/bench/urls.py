"""The project's addresses, and one more: what the preview would cost if it only validated."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.decorators.http import require_POST

from cases.choices import Right
from cases.views.chart import PARTS, open_chart
from cases.views.entry import posted_item


@require_POST
def validate(request: HttpRequest, uid: UUID, part: str) -> HttpResponse:
    """Everything up to a validated form, as the preview does it, and an empty answer."""
    chart = open_chart(request, uid, Right.ENTER)
    form = PARTS[part].form(request.POST, instance=posted_item(request, chart, PARTS[part]))
    form.is_valid()
    return HttpResponse()


urlpatterns = [
    path("validate/<uuid:uid>/<str:part>/", validate, name="validate"),
    path("", include("config.urls")),
]
