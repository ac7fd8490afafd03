"""Ways to break the encoding on purpose: the check that must see it, the change, and what it must say."""

from guidelines.verification import SECOND_READING
from tests.guidelines.broken import Change, added, in_entry, instead, whole, without_entry

OPPOSITE = "No opposite stances"
VERDICT = "One verdict for each intervention"
OPPOSED = "Opposed interventions are explained"
REACH = "Everything can be reached"
MATTERS = "Every test matters"
ANSWERED = "Every case is answered"
ENTITY = "Therapies keep to their entity"
SETTLED = "Settled stays settled"
LEARNING = "Learning overturns nothing"
ASKING = "Nothing idle is asked"
THRESHOLDS = "Thresholds hold"
WORDS = "Words agree with stances"
NUMBERS = "Numbers stand in their lines"
EVIDENCE = "Evidence is cited there"

Break = tuple[str, tuple[Change, ...], tuple[str, ...]]

STANCES: dict[str, Break] = {
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
        (in_entry("met-nec-ssa", "when: {entity: nec, extent", "when: {entity: g3_net, extent"),),
        ("met-net-ssa-favorable", "met-nec-ssa"),
    ),
    "any line against the initial assessment": (
        OPPOSITE,
        (in_entry("img-sstr-g3-net-all", "stance: recommended", "stance: not_recommended"),),
        ("img-sstr-g3-net (recommended) and img-sstr-g3-net-all (not_recommended)",),
    ),
    "an accepted pair taken off the list": (
        OPPOSITE,
        (whole("accepted_pairs.yaml", "[]\n"),),
        ("cervix-neoadjuvant-other-societies", "cervix-neoadjuvant-panel", "img-brain-high-burden"),
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
}

ORDERS: dict[str, Break] = {
    "two sentences that change places": (
        VERDICT,
        (
            instead(
                "orders-workup.yaml",
                "img-brain-nec-table-1, img-brain-high-burden]",
                "img-brain-high-burden, img-brain-nec-table-1]",
            ),
        ),
        ("img-brain-high-burden is the verdict before img-brain-nec-table-1: the other way round",),
    ),
    "a wider condition before a narrower": (
        VERDICT,
        (
            instead(
                "orders-workup.yaml",
                "[mol-ngs-g3-net-refractory, mol-ngs-g3-net-metastatic]",
                "[mol-ngs-g3-net-metastatic, mol-ngs-g3-net-refractory]",
            ),
        ),
        ("mol-ngs-g3-net-metastatic goes before mol-ngs-g3-net-refractory, whose condition is narrower",),
    ),
    "a routine sentence among the specific": (
        VERDICT,
        (
            instead(
                "orders-workup.yaml",
                "specific: [img-fdg-unclear-entity, img-fdg-aggressive, surv-fdg, mon-fdg]\n"
                "  routine: [img-fdg-routine]",
                "specific: [img-fdg-routine, img-fdg-unclear-entity, img-fdg-aggressive, surv-fdg, mon-fdg]\n"
                "  routine: []",
            ),
        ),
        ("img-fdg-routine is the verdict before img-fdg-unclear-entity: the other way round",),
    ),
    "symptoms among the routine": (
        VERDICT,
        (
            instead("orders-workup.yaml", "specific: [img-brain-symptoms, ", "specific: ["),
            instead(
                "orders-workup.yaml",
                "img-brain-g3-net, img-brain-nec-every]",
                "img-brain-g3-net, img-brain-nec-every, img-brain-symptoms]",
            ),
        ),
        ("img-brain-nec-every is the verdict before img-brain-symptoms: the other way round",),
    ),
    "an indication of a table that is not last": (
        VERDICT,
        (
            instead(
                "orders-workup.yaml",
                "routine: [img-sstr-g3-net, img-sstr-nec, img-sstr-g3-net-all]\n"
                "  last: [img-sstr-nec-indicated]",
                "routine: [img-sstr-g3-net, img-sstr-nec, img-sstr-g3-net-all, img-sstr-nec-indicated]",
            ),
        ),
        ('img-sstr-nec-indicated: a table\'s "as indicated" stands last',),
    ),
    "a vote that is put last": (
        VERDICT,
        (
            instead("orders-workup.yaml", "routine: [img-fdg-routine]", "routine: []"),
            instead(
                "orders-workup.yaml",
                "last: [img-fdg-indicated]",
                "last: [img-fdg-indicated, img-fdg-routine]",
            ),
        ),
        ('img-fdg-routine: a table\'s "as indicated" stands last, and nothing else does',),
    ),
    "a row of monitoring among the routine": (
        VERDICT,
        (
            instead(
                "orders-workup.yaml", "specific: [bio-monitoring]\n  routine: [", "routine: [bio-monitoring, "
            ),
        ),
        ("bio-monitoring: a row of monitoring belongs among the specific",),
    ),
    "routine sentences listed against their voices": (
        VERDICT,
        (
            instead(
                "orders-treatment.yaml",
                "met-net-liver-dominant, met-net-liver-directed-below-55,",
                "met-net-liver-directed-below-55, met-net-liver-dominant,",
            ),
        ),
        ("met-net-liver-dominant goes before met-net-liver-directed-below-55 by its voice",),
    ),
    "a selected case that loses its place": (
        VERDICT,
        (
            instead(
                "orders-treatment.yaml",
                "specific: [loc-nec-resection-selected]\n  routine: [loc-net-resection, loc-nec-resection,",
                "routine: [loc-nec-resection-selected, loc-net-resection, loc-nec-resection,",
            ),
        ),
        ("loc-nec-resection is the verdict before loc-nec-resection-selected: the other way round",),
    ),
    "an order that is lost": (
        VERDICT,
        (without_entry("platinum_rechallenge", "orders-treatment.yaml", key="intervention"),),
        ("platinum_rechallenge: no order, but met-nec-rechallenge",),
    ),
    "verdicts that nobody wrote down": (
        VERDICT,
        (without_entry("met-nec-biomarker-immunotherapy", "verdicts.yaml", key="first"),),
        ("met-nec-biomarker-immunotherapy is the verdict before", "not in verdicts.yaml"),
    ),
    "a verdict on statements that never meet": (
        VERDICT,
        (
            added(
                "verdicts.yaml",
                "- first: met-net-prrt\n  over: [met-nec-prrt, met-nec-no]\n  reason: None at all.\n",
            ),
        ),
        ("met-net-prrt before met-nec-prrt: they never hold together", "no such statement: met-nec-no"),
    ),
}

PAIRS: dict[str, Break] = {
    "words that no longer tell": (
        OPPOSED,
        (
            in_entry(
                "met-net-systemic-above-55", "names no bound and stands beside this", "is another matter"
            ),
        ),
        ("liver_directed_therapy and systemic_over_liver_directed", "met-net-systemic-above-55 does not say"),
    ),
    "a caution that is shown too rarely": (
        OPPOSED,
        (
            in_entry(
                "loc-net-neoadjuvant-radiation",
                "{any: [{resection_planned: true}, {radiation_planned: true}]}",
                "{resection_planned: true}",
            ),
        ),
        ("loc-net-neoadjuvant-radiation and loc-net-concurrent-chemotherapy are not told of each other",),
    ),
    "cautions on the heart that wait for something else": (
        OPPOSED,
        (
            in_entry(
                "cardiac-echocardiogram",
                "- when: {carcinoid_syndrome_suspected: true, hiaa: elevated}",
                "- when: {cns_symptoms: true}",
            ),
            in_entry(
                "cardiac-monitoring", "- when: {carcinoid_syndrome_suspected: true}", "- when: {hiaa: normal}"
            ),
        ),
        ("cardiac_monitoring and echocardiogram", "are not told of each other"),
    ),
    "curative and palliative treatment that meet": (
        OPPOSED,
        (in_entry("met-net-debulking", "extent: metastatic}", "extent: localized}"),),
        ("resection and debulking", "loc-net-resection and met-net-debulking are not told of each other"),
    ),
    "a place that tells nothing": (
        OPPOSED,
        (
            instead(
                "opposed.yaml",
                "- first: prophylactic_cranial_irradiation\n  second: stereotactic_radiosurgery\n",
                "- first: prophylactic_cranial_irradiation\n  second: stereotactic_radiosurgery\n"
                '  told: [{statement: brain-radiosurgery, says: "fewer than four"}]\n',
            ),
        ),
        ("brain-radiosurgery: nothing to tell, no case meets both",),
    ),
    "an opposed intervention that does not exist": (
        OPPOSED,
        (instead("opposed.yaml", "- first: folfiri\n", "- first: folfirix\n"),),
        ("no such intervention: folfirix",),
    ),
    "a place that is no statement on either": (
        OPPOSED,
        (instead("opposed.yaml", "statement: met-nec-bevacizumab", "statement: met-nec-prrt"),),
        ("met-nec-prrt is no statement on either", "are not told of each other"),
    ),
    "a pair of one family that nobody listed": (
        OPPOSED,
        (
            without_entry(
                "single_agent_immunotherapy\n  second: dual_immunotherapy", "opposed.yaml", key="first"
            ),
        ),
        ("met-nec-single-agent-immunotherapy and met-nec-dual-immunotherapy pull against each other",),
    ),
    "no opposed pair at all": (OPPOSED, (whole("opposed.yaml", "[]\n"),), ("no pair is listed",)),
}

UNREACHED: dict[str, Break] = {
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
                "when: {primary_site: [liver, other]}",
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
                "{non_neuroendocrine_component: true, entity: [g3_net, nec, indeterminate]}",
                "{differentiation: poor, entity: g3_net}",
                "not_covered.yaml",
            ),
        ),
        ("not covered: mixed-neoplasm",),
    ),
    "a remark that its exception swallows": (
        REACH,
        (
            in_entry(
                "unresectable-g3-net",
                "unless: {resected: true}",
                "unless: {extent: localized}",
                "not_covered.yaml",
            ),
        ),
        ("not covered: unresectable-g3-net: not unless",),
    ),
    "a caution that can never stand beside its statement": (
        REACH,
        (
            in_entry(
                "met-net-sunitinib",
                "when: {prior_regimens: {includes: sunitinib}}",
                "when: {extent: localized}",
            ),
        ),
        ("met-net-sunitinib: Sunitinib was given before",),
    ),
    "a caution on what no value fulfills": (
        REACH,
        (
            instead(
                "classification.yaml",
                "when: {reported_grade: g3, ki67: {at_most: 20}, mitotic_count: {at_most: 20}}",
                "when: {not: {reported_grade: [g1, g2, g3]}, ki67: {at_most: 20}}",
            ),
        ),
        ("caution: Reported as G3",),
    ),
    "a proviso that always blocks": (
        REACH,
        (
            in_entry(
                "loc-nec-adjuvant-chemotherapy",
                "provided: {under_surveillance: false}",
                "provided: {under_surveillance: false, radiation_feasible: true}",
            ),
        ),
        ("loc-nec-adjuvant-chemotherapy: not blocked",),
    ),
    "a proviso that never blocks": (
        REACH,
        (
            in_entry(
                "loc-net-adjuvant-chemotherapy",
                "resected: true,",
                "resected: true, under_surveillance: false,",
            ),
        ),
        ("loc-net-adjuvant-chemotherapy: blocked by under_surveillance",),
    ),
    "a presumption that nothing raises": (
        REACH,
        (
            instead(
                "inference.yaml",
                "value: false, given: {differentiation: poor}",
                "value: false, given: {all: [{differentiation: poor}, {differentiation: well}]}",
            ),
        ),
        ("low_grade_component: presumed",),
    ),
}

IDLE: dict[str, Break] = {
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
                "when: {treatment_line: {at_least: 2}}\n  - name: site_group",
                "when: {treatment_line: {at_least: 2, above: 1}}\n  - name: site_group",
            ),
        ),
        ("later_line",),
    ),
    "a test that a rule implies and nobody declared": (
        MATTERS,
        (
            in_entry(
                "cervix-palliative",
                "extent: metastatic, first_line: true}",
                "extent: metastatic, first_line: true, not: {extent: localized}}",
            ),
        ),
        ("cervix-palliative: Extent Localized: never matters",),
    ),
    "a declared gate that stands nowhere": (
        MATTERS,
        (
            whole(
                "implied_gates.yaml",
                "- gate: margin\n  implied_by: resected\n  reason: It only seems to follow.\n",
            ),
        ),
        ("margin by resected",),
    ),
}

GAPS: dict[str, Break] = {
    "a remark taken away": (
        ANSWERED,
        (without_entry("gynecologic-net", "not_covered.yaml"),),
        ("g3_net: no treatment is offered", "Primary site: Cervix", "Extent: Localized"),
    ),
    "treatment of a stage taken away": (
        ANSWERED,
        (in_entry("cervix-curative-chemoradiation", "IIIA, IIIB,", "IIIA,"),),
        ("nec: no treatment is offered", "FIGO stage: IIIB"),
    ),
    "an offer that becomes an open vote": (
        ANSWERED,
        (in_entry("loc-net-resection", "stance: acceptable", "stance: no_consensus"),),
        ("g3_net: no treatment is offered", "Extent: Localized", "Primary resected: No"),
    ),
    "an offer that becomes another society's": (
        ANSWERED,
        (in_entry("loc-net-resection", "agreement: consensus", "agreement: other_society"),),
        ("g3_net: no treatment is offered", "Extent: Localized"),
    ),
    "an offer that becomes a principle": (
        ANSWERED,
        (in_entry("cervix-palliative", "  topic:", "  kind: principle\n  topic:"),),
        ("nec: no treatment is offered", "Primary site: Cervix", "Line of systemic therapy to choose: 1"),
    ),
    "a treatment that only accompanies": (
        ANSWERED,
        (
            instead(
                "accompanying.yaml",
                "interventions: [carboplatin_for_cisplatin,",
                "interventions: [palliative_cisplatin_etoposide, carboplatin_for_cisplatinum,",
            ),
        ),
        ("nec: no treatment is offered", "no such intervention: carboplatin_for_cisplatinum"),
    ),
    "metastatic disease left to local treatment": (
        ANSWERED,
        tuple(
            in_entry(one, "stance: acceptable", "stance: no_consensus")
            for one in ("met-net-captem-later", "met-net-oxaliplatin-later", "met-net-folfiri-later")
        ),
        ("g3_net: no treatment is offered", "Line of systemic therapy to choose: 2"),
    ),
    "what is blocked taken for an answer": (
        ANSWERED,
        (without_entry("localized-nec-no-radiation", "not_covered.yaml"),),
        ("nec: no treatment is offered", "Site can be irradiated: No"),
    ),
    "an exception that leaves cases unanswered": (
        ANSWERED,
        (
            in_entry(
                "unresectable-g3-net",
                "unless: {resected: true}",
                "unless: {primary_site: colon}",
                "not_covered.yaml",
            ),
        ),
        ("g3_net: no treatment is offered", "Primary site: Colon", "Resection planned: No"),
    ),
    "a treatment under another topic": (
        ANSWERED,
        (in_entry("cervix-palliative", "topic: systemic_therapy", "topic: imaging"),),
        ("nec: no treatment is offered", "Primary site: Cervix", "Extent: Metastatic"),
    ),
    "two values of the entity at once": (
        ANSWERED,
        (
            instead(
                "classification.yaml",
                "when: {high_grade: true, differentiation: poor, low_grade_component: false}",
                "when: {high_grade: true, differentiation: [poor, well], low_grade_component: false}",
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
}

LENT: dict[str, Break] = {
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
        (in_entry("met-net-prrt", "stance: consider", "stance: no_consensus"),),
        ("prrt: declared for g3_net, but no statement offers it",),
    ),
}

OVERTURNED: dict[str, Break] = {
    "a conclusion that is presumed and does not say so": (
        LEARNING,
        (
            instead(
                "classification.yaml",
                "{value: true, when: {reported_grade: g3}, presumed: true}",
                "{value: true, when: {reported_grade: g3}}",
            ),
        ),
        ("high_grade opens when", "Grade as reported: G3"),
    ),
    "a bound that two conclusions see differently": (
        LEARNING,
        (
            instead(
                "classification.yaml",
                "{value: false, when: {ki67: {at_most: 20}, mitotic_count: {at_most: 20}}}",
                "{value: false, when: {ki67: {at_most: 20}}}",
            ),
        ),
        ("high_grade opens when Mitoses", "Ki-67"),
    ),
}

BOUNDS: dict[str, Break] = {
    "a widened bound at 55 %": (
        THRESHOLDS,
        (in_entry("met-net-liver-directed-below-55", "ki67: {below: 55}", "ki67: {at_most: 55}"),),
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
                "- {value: true, when: {any: [{ki67: {above: 20}}, {mitotic_count: {above: 20}}]}}",
                "- {value: true, when: {any: [{ki67: {at_least: 20}}, {mitotic_count: {above: 20}}]}}",
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
                "when: {treatment_line: {at_least: 2}}\n  - name: site_group",
                "when: {treatment_line: {at_least: 3}}\n  - name: site_group",
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
                "    - {at: 10, entity: g3_net, applies: [met-net-prrt], cautions: "
                "[the trial NETTER-2 took]}\n",
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
        (instead("thresholds.yaml", "{at: 9.9, entity: g3_net", "{at: -1, entity: g3_net"),),
        ("ki67 10", "from 0 to 100"),
    ),
    "a completed trial that no longer fits": (
        THRESHOLDS,
        (instead("trials.yaml", "ki67: {above: 10, below: 55}", "ki67: {above: 10, at_most: 55}"),),
        ("NETTER-2", "trial: NCT03972488 is not expected"),
    ),
}

SAID: dict[str, Break] = {
    "should not be added, without the not": (
        WORDS,
        (
            in_entry(
                "met-nec-immunotherapy-with-chemotherapy", "Do not add immunotherapy", "Add immunotherapy"
            ),
        ),
        ("met-nec-immunotherapy-with-chemotherapy is not_recommended",),
    ),
    "a not in what is recommended": (
        WORDS,
        (in_entry("met-nec-platinum-etoposide", "Give palliative", "Do not give palliative"),),
        ("met-nec-platinum-etoposide is recommended",),
    ),
    "a consideration that becomes an instruction": (
        WORDS,
        (in_entry("met-net-prrt", '"Consider peptide', '"Give peptide'),),
        ("met-net-prrt is consider",),
    ),
    "a recommendation that becomes a consideration": (
        WORDS,
        (in_entry("img-brain-symptoms", '"Obtain brain', '"Consider brain'),),
        ("img-brain-symptoms is recommended",),
    ),
    "no consensus told as a refusal": (
        WORDS,
        (in_entry("loc-nec-resection", '"No consensus on the role of', '"No role for'),),
        ("loc-nec-resection is no_consensus",),
    ),
    "another society that is not named": (
        WORDS,
        (in_entry("loc-nec-adjuvant-enets", '"ENETS: consider', '"Consider'),),
        ("loc-nec-adjuvant-enets: whose position it is",),
    ),
    "a sentence that grows": (
        WORDS,
        (
            in_entry(
                "met-net-prrt",
                "that of the liver.",
                "that of the liver, " + "and so on " * 5 + "as far as it goes.",
            ),
        ),
        ("met-net-prrt:", "words"),
    ),
    "a decision by its number": (
        WORDS,
        (in_entry("met-net-prrt", "was given before.", "was given before (reading 36)."),),
        ("met-net-prrt: it speaks of",),
    ),
    "a statement by its id": (
        WORDS,
        (in_entry("met-net-prrt", "was given before.", "was given before, see met-nec-prrt."),),
        ("met-net-prrt: it names met-nec-prrt",),
    ),
}

FIGURES: dict[str, Break] = {
    "overall survival with its digits exchanged": (
        NUMBERS,
        (in_entry("jcog1213", "low: 12.5", "low: 15.2", "studies.yaml"),),
        ("study jcog1213: 15.2 does not stand in its lines",),
    ),
    "eight cycles for six": (
        NUMBERS,
        (in_entry("cervix-adjuvant-chemotherapy", "Give six cycles", "Give eight cycles"),),
        ("cervix-adjuvant-chemotherapy: 8 does not stand",),
    ),
    "a bound in words": (
        NUMBERS,
        (in_entry("brain-radiosurgery", "fewer than four", "fewer than five"),),
        ("brain-radiosurgery: 5 does not stand",),
    ),
    "a share in words": (
        NUMBERS,
        (in_entry("path-differentiation-ihc", "up to one-third of", "up to two-thirds of"),),
        ("path-differentiation-ihc: 2/3 does not stand",),
    ),
    "a figure in a caution with lines of its own": (
        NUMBERS,
        (in_entry("met-nec-captem-first-line", "12.6 against", "16.2 against"),),
        ("met-nec-captem-first-line: 16.2 does not stand",),
    ),
    "an interval of a schedule, in words": (
        NUMBERS,
        (in_entry("mon-ct-mri-nec", 'text: "every 2–3 months"', 'text: "every 4–6 months"'),),
        ("mon-ct-mri-nec: schedule: 4", "mon-ct-mri-nec: schedule: 6"),
    ),
    "an interval of a schedule, as it is reckoned": (
        NUMBERS,
        (in_entry("surv-ct-mri-nec", "{every: [3, 3]", "{every: [4.5, 4.5]"),),
        ("surv-ct-mri-nec: every 4.5",),
    ),
    "the end of a schedule": (
        NUMBERS,
        (in_entry("surv-ct-mri-nec", "end: [60, 60]", "end: [84, 84]"),),
        ("surv-ct-mri-nec: from or to month 84: neither this nor 7 years",),
    ),
    "the size of a study": (
        NUMBERS,
        (in_entry("nordic-nec-2013", "  n: 252", "  n: 225", "studies.yaml"),),
        ("study nordic-nec-2013: 225",),
    ),
    "the size of an arm": (
        NUMBERS,
        (
            in_entry("klein-2020", "n: 13}", "n: 31}", "studies.yaml"),
            in_entry("klein-2020", "low: 31", "low: 30", "studies.yaml"),
        ),
        ("study klein-2020: 30",),
    ),
    "an interval of confidence": (
        NUMBERS,
        (in_entry("galleberg-2017", "95 % CI 20.6-51.3", "95 % CI 20.6-53.1", "studies.yaml"),),
        ("study galleberg-2017: 53.1",),
    ),
    "a hazard ratio": (
        NUMBERS,
        (in_entry("ishikawa-2018", "low: 4.74", "low: 4.47", "studies.yaml"),),
        ("study ishikawa-2018: 4.47",),
    ),
    "a number of a finding, in words": (
        NUMBERS,
        (in_entry("js001-nec", "Fifteen of the patients", "Fifty of the patients", "studies.yaml"),),
        ("study js001-nec: 50",),
    ),
    "the number of a trial": (
        NUMBERS,
        (
            instead("trials.yaml", "- nct: NCT04919226", "- nct: NCT04919262"),
            in_entry("met-net-prrt", "NCT04919226", "NCT04919262"),
        ),
        ("trial NCT04919262: its number does not stand",),
    ),
    "the eligibility of a trial": (
        NUMBERS,
        (instead("trials.yaml", "Ki-67 below 55 %.", "Ki-67 below 50 %."),),
        ("trial NCT05040360: 50",),
    ),
    "a damaged digit that is no longer explained": (
        NUMBERS,
        (in_entry("g3-net-platinum-series", '  ocr: {"0": "O to 38%"}\n', "", "studies.yaml"),),
        ("study g3-net-platinum-series: 0 does not stand",),
    ),
    "lines that nobody read": (
        NUMBERS,
        (in_entry("met-net-prrt", "lines: 1168-1171", "lines: 1167-1171"),),
        ("trace.yaml: nothing on lines 1167-1171",),
    ),
}

CITED: dict[str, Break] = {
    "a wrong section of the source": (
        EVIDENCE,
        (
            in_entry(
                "met-nec-platinum-etoposide",
                "section: met-nec-first-line-summary",
                "section: met-nec-alternatives-summary",
            ),
        ),
        ("met-nec-platinum-etoposide: lines 1282-1285 are not in its section",),
    ),
    "evidence of another study": (
        EVIDENCE,
        (in_entry("met-nec-platinum-irinotecan", "evidence: [jcog1213,", "evidence: [keynote-158,"),),
        ("met-nec-platinum-irinotecan: keynote-158",),
    ),
    "evidence of the other entity": (
        EVIDENCE,
        (in_entry("met-net-immunotherapy", "evidence: [keynote-158,", "evidence: [nipinec,"),),
        ("met-net-immunotherapy: nipinec",),
    ),
    "a reference to another work": (
        EVIDENCE,
        (in_entry("jcog1213", "references: [morizane-2022]", "references: [zhang-2020]", "studies.yaml"),),
        ("study jcog1213: lines 1295-1304 do not cite Zhang 2020",),
    ),
    "the lines of another study": (
        EVIDENCE,
        (in_entry("zivanovic-2009", 'lines: "815-817"', 'lines: "803-809"', "studies.yaml"),),
        ("study zivanovic-2009: lines 803-809 do not cite Zivanovic 2009",),
    ),
    "another table": (
        EVIDENCE,
        (in_entry("surv-sstr", "table: Table 2", "table: Table 3"),),
        ("surv-sstr: the section is Table 2, but the table given is Table 3",),
    ),
    "a trial from another section": (
        EVIDENCE,
        (
            instead(
                "trials.yaml",
                "{section: met-net-liver, lines: 974-980}",
                "{section: met-net-ssa, lines: 974-980}",
            ),
        ),
        ("trial NCT02724540: lines 974-980 are not in its section",),
    ),
    "a statement that is lost": (
        EVIDENCE,
        (without_entry("path-ema-epcam"),),
        ("path-ihc: no statement carries what is directed from line 161 on",),
    ),
    "a count that is one less": (
        EVIDENCE,
        (instead("sections.yaml", "lines: 156-215, directives: 10}", "lines: 156-215, directives: 9}"),),
        ("path-ihc: 9 directing sentences, but directives.yaml lists 10",),
    ),
    "a sentence that nobody counted": (
        EVIDENCE,
        (instead("directives.yaml", "lines: [161, 166,", "lines: [166,"),),
        ("path-ihc: 10 directing sentences, but directives.yaml lists 9",),
    ),
    "a section that directs and says that it does not": (
        EVIDENCE,
        (
            instead(
                "sections.yaml",
                "lines: 1598-1607, directives: 2}",
                'lines: 1598-1607, directives: 2, directs_nothing: "No."}',
            ),
        ),
        ("brain: it either directs something or directs nothing",),
    ),
}

READ_TWICE: dict[str, Break] = {
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
                "when: {high_grade: true, differentiation: poor, low_grade_component: false}",
                "when: {high_grade: true, differentiation: [poor, well], low_grade_component: false}",
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

BROKEN: dict[str, Break] = {
    **STANCES,
    **ORDERS,
    **PAIRS,
    **UNREACHED,
    **IDLE,
    **GAPS,
    **LENT,
    **OVERTURNED,
    **BOUNDS,
    **SAID,
    **FIGURES,
    **CITED,
    **READ_TWICE,
}
