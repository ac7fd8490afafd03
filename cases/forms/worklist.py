"""What narrows the worklist: coded filters, which may stand in an address, and a search, which may not."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.db.models import Q, QuerySet

from cases import choices
from cases.composed import Composed
from cases.models import Board, Discussion, Meeting
from cases.models.case import CaseQuerySet
from cases.queries import for_worklist
from cases.reading import SearchPart, parts_of
from cases.trigrams import few_with
from guidelines.knowledge.labels import ENTITIES

LONGEST_SEARCH = 100


class SearchForm(forms.Form):
    """Words of a name or a question, a record number, a date of birth."""

    words = forms.CharField(
        label="Name, record number, date of birth or question",
        max_length=LONGEST_SEARCH,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "type": "search"}),
    )


def matching(cases: CaseQuerySet, words: str) -> CaseQuerySet:
    """The cases in which every part of the search is found; none for a search of signs only."""
    parts = parts_of(words)
    if words.strip() and not parts:
        return cases.none()
    for part in parts:
        cases = cases.filter(holding(part))
    # Together: of two names that many have, few have both.
    few = few_with(word for part in parts if part.date is None for word in part.folded)
    return cases if few is None else cases.filter(pk__in=few)


def holding(part: SearchPart) -> Q:
    """That each of its words stands in the patient's name or number or in the question; or the birth date.

    One table is asked, so that the newest few are found by its indexes.
    """
    words = Q(*(Q(searched__contains=word) for word in part.folded))
    if part.date is None:
        return words
    # With the few ids that these words can be at, either side has an index to be found by.
    few = few_with(part.folded)
    at_these = words if few is None else Q(pk__in=few) & words
    return at_these | Q(born__range=(part.date.first, part.date.last))


@dataclass(frozen=True, slots=True)
class ChosenCases:
    """What passes the filters of a worklist: called with the values of those that have one, its queryset.

    `closed_too`: whatever the status; `unlisted`: on no agenda.
    """

    closed_too: bool = False
    unlisted: bool = False

    def __call__(self, *, user: Any, **values: Any) -> CaseQuerySet:
        return self.among(for_worklist(user), **values)

    def among(
        self,
        cases: CaseQuerySet,
        *,
        board: Any = None,
        status: Any = None,
        entity: Any = None,
        owner: Any = None,
        meetings: Any = None,
    ) -> CaseQuerySet:
        """The same of any cases."""
        if board is not None:
            cases = cases.of_boards(Board.objects.filter(slug=board).values("pk"))
        if not self.closed_too:
            cases = cases.open()
        columns = {"status": status, "entity": entity, "owner": owner}
        cases = cases.filter(**{name: value for name, value in columns.items() if value is not None})
        listed = Discussion.objects.open()
        if self.unlisted:
            cases = cases.exclude(pk__in=listed.filter(meeting__isnull=False).values("case"))
        if meetings is not None:
            cases = cases.filter(pk__in=listed.filter(meeting__in=meetings).values("case"))
        return cases


@Composed
def _boards_of(*, user: Any) -> QuerySet[Board, Any]:
    return Board.objects.filter(memberships__user=user).values_list("slug", "name")


class WorklistFilter(forms.Form):
    """Board, status, entity, next meeting, mine. What is not valid narrows nothing.

    `boards`: short name → name of those the person is on; with one, its name is no news.
    """

    board = forms.ChoiceField(required=False)
    status = forms.ChoiceField(
        choices=[("", "Not closed"), ("all", "Every status"), *choices.CaseStatus.choices], required=False
    )
    entity = forms.ChoiceField(choices=[("", "Every entity"), *ENTITIES.items()], required=False)
    meeting = forms.ChoiceField(
        label="Meeting",
        choices=[("", "Any or none"), ("next", "Next meeting"), ("none", "No meeting yet")],
        required=False,
    )
    mine = forms.BooleanField(label="My cases", required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.boards = dict(_boards_of(user=user.pk))
        self.fields["board"].choices = [("", "Every board"), *self.boards.items()]  # type: ignore[attr-defined]
        self.is_valid()

    @property
    def chosen(self) -> tuple[ChosenCases, dict[str, Any]]:
        """The cases that pass every filter set, and the values of these that they are asked for with."""
        chosen = self.cleaned_data
        status, meeting = chosen.get("status"), chosen.get("meeting", "")
        wanted = {
            "board": chosen.get("board"),
            "status": None if status == "all" else status,
            "entity": chosen.get("entity"),
            "owner": self.user.pk if chosen.get("mine") else None,
            "meetings": self._next_meetings() if meeting == "next" else None,
        }
        values = {name: value for name, value in wanted.items() if value not in ("", None)}
        return ChosenCases(closed_too=bool(status), unlisted=meeting == "none"), values

    def _next_meetings(self) -> list[int]:
        """The next one of each board."""
        ahead = Meeting.objects.filter(board__in=self.user.boards.all()).taking_cases()
        return list({meeting.board_id: meeting.pk for meeting in reversed(ahead)}.values())

    @property
    def narrows(self) -> bool:
        """Whether any filter is set."""
        return any(self.cleaned_data.values())

    def address(self) -> str:
        """The filters as a query string; codes only, nothing of a patient."""
        return "&".join(
            f"{name}={value}" for name, value in self.data.items() if name in self.fields and value
        )
