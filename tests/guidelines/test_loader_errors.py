"""Bad content stops the loader with the file, the entry and the key, so that the slip can be found."""

from pathlib import Path

import pytest

from guidelines.knowledge.loader import digest, load
from guidelines.knowledge.releases import CURRENT, RELEASES
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
        (NET, PRRT, "strength", "not permitted"),
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
        (NET, PRRT, "topic", "'therapy'", "systemic_therapy"),
    ),
    "an unknown setting": (
        in_entry(PRRT, "setting: any_line", "setting: second_line"),
        (NET, PRRT, "setting", "'second_line'", "later_line"),
    ),
    "an unknown stance": (
        in_entry(PRRT, "stance: consider", "stance: maybe"),
        (NET, PRRT, "stance", "'maybe'", "recommended, acceptable, consider"),
    ),
    "an unknown agreement": (
        in_entry(PRRT, "agreement: consensus", "agreement: unanimous"),
        (NET, PRRT, "agreement", "'unanimous'", "consensus, majority"),
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
    "a fact twice": (
        instead("facts.yaml", "- name: chromogranin_a\n", "- name: synaptophysin\n"),
        ("facts.yaml", "synaptophysin", "twice"),
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
        instead("trials.yaml", "treatment_line: 2}", "treatment_line: 0}"),
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
    assert guideline.digest == digest(RELEASES / CURRENT)
    assert len(guideline.statements) == len(load(RELEASES / CURRENT).statements)


def test_the_digest_follows_every_file(tmp_path: Path) -> None:
    """A change of content, of a name, or of which file holds it changes the digest."""
    original = digest(RELEASES / CURRENT)
    copy = copy_of_knowledge(tmp_path / "a", added("trials.yaml", "# a remark\n"))
    assert digest(copy) != original
    moved = copy_of_knowledge(tmp_path / "b")
    (moved / "changes.yaml").rename(moved / "changed.yaml")
    assert digest(moved) != original
