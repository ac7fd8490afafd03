"""A case: one patient's question to one board, with the facts that belong to the tumor as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q
from django.utils import timezone

from cases import choices, parts
from cases.models.base import Entered, LongText, coded, yes_no
from cases.models.board import Board, Membership
from cases.models.columns import date_column, holds, written
from cases.models.patient import Patient
from cases.reading.folding import search_words

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from cases.models.asked import AskedFor
    from cases.models.assessment import ClinicalAssessment
    from cases.models.decision import Decision
    from cases.models.discussion import Discussion
    from cases.models.grant import GrantQuerySet
    from cases.models.readiness import StoredReadiness
    from cases.models.reports import ImagingStudy, MolecularReport, PathologyReport, SerumMarker
    from cases.models.treatment import Treatment


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, user: User | Any) -> Self:
        """Cases of the boards that an active `user` is a member of, and cases shared with one of them. A
        person, an id, or what stands for one in a statement.
        """
        if isinstance(user, User) and not user.is_active:
            return self.none()
        return self.of_boards(Membership.objects.filter(user=user, user__is_active=True).values("board"))

    def of_boards(self, boards: models.QuerySet[Any, Any]) -> Self:
        """The boards' own cases, and those shared with them; `boards` gives ids."""
        shared = Case.objects.filter(grants__revoked_at=None, grants__board__in=boards).values("pk")
        return self.filter(Q(board__in=boards) | Q(pk__in=shared))

    def open(self) -> Self:
        return self.exclude(status=choices.CaseStatus.CLOSED)


@holds(parts.REFERRAL)
class Case(Entered):
    """`INDEXED` columns follow from the record and are kept by `cases.actions.indexing`; nobody sets them."""

    INDEXED = ("entity", "record_version", "searched", "born")

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="cases")
    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="cases")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="cases_owned")
    key = models.CharField(
        "Key", max_length=40, blank=True, default="", help_text="The case's name in the system it came from."
    )
    question = LongText("Question for the board")
    asks = models.JSONField("What is asked about", blank=True, default=list)
    referrer = models.CharField("Referred by", max_length=120, blank=True, default="")

    primary_site = coded("Primary site")
    pancreas_subsite = coded("Part of the pancreas")
    extent = coded("Extent")
    metastatic_sites = models.JSONField("Metastatic sites", null=True, blank=True, default=None)
    figo_stage = coded("FIGO stage")
    tumor_size = written("Tumor size", help_text="Largest, as reported: 34 mm, 3.4 x 2.1 cm")
    liver_dominant = yes_no("Liver-dominant disease")
    resectability = models.CharField("Resectability as stated", max_length=200, blank=True, default="")
    diagnosed_on = date_column("Diagnosed on")
    treatment_list = models.CharField(
        "List of treatments",
        max_length=10,
        choices=choices.TreatmentList.choices,
        blank=True,
        default="",
        help_text="Complete: what the record holds is all there was, possibly nothing.",
    )
    brain_metastasis_count = models.PositiveSmallIntegerField(
        "Number of brain metastases", null=True, blank=True
    )

    stage = models.CharField(
        "Stage",
        max_length=10,
        choices=[(one, choices.CaseStatus(one).label) for one in choices.STAGES],
        default=choices.CaseStatus.DRAFT,
        help_text="What is said of the case by hand.",
    )
    # An index of what stage and discussions come to; see `cases.actions.standing`.
    status = models.CharField(
        "Status",
        max_length=10,
        choices=choices.CaseStatus.choices,
        default=choices.CaseStatus.DRAFT,
        editable=False,
    )
    # The guideline's classification at the last save, kept so that a worklist can filter by it.
    entity = models.CharField(max_length=40, default="unknown", editable=False)
    # Counts the saves of the case and of all its parts: what was made from the record in one state is of no
    # use in another.
    record_version = models.PositiveIntegerField(default=1, editable=False)
    # The folded words of the patient and of the question: what a search looks in, all of it in one place.
    searched = models.TextField(blank=True, default="", editable=False)
    born = models.DateField(null=True, editable=False, db_index=True)  # the patient, likewise
    is_demo = models.BooleanField("Demonstration data", default=False, editable=False)
    citation = models.TextField("Published source", blank=True, default="", editable=False)

    objects = CaseQuerySet.as_manager()

    if TYPE_CHECKING:
        pathology_reports: RelatedManager[PathologyReport]
        imaging_studies: RelatedManager[ImagingStudy]
        molecular_reports: RelatedManager[MolecularReport]
        markers: RelatedManager[SerumMarker]
        treatments: RelatedManager[Treatment]
        assessments: RelatedManager[ClinicalAssessment]
        decisions: RelatedManager[Decision]
        discussions: RelatedManager[Discussion]
        asked: RelatedManager[AskedFor]
        comments: RelatedManager[Comment]
        readiness: StoredReadiness

        @property
        def grants(self) -> GrantQuerySet: ...

    class Meta:
        ordering = ["-updated_at", "-pk"]
        indexes = [
            models.Index(name="case_worklist", fields=["board", "-updated_at", "-id"]),
            models.Index(name="case_newest", fields=["-updated_at", "-id"]),
            models.Index(name="case_by_entity", fields=["board", "entity"]),
            models.Index(name="case_by_status", fields=["board", "status"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="case_asks_something",
                condition=~Q(question=""),
                violation_error_message="The question for the board is required.",
            ),
            models.CheckConstraint(
                name="case_status_coded",
                condition=Q(status__in=choices.CaseStatus.values),
                violation_error_message="This status does not exist.",
            ),
            models.CheckConstraint(
                name="case_figo_only_cervix",
                condition=Q(figo_stage="") | Q(primary_site=choices.SITE_CERVIX),
                violation_error_message="A FIGO stage belongs to the cervix only.",
            ),
            models.CheckConstraint(
                name="case_figo_distant_not_localized",
                condition=~Q(figo_stage=choices.FIGO_DISTANT, extent=choices.EXTENT_LOCALIZED),
                violation_error_message="FIGO IVB is distant disease and cannot be localized.",
            ),
            models.CheckConstraint(
                name="case_subsite_only_pancreas",
                condition=Q(pancreas_subsite="") | Q(primary_site=choices.SITE_PANCREAS),
                violation_error_message="Head, body or tail belongs to the pancreas only.",
            ),
            models.CheckConstraint(
                name="case_metastases_only_metastatic",
                condition=~Q(extent__in=choices.EXTENTS_WITHOUT_SITES)
                | Q(metastatic_sites__isnull=True)
                | Q(metastatic_sites=[]),
                violation_error_message="Only metastatic disease has sites of metastases.",
            ),
            models.CheckConstraint(
                name="case_treatment_list_coded",
                condition=Q(treatment_list__in=["", *choices.TreatmentList.values]),
                violation_error_message="The list of treatments is complete, open or not stated.",
            ),
            models.CheckConstraint(
                name="case_brain_count_not_negative",
                condition=Q(brain_metastasis_count__isnull=True) | Q(brain_metastasis_count__gte=0),
                violation_error_message="The number of brain metastases is 0 or more.",
            ),
            models.CheckConstraint(
                name="case_stage_coded",
                condition=Q(stage__in=choices.STAGES),
                violation_error_message="A case is a draft, ready or closed.",
            ),
        ]

    def search_index(self) -> dict[str, Any]:
        """What `searched` and `born` should hold."""
        words = " ".join((self.patient.searched, *search_words(self.question)))
        return {"searched": words, "born": self.patient.birth_date}

    @property
    def is_invented(self) -> bool:
        """Whether nothing of it was published: not only the names, the findings are invented too."""
        return self.citation == choices.INVENTED

    def __str__(self) -> str:
        # Never a name: this text reaches logs and error pages.
        return f"Case {self.uid}"


class Comment(models.Model):
    """A clinician's remark on a case. Written once; a correction is a second comment."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="comments")
    text = LongText("Comment")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="comment_says_something",
                condition=~Q(text=""),
                violation_error_message="A comment has text.",
            ),
        ]

    def __str__(self) -> str:
        return f"Comment {self.pk}"
