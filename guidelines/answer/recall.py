"""Would another edition answer this case otherwise? Its verdicts, option by option, with the reason.

Where one of the two editions gives no options, the statements on each intervention are compared one by one.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from guidelines.answer.assessment import standing
from guidelines.answer.options import in_order
from guidelines.answer.text import strength
from guidelines.knowledge.compared import CHANGED, NEW, SAID_ONLY, compared, names_in, redefined
from guidelines.knowledge.labels import DIRECTIONS, STATUSES, Direction, Status
from guidelines.knowledge.model import Guideline
from guidelines.vocabulary.facts import Value


@dataclass(frozen=True, slots=True)
class HeldVerdict:
    """What one statement says of an intervention for a case: its id, and stance, agreement and status."""

    id: str
    stance: str
    agreement: str
    status: str

    @property
    def verdict(self) -> tuple[str, str, str]:
        """Without the statement that it is of."""
        return self.stance, self.agreement, self.status

    @property
    def direction(self) -> Direction | None:
        """For it, against it or open; None where a proviso sets it aside."""
        return None if self.status == Status.BLOCKED else DIRECTIONS[self.stance]

    @property
    def words(self) -> str:
        """ "Recommended, consensus", and the status where it does not simply apply."""
        said = strength(self.stance, self.agreement)
        return said if self.status == Status.APPLIES else f"{said}; {STATUSES[self.status].lower()}"


@dataclass(frozen=True, slots=True)
class DifferingVerdict:
    """An intervention on which two editions answer otherwise. Of options each side is the verdict; of
    statements, those that stand otherwise; what both say alike is left out. An empty side: the edition says
    for this case nothing of what the other side holds.

    `asked`: the question is about it. `reasons`: what of the guideline makes the difference, in words.
    """

    intervention: str
    label: str
    asked: bool
    before: tuple[HeldVerdict, ...]
    after: tuple[HeldVerdict, ...]
    reasons: tuple[str, ...]

    @property
    def turns(self) -> bool:
        """Whether both editions speak of it, and in another direction: for, against, open, or set aside."""
        was, now = ({one.direction for one in side} for side in (self.before, self.after))
        return bool(was and now) and was != now


def differing_verdicts(
    before: Guideline,
    after: Guideline,
    facts: Mapping[str, Value],
    *,
    done: Collection[str] = (),
    asks: Sequence[str] = (),
) -> tuple[DifferingVerdict, ...]:
    """Where the two editions answer the same facts otherwise: what is asked about first, then in the order of
    the later edition. `facts`, `done` and `asks` as `assess` takes them.
    """
    by_option = before.has_options and after.has_options
    old, new = (_held_of(edition, facts, done, by_option) for edition in (before, after))
    found = []
    for intervention in dict.fromkeys((*new, *old)):
        left, right = _differing(old.get(intervention, ()), new.get(intervention, ()), by_option)
        if left or right:
            names = tuple(dict.fromkeys([one.id for one in (*left, *right)]))
            reasons = _reasons(before, after, intervention, names)
            known = (after if intervention in after.interventions else before).interventions
            label, asked = known[intervention].label, intervention in asks
            found.append(DifferingVerdict(intervention, label, asked, left, right, reasons))
    return tuple(sorted(found, key=lambda one: not one.asked))


Held = tuple[HeldVerdict, ...]


def _held_of(
    edition: Guideline, facts: Mapping[str, Value], done: Collection[str], by_option: bool
) -> dict[str, Held]:
    """Intervention → the verdict of its option, or every statement on it."""
    entity, said = standing(edition, facts, done=done)
    if by_option:
        firsts = [one[0] for one in in_order(edition, entity, said)]
        return {one.intervention: (_held(one.id, one.stance, one.agreement, one.status),) for one in firsts}
    found: dict[str, Held] = {}
    for one in said:
        held = _held(one.id, one.stance, one.agreement, one.status)
        found[one.intervention] = (*found.get(one.intervention, ()), held)
    return found


_held = lru_cache(maxsize=4096)(HeldVerdict)  # there are four of a statement at most; alike is then the same


def _differing(old: Held, new: Held, by_option: bool) -> tuple[Held, Held]:
    """What stands on one side only; two options are alike whichever statement gives the verdict."""
    if by_option and old and new and old[0].verdict == new[0].verdict:
        return (), ()
    return tuple(one for one in old if one not in new), tuple(one for one in new if one not in old)


@lru_cache(maxsize=4096)
def _reasons(
    before: Guideline, after: Guideline, intervention: str, names: tuple[str, ...]
) -> tuple[str, ...]:
    """What changed in the statements that stand otherwise; where nothing did, in how they are read."""
    changed, found = compared(before, after), []
    for name in names:
        one = changed.get(name)
        if one is not None and one.state != CHANGED:
            found.append(f"{'New' if one.state == NEW else 'Gone'}: {one.statement.statement}")
            continue
        decisive = [change.words for change in one.changes if change.what not in SAID_ONLY] if one else []
        found += decisive or [_read_otherwise(before, after, intervention, name)]
    return tuple(dict.fromkeys(found))


def _read_otherwise(before: Guideline, after: Guideline, intervention: str, name: str) -> str:
    """Why a statement with the same stance and condition stands otherwise: the edition's rules do."""
    if before.has_options and before.orders.get(intervention) != after.orders.get(intervention):
        return "The order of the statements on it is another"
    defined = redefined(before, after)
    labels = [defined[one] for one in dict.fromkeys(names_in(after.statement(name).when)) if one in defined]
    if labels:
        return f"The same statement, read otherwise (defined anew: {', '.join(labels)})"
    return "The same statement, read otherwise"
