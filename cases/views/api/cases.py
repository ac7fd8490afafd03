"""Cases for other programs: found by record number, read and stored as case files."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Body, Router, Status

from cases.access import case_or_404
from cases.actions.api_log import log_call, log_out
from cases.actions.importing import ImportOutdated
from cases.actions.posting import TooManyWait, post_bundle
from cases.casefile import CaseFileInvalid
from cases.choices import Right
from cases.exchange.bundles.intake import BundleRefused
from cases.filing import as_case_file
from cases.models import ApiToken, Case
from cases.reading import fold_number
from cases.record import record_of
from cases.screens.bundles import proposed_by
from cases.screens.upserting import CaseRefused, upsert_case
from cases.views.api.problems import FieldProblem, ProblemDetails, Refused
from cases.views.api.shapes import BundlePosted, CaseFound, CaseStored, CaseToFind, ValueChange
from cases.views.api.tokens import bearer

router = Router(tags=["cases"])
FAULTS = {
    400: ProblemDetails,
    401: ProblemDetails,
    403: ProblemDetails,
    404: ProblemDetails,
    422: ProblemDetails,
    429: ProblemDetails,
}


@router.post("/find", response={200: list[CaseFound], 413: ProblemDetails, **FAULTS})
def find_cases(request: HttpRequest, wanted: CaseToFind) -> list[CaseFound]:
    """The cases of the board's patient with this record number, in any spelling."""
    token = bearer(request)
    folded = fold_number(wanted.record_number)
    found = Case.objects.filter(board=token.board, patient__record_number_folded=folded)
    log_call(token=token, call="find", cases=list(found))
    return [
        CaseFound(id=one.uid, key=one.key, question=one.question, stage=one.stage, changed_at=one.updated_at)
        for one in found
    ]


@router.get("/{case}", response={200: dict[str, Any], **FAULTS})
def read_case(request: HttpRequest, case: UUID) -> dict[str, Any]:
    """The case as a case file."""
    token = bearer(request)
    found = _case(token, case)
    log_out(token=token, case=found, document="api case file")
    return as_case_file(record_of(found))


@router.post(
    "/{case}/bundles",
    response={200: BundlePosted, 201: BundlePosted, 409: ProblemDetails, 413: ProblemDetails, **FAULTS},
)
def post_bundle_to_case(
    request: HttpRequest, case: UUID, bundle: Body[dict[str, Any]]
) -> Status[BundlePosted]:
    """Propose the findings of a FHIR R4 bundle for a case, up to 4 MB. Nothing is stored in the record: each
    proposal waits at the case until a person ticks it. The same bundle again, while it waits, is the same.
    """
    token = bearer(request, Right.ENTER)
    found = _case(token, case, Right.ENTER)
    try:
        read = proposed_by(request.body, record_of(found))
        posted, is_new = post_bundle(token=token, case=found, content=request.body)
    except BundleRefused as error:
        log_call(token=token, call="bundle", cases=[found], result="refused")
        raise Refused(422, str(error)) from error
    except TooManyWait as error:
        log_call(token=token, call="bundle", cases=[found], result="refused")
        raise Refused(409, "Bundles wait at this case; a person has to go through them first.") from error
    log_call(token=token, call="bundle", cases=[found], result="new" if is_new else "unchanged")
    return Status(201 if is_new else 200, BundlePosted(id=posted.uid, **read))


@router.put("", response={200: CaseStored, 409: ProblemDetails, 413: ProblemDetails, **FAULTS})
def store_case(
    request: HttpRequest, file: Body[dict[str, Any]], dry_run: bool = False, overwrite: bool = False
) -> CaseStored:
    """Store a case file: a new case, or what differs. What a person has entered stays unless `overwrite`;
    `dry_run` stores nothing and says what would be.
    """
    token = bearer(request, Right.ENTER, known=["dry_run", "overwrite"])
    result = "refused"
    try:
        done = upsert_case(
            by=token.user,
            board=token.board,
            data=file,
            source=f"interface ({token.name})",
            overwrite=overwrite,
            dry_run=dry_run,
        )
    except CaseFileInvalid as error:
        raise Refused(422, "The case file is not as it must be.", _of_file(error)) from error
    except CaseRefused as error:
        faults = [
            FieldProblem(field=fault.path or "case", reason=fault.reason, allowed=fault.allowed)
            for fault in error.faults
        ]
        raise Refused(422, "The case is not stored.", faults) from error
    except ImportOutdated as error:
        raise Refused(409, "Somebody saved this case just now. Send it again.") from error
    else:
        result = done.result
    finally:
        log_call(token=token, call="try" if dry_run else "store", result=result)
    changes = [
        ValueChange(path=one.path, before=one.before, after=one.after, kept=not one.taken)
        for one in done.differences
    ]
    return CaseStored(result=done.result, id=done.case, changes=changes)


def _case(token: ApiToken, uid: UUID, right: str = Right.READ) -> Case:
    found = case_or_404(token.user, uid, right)
    if found.board_id != token.board_id:
        raise Refused(404, "There is no such thing, or not for this token.")
    return found


def _of_file(error: CaseFileInvalid) -> list[FieldProblem]:
    return [FieldProblem(field=fault.fact, reason=fault.message) for fault in error.errors]
