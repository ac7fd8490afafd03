"""The guideline for other programs: facts in, the whole answer out."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest
from ninja import Router

from cases.actions.api_log import log_call
from cases.guideline import guideline_of
from cases.views.api.problems import FieldProblem, ProblemDetails, Refused
from cases.views.api.shapes import QuestionToGuideline
from cases.views.api.tokens import bearer
from guidelines.answer.bulk import BadInput, answers, as_json_line, read_cases
from guidelines.knowledge.releases import NoSuchEdition, guideline_at

FAULTS = {
    400: ProblemDetails,
    401: ProblemDetails,
    403: ProblemDetails,
    404: ProblemDetails,
    413: ProblemDetails,
    422: ProblemDetails,
    429: ProblemDetails,
}

router = Router(tags=["guideline"])


@router.post("", response={200: dict[str, Any], **FAULTS})
def recommend(request: HttpRequest, question: QuestionToGuideline) -> dict[str, Any]:
    """What the guideline says of these facts: the same answer as pages and documents show."""
    token = bearer(request)
    log_call(token=token, call="recommend")
    asked = question.dict(exclude={"guideline"})
    try:
        guideline = guideline_at(question.guideline) if question.guideline else guideline_of(token.board)
        (answer,) = answers(guideline, read_cases(json.dumps(asked), guideline))
    except NoSuchEdition as error:
        raise Refused(422, "There is no such guideline.", [_fault("guideline", str(error))]) from error
    except BadInput as error:
        faults = [_fault(*line.split(": ", 1)) for line in str(error).splitlines() if ": " in line]
        raise Refused(422, "The facts are not as they must be.", faults) from error
    found: dict[str, Any] = json.loads(as_json_line(answer))
    return found


def _fault(field: str, reason: str) -> FieldProblem:
    return FieldProblem(field=field, reason=reason)
