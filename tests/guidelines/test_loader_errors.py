"""Bad content stops the loader with the file, the entry and the key, so that the slip can be found."""

from pathlib import Path

import pytest

from guidelines.knowledge.loader import digest, load
from guidelines.knowledge.releases import RELEASES, current
from guidelines.vocabulary.yamlfile import ContentError
from tests.guidelines.broken import (
    Change,
    added,
    copy_of_knowledge,
    in_entry,
    instead,
    read_once,
    whole,
    without_entry,
)

FOLDER = RELEASES / current().id / current().edition
PRRT = "met-net-prrt"
NET = "07-metastatic-g3-net.yaml"

COPY_OF_A_STATEMENT = """
- id: met-nec-debulking
  intervention: debulking
  topic: surgery
  setting: any_line
  stance: not_recommended
  agreement: consensus
  when: {entity: nec}
  statement: "The same statement a second time, in another file."
  source: {section: met-nec-surgery, lines: 1-2}
"""


@pytest.fixture(autouse=True)
def _files_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Most files of a copy are as they were: each content is parsed once for all tests."""
    for module in ("knowledge.loader", "vocabulary.facts"):
        monkeypatch.setattr(f"guidelines.{module}.read_yaml", read_once)


# what is wrong: the change, then what the message must name: file, entry, key and what is allowed
BAD: dict[str, tuple[Change, tuple[str, ...]]] = {
    # --- ids and keys
    "an id twice in one file": (
        in_entry("met-net-sunitinib", "id: met-net-sunitinib", "id: met-net-everolimus"),
        (NET, "met-net-everolimus", "id"),
    ),
    "an id twice in two files": (
        added("statements/10-general.yaml", COPY_OF_A_STATEMENT),
        ("10-general.yaml", "met-nec-debulking", "id"),
    ),
    "a key twice": (
        in_entry(PRRT, "  stance: consider\n", "  stance: consider\n  stance: recommended\n"),
        (NET, "'stance'", "twice"),
    ),
    "a key of a condition twice": (
        in_entry(PRRT, "    progressive: true\n", "    progressive: true\n    progressive: false\n"),
        (NET, "'progressive'", "twice"),
    ),
    "an unknown key": (
        in_entry(PRRT, "  topic: systemic_therapy\n", "  topic: systemic_therapy\n  strength: weak\n"),
        (NET, PRRT, "strength", "Unexpected keyword argument"),
    ),
    "an id that is not made of words and hyphens": (
        in_entry(PRRT, "id: met-net-prrt", "id: Met_PRRT"),
        (NET, "Met_PRRT", "id", "pattern"),
    ),
    "a key that is missing": (
        in_entry(PRRT, "  stance: consider\n", ""),
        (NET, PRRT, "stance", "required"),
    ),
    "a source that is missing": (
        in_entry(PRRT, "  source: {section: met-net-prrt,", "  cited: {section: met-net-prrt,"),
        (NET, PRRT, "source", "required"),
    ),
    "an empty condition": (
        in_entry("met-nec-prrt", "when: {entity: nec, extent: metastatic}", "when: {}"),
        ("08-metastatic-nec.yaml", "met-nec-prrt", "when", "a condition is a mapping"),
    ),
    "a statement of a few letters": (
        in_entry("org-clinical-trial", 'statement: "', 'statement: "Yes."\n  more: "'),
        ("10-general.yaml", "org-clinical-trial", "statement"),
    ),
    # --- names that do not exist
    "an unknown fact": (
        in_entry(PRRT, "sstr_uptake: above_liver", "sstr_intake: above_liver"),
        (NET, PRRT, "when", "sstr_intake"),
    ),
    "an unknown value of a fact": (
        in_entry(PRRT, "sstr_uptake: above_liver", "sstr_uptake: high"),
        (NET, PRRT, "when", "sstr_uptake", "at_or_below_liver, above_liver"),
    ),
    "an unknown value of a derived fact": (
        in_entry(PRRT, "entity: g3_net", "entity: net"),
        (NET, PRRT, "when", "entity", "g3_net, nec"),
    ),
    "an unknown intervention": (
        in_entry(PRRT, "intervention: prrt", "intervention: prtt"),
        (NET, PRRT, "intervention", "'prtt'", "prrt"),
    ),
    "an unknown topic": (
        in_entry(PRRT, "topic: systemic_therapy", "topic: therapy"),
        (NET, PRRT, "topic", "Input should be 'systemic_therapy'"),
    ),
    "an unknown setting": (
        in_entry(PRRT, "setting: any_line", "setting: second_line"),
        (NET, PRRT, "setting", "'later_line'"),
    ),
    "an unknown stance": (
        in_entry(PRRT, "stance: consider", "stance: maybe"),
        (NET, PRRT, "stance", "'recommended', 'acceptable', 'consider'"),
    ),
    "an unknown agreement": (
        in_entry(PRRT, "agreement: consensus", "agreement: unanimous"),
        (NET, PRRT, "agreement", "'consensus', 'majority'"),
    ),
    "an unknown section": (
        in_entry(PRRT, "section: met-net-prrt", "section: met-net-radionuclide"),
        (NET, PRRT, "source.section", "'met-net-radionuclide'"),
    ),
    "an unknown trial": (
        in_entry(PRRT, "NCT03972488", "NCT00000000"),
        (NET, PRRT, "trials", "'NCT00000000'"),
    ),
    "a section taken away that a statement stands in": (
        instead("sections.yaml", "{id: met-net-prrt,", "{id: met-net-prrt-2,"),
        ("met-net-prrt", "source.section"),
    ),
    "a study taken away that a statement cites": (
        without_entry("dart", "studies.yaml"),
        ("met-nec-dual-immunotherapy", "evidence", "'dart'"),
    ),
    "a reference taken away that a study cites": (
        in_entry("dart", "references: [", "references: [no-such-reference, ", "studies.yaml"),
        ("studies.yaml", "dart", "references", "'no-such-reference'"),
    ),
    "an accepted pair of an unknown statement": (
        added("accepted_pairs.yaml", "- first: met-net-prrt\n  second: met-xyz\n  reason: None.\n"),
        ("accepted_pairs.yaml", "met-xyz"),
    ),
    "an accepted pair without a reason": (
        whole("accepted_pairs.yaml", "- first: met-net-prrt\n  second: met-nec-prrt\n"),
        ("accepted_pairs.yaml", "entry 1", "reason", "required"),
    ),
    "an unknown reading decision": (
        in_entry(PRRT, "readings: [", "readings: [99, "),
        (NET, PRRT, "readings", "99"),
    ),
    "a change without a date": (
        added("changes.yaml", '- {version: "0.9.0", text: "An early draft."}\n'),
        ("changes.yaml", "0.9.0", "date"),
    ),
    "an NCT number too short": (
        instead("trials.yaml", "- nct: NCT05040360", "- nct: NCT0504036"),
        ("trials.yaml", "NCT0504036", "nct"),
    ),
    "a derived fact that is a fact already": (
        instead("classification.yaml", "- name: first_line", "- name: treatment_line"),
        ("classification.yaml", "treatment_line", "name"),
    ),
    "an unknown kind": (
        in_entry(PRRT, "  topic: systemic_therapy\n", "  topic: systemic_therapy\n  kind: drug\n"),
        (NET, PRRT, "kind", "'treatment'", "'principle'"),
    ),
    "a proviso on an unknown fact": (
        in_entry("met-nec-carboplatin", "{etoposide_feasible: true}", "{etoposide: true}"),
        ("08-metastatic-nec.yaml", "met-nec-carboplatin", "provided", "'etoposide'", "etoposide_feasible"),
    ),
    "a proviso that needs no value": (
        in_entry("met-nec-carboplatin", "{etoposide_feasible: true}", "{etoposide_feasible: null}"),
        ("08-metastatic-nec.yaml", "met-nec-carboplatin", "provided", "a value is expected"),
    ),
    "a proviso that needs a word": (
        in_entry("met-nec-carboplatin", "{etoposide_feasible: true}", "{etoposide_feasible: possible}"),
        ("08-metastatic-nec.yaml", "met-nec-carboplatin", "provided", "allowed: true, false"),
    ),
    "lines of a caution that are no lines": (
        in_entry("met-nec-ssa", "lines: 1480-1485", "lines: page 12"),
        ("08-metastatic-nec.yaml", "met-nec-ssa", "cautions", "lines", "pattern"),
    ),
    "an accrual that nobody knows of": (
        instead("trials.yaml", "accrual: completed", "accrual: closed"),
        ("trials.yaml", "NCT03972488", "accrual", "'completed' or 'unknown'"),
    ),
    "a remark about an unknown intervention": (
        in_entry("ntrk-g3-net", "about: [ntrk_inhibitor]", "about: [ntrk]", "not_covered.yaml"),
        ("not_covered.yaml", "ntrk-g3-net", "about", "'ntrk'"),
    ),
    # --- what belongs to an intervention, and the order of statements on it
    "an intervention of an unknown kind": (
        instead("interventions.yaml", "{label: Germline testing, kind: test}", "{label: x, kind: blood}"),
        ("interventions.yaml", "germline_testing", "kind", "'test'"),
    ),
    "an intervention with an unknown key": (
        instead("interventions.yaml", "{label: Sunitinib, regimen: true}", "{label: x, drug: true}"),
        ("interventions.yaml", "sunitinib", "drug"),
    ),
    "a result that is no fact": (
        instead("interventions.yaml", "kind: test, result: [mmr]}", "kind: test, result: [msi]}"),
        ("interventions.yaml", "mmr_testing", "result", "'msi'"),
    ),
    "a result that is no list": (
        instead("interventions.yaml", "kind: test, result: [mmr]}", "kind: test, result: mmr}"),
        ("interventions.yaml", "mmr_testing", "result", "a list of alternatives"),
    ),
    "a result under a condition outside the grammar": (
        instead(
            "interventions.yaml",
            "{brain_metastasis_count: {at_least: 1}}",
            "{brain_metastasis_count: {more: 1}}",
        ),
        ("interventions.yaml", "brain_imaging", "result", "brain_metastasis_count", "more"),
    ),
    "an order that forgets a statement": (
        instead("orders-treatment.yaml", "routine: [met-net-prrt, met-nec-prrt]", "routine: [met-net-prrt]"),
        ("orders-treatment.yaml", "prrt", "each statement on it once", "met-nec-prrt"),
    ),
    "an order that names a statement twice": (
        instead(
            "orders-treatment.yaml",
            "[met-net-prrt, met-nec-prrt]",
            "[met-net-prrt, met-nec-prrt, met-net-prrt]",
        ),
        ("orders-treatment.yaml", "prrt", "each statement on it once", "twice"),
    ),
    "an order that names a statement on another intervention": (
        instead(
            "orders-treatment.yaml",
            "[met-net-prrt, met-nec-prrt]",
            "[met-net-prrt, met-nec-prrt, met-nec-ssa]",
        ),
        ("orders-treatment.yaml", "prrt", "each statement on it once", "met-nec-ssa"),
    ),
    "an order that names a principle": (
        instead(
            "orders-workup.yaml",
            "  routine: [img-fdg-routine]",
            "  routine: [img-fdg-routine, img-fdg-choice-nec]",
        ),
        ("orders-workup.yaml", "fdg_pet", "img-fdg-choice-nec"),
    ),
    "an order of an unknown intervention": (
        instead("orders-workup.yaml", "- intervention: endoscopy", "- intervention: endoscopies"),
        ("orders-workup.yaml", "endoscopies", "intervention", "'endoscopies'"),
    ),
    "an order in two files": (
        added(
            "orders-workup.yaml",
            "\n- intervention: sunitinib\n  reason: x\n  routine: [met-net-sunitinib, met-nec-sunitinib]\n",
        ),
        ("orders-workup.yaml", "sunitinib", "intervention", "twice"),
    ),
    "an order without a reason": (
        instead(
            "orders-treatment.yaml",
            '  reason: "The consensus goes before the view of ENETS."\n',
            "",
        ),
        ("orders-treatment.yaml", "biomarker_immunotherapy", "reason", "required"),
    ),
    # --- what follows between facts
    "a ground of an unknown fact": (
        instead("inference.yaml", "{fact: margin, only:", "{fact: margins, only:"),
        ("inference.yaml", "arises", "fact", "'margins'"),
    ),
    "a ground outside the grammar": (
        instead("inference.yaml", "only: {resected: true}}", "only: {resected: done}}"),
        ("inference.yaml", "arises", "only", "resected"),
    ),
    "a ground with an unknown key": (
        instead("inference.yaml", "silent: [true]", "silently: [true]"),
        ("inference.yaml", "arises", "silently"),
    ),
    "a presumption of an unknown fact": (
        instead("inference.yaml", "{fact: rb, value: retained", "{fact: rb1, value: retained"),
        ("inference.yaml", "presumptions", "fact", "'rb1'"),
    ),
    "a presumption outside the grammar": (
        instead("inference.yaml", "given: {radiation_planned: true}", "given: {radiation_planned: soon}"),
        ("inference.yaml", "presumptions", "given", "radiation_planned"),
    ),
    "a presumption of a value that the fact has not": (
        instead("inference.yaml", "{fact: rb, value: retained", "{fact: rb, value: kept"),
        ("inference.yaml", "rb", "value", "allowed: retained, lost"),
    ),
    "a silent value that the fact has not": (
        instead("inference.yaml", "silent: [true]", "silent: [some]"),
        ("inference.yaml", "lymphovascular_invasion", "value", "allowed: true, false"),
    ),
    "a concluded fact that asks for an unknown one": (
        instead("classification.yaml", "asks: [ki67,", "asks: [ki76,"),
        ("classification.yaml", "high_grade", "asks", "'ki76'"),
    ),
    "an entity for the time being that there is not": (
        instead("classification.yaml", "{value: indeterminate, given", "{value: undecided, given"),
        ("classification.yaml", "provisional", "value", "'undecided'"),
    ),
    "an unknown intervention that settles the entity": (
        instead("classification.yaml", "settles_entity: [expert_pathology_review", "settles_entity: [review"),
        ("classification.yaml", "settles_entity", "'review'"),
    ),
    "a concluded fact without conclusions": (
        instead("classification.yaml", "    conclusions:", "    follows:"),
        ("classification.yaml", "high_grade", "conclusions"),
    ),
    "a conclusion that is neither yes nor no": (
        instead(
            "classification.yaml",
            "{value: true, when: {reported_grade: g3}",
            "{value: maybe, when: {reported_grade: g3}",
        ),
        ("classification.yaml", "high_grade", "conclusions", "value"),
    ),
    # --- conditions outside the grammar
    "an operator that does not exist": (
        in_entry("met-net-systemic-above-55", "{above: 55}", "{over: 55}"),
        (NET, "met-net-systemic-above-55", "when", "ki67", "over"),
    ),
    "an operator of another type": (
        in_entry("met-net-liver-dominant", "{includes: liver}", "{above: 1}"),
        (NET, "met-net-liver-dominant", "when", "metastatic_sites", "above"),
    ),
    "a bound outside the limits": (
        in_entry("met-net-systemic-above-55", "{above: 55}", "{above: 155}"),
        (NET, "met-net-systemic-above-55", "when", "ki67", "0 to 100"),
    ),
    "a join of one part": (
        in_entry("path-rebiopsy-g3-net", ", {pace_increase: true}, {lesion_outgrowing: true}]", "]"),
        ("01-pathology.yaml", "path-rebiopsy-g3-net", "when", "any"),
    ),
    "a condition that is a word": (
        in_entry("met-nec-prrt", "when: {entity: nec, extent: metastatic}", "when: nec"),
        ("08-metastatic-nec.yaml", "met-nec-prrt", "when"),
    ),
    "a condition of a caution": (
        in_entry("met-nec-ssa", "when: {sstr_imaging: positive}", "when: {sstr_imaging: hot}"),
        ("08-metastatic-nec.yaml", "met-nec-ssa", "when", "sstr_imaging"),
    ),
    "a condition of a remark": (
        in_entry("mixed-neoplasm", "non_neuroendocrine_component: true", "mixed: true", "not_covered.yaml"),
        ("not_covered.yaml", "mixed-neoplasm", "when", "mixed"),
    ),
    "a condition of a trial": (
        instead("trials.yaml", "treatment_line: 2,", "treatment_line: 0,"),
        ("trials.yaml", "NCT03387592", "when", "treatment_line"),
    ),
    "a condition of a derived value": (
        instead("classification.yaml", "when: {primary_site: pancreas}", "when: {primary_site: pancrea}"),
        ("classification.yaml", "site_group", "when", "primary_site"),
    ),
    "a rule between facts": (
        instead("guideline.yaml", "{figo_stage: IVB}", "{figo_stage: IVC}"),
        ("guideline.yaml", "rules", "figo_stage"),
    ),
    # --- YAML that reads otherwise than it looks
    "an unquoted yes": (
        in_entry(PRRT, "progressive: true", "progressive: yes"),
        (NET, "'yes'", "quoted"),
    ),
    "an unquoted no": (
        in_entry("mon-ct-mri-g3-net-indolent", "indolent: true", "indolent: no"),
        ("09-monitoring.yaml", "'no'", "quoted"),
    ),
    "an unquoted off": (
        in_entry(PRRT, "setting: any_line", "setting: off"),
        (NET, "'off'", "quoted"),
    ),
    "a capital True": (
        in_entry(PRRT, "progressive: true", "progressive: True"),
        (NET, "'True'", "quoted"),
    ),
    "an alias": (
        in_entry("met-nec-ret", "when: {entity: nec,", "when: {entity: *here,"),
        ("08-metastatic-nec.yaml", "anchors and aliases"),
    ),
    "an anchor and its alias": (
        added("changes.yaml", "- &change {version: a, date: 2026-01-01, text: b}\n- *change\n"),
        ("changes.yaml", "anchors and aliases"),
    ),
    "an anchor that is never used": (
        in_entry(PRRT, "stance: consider", "stance: &held consider"),
        (NET, "anchors and aliases"),
    ),
    "a tag that makes a Python object": (
        in_entry(PRRT, "stance: consider", "stance: !!python/name:os.system consider"),
        (NET, "python/name"),
    ),
    "broken YAML": (
        in_entry(PRRT, "stance: consider", "stance: [consider"),
        (NET, "line"),
    ),
    "a file that is no list": (
        whole("not_covered.yaml", "id: one\n"),
        ("not_covered.yaml", "a list of entries is expected"),
    ),
    "an entry that is no mapping": (
        added("not_covered.yaml", "- just a sentence\n"),
        ("not_covered.yaml", "entry"),
    ),
    "text that is not UTF-8": (
        lambda folder: (folder / "trials.yaml").write_bytes(b"- nct: \xff\n") and None,
        ("trials.yaml",),
    ),
    "a file that is missing": (
        lambda folder: (folder / "readings.yaml").unlink(),
        ("readings.yaml",),
    ),
}


@pytest.mark.parametrize("what", BAD)
def test_bad_content_is_refused_and_named(tmp_path: Path, what: str) -> None:
    change, told = BAD[what]
    folder = copy_of_knowledge(tmp_path, change)
    with pytest.raises(ContentError) as caught:
        load(folder)
    message = str(caught.value)
    assert [part for part in told if part not in message] == [], message


def test_an_untouched_copy_loads_with_the_same_digest(tmp_path: Path) -> None:
    guideline = load(copy_of_knowledge(tmp_path))
    assert guideline.digest == current().digest == digest(FOLDER)
    assert [one.id for one in guideline.statements] == [one.id for one in current().statements]


def test_the_digest_follows_every_file(tmp_path: Path) -> None:
    """A change of content, of a name, or of which file holds it changes the digest."""
    original = digest(FOLDER)
    copy = copy_of_knowledge(tmp_path / "a", added("trials.yaml", "# a remark\n"))
    assert digest(copy) != original
    moved = copy_of_knowledge(tmp_path / "b")
    (moved / "changes.yaml").rename(moved / "changed.yaml")
    assert digest(moved) != original
