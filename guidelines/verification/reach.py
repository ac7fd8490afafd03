"""Everything the guideline holds can be met, and every test inside it makes a difference to some case."""

from collections.abc import Iterable, Iterator

from guidelines.engine.boxes import Space
from guidelines.knowledge.conditions import AllOf, Condition, Not, Test, tests_in
from guidelines.knowledge.gathered import deciding, worded
from guidelines.knowledge.model import Caution, Guideline, Statement, Trial
from guidelines.verification.expectations import ImpliedGate
from guidelines.verification.proof import Proof
from guidelines.verification.regions import same
from guidelines.verification.report import Finding
from guidelines.verification.variants import Removal, removals
from guidelines.vocabulary.facts import FACTS

Entry = tuple[str, Condition]


def everything_reachable(proof: Proof) -> Finding:
    """Statements, derived values, remarks, trials, provisos, presumptions and cautions can each be met."""
    inferred = list(_inferred(proof.guideline))
    provisos = [*_provisos(proof.guideline.statements), *_provisos(proof.guideline.trials)]
    entries = [*_decided(proof), *_derived_values(proof), *_said(proof), *provisos, *inferred]
    failures = [
        f"{name}: no consistent case meets it" for name, condition in entries if not proof.where(condition)
    ]
    proven = [
        f"{len(proof.guideline.statements)} statements, {len(list(_derived_values(proof)))} derived values, "
        f"{len(proof.guideline.not_covered)} remarks on what is not covered, "
        f"{len(proof.guideline.trials)} trials and "
        f"{len(list(_said(proof)))} reasons and cautions are each met by some consistent case"
    ]
    if provisos:
        proven.append(f"{len(provisos)} provisos: each blocks what it stands with in some consistent case")
    if inferred:
        proven.append(f"{len(inferred)} grounds, presumptions and conclusions each hold in some case")
    return Finding(tuple(failures), tuple(proven))


def every_test_matters(proof: Proof) -> Finding:
    """Taking away any test, or any value it lists, changes the answer of some consistent case."""
    judge = _Judge(proof)
    failures = []
    looked_at = 0
    for name, condition in [*_decided(proof), *_definitions(proof)]:
        for removal in removals(condition):
            looked_at += 1
            problem = judge.problem(condition, removal)
            if problem:
                failures.append(f"{name}: {removal.words}: {problem}")
    unused = [gate for gate in proof.expectations.implied if gate not in judge.used]
    failures += [
        f"implied_gates.yaml: {gate.gate} by {gate.implied_by}: no statement holds such a test"
        for gate in unused
    ]
    proven = [
        f"{looked_at} tests and listed values taken away one at a time; each changes some consistent case"
    ]
    proven += [
        f"kept for the reader: {gate.gate} beside {gate.implied_by}, {judge.used[gate]} times. {gate.reason}"
        for gate in proof.expectations.implied
        if gate in judge.used
    ]
    if judge.grounds:
        listed = "; ".join(f"{ground} beside {fact}" for ground, fact in sorted(judge.grounds))
        proven.append(f"grounds written out beside the fact that rests on them: {listed}")
    return Finding(tuple(failures), tuple(proven))


class _Judge:
    """Decides whether a removal changes anything, and whether an idle test is one of the declared gates."""

    def __init__(self, proof: Proof) -> None:
        self.proof = proof
        self.used: dict[ImpliedGate, int] = {}
        self.grounds: set[tuple[str, str]] = set()
        self.rests_on = {
            one.fact: {test.fact.name for test in tests_in(one.only)}
            for one in proof.guideline.arises
            if one.grounded
        }
        # The same facts without the rules between them: there, an implied gate must make a difference.
        self.unruled = Space(
            proof.space.definitions, deciding(proof.guideline), worded(proof.guideline), (), {}
        )

    def problem(self, condition: Condition, removal: Removal) -> str:
        """What is wrong with the test that was removed, or nothing."""
        guideline, space = self.proof.guideline, self.proof.space
        if removal.finer:
            asked = [condition, *removal.variants]
            space = self.proof.space
            space = Space(space.definitions, asked, (), guideline.rules, space.grounds, self.proof.optional)
        if not _idle(space, condition, removal):
            return ""
        gate, grounded = self._gate(condition, removal), self._ground(condition, removal)
        if (gate is None and grounded is None) or _idle(self.unruled, condition, removal):
            return "never matters"
        if gate is not None:
            self.used[gate] = self.used.get(gate, 0) + 1
        elif grounded is not None:
            self.grounds.add(grounded)
        return ""

    def _ground(self, condition: Condition, removal: Removal) -> tuple[str, str] | None:
        """A ground that stands beside a fact that rests on it, for the reader: (ground, fact)."""
        for test in tests_in(condition):
            resting, seen = [test.fact.name], set()
            while resting:
                fact = resting.pop()
                if fact not in seen and fact in self.rests_on:
                    seen.add(fact)
                    if removal.facts <= self.rests_on[fact]:
                        return ", ".join(sorted(removal.facts)), test.fact.name
                    resting += self.rests_on[fact]
        return None

    def _gate(self, condition: Condition, removal: Removal) -> ImpliedGate | None:
        reads = {test.fact.name for test in tests_in(condition)}
        return next(
            (
                gate
                for gate in self.proof.expectations.implied
                if removal.facts == {gate.gate} and gate.implied_by in reads
            ),
            None,
        )


def _idle(space: Space, condition: Condition, removal: Removal) -> bool:
    whole = space.boxes(condition).true
    return any(same(space, whole, space.boxes(variant).true) for variant in removal.variants)


def _decided(proof: Proof) -> Iterator[Entry]:
    """What is decided over completions of the unknown facts."""
    guideline = proof.guideline
    yield from ((statement.id, statement.when) for statement in guideline.statements)
    yield from ((f"not covered: {remark.id}", remark.when) for remark in guideline.not_covered)
    yield from ((f"trial {trial.nct}", trial.when) for trial in guideline.trials)


def _derived_values(proof: Proof) -> Iterator[Entry]:
    for derived in proof.guideline.derived.values():
        yield from ((f"{derived.name} {value}", named) for value, named in derived.values.items())


def _definitions(proof: Proof) -> Iterator[Entry]:
    for derived in proof.guideline.derived.values():
        yield from ((f"{derived.name} {value}", named.condition) for value, named in derived.values.items())


def _provisos(entries: Iterable[Statement | Trial]) -> Iterator[Entry]:
    """What is stated against a proviso, beside the condition that it stands with."""
    for one in entries:
        name = one.id if isinstance(one, Statement) else f"trial {one.nct}"
        for fact, value in one.provided.items():
            against = Not(Test(FACTS[fact], "is", (value,)))
            yield f"{name}: blocked by {fact}", AllOf((one.when, against))
        if one.provided:
            needed = [Test(FACTS[fact], "is", (value,)) for fact, value in one.provided.items()]
            yield f"{name}: not blocked", AllOf((one.when, *needed))


def _inferred(guideline: Guideline) -> Iterator[Entry]:
    """Grounds that hold and fail, what presumptions ask for, and the conclusions."""
    for one in guideline.arises:
        yield f"{one.fact}: arises", one.only
        # A ground of imaging alone fails only where it was not done, which is no finding.
        if any(test.fact.leaves_open is None for test in tests_in(one.only)):
            yield f"{one.fact}: does not arise", Not(one.only)
    for presumption in guideline.presumptions:
        yield f"{presumption.fact}: presumed", presumption.given
    for name, concluded in guideline.concluded.items():
        yield from ((f"{name}: concluded {one.value}", one.when) for one in concluded.conclusions)


def _said(proof: Proof) -> Iterator[Entry]:
    """Reasons and cautions; a caution of a statement must be able to stand beside it."""
    guideline = proof.guideline
    yield from ((f"reason: {remark.text}", remark.when) for remark in guideline.reasons)
    for remark in guideline.not_covered:
        if remark.unless is not None:
            yield f"not covered: {remark.id}: unless", AllOf((remark.when, remark.unless))
            yield f"not covered: {remark.id}: not unless", AllOf((remark.when, Not(remark.unless)))
    yield from _cautions("caution", guideline.cautions, AllOf(()))
    for statement in guideline.statements:
        yield from _cautions(statement.id, statement.cautions, statement.when)


def _cautions(name: str, cautions: tuple[Caution, ...], beside: Condition) -> Iterator[Entry]:
    for caution in cautions:
        if caution.when is not None:
            yield f"{name}: {caution.text}", AllOf((beside, caution.when))
