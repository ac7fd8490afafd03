"""All statements of the guideline written by hand: the floor that the engine is measured against.

This is what a careful programmer would write without an engine: a dict of facts goes in, and the three-valued
`all_of`, `any_of` and `no` carry the unknown along. Shared conditions are worked out once, and a chapter that
is out of the question is left at once. It knows nothing of completions: where the truth follows only from
looking at all values of an unknown fact together (`A or not A`), it says "possible" although it is settled.

Nothing of `guidelines` is used here. A test holds both against each other on complete cases.
"""

from tests.bench.known import (
    EARLY_CERVIX,
    IB3_TO_IIA2,
    IB3_TO_IVA,
    Facts,
    Known,
    Verdicts,
    above,
    all_of,
    any_of,
    below,
    no,
    one_of,
)


def verdicts(facts: Facts) -> Verdicts:
    """Statement id → True (applies) or None (possible); what can no longer apply is left out."""
    case = Known(facts)
    found = {
        **pathology(case),
        **imaging(case),
        **biomarkers(case),
        **localized_net(case),
        **localized_nec(case),
        **surveillance(case),
        **gynecologic(case),
        **metastatic_net(case),
        **metastatic_nec(case),
        **monitoring(case),
        **general(case),
    }
    return {statement: verdict for statement, verdict in found.items() if verdict is not False}


def pathology(case: Known) -> Verdicts:
    get, net, nec, in_scope = case.get, case.net, case.nec, case.in_scope
    unclear = all_of(case.unclear, no(case.not_high_grade))
    pace = any_of(get("progressive"), get("pace_increase"), get("lesion_outgrowing"))
    negative_markers = [one_of(get(marker), "negative") for marker in ("synaptophysin", "chromogranin_a")]
    metastatic = all_of(in_scope, case.metastatic)
    return {
        "path-ki67-net": any_of(case.well, net),
        "path-ki67-nec": nec,
        "path-ki67-cut-point": nec,
        "path-ki67-alone": in_scope,
        "path-general-marker-nec": nec,
        "path-synaptophysin-chromogranin": net,
        "path-insm1": all_of(nec, *negative_markers),
        "path-ema-epcam": all_of(in_scope, one_of(get("keratin"), "negative")),
        "path-differentiation-ihc": unclear,
        "path-expert-review-indeterminate": unclear,
        "path-expert-review-discrepant": all_of(case.poor, no(case.high_grade)),
        "path-site-of-origin": all_of(in_scope, case.unknown_primary),
        "path-single-site-biopsy": metastatic,
        "path-both-sites-biopsy": metastatic,
        "path-rebiopsy-nec": all_of(nec, get("progressive")),
        "path-rebiopsy-g3-net": all_of(net, pace),
        "path-nec-pathway": all_of(one_of(get("prior_entity"), "g3_net"), nec),
    }


def imaging(case: Known) -> Verdicts:
    get, net, nec, in_scope = case.get, case.net, case.nec, case.in_scope
    new, symptoms, discordant = get("newly_diagnosed"), get("cns_symptoms"), get("sstr_fdg_discordant")
    low_sstr = any_of(case.sstr_negative, one_of(get("sstr_uptake"), "at_or_below_liver"))
    new_nec, new_either = all_of(nec, new), all_of(case.net_or_nec, new)
    no_symptoms, disagree = no(symptoms), all_of(in_scope, discordant)
    low_burden = one_of(get("disease_burden"), "low")
    return {
        "img-ct-mri-baseline": all_of(in_scope, new),
        "img-sstr-g3-net": all_of(net, new),
        "img-sstr-nec": new_nec,
        "img-sstr-nec-indicated": new_nec,
        "img-dotatate-pet": in_scope,
        "img-fdg-routine": new_either,
        "img-fdg-unclear-entity": all_of(case.unclear, no(case.not_high_grade)),
        "img-fdg-aggressive": all_of(in_scope, get("disproportionately_aggressive")),
        "img-fdg-choice-nec": nec,
        "img-fdg-choice-low-sstr": all_of(net, low_sstr),
        "img-fdg-indicated": new_either,
        "img-discordant-biopsy": disagree,
        "img-most-aggressive": disagree,
        "img-brain-symptoms": all_of(in_scope, symptoms),
        "img-brain-g3-net": all_of(net, new, no_symptoms),
        "img-brain-nec-asymptomatic": all_of(nec, no_symptoms),
        "img-brain-low-burden": all_of(in_scope, low_burden, no_symptoms),
        "img-brain-nec-every": new_nec,
        "img-brain-high-burden": all_of(in_scope, case.high_burden),
        "img-brain-nec-table-1": all_of(new_nec, any_of(case.high_burden, symptoms)),
    }


def biomarkers(case: Known) -> Verdicts:
    get, net, nec, in_scope = case.get, case.net, case.nec, case.in_scope
    new, syndrome, treated = get("newly_diagnosed"), get("hormonal_syndrome"), get("on_systemic_treatment")
    silent, metastatic_net = no(syndrome), all_of(net, case.metastatic)
    silent_either = all_of(case.net_or_nec, silent)
    gi_lumen = any_of(case.bowel, case.other_gi, case.unknown_primary)
    return {
        "bio-hormones": all_of(in_scope, syndrome),
        "bio-hormones-monitoring": all_of(in_scope, syndrome, treated),
        "bio-g3-net-initial": all_of(net, new, silent),
        "bio-nec-initial": all_of(nec, new, silent),
        "bio-monitoring": all_of(silent_either, treated),
        "bio-isolation": silent_either,
        "bio-without-syndrome": silent_either,
        "mol-ngs-nec": nec,
        "mol-mmr-nec": nec,
        "mol-ngs-g3-net-routine": net,
        "mol-mmr-g3-net-routine": net,
        "mol-ngs-g3-net-metastatic": metastatic_net,
        "mol-mmr-g3-net-metastatic": metastatic_net,
        "mol-ngs-g3-net-refractory": all_of(metastatic_net, get("refractory")),
        "mol-ngs-agnostic": in_scope,
        "mol-mmr-agnostic": in_scope,
        "mol-ctdna": in_scope,
        "mol-genomic-selection": in_scope,
        "endoscopy-g3-net": all_of(any_of(net, case.indeterminate), new, gi_lumen),
        "endoscopy-nec": all_of(nec, new, gi_lumen),
    }


def localized_net(case: Known) -> Verdicts:
    here = all_of(case.net, case.localized, case.gi)
    if here is False:
        return {}
    resected = case.get("resected")
    before, after = all_of(here, no(resected)), all_of(here, resected)
    left_pancreas = all_of(case.pancreas, one_of(case.get("pancreas_subsite"), "body", "tail"))
    return {
        "loc-net-resection": before,
        "loc-net-lymphadenectomy": before,
        "loc-net-distal-pancreatectomy": all_of(before, left_pancreas),
        "loc-net-neoadjuvant-radiation": before,
        "loc-net-adjuvant-radiation": after,
        "loc-net-adjuvant-chemotherapy": after,
    }


def localized_nec(case: Known) -> Verdicts:
    here = all_of(case.nec, case.localized, case.gi)
    if here is False:
        return {}
    get = case.get
    resected, feasible, etoposide = get("resected"), get("radiation_feasible"), get("etoposide_feasible")
    before, after, planned = (
        all_of(here, no(resected)),
        all_of(here, resected),
        all_of(here, get("radiation_planned")),
    )
    favorable = any_of(one_of(get("response"), "exceptional"), get("early_stage"))
    return {
        "loc-nec-multidisciplinary": before,
        "loc-nec-definitive-chemoradiation": before,
        "loc-nec-resection": before,
        "loc-nec-resection-selected": all_of(before, favorable),
        "loc-nec-resection-other-societies": before,
        "loc-nec-chemotherapy-radiation-definitive": all_of(before, feasible),
        "loc-nec-chemotherapy-radiation-adjuvant": all_of(after, feasible),
        "loc-nec-radiosensitizer": all_of(planned, etoposide),
        "loc-nec-radiosensitizer-alternative": all_of(planned, no(etoposide)),
        "loc-nec-capecitabine": all_of(planned, get("initial_chemotherapy_completed")),
        "loc-nec-adjuvant-chemoradiation-negative": all_of(
            after, one_of(get("margin"), "negative"), feasible
        ),
        "loc-nec-adjuvant-chemoradiation-positive": all_of(
            after, one_of(get("margin"), "positive"), feasible
        ),
        "loc-nec-adjuvant-chemotherapy": all_of(after, no(feasible)),
        "loc-nec-adjuvant-enets": after,
    }


def surveillance(case: Known) -> Verdicts:
    here = all_of(case.get("under_surveillance"), no(case.gynecologic), case.net_or_nec)
    if here is False:
        return {}
    net, nec, suspected = all_of(here, case.net), all_of(here, case.nec), case.get("recurrence_suspected")
    return {
        "surv-ct-mri-g3-net": net,
        "surv-ct-mri-nec": nec,
        "surv-sstr": here,
        "surv-fdg": here,
        "surv-brain-nec": all_of(nec, case.get("cns_symptoms")),
        "surv-biopsy-g3-net": all_of(net, suspected),
        "surv-biopsy-nec": all_of(nec, suspected),
    }


def gynecologic(case: Known) -> Verdicts:
    found = {"gyn-exclude-gi-primary": all_of(case.net, case.gynecologic)}
    here = all_of(case.nec, case.cervix)
    if here is False:
        return found
    get = case.get
    stage, resected = get("figo_stage"), get("resected")
    early, middle = all_of(here, one_of(stage, *EARLY_CERVIX)), all_of(here, one_of(stage, *IB3_TO_IIA2))
    before, after = all_of(early, no(resected)), all_of(early, resected)
    risk = any_of(
        above(get("tumor_size_cm"), 2), get("deep_stromal_invasion"), get("lymphovascular_invasion")
    )
    later = all_of(here, case.metastatic, one_of(get("cell_type"), "small_cell"), case.later_line)
    return found | {
        "cervix-radical-hysterectomy": before,
        "cervix-nodes": before,
        "cervix-open-surgery": before,
        "cervix-fertility-sparing": before,
        "cervix-adjuvant-chemotherapy": after,
        "cervix-postoperative-radiation-risk": all_of(after, risk),
        "cervix-postoperative-radiation-all": after,
        "cervix-chemoradiation-ib3-iia2": middle,
        "cervix-no-surgery-ib3-iia2": middle,
        "cervix-neoadjuvant-other-societies": all_of(here, one_of(stage, "IB3", "IIA2")),
        "cervix-neoadjuvant-panel": middle,
        "cervix-curative-chemoradiation": all_of(here, one_of(stage, *IB3_TO_IVA)),
        "cervix-palliative": all_of(here, case.metastatic, case.first_line),
        "cervix-later-line": later,
        "cervix-later-line-combination": later,
    }


def metastatic_net(case: Known) -> Verdicts:
    found = {"met-net-ssa-symptoms": all_of(case.net, case.get("hormonal_syndrome"))}
    here = all_of(case.net, case.metastatic)
    if here is False:
        return found
    get = case.get
    ki67, prior, progressive = get("ki67"), get("prior_regimens"), get("progressive")
    first, later, liver = (
        all_of(here, case.first_line),
        all_of(here, case.later_line),
        all_of(here, case.liver),
    )
    pancreas_or_bowel = any_of(case.pancreas, case.bowel)
    refractory = all_of(here, progressive, get("refractory"))
    liver_trouble = any_of(get("liver_metastases_symptomatic"), get("liver_metastases_progressive"))
    uptake = all_of(one_of(get("sstr_uptake"), "above_liver"), one_of(get("sstr_pattern"), "homogeneous"))
    ssa = all_of(first, get("favorable_biology"), case.sstr_positive)
    return found | {
        "met-net-g1-g2-knowledge": here,
        "met-net-debulking": here,
        "met-net-liver-directed": liver,
        "met-net-liver-directed-below-55": all_of(liver, below(ki67, 55)),
        "met-net-liver-dominant": all_of(liver, get("liver_dominant")),
        "met-net-liver-other-societies": all_of(liver, liver_trouble),
        "met-net-systemic-above-55": all_of(liver, above(ki67, 55)),
        "met-net-systemic-extrahepatic": all_of(liver, case.beyond_liver),
        "met-net-ssa-favorable": ssa,
        "met-net-ssa-sstr-positive": ssa,
        "met-net-platinum-first-line": all_of(first, no(above(ki67, 60))),
        "met-net-captem-pancreas": all_of(first, case.pancreas),
        "met-net-captem-bowel": all_of(first, case.bowel),
        "met-net-oxaliplatin-first-line": all_of(first, pancreas_or_bowel),
        "met-net-captem-later": all_of(later, None if prior is None else "captem" not in prior),
        "met-net-oxaliplatin-later": later,
        "met-net-folfiri-later": later,
        "met-net-everolimus": all_of(refractory, pancreas_or_bowel),
        "met-net-sunitinib": all_of(refractory, case.pancreas),
        "met-net-prrt": all_of(here, progressive, case.sstr_positive, uptake),
        "met-net-immunotherapy": here,
    }


def metastatic_nec(case: Known) -> Verdicts:
    here = all_of(case.nec, case.metastatic)
    if here is False:
        return {}
    get, gyn = case.get, case.gynecologic
    first, later = all_of(here, case.first_line), all_of(here, case.later_line)
    gi_first, gi_later = all_of(first, case.gi_or_unknown), all_of(later, case.gi_or_unknown)
    rechallenge = all_of(
        here, get("platinum_response_durable"), get("progressed_off_platinum"), no(gyn),
        no(one_of(case.site, "other")),
    )  # fmt: skip
    return {
        "met-nec-liver-directed": all_of(here, case.liver, no(gyn)),
        "met-nec-platinum-etoposide": gi_first,
        "met-nec-carboplatin": gi_first,
        "met-nec-beyond-six-cycles": all_of(gi_first, no(get("progressive")), get("tolerating_treatment")),
        "met-nec-immunotherapy-with-chemotherapy": gi_first,
        "met-nec-platinum-irinotecan": gi_first,
        "met-nec-triplet": gi_first,
        "met-nec-oxaliplatin-first-line": gi_first,
        "met-nec-folfirinox": gi_first,
        "met-nec-rechallenge-consensus": rechallenge,
        "met-nec-rechallenge-summary": rechallenge,
        "met-nec-folfiri": gi_later,
        "met-nec-bevacizumab": gi_later,
        "met-nec-oxaliplatin-later": gi_later,
        "met-nec-temozolomide": gi_later,
        "met-nec-topotecan-anthracycline": all_of(later, case.gi),
        "met-nec-nal-iri-docetaxel": gi_later,
        "met-nec-single-agent-immunotherapy": all_of(here, no(case.agnostic)),
        "met-nec-dual-immunotherapy": later,
        "met-nec-biomarker-immunotherapy": all_of(here, case.agnostic),
        "met-nec-biomarker-immunotherapy-enets": all_of(here, case.agnostic),
        "met-nec-ssa": here,
        "met-nec-prrt": here,
        "met-nec-everolimus": here,
        "met-nec-sunitinib": here,
        "met-nec-braf-mek": here,
        "met-nec-ntrk": all_of(here, get("ntrk_fusion")),
        "met-nec-ret": all_of(here, get("ret_fusion")),
        "met-nec-debulking": all_of(here, no(gyn)),
    }


def monitoring(case: Known) -> Verdicts:
    get = case.get
    treated = get("on_systemic_treatment")
    here = all_of(case.metastatic, treated, no(case.gynecologic), case.net_or_nec)
    if here is False:
        return {}
    net, nec = all_of(here, case.net), all_of(here, case.nec)
    return {
        "mon-ct-mri-g3-net": net,
        "mon-ct-mri-g3-net-indolent": all_of(net, get("indolent")),
        "mon-ct-mri-nec": nec,
        "mon-sstr": here,
        "mon-fdg": here,
        "mon-brain-nec": all_of(nec, any_of(case.high_burden, get("cns_symptoms"))),
        "mon-rebiopsy-g3-net": all_of(net, get("pace_increase")),
        "mon-rebiopsy-nec": nec,
    }


def general(case: Known) -> Verdicts:
    in_scope = case.in_scope
    if in_scope is False:
        return {}
    get = case.get
    count, suspected = get("brain_metastasis_count"), get("carcinoid_syndrome_suspected")
    brain = all_of(in_scope, case.brain)
    few = None if count is None else 1 <= count < 4
    many = None if count is None else count >= 4
    return {
        "brain-prophylactic": all_of(in_scope, no(case.brain)),
        "brain-radiosurgery": all_of(brain, few),
        "brain-radiosurgery-or-whole-brain": all_of(brain, many),
        "cardiac-monitoring": in_scope,
        "cardiac-hiaa": all_of(in_scope, suspected),
        "cardiac-echocardiogram": all_of(in_scope, suspected, one_of(get("hiaa"), "elevated")),
        "cardiac-cardiotoxicity": all_of(in_scope, get("cardiac_symptoms")),
        "hereditary-germline": in_scope,
        "org-expert-center": in_scope,
        "org-clinical-trial": in_scope,
    }
