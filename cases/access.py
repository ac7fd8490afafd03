"""The one door: who may see and do what.

A person's rights on a case are those of their roles on its board. A board that the case is shared with may
read it, comment on it and discuss it at its own meetings, its members as far as their roles there allow
that. Anybody else is an outsider and gets `Http404`, the same answer as for a case that does not exist; a
member whose roles lack the right gets `PermissionDenied`. Both leave a denial in the audit trail, so no
caller may wrap these functions in a transaction that rolls back with the error.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy
from functools import partial
from typing import Any, NoReturn, TypeVar
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import FilteredRelation, Model, Q, QuerySet
from django.http import Http404

from cases.choices import AuditAction, Right, Role
from cases.composed import Composed, beside
from cases.models import AuditEvent, Board, Case, Discussion, DocumentOrder, Meeting, Membership
from cases.models.base import Stamped
from cases.models.order import OrderKind
from cases.queries import at_the_door, bring_record, remembered_as, with_case

_ENTERS = frozenset({Right.READ, Right.ENTER, Right.COMMENT})
ROLE_RIGHTS: dict[str, frozenset[str]] = {
    Role.COORDINATOR: _ENTERS | {Right.SCHEDULE, Right.SCRIBE, Right.HAND_OVER},
    Role.CLINICIAN: _ENTERS | {Right.JUDGE, Right.SCRIBE},
    Role.SCRIBE: frozenset({Right.READ, Right.COMMENT, Right.SCRIBE}),
    Role.CHAIR: _ENTERS | {Right.JUDGE, Right.SCHEDULE, Right.SCRIBE, Right.CHAIR, Right.SIGN},
    Role.VIEWER: frozenset({Right.READ}),
    Role.ADMINISTRATOR: frozenset({Right.READ, Right.HAND_OVER, Right.ADMINISTER}),
}

# What a grant of a case can give to another board.
SHARED: frozenset[str] = frozenset({Right.READ, Right.COMMENT})

# What a password alone is not enough for, where the site asks for a second factor.
PROVEN: frozenset[str] = frozenset({Right.SIGN, Right.ADMINISTER})
FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]

ModelT = TypeVar("ModelT", bound=Model)
PartT = TypeVar("PartT", bound=Stamped)
Person = AbstractBaseUser | AnonymousUser
# What a closed meeting froze: to read it before somebody is let pass takes longer than to find nothing.
HELD = ("meeting__snapshot",)


# With whom pages begin that are asked for case by case.
@Composed
def _case(*, uid: Any) -> QuerySet[Case]:
    return with_case(Case.objects.filter(uid=uid)).order_by()


@Composed
def _case_at_the_door(*, uid: Any) -> QuerySet[Case]:
    return at_the_door(Case.objects.filter(uid=uid)).order_by()


@Composed
def _part(model: Any, *, uid: Any) -> QuerySet[Any]:
    return model._default_manager.select_related("case__board", "case__patient").filter(uid=uid).order_by()


@Composed
def _discussion_of_case(*, uid: Any) -> QuerySet[Discussion]:
    related = ("case__board", "case__patient", "board", "meeting")
    return Discussion.objects.select_related(*related).defer(*HELD).filter(uid=uid).order_by()


@Composed
def _meeting(*, uid: Any) -> QuerySet[Meeting]:
    return Meeting.objects.select_related("board").defer("snapshot").filter(uid=uid).order_by()


@Composed
def _memberships(*, user: Any, uid: Any) -> QuerySet[Any]:
    """Each with its board, and with the meeting of that id if it is that board's."""
    named = FilteredRelation("board__meetings", condition=Q(board__meetings__uid=uid))
    mine = Membership.objects.filter(user=user).annotate(meeting=named)
    return mine.select_related("board", "meeting").order_by()  # type: ignore[misc]  # which is named above


@Composed
def _discussion(*, uid: Any) -> QuerySet[Discussion]:
    related = ("case__patient", "board", "meeting")
    return Discussion.objects.select_related(*related).defer(*HELD).filter(uid=uid).order_by()


class SecondFactorMissing(PermissionDenied):
    """The person has the right and may not use it yet. `leads_to`: the page where that is mended."""

    leads_to = "mfa_index"


def lacks_factor(user: Person) -> bool:
    """Whether the site asks for a second factor and the person has none."""
    return bool(settings.SECOND_FACTOR_REQUIRED) and not is_mfa_enabled(user, FACTORS)


def rights_of(membership: Membership) -> frozenset[str]:
    """What a person's roles on a board add up to."""
    rights = frozenset[str]().union(*(ROLE_RIGHTS[role] for role in membership.roles))
    return rights | {Right.SIGN} if membership.may_sign else rights


def rights_on(user: Person, board: Board) -> frozenset[str]:
    """The rights of `user` on `board`; empty for an outsider, for a deactivated account, for nobody."""
    if not isinstance(user, User) or not user.is_active:
        return frozenset()
    return rights_by_board(user).get(board.pk, frozenset())


def rights_by_board(user: User) -> Mapping[int, frozenset[str]]:
    """Board id → the rights of `user` there, for each board that they are on; asked for once in a request."""
    known: dict[int, frozenset[str]] = getattr(user, "rights_by_board", {})
    if not known:
        mine = Membership.objects.filter(user=user).order_by()
        known.update({one.board_id: rights_of(one) for one in mine})
    return known


def rights_on_case(user: Person, case: Case) -> frozenset[str]:
    """The rights of `user` on this one case, by its own board and by those that it is shared with."""
    own = rights_on(user, case.board)
    if own >= SHARED or not isinstance(user, User) or not user.is_active:
        return own
    boards = case.grants.current().values("board")
    guests = Membership.objects.filter(user=user, board__in=boards)
    return own.union(*(rights_of(membership) & SHARED for membership in guests))


def rights_on_discussion(user: Person, discussion: Discussion) -> frozenset[str]:
    """The rights of `user` on a discussion: by the board that discusses, as long as it has the case."""
    case = discussion.case
    rights = rights_on_case(user, case)
    if discussion.board_id == case.board_id:
        return rights
    if not case.grants.current().filter(board=discussion.board_id).exists():
        return rights & SHARED
    return rights & SHARED | rights_on(user, discussion.board)


def may(user: Person, board: Board, right: str) -> bool:
    """Whether `user` holds `right` on `board`; asks, and records nothing."""
    return right in rights_on(user, board)


def boards_where(user: User, right: str) -> QuerySet[Board]:
    """The boards on which the person's roles include `right`, by name."""
    return Board.objects.filter(pk__in=[pk for pk, held in rights_by_board(user).items() if right in held])


@Composed
def _active_members(*, board: Any) -> QuerySet[Membership]:
    members = Membership.objects.filter(board=board, user__is_active=True).select_related("user")
    return members.order_by("user__last_name", "user__first_name", "user__username")


def people_where(board: Board, right: str) -> list[User]:
    """The active members of the board whose roles include `right`, by name."""
    return [one.user for one in _active_members(board=board.pk) if right in rights_of(one)]


def person_where(board: Board, right: str, username: str) -> User | None:
    """The one of these with that account name."""
    return next((one for one in people_where(board, right) if one.username == username), None)


def require(user: Person, board: Board, right: str, case: Case | None = None) -> frozenset[str]:
    """Let pass who holds `right` on the case, or on the board where no case is given, and return all of their
    rights there; otherwise record the denial and raise `Http404` or `PermissionDenied`."""
    rights = rights_on_case(user, case) if case else rights_on(user, board)
    _let_pass(user, right, rights, board, case)
    return rights


def require_discussion(user: Person, discussion: Discussion, right: str) -> None:
    """The same for a discussion, by the board that discusses."""
    _let_pass(user, right, rights_on_discussion(user, discussion), discussion.board, discussion.case)


def must_prove_more(user: User) -> bool:
    """Whether the person signs or administers on any board: of them a second factor is asked."""
    return any(PROVEN & rights_of(held) for held in Membership.objects.filter(user=user))


def _lead_to_factor(user: Person, right: str, board: Board, case: Case | None) -> NoReturn:
    """The person holds the right, and has nothing but a password."""
    detail = {"right": str(right), "member": True, "factor": False}
    AuditEvent.objects.record(
        user=user if isinstance(user, User) else None,
        action=AuditAction.DENIED,
        case=case,
        board=board,
        detail=detail,
    )
    raise SecondFactorMissing("To sign or to administer takes a second factor: please set one up.")


def _let_pass(
    user: Person, right: str, rights: frozenset[str], board: Board | None, case: Case | None
) -> None:
    if right not in Right.values:
        raise ValueError(f"There is no right {right!r}; allowed: {', '.join(Right.values)}")
    if board is not None and right in rights:
        if right in PROVEN and lacks_factor(user):
            _lead_to_factor(user, right, board, case)
        return
    _record_denial(user, right, rights, board, case)
    if board is None or not rights:
        raise Http404("No such case.")
    asked = Right(right).label.lower()
    if not rights_on(user, board):
        raise PermissionDenied(
            f"This case is shared with your board to read it; that does not include: {asked}."
        )
    raise PermissionDenied(f"Your role on this board does not include: {asked}.")


def _record_denial(
    user: Person, right: str, rights: frozenset[str], board: Board | None, case: Case | None
) -> None:
    AuditEvent.objects.record(
        user=user if isinstance(user, User) else None,
        action=AuditAction.DENIED,
        case=case,
        board=board,
        detail={"right": str(right), "member": bool(rights)},
    )


def case_or_404(user: Person, uid: UUID | str, right: str = Right.READ) -> Case:
    """The case with everything `cases.record.record_of` reads, for who holds `right` on it."""
    case = _by_uid(_case, uid) or absent(user, right)
    require(user, case.board, right, case)
    bring_record(case)
    return case


def remembered_case_or_404(user: Person, uid: UUID, right: str = Right.READ) -> Case:
    """The same case for the same people, without a query for what has not changed (`cases.queries`)."""
    return remembered_as(_passed(user, uid, right))


def current_case_or_404(user: Person, uid: UUID) -> tuple[Case, Case]:
    """The same, and a copy that stands where the case stands at this moment."""
    passed = _passed(user, uid, Right.READ)
    read = remembered_as(passed)
    current = copy(read)
    current.status, current.stage = passed.status, passed.stage
    return read, current


def _passed(user: Person, uid: UUID, right: str) -> Case:
    case = _by_uid(_case_at_the_door, uid) or absent(user, right)
    require(user, case.board, right, case)
    return case


def part_or_404(user: Person, model: type[PartT], uid: UUID | str, right: str = Right.READ) -> PartT:
    """A report, treatment, assessment or decision, for who holds `right` on its case."""
    part: PartT = _by_uid(partial(_part, model), uid) or absent(user, right)
    require(user, part.case.board, right, part.case)  # type: ignore[attr-defined]
    return part


def discussion_or_404(user: Person, uid: UUID | str, right: str = Right.READ) -> Discussion:
    """A discussion, for who holds `right` on it."""
    found = _by_uid(_discussion_of_case, uid) or absent(user, right)
    require_discussion(user, found, right)
    return found


def discussion_and_rights(user: Person, uid: UUID | str) -> tuple[Discussion, frozenset[str]]:
    """A discussion for a member of the board that discusses it who may read the case, and what the person may
    do there as such.
    """
    found = _by_uid(_discussion, uid) or absent(user, Right.READ, of_case=False)
    rights = rights_on(user, found.board)
    if found.board_id == found.case.board_id:
        found.case.board = found.board  # one row, one object
    _let_pass(user, Right.READ, rights, found.board, found.case)
    if found.board_id != found.case.board_id:
        rights = rights_on_discussion(user, found)
        _let_pass(user, Right.READ, rights, found.board, found.case)
    return found, rights


def meeting_or_404(user: Person, uid: UUID | str, right: str = Right.READ) -> Meeting:
    return meeting_and_rights(user, uid, right)[0]


def meeting_and_rights(
    user: Person, uid: UUID | str, right: str = Right.READ
) -> tuple[Meeting, frozenset[str]]:
    """The meeting, and what the person may do there, for who holds `right` on its board."""
    meeting = _among_own(user, uid) or _by_uid(_meeting, uid) or absent(user, right, of_case=False)
    return meeting, require(user, meeting.board, right)


def _among_own(user: Person, uid: UUID | str) -> Meeting | None:
    """The meeting if it is of a board of theirs, found as their rights are looked up."""
    known: dict[int, frozenset[str]] | None = getattr(user, "rights_by_board", None)
    if known is None or known or not isinstance(user, User) or not user.is_active:
        return None
    try:
        mine = _memberships(user=user.pk, uid=UUID(str(uid)))
    except ValueError:
        return None
    known.update({one.board_id: rights_of(one) for one in mine})
    held = next((one for one in mine if getattr(one, "meeting", None) is not None), None)
    return beside([held.meeting], board=held.board)[0] if held else None


def board_or_404(user: Person, slug: str, right: str = Right.READ) -> Board:
    board = Board.objects.filter(slug=slug).first() or absent(user, right, of_case=False)
    require(user, board, right)
    return board


def figures_or_404(user: Person, slug: str) -> tuple[Board, bool]:
    """A board whose figures the person may see, and whether they may read its cases: who reads there may, and
    anybody of another board if this one shows them.
    """
    board = Board.objects.filter(slug=slug, shows_figures=True).first()
    if board is None or may(user, board, Right.READ) or not _is_of_a_board(user):
        return board_or_404(user, slug), True
    return board, False


def order_or_404(user: Person, uid: UUID) -> DocumentOrder:
    """A document that the person has ordered, without its file, as long as its door is open to them."""
    mine = DocumentOrder.objects.filter(uid=uid, by=user if isinstance(user, User) else None).defer("file")
    order = mine.select_related("board", "meeting").first()
    if order is None:
        raise Http404("No such document.")
    if order.kind == OrderKind.FIGURES:
        figures_or_404(user, order.board.slug)
    else:
        require(user, order.board, Right.READ)
    return order


def may_follow(user: User, order: DocumentOrder) -> bool:
    """Whether the door of a document is still open to who ordered it; asks, and records nothing."""
    shown = order.kind == OrderKind.FIGURES and order.board.shows_figures and _is_of_a_board(user)
    return shown or may(user, order.board, Right.READ)


def _is_of_a_board(user: Person) -> bool:
    return isinstance(user, User) and user.is_active and Membership.objects.filter(user=user).exists()


def foreign(user: Person, model: type[Model], **where: Any) -> Http404:
    """The error for what is not of the case in whose address it was named. Where it is of another one that
    the person may not read, the denial is recorded there.
    """
    try:
        row = model._default_manager.select_related("case__board").filter(**where).first()
    except (ValidationError, ValueError):  # no id at all
        row = None
    if row is None:
        absent(user, Right.READ)
    case: Case = row.case  # type: ignore[attr-defined]  # what is asked for so has one
    if Right.READ not in rights_on_case(user, case):
        _record_denial(user, Right.READ, frozenset(), case.board, case)
    return Http404("No such entry.")


def absent(user: Person, right: str, *, of_case: bool = True) -> NoReturn:
    """The answer for what there is not. The same is asked and written as for what is another board's, so that
    not even the time it takes tells the two apart.
    """
    board = Board(pk=0)
    rights = rights_on_case(user, Case(pk=0, board=board)) if of_case else rights_on(user, board)
    _let_pass(user, right, rights, None, None)
    raise AssertionError("Nobody has a right on nothing.")


def _by_uid(objects: Callable[..., list[ModelT]], uid: UUID | str) -> ModelT | None:
    try:
        return next(iter(objects(uid=UUID(str(uid)))), None)
    except ValueError:
        return None
