"""Ways to break the encoding on purpose: the check that must see it, the change, and what it must say."""

from guidelines.verification import SECOND_READING
from tests.guidelines.broken import Change, added, in_entry, instead, whole, without_entry

OPPOSITE = "No opposite stances"
REACH = "Everything can be reached"
MATTERS = "Every test matters"
ANSWERED = "Every case is answered"
ENTITY = "Therapies keep to their entity"
SETTLED = "Settled stays settled"
THRESHOLDS = "Thresholds hold"

BROKEN: dict[str, tuple[str, tuple[Change, ...], tuple[str, ...]]] = {
    # --- one stance against another
    "a flipped stance": (
        OPPOSITE,
        (in_entry("met-nec-rechallenge-summary", "stance: acceptable", "stance: not_recommended"),),
        ("met-nec-rechallenge-consensus", "met-nec-rechallenge-summary", "Extent: Metastatic"),
    ),
    "a flipped stance that meets its opposite through a derived fact": (
        OPPOSITE,
        (in_entry("met-net-liver-dominant", "stance: acceptable", "stance: not_recommended"),),
        ("met-net-liver-directed", "met-net-liver-dominant"),
    ),
    "a line of therapy against any line": (
        OPPOSITE,
        (in_entry("met-nec-ssa", "entity: nec", "entity: g3_net"),),
        ("met-net-ssa-favorable", "met-nec-ssa"),
    ),
    "an accepted pair taken off the list": (
        OPPOSITE,
        (whole("accepted_pairs.yaml", "[]\n"),),
        ("cervix-neoadjuvant-other-societies", "cervix-neoadjuvant-panel"),
    ),
    "an accepted pair that can never meet": (
        OPPOSITE,
        (
            added(
                "accepted_pairs.yaml",
                "- first: met-net-prrt\n  second: met-nec-prrt\n  reason: None at all.\n",
            ),
        ),
        ("met-net-prrt and met-nec-prrt", "no consistent case meets both"),
    ),
    "an accepted pair that is not opposite": (
        OPPOSITE,
        (
            added(
                "accepted_pairs.yaml",
                "- first: met-nec-prrt\n  second: met-nec-ssa\n  reason: None at all.\n",
            ),
        ),
        ("met-nec-prrt and met-nec-ssa", "not opposite"),
    ),
    # --- what nobody can meet
    "a statement that contradicts its entity": (
        REACH,
        (in_entry("met-net-sunitinib", "{entity: g3_net,", "{entity: g3_net, differentiation: poor,"),),
        ("met-net-sunitinib",),
    ),
    "a statement that contradicts the rules between facts": (
        REACH,
        (in_entry("met-nec-liver-directed", "extent: metastatic", "extent: localized"),),
        ("met-nec-liver-directed",),
    ),
    "a FIGO stage outside the cervix": (
        REACH,
        (in_entry("cervix-nodes", "primary_site: cervix", "primary_site: ovary"),),
        ("cervix-nodes",),
    ),
    "a derived value that nothing has": (
        REACH,
        (
            instead(
                "classification.yaml",
                "when: {primary_site: other}",
                "when: {all: [{primary_site: other}, {primary_site: cervix}]}",
            ),
        ),
        ("site_group other",),
    ),
    "a remark that is never said": (
        REACH,
        (
            in_entry(
                "mixed-neoplasm",
                "non_neuroendocrine_component: true",
                "differentiation: poor",
                "not_covered.yaml",
            ),
            in_entry(
                "mixed-neoplasm", "entity: [g3_net, nec, indeterminate]", "entity: g3_net", "not_covered.yaml"
            ),
        ),
        ("not covered: mixed-neoplasm",),
    ),
    "a caution that can never stand beside its statement": (
        REACH,
        (
            in_entry(
                "met-nec-folfiri", "when: {prior_regimens: {includes: folfiri}}", "when: {extent: localized}"
            ),
        ),
        ("met-nec-folfiri", "FOLFIRI"),
    ),
    # --- what makes no difference
    "a test that the entity already holds": (
        MATTERS,
        (in_entry("met-net-sunitinib", "{entity: g3_net,", "{entity: g3_net, high_grade: true,"),),
        ("met-net-sunitinib", "High grade"),
    ),
    "either way is always met": (
        MATTERS,
        (
            in_entry(
                "met-nec-ret",
                "ret_fusion: true}",
                "ret_fusion: true, any: [{progressive: true}, {progressive: false}]}",
            ),
        ),
        ("met-nec-ret", "Progressive disease"),
    ),
    "a listed value that changes nothing": (
        MATTERS,
        (in_entry("met-nec-ntrk", "{entity: nec,", "{entity: nec, differentiation: [poor, indeterminate],"),),
        ("met-nec-ntrk", "indeterminate in"),
    ),
    "a bound inside another": (
        MATTERS,
        (in_entry("brain-radiosurgery-or-whole-brain", "{at_least: 4}", "{at_least: 4, above: 1}"),),
        ("brain-radiosurgery-or-whole-brain", "above 1"),
    ),
    "a definition with a part too many": (
        MATTERS,
        (
            instead(
                "classification.yaml",
                "when: {treatment_line: {at_least: 2}}",
                "when: {treatment_line: {at_least: 2, above: 1}}",
            ),
        ),
        ("later_line",),
    ),
    "an implied test that nobody declared": (
        MATTERS,
        (whole("implied_gates.yaml", "[]\n"),),
        ("cervix-nodes", "met-net-liver-directed: Extent Metastatic"),
    ),
    "a declared gate that stands nowhere": (
        MATTERS,
        (
            added(
                "implied_gates.yaml",
                "- gate: margin\n  implied_by: resected\n  reason: It only seems to follow.\n",
            ),
        ),
        ("margin by resected",),
    ),
    # --- gaps and overlaps
    "a remark taken away": (
        ANSWERED,
        (without_entry("gynecologic-net", "not_covered.yaml"),),
        ("g3_net: neither", "Primary site: Cervix", "Extent: Localized"),
    ),
    "treatment of a site taken away": (
        ANSWERED,
        (in_entry("cervix-curative-chemoradiation", "IIIA, IIIB", "IIIA"),),
        ("nec: neither", "FIGO stage: IIIB"),
    ),
    "a treatment statement under another topic": (
        ANSWERED,
        (
            in_entry("met-net-g1-g2-knowledge", "topic: systemic_therapy", "topic: imaging"),
            in_entry("met-net-debulking", "topic: surgery", "topic: imaging"),
            in_entry("met-net-immunotherapy", "topic: systemic_therapy", "topic: imaging"),
        ),
        ("g3_net: neither", "Extent: Metastatic"),
    ),
    "two values of the entity at once": (
        ANSWERED,
        (
            instead(
                "classification.yaml",
                "when: {differentiation: poor}\n      indeterminate:",
                "when: {differentiation: [poor, well]}\n      indeterminate:",
            ),
        ),
        ("entity: both g3_net and nec",),
    ),
    "no value of the entity": (
        ANSWERED,
        (
            instead(
                "classification.yaml",
                "when: {high_grade: false, differentiation: [well, indeterminate]}",
                "when: {high_grade: false, differentiation: well}",
            ),
        ),
        ("entity: no value", "Indeterminate"),
    ),
    "a site in two groups": (
        ANSWERED,
        (
            instead(
                "classification.yaml",
                "primary_site: [esophagus, stomach, anus,",
                "primary_site: [rectum, esophagus, stomach, anus,",
            ),
        ),
        ("site_group: both bowel and other_gi", "Rectum"),
    ),
    "a listed remark that does not exist": (
        ANSWERED,
        (added("answering_remarks.yaml", "- remark: no-such-remark\n  reason: None at all.\n"),),
        ("no such remark: no-such-remark",),
    ),
    "a listed remark that no case needs": (
        ANSWERED,
        (added("answering_remarks.yaml", "- remark: mixed-neoplasm\n  reason: None at all.\n"),),
        ("no case needs mixed-neoplasm",),
    ),
    # --- a therapy in the wrong entity
    "PRRT without its gate": (
        ENTITY,
        (in_entry("met-net-prrt", "    entity: g3_net\n", ""),),
        ("met-net-prrt: prrt is consider in nec", "in indeterminate", "in not_high_grade"),
    ),
    "sunitinib without its gate": (
        ENTITY,
        (in_entry("met-net-sunitinib", "entity: g3_net, ", ""),),
        ("met-net-sunitinib", "in nec"),
    ),
    "somatostatin analogs offered to NEC": (
        ENTITY,
        (in_entry("met-nec-ssa", "stance: not_recommended", "stance: consider"),),
        ("met-nec-ssa", "in nec"),
    ),
    "a therapy of one entity that nobody declared": (
        ENTITY,
        (
            instead(
                "single_entity.yaml",
                "interventions: [prrt, everolimus, sunitinib]",
                "interventions: [prrt, everolimus]",
            ),
        ),
        ("sunitinib: offered in g3_net only",),
    ),
    "a declared therapy that nothing offers": (
        ENTITY,
        (without_entry("met-net-prrt"),),
        ("prrt: declared for g3_net, but no statement offers it",),
    ),
    # --- bounds
    "a widened bound at 55 %": (
        THRESHOLDS,
        (in_entry("met-net-liver-directed-below-55", "{below: 55}", "{at_most: 55}"),),
        ("ki67 55", "met-net-liver-directed-below-55 is not expected"),
    ),
    "a moved bound at 60 %": (
        THRESHOLDS,
        (in_entry("met-net-platinum-first-line", "ki67: {at_most: 60}", "ki67: {below: 60}"),),
        ("ki67 60", "met-net-platinum-first-line is missing"),
    ),
    "high grade from 20 % on": (
        THRESHOLDS,
        (
            instead(
                "classification.yaml",
                "{any: [{ki67: {above: 20}}, {mitotic_count: {above: 20}}]}",
                "{any: [{ki67: {at_least: 20}}, {mitotic_count: {above: 20}}]}",
            ),
        ),
        ("ki67 20", "entity is g3_net, expected not_high_grade"),
    ),
    "four brain metastases count as few": (
        THRESHOLDS,
        (in_entry("brain-radiosurgery", "below: 4", "at_most: 4"),),
        ("brain_metastasis_count 4", "brain-radiosurgery is not expected"),
    ),
    "2 cm is a risk factor": (
        THRESHOLDS,
        (in_entry("cervix-postoperative-radiation-risk", "{above: 2}", "{at_least: 2}"),),
        ("tumor_size_cm 2",),
    ),
    "a later line from the third on": (
        THRESHOLDS,
        (
            instead(
                "classification.yaml",
                "when: {treatment_line: {at_least: 2}}",
                "when: {treatment_line: {at_least: 3}}",
            ),
        ),
        ("treatment_line 2", "treatment_line 3: a bound without a row"),
    ),
    "a bound that nobody wrote down": (
        THRESHOLDS,
        (in_entry("met-nec-temozolomide", "when: {ki67: {at_least: 60}}", "when: {ki67: {at_least: 70}}"),),
        ("ki67 70: a bound without a row",),
    ),
    "a caution at the bound taken away": (
        THRESHOLDS,
        (
            in_entry(
                "brain-radiosurgery-or-whole-brain",
                "when: {brain_metastasis_count: 4}",
                "when: {cns_symptoms: true}",
            ),
        ),
        ("Exactly four is missing",),
    ),
    "rows for one side only": (
        THRESHOLDS,
        (
            instead(
                "thresholds.yaml",
                "    - {at: 10, entity: g3_net}\n    - {at: 10.1, entity: g3_net, trials: [NCT03972488]}\n",
                "",
            ),
        ),
        ("ki67 10: no row at it",),
    ),
    "a row for a statement that does not exist": (
        THRESHOLDS,
        (
            instead(
                "thresholds.yaml",
                "applies: [path-synaptophysin-chromogranin]",
                "applies: [path-synaptophysin]",
            ),
        ),
        ("no such statement, remark or trial: path-synaptophysin",),
    ),
    "a row with a value outside the limits": (
        THRESHOLDS,
        (instead("thresholds.yaml", "{at: 9.9, entity: g3_net}", "{at: -1, entity: g3_net}"),),
        ("ki67 10", "from 0 to 100"),
    ),
    # --- the second reading finds the same by itself
    "a flipped stance, read by the solver": (
        SECOND_READING,
        (in_entry("met-nec-rechallenge-summary", "stance: acceptable", "stance: not_recommended"),),
        ("met-nec-rechallenge-consensus and met-nec-rechallenge-summary are opposite",),
    ),
    "a gap, read by the solver": (
        SECOND_READING,
        (without_entry("localized-other-site", "not_covered.yaml"),),
        ("no answer on treatment", "Extent: Localized"),
    ),
    "two entities, read by the solver": (
        SECOND_READING,
        (
            instead(
                "classification.yaml",
                "when: {differentiation: poor}\n      indeterminate:",
                "when: {differentiation: [poor, well]}\n      indeterminate:",
            ),
        ),
        ("entity: not exactly one value",),
    ),
    "PRRT without its gate, read by the solver": (
        SECOND_READING,
        (in_entry("met-net-prrt", "    entity: g3_net\n", ""),),
        ("met-net-prrt: offered outside g3_net",),
    ),
}
