"""A case opened for a person: its parts, what the guideline says, and where each fact is entered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, cast
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.urls import get_script_prefix, reverse
from django.utils import timezone

from cases import choices
from cases.access import (
    SHARED,
    case_or_404,
    current_case_or_404,
    foreign,
    people_where,
    remembered_case_or_404,
    rights_by_board,
    rights_on,
    rights_on_case,
    rights_on_discussion,
)
from cases.actions.versions import KIND_OF
from cases.assessing import assessed, outlined
from cases.casefile.regimens import REGIMENS
from cases.composed import Composed, beside
from cases.facts import RecordFacts, facts_as_read, facts_of
from cases.forms.base import PartForm
from cases.forms.keys import ACTS, PLACES
from cases.forms.parts import (
    AssessmentForm,
    ImagingForm,
    MarkerForm,
    MolecularForm,
    PathologyForm,
    ReferralForm,
    TreatmentForm,
)
from cases.guideline import guideline_of
from cases.models import Case, Decision, Discussion, ImagingStudy, Meeting
from cases.models.base import Stamped
from cases.models.meeting import midnight
from cases.queries import decisions_of
from cases.record import CaseRecord, ReadCase, date_of, record_as_read, record_of
from cases.screens.contests import contests_of
from cases.screens.option_body import option_body
from cases.screens.panel import FOLDS, MORE, MORE_TITLE, Panel, panel_of
from cases.snapshot.write import Seen
from cases.standing import current_discussion
from guidelines.answer.parts import Assessment
from guidelines.knowledge.model import Guideline
from guidelines.vocabulary.facts import FACTS


@dataclass(frozen=True)
class PartPage:
    """A part of the record as a page. `field` names it in `CaseRecord`; "" for what every case has once."""

    form: type[PartForm]
    model: type[Stamped]
    slug: str
    title: str
    noun: str
    field: str

    @classmethod
    def of(cls, form: type[PartForm]) -> PartPage:
        """The page of the part that a form fills."""
        model: type[Stamped] = form._meta.model
        part = model.declared
        return cls(form, model, part.address, part.title, part.noun, part.file_key if part.many else "")


PAGES = tuple(
    map(
        PartPage.of,
        (
            ReferralForm,
            PathologyForm,
            ImagingForm,
            MolecularForm,
            MarkerForm,
            TreatmentForm,
            AssessmentForm,
        ),
    )
)
REFERRAL = PAGES[0]
PARTS: Mapping[str, PartPage] = {page.slug: page for page in PAGES}
# Facts that are read from a field of another name: part, field, and the modality of the study.
READ_FROM = {
    "sstr_imaging": ("imaging", "result", choices.Modality.SSTR),
    "sstr_uptake": ("imaging", "sstr_uptake", choices.Modality.SSTR),
    "sstr_pattern": ("imaging", "sstr_pattern", choices.Modality.SSTR),
    "sstr_fdg_discordant": ("imaging", "sstr_fdg_discordant", choices.Modality.SSTR),
    "fdg_pet": ("imaging", "result", choices.Modality.FDG_PET),
    "months_since_treatment": ("treatment", "ended_on", ""),
    "mitotic_count": ("pathology", "mitoses", ""),
    "tumor_size_cm": ("referral", "tumor_size", ""),
}
ENTERED_AT: Mapping[str, tuple[str, str, str]] = {
    **{
        name: (part.slug, name, "")
        for part in PARTS.values()
        for name in part.form.base_fields
        if name in FACTS
    },
    **READ_FROM,
}
MARKS = {"complete": "complete", "partly": "partly filled", "empty": "empty"}


@dataclass(frozen=True)
class Tab:
    """One entry of the rail: its mark is complete, partly, empty, or "" where nobody looked."""

    title: str
    url: str
    mark: str
    current: bool
    key: str

    @property
    def words(self) -> str:
        """The mark for who cannot see its shape."""
        return MARKS[self.mark]


@Composed
def _taking_cases(*, board: Any, today: Any) -> QuerySet[Meeting]:
    return Meeting.objects.filter(board=board).taking_cases(today)[:12]


# A page of a case has forty of them, and so has the next one.
@lru_cache(maxsize=4096)
def _address(_prefix: str, name: str, uid: UUID, more: tuple[tuple[str, Any], ...]) -> str:
    return reverse(f"cases:{name}", kwargs={"uid": uid, **dict(more)})


class Chart:
    """One case, opened for `user`, who holds at least the right asked for. `read` is the same case from the
    memory of this process, if it comes from there.
    """

    def __init__(self, user: User, case: Case, read: Case | None = None) -> None:
        self.user, self.case, self._read = user, case, read
        self.record = record_as_read(ReadCase(case)) if case is read else record_of(case)

    @cached_property
    def _prefix(self) -> str:
        return get_script_prefix()

    @cached_property
    def rights(self) -> frozenset[str]:
        """What the person may do on this case."""
        return rights_on_case(self.user, self.case)

    @cached_property
    def discussion(self) -> Discussion | None:
        """The discussion by one of the person's boards that is to be decided now, else the last one."""
        return current_discussion(self.case, [*rights_by_board(self.user), self.case.board_id])

    @cached_property
    def decides(self) -> frozenset[str]:
        """What the person may do about the discussion; on the case, where there is none."""
        if self.discussion is None or self.discussion.board_id == self.case.board_id:
            return self.rights
        return rights_on_discussion(self.user, self.discussion)

    @property
    def listed(self) -> Discussion | None:
        """The discussion, where it waits on the agenda of a meeting that the person may see."""
        found = self.discussion
        return found if found is not None and found.is_open and self.meeting_of(found) else None

    def meeting_of(self, discussion: Discussion) -> Meeting | None:
        """The meeting of a discussion, where the person may see that: who reads the case only because it is
        shared with their board sees no agenda of another one.
        """
        return discussion.meeting if rights_on(self.user, discussion.board) else None

    @cached_property
    def decisions(self) -> list[Decision]:
        """The decisions of the discussion, in no order."""
        if self.discussion is None:
            return []
        return beside(decisions_of(discussion=self.discussion.pk), discussion=self.discussion)

    def decision(self, status: str) -> Decision | None:
        """The decision of that status in the discussion; at most one is a draft, at most one is signed."""
        return next((one for one in self.decisions if one.status == status), None)

    @cached_property
    def is_guest(self) -> bool:
        """Whether the person reads the case only because it is shared with their board."""
        return self.rights <= SHARED and not rights_on(self.user, self.case.board)

    @cached_property
    def facts(self) -> RecordFacts:
        """What the stored record says."""
        today = timezone.localdate()
        return facts_as_read(ReadCase(self._read), today) if self._read else facts_of(self.record, today)

    @cached_property
    def guideline(self) -> Guideline:
        """The one that answers for the case's board."""
        return guideline_of(self.case)

    @cached_property
    def assessment(self) -> Assessment:
        """What the guideline says to the stored record."""
        return assessed(self.guideline, self.facts)

    @property
    def seen(self) -> Seen:
        """What is on the table."""
        return Seen(self.record, self.facts, self.guideline, self.assessment)

    def url(self, name: str, **kwargs: Any) -> str:
        """The address of a page of this case."""
        return _address(self._prefix, name, self.case.uid, tuple(kwargs.items()))

    @property
    def options_address(self) -> str:
        """What the addresses of the pages of the options begin with."""
        return self.url("option", code="-").removesuffix("-/")

    def part_url(self, part: PartPage) -> str:
        """The page of a part: its newest entry, or an empty form."""
        return self.url("case") if part is REFERRAL else self.url("part", part=part.slug)

    def item_url(self, item: Stamped) -> str:
        """The page of a stored entry."""
        return self.url("item", part=KIND_OF[type(item)], item=item.uid)

    def items(self, part: PartPage) -> tuple[Stamped, ...]:
        """The stored entries of a part, newest first."""
        return (self.case,) if part is REFERRAL else getattr(self.record, part.field)

    def item(self, part: PartPage, uid: UUID | str | None) -> Stamped | None:
        """The stored entry of that id; `None` without an id; 404 for one that is not this case's."""
        if not uid:
            return None
        for item in self.items(part):
            if str(item.uid) == str(uid):
                return item
        raise foreign(self.user, part.model, uid=uid)

    def blank(self, part: PartPage, modality: str = "") -> Stamped:
        """A new, unsaved entry of a part."""
        has_modality = part.model is ImagingStudy and modality in choices.Modality.values
        known = {"modality": modality} if has_modality else {}
        return part.model(case=self.case, **known)  # type: ignore[misc]  # every part has a case

    def where(self, fact: str) -> str:
        """The address of the field where a fact is entered."""
        if fact not in ENTERED_AT:
            return ""
        slug, field, modality = ENTERED_AT[fact]
        part = PARTS[slug]
        anchor = f"#id_{field}"
        if not modality:
            return self.part_url(part) + anchor
        for study in self.record.imaging:
            if study.modality == modality:
                return self.url("item", part=slug, item=study.uid) + anchor
        return f"{self.url('new_item', part=slug)}?modality={modality}{anchor}"

    def panel(self, record: CaseRecord | None = None, left_out: Iterable[str] = ()) -> Panel:
        """The recommendations to the stored record, or to one that is not saved yet."""
        facts = facts_of(record) if record else self.facts
        return panel_of(
            self.guideline,
            outlined(self.guideline, facts) if record else self.assessment,
            facts,
            question=(record.case if record else self.case).question,
            address=self.options_address,
            link=self.where,
            left_out=left_out,
            unsaved=record is not None,
        )

    def behind(self, code: str, record: CaseRecord | None = None) -> dict[str, Any]:
        """What stands behind a row or a fold of the panel; 404 for a code that is neither."""
        if code in FOLDS or code.startswith(MORE):
            panel = self.panel(record)
            group = next((one for one in panel.groups if MORE + one.code == code), None)
            if code in FOLDS or group:
                return {"panel": panel, "fold": code, "group": group, "title": FOLDS.get(code, MORE_TITLE)}
        try:
            body = option_body(self.guideline, facts_of(record) if record else self.facts, code)
        except KeyError:
            raise Http404("No such option.") from None
        return {"body": body, "title": body.name}

    def mark(self, part: PartPage) -> str:
        """Complete: no fact of this part would change the answer; empty: nothing entered."""
        missing = {ENTERED_AT[item.fact][0] for item in self.assessment.missing if item.fact in ENTERED_AT}
        if not self.items(part):
            return "empty"
        return "partly" if part.slug in missing else "complete"

    def decision_mark(self) -> str:
        """Complete: signed; partly: a draft."""
        states = {decision.status for decision in self.decisions}
        if choices.DecisionStatus.SIGNED in states:
            return "complete"
        return "partly" if states else "empty"

    def tabs(self, current_slug: str, *, marked: bool = True) -> list[Tab]:
        """The rail; `marked` by what today's guideline would still ask."""
        tabs = [
            Tab(
                part.title,
                self.part_url(part),
                self.mark(part) if marked else "",
                part.slug == current_slug,
                key,
            )
            for part, key in zip(PARTS.values(), PLACES, strict=False)
        ]
        decision = Tab(
            "Decision", self.url("decision"), self.decision_mark(), current_slug == "decision", PLACES[-1]
        )
        return [*tabs, decision]

    def way(self) -> dict[str, Any]:
        """Where the person may move the case next: other statuses, meetings to come."""
        moves = choices.STATUS_MOVES[self.case.status] if choices.Right.ENTER in self.rights else ()
        return {
            "moves": [(move, choices.CaseStatus(move).label) for move in moves],
            "meetings": self._meetings_ahead() if choices.Right.SCHEDULE in self.rights else [],
            "people": people_where(self.case.board, choices.Right.ENTER) if moves else [],
        }

    def _meetings_ahead(self) -> list[Meeting]:
        return beside(_taking_cases(board=self.case.board_id, today=midnight()), board=self.case.board)

    def page(self, current_slug: str, *, marked: bool = True, **more: Any) -> dict[str, Any]:
        """What every page of a case shows around its own content. Unless `marked`, nothing is assessed."""
        return {
            "case": self.case,
            "patient": self.case.patient,
            "age": self.case.patient.age_on(timezone.localdate()),
            "rights": self.rights,
            "guest": self.is_guest,
            "discussion": self.discussion,
            "listed": self.listed,
            "tabs": self.tabs(current_slug, marked=marked),
            "current": current_slug,
            "contests": contests_of(self.facts.contests, self.item_url) if marked else (),
            "keys": ACTS,
            **more,
        }


def open_chart(request: HttpRequest, uid: UUID, right: str = choices.Right.READ) -> Chart:
    """The one way for a view to a case: by the access door, with the record loaded."""
    user = cast(User, request.user)  # LoginRequired has seen to it
    return Chart(user, case_or_404(user, uid, right))


def open_remembered(request: HttpRequest, uid: UUID, right: str = choices.Right.READ) -> Chart:
    """The same for what a page asks again and again: from memory while the record does not change."""
    user = cast(User, request.user)
    case = remembered_case_or_404(user, uid, right)
    return Chart(user, case, case)


def open_current(request: HttpRequest, uid: UUID) -> Chart:
    """The record from memory while it does not change, and the case's way as it is at this moment."""
    user = cast(User, request.user)
    read, current = current_case_or_404(user, uid)
    return Chart(user, current, read)


def entry_line(item: Stamped) -> dict[str, Any]:
    """An entry in the list of a part: its date and what it is."""
    shown = [
        display()
        for name in ("specimen", "modality", "method", "kind")
        if (display := getattr(item, f"get_{name}_display", None)) and getattr(item, name)
    ]
    shown += [
        str(getattr(item, name))
        for name in ("specimen_site", "lab_number", "name", "value", "unit", "procedure", "regimen_text")
        if getattr(item, name, "")
    ]
    if getattr(item, "regimen", "") in REGIMENS and not item.regimen_text:  # type: ignore[attr-defined]
        shown.append(REGIMENS[item.regimen].label)  # type: ignore[attr-defined]
    return {"item": item, "day": date_of(item), "text": " · ".join(shown)}
