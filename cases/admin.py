"""The administration site: memberships and meetings are entered, the record is looked at and no more.

Even here a person sees only the boards they belong to, a superuser too, and each look at a part of the record
leaves an event. Lists show ids and dates, never a name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet
from django.forms import ModelChoiceField
from django.http import HttpRequest, HttpResponse

from cases import access
from cases.actions.access_log import log_read
from cases.actions.boards import choose_guideline
from cases.actions.meetings import create_meeting
from cases.actions.membership import keep_an_administrator, remove_membership, set_membership
from cases.choices import Right
from cases.guideline import check_address
from cases.models import (
    AuditEvent,
    Board,
    Case,
    CaseGrant,
    ClinicalAssessment,
    Comment,
    Decision,
    DecisionCondition,
    DecisionDissent,
    DecisionOption,
    DecisionWithdrawal,
    Discussion,
    FollowUpEvent,
    FollowUpItem,
    ImagingStudy,
    Meeting,
    Membership,
    MolecularReport,
    NextStep,
    PathologyReport,
    Patient,
    RecordVersion,
    SerumMarker,
    Treatment,
)

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
    TabularInline = admin.TabularInline[Any, Any]
    ModelForm = forms.ModelForm[Membership]
else:  # these take no type arguments at run time
    ModelAdmin, TabularInline, ModelForm = admin.ModelAdmin, admin.TabularInline, forms.ModelForm


# A filter that names the boards among the rows shown, and no other.
OWN_BOARDS = ("board", admin.RelatedOnlyFieldListFilter)


class ReadOnly(ModelAdmin):
    """Shows the rows of the reader's own boards; `board_path` leads from the model to its board."""

    board_path = "case__board"
    actions = None
    show_full_result_count = False

    def cases_of(self, row: Any) -> list[Case]:
        """The cases that looking at this row reveals."""
        return [row.case]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        mine = Board.objects.filter(memberships__user=request.user)  # type: ignore[misc]
        return super().get_queryset(request).filter(**{f"{self.board_path}__in": mine}).distinct()

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and request.user.is_staff

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        response: HttpResponse = super().changeform_view(request, object_id, form_url, extra_context)
        row = self.get_object(request, object_id) if object_id else None
        if row is not None and response.status_code == 200:
            for case in self.cases_of(row):
                if access.may(request.user, case.board, Right.READ):
                    log_read(by=request.user, case=case, page="administration")  # type: ignore[arg-type]
        return response


class PartInline(TabularInline):
    """A part of a decision, shown with it."""

    extra = 0
    can_delete = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_active and request.user.is_staff

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def inline(model: type[models.Model]) -> type[PartInline]:
    return type(f"{model.__name__}Inline", (PartInline,), {"model": model})


@admin.register(Patient)
class PatientAdmin(ReadOnly):
    board_path = "board"
    list_display = ["uid", "created_at", "updated_at"]
    ordering = ["-pk"]

    def cases_of(self, row: Any) -> list[Case]:
        return list(row.cases.select_related("board"))


@admin.register(Case)
class CaseAdmin(ReadOnly):
    board_path = "board"
    list_display = ["uid", "board", "status", "entity", "created_at", "updated_at"]
    list_filter = [OWN_BOARDS, "status"]

    def cases_of(self, row: Any) -> list[Case]:
        return [row]


@admin.register(CaseGrant)
class CaseGrantAdmin(ReadOnly):
    list_display = ["uid", "board", "granted_at", "revoked_at"]


@admin.register(PathologyReport, ImagingStudy, MolecularReport, SerumMarker, Treatment, ClinicalAssessment)
class PartAdmin(ReadOnly):
    list_display = ["uid", "created_at", "updated_at", "version"]


@admin.register(RecordVersion)
class RecordVersionAdmin(ReadOnly):
    list_display = ["at", "by", "kind", "uid", "version"]


@admin.register(Comment)
class CommentAdmin(ReadOnly):
    list_display = ["pk", "created_at"]


@admin.register(Decision)
class DecisionAdmin(ReadOnly):
    list_display = ["uid", "status", "drafted_at", "signed_at"]
    list_filter = ["status"]
    inlines = [
        inline(DecisionOption),
        inline(DecisionCondition),
        inline(DecisionDissent),
        inline(NextStep),
        inline(DecisionWithdrawal),
    ]


@admin.register(FollowUpItem)
class FollowUpItemAdmin(ReadOnly):
    list_display = ["uid", "kind", "due_from", "due_to", "state"]
    list_filter = ["state"]
    inlines = [inline(FollowUpEvent)]


@admin.register(Discussion)
class DiscussionAdmin(ReadOnly):
    list_display = ["uid", "meeting", "place", "outcome"]
    list_filter = ["outcome"]


class BoardForm(forms.ModelForm):
    class Meta:
        model = Board
        fields = ["guideline"]

    def clean(self) -> dict[str, Any] | None:
        """Say before saving what the action would refuse."""
        check_address(self.cleaned_data.get("guideline", ""))
        return super().clean()


@admin.register(Board)
class BoardAdmin(ReadOnly):
    """A board's administrators choose its guideline here."""

    board_path = "pk"
    form = BoardForm
    list_display = ["name", "slug", "guideline"]
    fields = ["name", "slug", "guideline", "hpf_field_mm2", "current_for_days"]
    readonly_fields = ["name", "slug", "hpf_field_mm2", "current_for_days"]

    def cases_of(self, row: Any) -> list[Case]:
        return []

    def has_change_permission(self, request: HttpRequest, obj: Board | None = None) -> bool:
        boards = boards_with(request, Right.ADMINISTER)
        return self.has_module_permission(request) and obj is not None and obj in boards

    def save_model(self, request: HttpRequest, obj: Board, form: Any, change: bool) -> None:
        choose_guideline(by=request.user, board=obj, address=obj.guideline)  # type: ignore[arg-type]


@admin.register(Meeting)
class MeetingAdmin(ReadOnly):
    """Meetings can be added here, by who schedules on a board."""

    board_path = "board"
    list_display = ["starts_at", "board", "place"]
    fields = ["board", "starts_at", "place"]

    def cases_of(self, row: Any) -> list[Case]:
        return []

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request) and bool(boards_with(request, Right.SCHEDULE))

    def formfield_for_foreignkey(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField[Any] | None:
        if db_field.name == "board":
            kwargs["queryset"] = boards_with(request, Right.SCHEDULE)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Meeting, form: Any, change: bool) -> None:
        stored = create_meeting(
            by=request.user,  # type: ignore[arg-type]
            board=obj.board,
            starts_at=obj.starts_at,
            place=obj.place,
        )
        obj.pk = stored.pk


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnly):
    """The trail of the boards that the reader administers."""

    board_path = "board"
    list_display = ["at", "user", "action", "kind", "uid", "board"]
    list_filter = ["action", OWN_BOARDS]
    date_hierarchy = "at"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(board__in=boards_with(request, Right.ADMINISTER))

    def cases_of(self, row: Any) -> list[Case]:
        return []


def boards_with(request: HttpRequest, right: str) -> QuerySet[Board]:
    """The boards on which the person holds the right."""
    boards = Board.objects.filter(memberships__user=request.user)  # type: ignore[misc]
    return boards.filter(pk__in=[board.pk for board in boards if access.may(request.user, board, right)])


class MembershipForm(ModelForm):
    class Meta:
        model = Membership
        fields = ["board", "user", "role", "may_sign"]

    def clean(self) -> dict[str, Any] | None:
        """Say before saving what the action would refuse."""
        cleaned = super().clean()
        if "role" in self.cleaned_data and self.instance.pk:
            stored = Membership.objects.get(pk=self.instance.pk)
            keep_an_administrator(stored, self.cleaned_data["role"], *stored.further_roles)
        return cleaned


@admin.register(Membership)
class MembershipAdmin(ModelAdmin):
    """Who belongs to a board, edited by its administrators, through the same actions as everywhere."""

    form = MembershipForm
    list_display = ["board", "user", "role", "may_sign"]
    list_filter = [OWN_BOARDS, "role"]
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        return super().get_queryset(request).filter(board__in=boards_with(request, Right.ADMINISTER))

    def get_readonly_fields(self, request: HttpRequest, obj: Membership | None = None) -> list[str]:
        return ["board", "user"] if obj else []

    def formfield_for_foreignkey(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField[Any] | None:
        if db_field.name == "board":
            kwargs["queryset"] = boards_with(request, Right.ADMINISTER)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return (
            request.user.is_active and request.user.is_staff and bool(boards_with(request, Right.ADMINISTER))
        )

    def has_view_permission(self, request: HttpRequest, obj: Membership | None = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_module_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Membership | None = None) -> bool:
        return self.has_module_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Membership | None = None) -> bool:
        return self.has_module_permission(request) and (obj is None or self._spared(obj))

    def _spared(self, membership: Membership) -> bool:
        try:
            keep_an_administrator(membership)
        except ValidationError:
            return False
        return True

    def save_model(self, request: HttpRequest, obj: Membership, form: Any, change: bool) -> None:
        stored = set_membership(
            by=request.user,  # type: ignore[arg-type]
            board=obj.board,
            user=obj.user,
            role=obj.role,
            may_sign=obj.may_sign,
        )
        obj.pk = stored.pk

    def delete_model(self, request: HttpRequest, obj: Membership) -> None:
        remove_membership(by=request.user, board=obj.board, user=obj.user)  # type: ignore[arg-type]
