"""Proof that the encoded guideline keeps its promises over the whole space of consistent cases.

`verify` runs every check of CHECKS: exact algebra on sets of cases, and one reading by an SMT solver that
knows nothing of that algebra. Nothing is drawn by chance: where no algebra reaches (how stated facts settle,
what is asked), cases are laid out by rule, and the check says how many and which.
"""

from collections.abc import Callable, Iterable, Mapping
from importlib.util import find_spec
from time import perf_counter
from types import MappingProxyType

from guidelines.knowledge.model import Guideline
from guidelines.knowledge.releases import RELEASES
from guidelines.verification.answers import every_case_answered
from guidelines.verification.asking import nothing_idle_asked
from guidelines.verification.entities import therapies_keep_to_their_entity
from guidelines.verification.expectations import Expectations, load_expectations
from guidelines.verification.learning import learning_overturns_nothing
from guidelines.verification.opposed import opposed_explained
from guidelines.verification.orders import one_verdict
from guidelines.verification.proof import Proof
from guidelines.verification.reach import every_test_matters, everything_reachable
from guidelines.verification.report import Check, Finding, Report
from guidelines.verification.settled import settled_stays_settled
from guidelines.verification.stances import no_opposite_stances
from guidelines.verification.thresholds import thresholds_hold
from guidelines.verification.traced import evidence_cited, numbers_traced
from guidelines.verification.words import words_agree

SECOND_READING = "Second reading by an SMT solver"


def _second_reading(proof: Proof) -> Finding:
    # The solver is a tool of development only; where it is missing, this is never called.
    from guidelines.verification.second_reading import second_reading

    return second_reading(proof)


CHECKS: Mapping[str, Callable[[Proof], Finding]] = MappingProxyType(
    {
        "No opposite stances": no_opposite_stances,
        "One verdict for each intervention": one_verdict,
        "Opposed interventions are explained": opposed_explained,
        "Everything can be reached": everything_reachable,
        "Every test matters": every_test_matters,
        "Every case is answered": every_case_answered,
        "Therapies keep to their entity": therapies_keep_to_their_entity,
        "Settled stays settled": settled_stays_settled,
        "Learning overturns nothing": learning_overturns_nothing,
        "Nothing idle is asked": nothing_idle_asked,
        "Thresholds hold": thresholds_hold,
        "Words agree with stances": words_agree,
        "Numbers stand in their lines": numbers_traced,
        "Evidence is cited there": evidence_cited,
        SECOND_READING: _second_reading,
    }
)

SINCE_OPTIONS = (
    "One verdict for each intervention",
    "Opposed interventions are explained",
    "Words agree with stances",
    "Numbers stand in their lines",
    "Evidence is cited there",
)
"""Checks of what came with the editions that give options: an older one never promised it."""


def checks_of(guideline: Guideline) -> tuple[str, ...]:
    """The names of the checks that an edition is held to."""
    return tuple(name for name in CHECKS if guideline.has_options or name not in SINCE_OPTIONS)


def solver_installed() -> bool:
    """Is the SMT solver there? It is installed for development and CI, not in production."""
    return find_spec("z3") is not None


def verify(
    guideline: Guideline, expectations: Expectations | None = None, only: Iterable[str] | None = None
) -> Report:
    """Check a guideline. `only` names checks of CHECKS; by default all that the edition is held to, the
    solver's where it is installed.

    `expectations` are those of the guideline's knowledge folder unless given. Raises `ContentError` if they
    are wrong.
    """
    proof = Proof(guideline, expectations or load_expectations(RELEASES / guideline.id / guideline.edition))
    if only is None:
        only = [name for name in checks_of(guideline) if name != SECOND_READING or solver_installed()]
    return Report(tuple(_checked(name, proof) for name in only))


def _checked(name: str, proof: Proof) -> Check:
    started = perf_counter()
    finding = CHECKS[name](proof)
    seconds = perf_counter() - started
    return Check(name, not finding.failures, finding.failures or finding.proven, seconds)


__all__ = ["CHECKS", "SECOND_READING", "Check", "Report", "checks_of", "solver_installed", "verify"]
