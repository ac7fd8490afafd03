"""What a form asks of its case: what is open and decides, what the record says already with its source, and
what only other cases have, folded with the reason."""

from html.parser import HTMLParser
from typing import Any

import pytest
from django.contrib.auth.models import User
from pytest_django import DjangoAssertNumQueries

from cases.actions.entry import add_part, create_case, save_part
from cases.facts import facts_of
from cases.forms.arranging import AS_DECLARED
from cases.models import Board, Case
from cases.record import record_of
from cases.screens.asking import arrangement_of
from cases.views.chart import PARTS, Chart
from guidelines.vocabulary.facts import FACTS
from tests.cases.pages import PATHOLOGY, PATIENT, form_of, full_case, logged_in
from tests.cases.test_views_entry import text, url

pytestmark = pytest.mark.django_db

REFERRAL = {
    "question": "What after CAPTEM?",
    "primary_site": "pancreas",
    "extent": "metastatic",
    "metastatic_sites": ["liver"],
    "treatment_list": "complete",
}
CAPTEM = {
    "kind": "systemic",
    "regimen": "captem",
    "setting": "palliative",
    "started_on": "2025-09-01",
    "ended_on": "2026-02-10",
    "progressed_on": "2026-02-08",
    "stop_reason": "progression",
}
LINE = "CAPTEM (01-Sep-2025 to 10-Feb-2026) was line 1, progression 08-Feb-2026"


class Placed(HTMLParser):
    """Where each field of a page stands: the folds around it, each with whether it is open."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.folds: list[tuple[str, bool]] = []
        self.of: dict[str, tuple[tuple[str, bool], ...]] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "details":
            self.folds.append((given.get("id") or given.get("class") or "", "open" in given))
        if given.get("data-field"):
            self.of[str(given["data-field"])] = tuple(self.folds)

    def handle_endtag(self, tag: str) -> None:
        if tag == "details":
            self.folds.pop()

    def under(self, fold: str) -> list[str]:
        """The fields in a fold, in the order of the page."""
        return [name for name, folds in self.of.items() if fold in [one for one, _ in folds]]


@pytest.fixture
def case(board: Board, alice: User) -> Case:
    case = create_case(by=alice, board=board, patient=PATIENT, fields=REFERRAL)
    add_part(by=alice, case=case, kind="pathology", fields=PATHOLOGY)
    add_part(by=alice, case=case, kind="treatment", fields=CAPTEM)
    return case


def read(case: Case) -> Any:
    return facts_of(record_of(Case.objects.get(pk=case.pk)))


def plain(page: str) -> str:
    """The words of a page, each blank once."""
    found: list[str] = []
    parser = HTMLParser()
    parser.handle_data = found.append  # type: ignore[method-assign]
    parser.feed(page)
    return " ".join("".join(found).split())


@pytest.mark.parametrize("person", ["alice", "bob", "victor"])
def test_what_the_record_says_stands_in_place_of_the_box(
    case: Case, person: str, request: pytest.FixtureRequest
) -> None:
    page = text(logged_in(request.getfixturevalue(person)).get(url(case, "part", part="assessment")))
    assert f"Line of systemic therapy to choose: 2 ({LINE}) change" in plain(page)
    assert Placed(page).of["treatment_line"] == (("known", False),)
    words = plain(page)
    assert "Earlier systemic regimens: Capecitabine and temozolomide (CAPTEM) (CAPTEM" in words
    assert "Progressive disease: Yes (CAPTEM: progression 08-Feb-2026) change" in words
    assert "Primary resected: No (the list is complete and holds no operation of the primary" in words
    assert "Under treatment for metastatic disease: No (every course has ended) change" in words


def test_an_outsider_reads_none_of_it(case: Case, charlie: User) -> None:
    response = logged_in(charlie).get(url(case, "part", part="assessment"))
    assert response.status_code == 404
    assert "CAPTEM" not in text(response)


@pytest.mark.parametrize(
    ("day", "line", "said"),
    [
        ("2026-03-01", 3, ""),
        ("2026-01-15", 2, "The finding decides."),
        ("", 2, "The finding decides."),
    ],
)
def test_what_is_stated_in_the_box_weighs_as_the_contract_says(
    case: Case, alice: User, day: str, line: int, said: str
) -> None:
    """Dated after the finding it wins; before, or without a date, the finding stands and the case says so."""
    client = logged_in(alice)
    page = url(case, "new_item", part="assessment")
    response = client.post(page, form_of(client, page, assessed_on=day, treatment_line="3"), follow=True)
    assert "Assessment saved" in text(response)
    facts = read(case)
    assert facts.values["treatment_line"] == line
    assert said in " ".join(facts.cautions)
    folds = Placed(text(response)).of["treatment_line"]
    assert folds == (() if line == 3 else (("known", True),))


def test_a_box_with_an_error_stands_open(case: Case, alice: User) -> None:
    client = logged_in(alice)
    page = url(case, "new_item", part="assessment")
    response = client.post(page, form_of(client, page, treatment_line="second"))
    assert response.status_code == 422
    assert Placed(text(response)).of["treatment_line"] == (("known", True),)
    assert 'value="second"' in text(response)


def test_an_older_statement_is_not_asked_again(case: Case, alice: User) -> None:
    fields = {"assessed_on": "2026-03-01", "favorable_biology": True}
    stated = add_part(by=alice, case=case, kind="assessment", fields=fields)
    client = logged_in(alice)
    page = text(client.get(url(case, "new_item", part="assessment")))
    assert "Favorable biology: Yes (Clinical assessment, 01-Mar-2026) change" in plain(page)
    page = text(client.get(url(case, "item", part="assessment", item=stated.uid)))
    assert Placed(page).of["favorable_biology"] == ()


def test_the_referral_shows_what_imaging_found(case: Case, alice: User) -> None:
    fields = {
        "modality": "ct",
        "performed_on": "2026-03-01",
        "sites": ["liver", "bone"],
        "course": "progression",
    }
    add_part(by=alice, case=case, kind="imaging", fields=fields)
    page = text(logged_in(alice).get(url(case, "case")))
    assert "Metastatic sites: Liver, Bone (Referral and CT, 01-Mar-2026: metastases in liver, bone)" in plain(
        page
    )
    placed = Placed(page)
    assert placed.of["metastatic_sites"] == (("known", True),)
    assert placed.of["brain_metastasis_count"] == (("known", False),)
    assert placed.under("fold-foreign") == ["figo_stage"]
    assert 'data-grounds="primary_site"' in page


def test_a_report_shows_only_what_follows_from_itself(case: Case, alice: User) -> None:
    report = add_part(by=alice, case=case, kind="molecular", fields={"tmb_per_mb": "14", "msi": "high"})
    client = logged_in(alice)
    page = text(client.get(url(case, "item", part="molecular", item=report.uid)))
    assert "Tumor mutational burden: High (" in plain(page)
    assert Placed(page).of["tmb"] == (("known", False),)
    assert "known" not in dict(
        sum(Placed(text(client.get(url(case, "new_item", part="molecular")))).of.values(), ())
    )


def test_the_assessment_asks_what_decides_in_its_order(case: Case, alice: User) -> None:
    page = text(logged_in(alice).get(url(case, "part", part="assessment")))
    assessment = Chart(alice, Case.objects.get(pk=case.pk)).assessment
    form = PARTS["assessment"].form
    expected = [one.fact for one in assessment.missing if one.fact in form.base_fields]
    placed = Placed(page)
    asked = [name for name, folds in placed.of.items() if name in FACTS and not folds]
    assert asked == expected
    assert "hormonal_syndrome" in asked
    folded = {*placed.under("fold-idle"), *placed.under("fold-foreign"), *placed.under("known")}
    assert folded | set(asked) == {name for name in form.base_fields if name in FACTS}
    assert f"Would not change the answer ({len(placed.under('fold-idle'))})" in page
    assert f"Not for this case ({len(placed.under('fold-foreign'))})" in page


def test_what_has_to_be_stated_is_asked_with_what_the_record_says_of_it(case: Case, alice: User) -> None:
    """Whether the disease progressed off platinum is never derived: the interval stands beside the box."""
    fields = {
        "kind": "systemic",
        "regimen": "cisplatin_etoposide",
        "setting": "palliative",
        "started_on": "2026-03-01",
        "ended_on": "2026-06-01",
        "progressed_on": "2026-10-05",
    }
    add_part(by=alice, case=case, kind="treatment", fields=fields)
    report = case.pathology_reports.get()
    save_part(by=alice, part=report, fields={"differentiation": "poor"}, version=report.version)
    page = text(logged_in(alice).get(url(case, "part", part="assessment")))
    said = "Progression 05-Oct-2026, 4 months after the end of platinum"
    assert f"not while it was given. {said}" in plain(page)
    assert Placed(page).of["progressed_off_platinum"] == ()


def test_what_only_other_cases_have_is_folded_with_the_reason(case: Case, alice: User) -> None:
    client = logged_in(alice)
    page = text(client.get(url(case, "part", part="assessment")))
    assert "early_stage" in Placed(page).under("fold-foreign")
    assert "Only where the disease is localized" in plain(page)
    page = text(client.get(url(case, "new_item", part="pathology")))
    assert Placed(page).under("fold-foreign") == ["deep_stromal_invasion", "lymphovascular_invasion"]
    assert "Not for this case (2)" in page
    assert "Only where the primary is in the cervix" in plain(page)


def test_a_folded_box_is_kept_and_never_required(case: Case, alice: User) -> None:
    client = logged_in(alice)
    page = url(case, "new_item", part="assessment")
    response = client.post(
        page, form_of(client, page, assessed_on="2026-03-01", early_stage="no"), follow=True
    )
    assert case.assessments.get().early_stage is False
    assert Placed(text(response)).of["early_stage"] == ()
    report = url(case, "part", part="pathology")
    response = client.post(report, form_of(client, report, lymphovascular_invasion="yes"), follow=True)
    assert Placed(text(response)).of["lymphovascular_invasion"] == ()
    assert Placed(text(response)).under("fold-foreign") == ["deep_stromal_invasion"]


def test_a_box_that_is_refused_is_not_folded(case: Case, alice: User) -> None:
    client = logged_in(alice)
    page = url(case, "case")
    response = client.post(page, form_of(client, page, figo_stage="IB1"))
    assert response.status_code == 422
    assert Placed(text(response)).of["figo_stage"] == ()


def test_a_study_is_asked_for_its_own_findings_whatever_others_showed(case: Case, alice: User) -> None:
    fields = {"modality": "sstr", "result": "negative", "performed_on": "2026-01-05"}
    add_part(by=alice, case=case, kind="imaging", fields=fields)
    page = text(logged_in(alice).get(url(case, "new_item", part="imaging") + "?modality=sstr"))
    assert Placed(page).of["sstr_uptake"] == ()
    page = text(logged_in(alice).get(url(case, "new_item", part="treatment")))
    assert Placed(page).of["margin"] == ()


@pytest.mark.parametrize(
    ("fields", "folded", "reason"),
    [
        ({"modality": "ct"}, ["sstr_uptake", "sstr_pattern", "sstr_fdg_discordant"], "it is SSTR imaging"),
        ({"modality": "fdg_pet"}, ["sstr_uptake", "sstr_pattern"], "it is SSTR imaging"),
        ({"modality": "sstr"}, [], ""),
        ({"modality": "sstr", "result": "positive"}, [], ""),
        (
            {"modality": "sstr", "result": "negative"},
            ["sstr_uptake", "sstr_pattern"],
            "SSTR imaging is positive",
        ),
    ],
)
def test_a_study_folds_what_its_kind_cannot_show(
    case: Case, alice: User, fields: dict[str, str], folded: list[str], reason: str
) -> None:
    study = add_part(by=alice, case=case, kind="imaging", fields=fields)
    page = text(logged_in(alice).get(url(case, "item", part="imaging", item=study.uid)))
    assert Placed(page).under("fold-foreign") == folded
    assert not folded or f"Only where {reason}" in plain(page)
    assert not folded or 'data-grounds="modality result"' in page


@pytest.mark.parametrize("slug", PARTS)
def test_arranging_a_form_asks_the_database_nothing(
    board: Board, alice: User, slug: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    chart = Chart(alice, full_case(board, alice))
    facts, assessment, guideline = chart.facts, chart.assessment, chart.guideline
    form = PARTS[slug].form(instance=chart.items(PARTS[slug])[0])
    with django_assert_num_queries(0):
        assert arrangement_of(form, facts, assessment, guideline) is not AS_DECLARED
