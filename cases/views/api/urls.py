"""Addresses of the interface, all below /api/v1/. No address holds anything of a patient."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from cases.views.api import board, cases, guideline, problems
from cases.views.api.tokens import Bearer, PerToken, ReadableJson, bearer

RATE = "120/m"  # calls with one token


class BoardApi(NinjaAPI):
    """The interface, which says of its refusals in which form they come."""

    def get_openapi_schema(self, *args: Any, **kwargs: Any) -> OpenAPISchema:
        described = super().get_openapi_schema(*args, **kwargs)
        for operations in described["paths"].values():
            for operation in operations.values():
                for status, answer in operation["responses"].items():
                    if int(status) >= 400:
                        answer["content"] = {problems.MEDIA_TYPE: answer["content"]["application/json"]}
        return described


api = BoardApi(
    title="Tumor board",
    version="1",
    description="Cases, decisions and meetings of one board, and the guideline. A token opens one board.",
    auth=Bearer(),
    parser=ReadableJson(),
    throttle=PerToken(RATE),
    docs_url=None,
    openapi_url=None,
    urls_namespace="api",
)
problems.install(api)
api.add_router("/recommend", guideline.router)
api.add_router("/cases", cases.router)
api.add_router("/decisions", board.decisions)
api.add_router("/meetings", board.meetings)


@api.get("/openapi.json", include_in_schema=False, response=dict[str, Any])
def description(request: HttpRequest) -> dict[str, Any]:
    """What can be asked, as OpenAPI 3.1."""
    bearer(request)
    return api.get_openapi_schema()


urlpatterns = [*api.urls[0]]
for pattern in urlpatterns:
    # The token is the log-in; without one every call is refused.
    pattern.callback = login_not_required(cast(Callable[..., Any], pattern.callback))
