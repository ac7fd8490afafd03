"""Nothing is asked that cannot be or that changes nothing, and nothing applies because of what cannot be.

What a case rules out is worked out here from the stated facts alone, in three truth values and fact by fact,
apart from the steps by which the engine settles a case.
"""

from collections.abc import Iterator
from itertools import chain, cycle

from guidelines.answer.assessment import assess
from guidelines.answer.parts import Assessment, Recommendation
from guidelines.knowledge.conditions import Truth, evaluate, tests_in
from guidelines.knowledge.labels import Kind, Status
from guidelines.verification.learning import LISTED, in_words
from guidelines.verification.proof import Proof
from guidelines.verification.report import Finding
from guidelines.verification.sweep import Case, Web, alone, corners
from guidelines.vocabulary.contradictions import contradictions
from guidelines.vocabulary.facts import ABSENT, Fact, Value


def nothing_idle_asked(proof: Proof) -> Finding:
    """Over cases laid out by rule: every question can arise and decides an option that is open."""
    tried, asked, unused = 0, 0, 0
    failures: list[str] = []
    for case in _cases(proof):
        answer = assess(proof.guideline, case)
        tried += 1
        asked += len(answer.missing)
        passed_over = _passed_over(proof, case)
        used = {name: value for name, value in case.items() if name not in passed_over}
        failures += (f"{problem}, for {in_words(proof, case)}" for problem in _problems(proof, used, answer))
        if passed_over:
            unused += 1
            failures += _rests_on(proof, case, used, answer)
        if len(failures) > LISTED:
            break
    return Finding(
        tuple(failures[:LISTED]),
        (
            f"{tried} cases (those that just meet a statement, the same without one fact, and, in a G3 NET "
            "or a NEC, every value of every fact and every two facts that bear on each other): "
            f"{asked} questions, "
            "each of a fact that can arise and is not known, each deciding something open that is neither a "
            "principle nor a test already done",
            f"{unused} of them state a fact that cannot be: it is not used, and nothing changes without it",
        ),
    )


def _cases(proof: Proof) -> Iterator[Case]:
    entities: tuple[Case, ...] = ({"differentiation": "well", "ki67": 30}, {"differentiation": "poor"})
    web = Web(proof)
    few: Iterator[Case] = chain(
        *(web.cases(cluster, 2) for cluster in web.clusters),
        ({name: value} for name, value in alone(proof)),
    )
    for stated, entity in zip(few, cycle(entities), strict=False):
        case = {**entity, **stated}
        if not contradictions(case):
            yield case
    yield from corners(proof)


def _problems(proof: Proof, used: Case, answer: Assessment) -> Iterator[str]:
    cannot_be = _ruled_out(proof, used)
    known = {name for name, value in used.items() if value != proof.guideline.facts[name].leaves_open}
    for one in answer.recommendations:
        for name in (*one.missing, *one.provided):
            if name in cannot_be:
                yield f"{one.id} asks for {name}, which cannot be"
            elif name in known:
                yield f"{one.id} asks for {name}, which is known"
        if bool(one.missing) is not (one.status == Status.POSSIBLE):
            yield f"{one.id} is {one.status}, and asks for {', '.join(one.missing) or 'nothing'}"
    open_ones = {one.id: one for one in answer.recommendations if _asks(one)}
    wanted = {(fact, one.id) for one in open_ones.values() for fact in one.missing}
    found = {(one.fact, decided) for one in answer.missing for decided in one.decides}
    yield from (
        f"{fact} is asked for {one}, which does not wait for it" for fact, one in sorted(found - wanted)
    )
    yield from (f"{fact} decides {one}, and is not asked" for fact, one in sorted(wanted - found))
    yield from (f"{one.fact} is asked and decides nothing" for one in answer.missing if not one.decides)


def _asks(one: Recommendation) -> bool:
    """Only what is open, a choice and not done asks for facts."""
    return one.status == Status.POSSIBLE and one.kind != Kind.PRINCIPLE and not one.done


def _ruled_out(proof: Proof, used: Case) -> set[str]:
    """Facts that cannot arise beside those that are used, and those that nobody has looked for."""
    values: dict[str, Value] = dict(used)
    found: set[str] = set()
    before = -1
    while len(found) > before:  # until nothing more follows: what rests on a fact may be ruled out with it
        before = len(found)
        for one in proof.guideline.arises:
            if one.fact not in values and evaluate(one.only, values) is Truth.FALSE:
                values[one.fact] = _nothing(proof.guideline.facts[one.fact])
                found.add(one.fact)
    for one in proof.guideline.arises:
        for ground in (test.fact for test in tests_in(one.only)):
            if ground.leaves_open is not None and used.get(ground.name) == ground.leaves_open:
                found.add(one.fact)
    return found


def _nothing(fact: Fact) -> Value:
    if fact.type == "bool":
        return False
    return () if fact.type == "list" else ABSENT


def _passed_over(proof: Proof, case: Case) -> set[str]:
    """Stated facts that the case does not use because another stated fact rules them out."""
    return set(proof.engine.settling.settle(case).unused)


def _rests_on(proof: Proof, case: Case, used: Case, answer: Assessment) -> Iterator[str]:
    unused, words = case.keys() - used.keys(), in_words(proof, case)
    before = {one.id: one.status for one in assess(proof.guideline, used).recommendations}
    for one in answer.recommendations:
        if one.status != before.get(one.id, Status.EXCLUDED.value):
            yield f"{one.id} is {one.status} by {', '.join(unused)}, which cannot be, for {words}"
        named = {reason.fact for reason in one.because} & unused
        if named:
            yield f"{one.id} gives {', '.join(named)} as its reason, which cannot be, for {words}"
