"""Whose case it is: a new one, a patient corrected, a case given to another patient."""

import uuid
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from cases.access import boards_where
from cases.actions.access_log import log_list, log_read
from cases.actions.edits import StaleEdit
from cases.actions.entry import create_case, save_patient
from cases.actions.identity import LookAlike, look_alikes
from cases.actions.moving import move_case
from cases.choices import Right
from cases.forms.conflict import Choices
from cases.forms.patient import IdentityForm, MoveForm, NewCaseForm, PatientForm
from cases.models import Case, Patient
from cases.screens.identity import cases_of
from cases.views.chart import Chart, PartPage, open_chart
from cases.views.entry import conflict, get_or_post, undo_address
from cases.views.problems import take_errors

Alike = tuple[LookAlike, ...]


@get_or_post
def patient_page(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Correct who the patient is, on every case of theirs."""
    chart = open_chart(request, uid, Right.ENTER)
    part = PartPage.of(PatientForm)
    form = PatientForm(request.POST or None, instance=Patient.objects.get(pk=chart.case.patient_id))
    if not form.is_bound or not form.is_valid():
        return show_patient(request, chart, form, 422 if form.is_bound else 200)
    values, choices = form.values(), Choices(request.POST)
    stored = Patient.objects.get(pk=chart.case.patient_id)
    missing, values = choices.apply(form, stored, values) if choices.made else ([], values)
    if missing:
        return conflict(request, chart, part, form, stored, missing=missing)
    try:
        saved = save_patient(
            by=chart.user,
            case=chart.case,
            fields=values,
            version=form.cleaned_data.get("version") or 0,
            same_person=form.cleaned_data["same_person"],
        )
    except StaleEdit as stale:
        return conflict(request, chart, part, form, stale.stored)
    except ValidationError as error:
        take_errors(form, error)
        return show_patient(request, chart, form, 422)
    messages.success(request, "Patient saved.", extra_tags=undo_address(chart, saved, stored.version))
    return redirect(chart.url("case"))


def show_patient(request: HttpRequest, chart: Chart, form: PatientForm, status: int) -> HttpResponse:
    """The identity form, and the cases that a correction changes."""
    log_read(by=chart.user, case=chart.case, page="patient")
    cases = cases_of(chart.case.patient)
    context = chart.page("patient", form=form, problems=form.problems(), cases=cases)
    return render(request, "entry/patient.html", context, status=status)


@get_or_post
def other_patient(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Give the case to another patient, or to a new one."""
    chart = open_chart(request, uid, Right.ENTER)
    form = MoveForm(request.POST or None, initial={"version": chart.case.version})
    alike: Alike = ()
    if form.is_bound and form.is_valid():
        alike = unseen(form, look_alikes(by=chart.user, board=chart.case.board, fields=form.identity()))
        if not alike and moved(chart, form):
            messages.success(request, "The case is this patient's now.")
            return redirect(chart.url("case"))
    elif not form.is_bound:
        log_read(by=chart.user, case=chart.case, page="other patient")
    problems = form.problems() if form.is_bound else []
    context = chart.page("patient", form=form, problems=problems, alike=alike, seen=seen_as(alike))
    return render(request, "entry/other_patient.html", context, status=422 if form.is_bound else 200)


def moved(chart: Chart, form: MoveForm) -> bool:
    """Whether the case could be given to who the form says; if not, the form says why."""
    try:
        move_case(
            by=chart.user,
            case=chart.case,
            patient=form.identity(),
            reason=form.cleaned_data["reason"],
            version=form.cleaned_data["version"],
        )
    except ValidationError as error:
        take_errors(form, error)
        return False
    return True


@get_or_post
def new_case(request: HttpRequest) -> HttpResponse:
    """A patient and a question; the rest is entered on the case's own pages."""
    user = cast(User, request.user)
    boards = boards_where(user, Right.ENTER)
    form = NewCaseForm(request.POST or None, boards=boards, initial={"case": uuid.uuid4()})
    alike: Alike = ()
    if form.is_bound and form.is_valid():
        alike = unseen(form, look_alikes_of(form, user))
        case = None if alike else created(form, user)
        if case:
            return redirect("cases:case", uid=case.uid)
    context = {
        "form": form,
        "boards": boards,
        "problems": form.problems() if form.is_bound else [],
        "alike": alike,
        "seen": seen_as(alike),
    }
    if alike:
        log_list(by=user, page="look-alikes", cases=[one.case for one in alike if one.case])
    return render(request, "entry/new_case.html", context, status=422 if form.is_bound else 200)


def look_alikes_of(form: NewCaseForm, user: User) -> Alike:
    """Who or what a valid form might be about that is there already."""
    data = form.cleaned_data
    return look_alikes(
        by=user, board=data["board"], fields=form.identity(), question=data["question"], uid=data["case"]
    )


def unseen(form: IdentityForm, found: Alike) -> Alike:
    """The look-alikes, unless these very ones were shown and it was ticked to go on."""
    return () if form.cleaned_data["go_on"] == seen_as(found) else found


def seen_as(alike: Alike) -> str:
    """The value of the tick for exactly these."""
    return " ".join(sorted(one.key for one in alike))


def created(form: NewCaseForm, user: User) -> Case | None:
    """The case of a valid form; if it could not be stored, the form says why."""
    data = form.cleaned_data
    fields = {name: data[name] for name in ("question", "referrer")}
    try:
        return create_case(
            by=user, board=data["board"], patient=form.identity(), fields=fields, uid=data["case"]
        )
    except ValidationError as error:
        take_errors(form, error)
        return None
