"""The decision on the screen: drafted, refused, signed, read from its snapshot, superseded."""

import datetime
import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.actions.agenda import list_case
from cases.actions.entry import create_case, save_case, save_part
from cases.actions.leading import start_meeting
from cases.actions.roll_call import Present, call_roll
from cases.models import Board, Case, Decision, DecisionWithdrawal
from cases.queries import with_record
from cases.reading import read_date
from cases.views.chart import Chart
from config import reauthentication
from guidelines.answer.options import verdicts_of
from guidelines.answer.parts import Option
from tests.cases.pages import PATIENT, QUESTION, REFERRAL, form_of, logged_in, paper_url, sign

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_case")]

STEP = {"step-0-text": "Present images", "step-0-owner_name": "Bob Baker", "step-0-due_on": "01-Dec-2026"}


@pytest.fixture(scope="module")
def in_days() -> int:
    return -1


@pytest.fixture
def case(case: Case, bob: User) -> Case:
    return case


@pytest.fixture
def chair(dora: User) -> Client:
    return logged_in(dora)


def url(case: Case, name: str, **kwargs: Any) -> str:
    return reverse(f"cases:{name}", kwargs={"uid": case.uid, **kwargs})


def text(response: Any) -> str:
    return str(response.content.decode())


def draft(client: Client, case: Case, **changes: Any) -> Any:
    page = url(case, "decision")
    return client.post(page, form_of(client, page, **{"intent": "palliative", **changes}))


def options(case: Case) -> tuple[Option, ...]:
    chart = Chart(case.owner, with_record(Case.objects.all()).get(pk=case.pk))
    return verdicts_of(chart.assessment)


def verdict(case: Case, stance: str, status: str = "applies") -> str:
    """The statement of an option with that verdict."""
    return next(one.id for one in options(case) if (one.stance, one.status) == (stance, status))


def test_draft_keeps_everything(chair: Client, case: Case, bob: User) -> None:
    accepted = verdict(case, "acceptable")
    own = {"own-0-title": "Second opinion", "condition-0-text": "the patient agrees"}
    more = {
        "rationale": "Because.",
        "condition-0-then": "CAPTEM",
        "condition-0-otherwise": "Best supportive care",
        "condition-0-who": "Bob Baker",
        "condition-0-due_on": "05-Dec-2026",
        "dissent-0-position": "Surgery first",
        "dissent-0-name": "Prof. Ny",
        "dissent-0-discipline": "Surgery",
        "votes_for": "6",
        "votes_against": "1",
        "trial_considered": "no",
        "trial_words": "None is open here",
        "wishes_considered": "yes",
        "wishes_words": "Wants treatment near home",
    }
    response = draft(chair, case, **{f"on-{accepted}-choice": "accepted"}, **own, **STEP, **more)
    assert response.status_code == 302
    stored = Decision.objects.get()
    first = stored.options.first()
    assert (first.statement_id, first.choice) == (accepted, "accepted")
    assert stored.options.last().title == "Second opinion"
    assert stored.next_steps.get().owner == bob
    assert stored.attendees == []
    (condition,) = stored.conditions.all()
    assert condition.sentence == (
        "If the patient agrees: CAPTEM; otherwise Best supportive care. Bob Baker finds out by 05-Dec-2026"
    )
    (dissent,) = stored.dissents.all()
    assert (dissent.position, dissent.name, dissent.discipline) == ("Surgery first", "Prof. Ny", "Surgery")
    assert (stored.votes_for, stored.votes_against, stored.votes_abstained) == (6, 1, 0)
    assert (stored.trial_considered, stored.trial_words) == ("no", "None is open here")
    assert (stored.wishes_considered, stored.wishes_words) == ("yes", "Wants treatment near home")
    again = form_of(chair, url(case, "decision"))
    assert again[f"on-{accepted}-choice"] == ["accepted"]
    assert again["step-0-due_on"] == ["01-Dec-2026"]
    assert draft(chair, case).status_code == 302
    assert Decision.objects.get().version == stored.version


@pytest.mark.parametrize(("stance", "choice"), [("recommended", "rejected"), ("not_recommended", "accepted")])
def test_deviation_needs_its_reason_at_the_field(chair: Client, case: Case, stance: str, choice: str) -> None:
    chosen = verdict(case, stance)
    response = draft(chair, case, **{f"on-{chosen}-choice": choice})
    html = text(response)
    assert response.status_code == 422
    assert "<title>Error:" in html
    assert f'href="#id_on-{chosen}-reason_code"' in html
    assert "choose the reason for deciding otherwise" in html
    reason = {f"on-{chosen}-choice": choice, f"on-{chosen}-reason_code": "comorbidity"}
    assert draft(chair, case, **reason).status_code == 302


def test_other_reason_needs_words(chair: Client, case: Case) -> None:
    chosen = verdict(case, "recommended")
    reason = {f"on-{chosen}-choice": "rejected", f"on-{chosen}-reason_code": "other"}
    assert "in words" in text(draft(chair, case, **reason))


def test_step_needs_owner_and_day(chair: Client, case: Case) -> None:
    html = text(draft(chair, case, **{"step-0-text": "Do it"}))
    assert "Say who does it." in html
    assert "Say by which day" in html
    assert 'value="Do it"' in html


def test_more_rows_without_losing_what_is_typed(chair: Client, case: Case) -> None:
    page = url(case, "decision")
    response = chair.post(page, form_of(chair, page, **STEP, add="step", rationale="Long text"))
    html = text(response)
    assert response.status_code == 200
    assert 'name="step-1-text"' in html
    assert "Present images" in html
    assert "Long text" in html
    assert not Decision.objects.exists()


def test_draft_changed_by_somebody_else_is_not_overwritten(chair: Client, case: Case, bob: User) -> None:
    draft(chair, case, rationale="First")
    page = url(case, "decision")
    mine = form_of(chair, page, rationale="Mine")
    draft(logged_in(bob), case, rationale="Theirs")
    response = chair.post(page, mine)
    assert response.status_code == 409
    assert "Bob Baker" in text(response)
    assert Decision.objects.get().rationale == "Theirs"


def signature(client: Client, case: Case, **changes: Any) -> Any:
    page = url(case, "sign")
    given = {"password": "a long password", "record_number": "R-314159", **changes}
    return client.post(page, form_of(client, page, **given))


def test_signing_asks_for_password_and_patient(chair: Client, case: Case) -> None:
    draft(chair, case, **{"own-0-title": "Second opinion"})
    assert "This is not your password." in text(signature(chair, case, password="wrong"))
    assert "not the record number of this patient" in text(signature(chair, case, record_number="R-1"))
    assert Decision.objects.get().is_draft
    response = signature(chair, case)
    signed = Decision.objects.get()
    assert response.headers["Location"] == url(case, "signed", decision=signed.uid)
    assert signed.is_signed
    html = text(chair.get(response.headers["Location"]))
    for shown in ("Signed by Dora Diaz", "Second opinion", "Palliative", "unchanged since", "Ki-67"):
        assert shown in html
    assert "a long password" not in html


def test_the_password_is_asked_once_a_sitting_and_the_patient_each_time(chair: Client, case: Case) -> None:
    draft(chair, case, **{"own-0-title": "Second opinion"})
    assert 'name="password"' in text(chair.get(url(case, "sign")))
    signature(chair, case, record_number="R-1")
    page = text(chair.get(url(case, "sign")))
    assert 'name="password"' not in page
    assert "You gave your password in this sitting" in page
    refused = chair.post(url(case, "sign"), form_of(chair, url(case, "sign"), record_number="R-1"))
    assert "not the record number of this patient" in text(refused)
    assert signature(chair, case, password="").status_code == 302
    assert Decision.objects.get().is_signed


def test_a_password_that_is_due_again_is_asked_for_and_what_was_typed_stays(
    chair: Client, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft(chair, case, **{"own-0-title": "Second opinion"})
    signature(chair, case, record_number="R-1")
    given = form_of(chair, url(case, "sign"), record_number="R-314159")
    monkeypatch.setattr(reauthentication, "SITTING", datetime.timedelta(0))
    response = chair.post(url(case, "sign"), given)
    assert response.status_code == 422
    assert 'name="password"' in text(response)
    assert 'value="R-314159"' in text(response)
    assert Decision.objects.get().is_draft


def test_a_strangers_wrong_log_ins_do_not_stop_the_signer(chair: Client, case: Case) -> None:
    draft(chair, case, **{"own-0-title": "Second opinion"})
    stranger = Client()
    answers = [stranger.post("/accounts/login/", {"username": "dora", "password": "x"}) for _ in range(6)]
    assert answers[-1].status_code == 429
    assert signature(chair, case).status_code == 302
    assert Decision.objects.get().is_signed


def test_signing_twice_is_signing_once(chair: Client, case: Case) -> None:
    draft(chair, case, **{"own-0-title": "Second opinion"})
    page = url(case, "sign")
    given = form_of(chair, page, password="a long password", record_number="R-314159")
    chair.post(page, given)
    assert chair.post(page, given).status_code == 302
    assert Decision.objects.count() == 1


def test_what_stands_against_signing_is_listed(chair: Client, case: Case) -> None:
    draft(chair, case, intent="")
    assert "State the intent" in text(chair.get(url(case, "sign")))
    assert signature(chair, case).status_code == 422
    assert Decision.objects.get().is_draft


def test_clinician_without_the_right_does_not_sign(case: Case, bob: User) -> None:
    client = logged_in(bob)
    draft(client, case, **{"own-0-title": "Second opinion"})
    assert client.get(url(case, "sign")).status_code == 403
    assert client.post(url(case, "sign"), {}).status_code == 403
    assert Decision.objects.get().is_draft


def test_signed_page_reads_the_snapshot_only(chair: Client, case: Case, dora: User) -> None:
    decision = sign(case, dora)
    page = url(case, "signed", decision=decision.uid)
    before = text(chair.get(page))
    save_part(by=case.owner, part=case.pathology_reports.get(), fields={"differentiation": "poor"}, version=1)
    after = text(chair.get(page))
    assert "<b>G3 NET</b>" in after
    assert "<b>NEC</b>" not in after
    panel = '<aside class="panel"'
    assert before[before.index(panel) :] == after[after.index(panel) :]


def test_decision_of_a_signed_case_leads_to_the_signed_page(chair: Client, case: Case, dora: User) -> None:
    decision = sign(case, dora)
    response = chair.get(url(case, "decision"))
    assert response.headers["Location"] == url(case, "signed", decision=decision.uid)


def test_superseding_needs_a_reason_and_keeps_the_old_one_valid_until_signed(
    chair: Client, case: Case, dora: User
) -> None:
    old = sign(case, dora)
    page = url(case, "supersede", decision=old.uid)
    assert chair.post(page, {"reason": ""}).status_code == 422
    assert chair.post(page, {"reason": "New imaging"}).status_code == 302
    old.refresh_from_db()
    assert old.status == "signed"
    assert "New imaging" in text(chair.get(url(case, "decision")))
    draft(chair, case, rationale="Anew")
    assert signature(chair, case).status_code == 302
    old.refresh_from_db()
    assert old.status == "superseded"
    html = text(chair.get(url(case, "signed", decision=old.uid)))
    assert "no longer valid" in html
    assert "Correct this decision" not in html


def test_nasty_text_stays_text(chair: Client, case: Case) -> None:
    nasty = "<script>alert(1)</script>{{ 7*7 }} 🧬 שלום"
    draft(chair, case, rationale=nasty, **{"own-0-title": nasty, "condition-0-text": nasty})
    html = text(chair.get(url(case, "decision"))) + text(chair.get(url(case, "sign")))
    assert "<script>alert" not in html
    assert "{{ 7*7 }}" in html
    nul = {"own-0-title": "a\0b", "rationale": "a\0b", "step-0-text": "\0"}
    for name, value in nul.items():
        assert f'href="#id_{name}"' in text(draft(chair, case, **{name: value}))


def test_viewer_sees_that_there_is_a_draft_and_no_form(chair: Client, case: Case, victor: User) -> None:
    draft(chair, case, rationale="Secret for now")
    html = text(logged_in(victor).get(url(case, "decision")))
    assert "draft that is not signed yet" in html
    assert "Secret for now" not in html


def test_draft_is_discarded_only_as_it_was_shown(chair: Client, case: Case) -> None:
    draft(chair, case, rationale="Away with it")
    assert "read it before" in text(chair.post(url(case, "discard"), {"version": "9"}, follow=True))
    chair.post(url(case, "discard"), {"version": "1"})
    assert not Decision.objects.exists()
    assert chair.post(url(case, "discard"), {"version": "1"}).status_code == 302


def test_draft_changed_while_signing_is_shown_again(chair: Client, case: Case, bob: User) -> None:
    draft(chair, case, **{"own-0-title": "Second opinion"})
    page = url(case, "sign")
    given = form_of(chair, page, password="a long password", record_number="R-314159")
    draft(logged_in(bob), case, rationale="Changed meanwhile")
    response = chair.post(page, given)
    assert response.status_code == 422
    assert "has changed since this page was shown" in text(response)
    assert "Changed meanwhile" in text(response)
    assert Decision.objects.get().is_draft


def test_record_changed_while_signing_is_shown_again(chair: Client, case: Case) -> None:
    """Nobody signs for facts that they have not seen."""
    draft(chair, case, **{"own-0-title": "Second opinion"})
    page = url(case, "sign")
    given = form_of(chair, page, password="a long password", record_number="R-314159")
    report = case.pathology_reports.get()
    save_part(by=case.owner, part=report, fields={"ki67": "30"}, version=report.version)
    response = chair.post(page, given)
    assert response.status_code == 422
    assert "record has changed since this page was shown" in text(response)
    assert Decision.objects.get().is_draft
    assert signature(chair, case).status_code == 302
    assert Decision.objects.get().snapshot["facts"] != []


def make_nec(case: Case) -> None:
    report = case.pathology_reports.get()
    save_part(by=case.owner, part=report, fields={"differentiation": "poor"}, version=report.version)


def on(case: Case, intervention: str) -> str:
    return next(one.id for one in options(case) if one.intervention == intervention)


def test_choice_on_a_verdict_that_has_gone_is_not_dropped_silently(chair: Client, case: Case) -> None:
    chosen, page = on(case, "prrt"), url(case, "decision")
    data = form_of(chair, page, **{f"on-{chosen}-choice": "accepted"})
    make_nec(case)
    response = chair.post(page, data)
    assert response.status_code == 422
    told = "(PRRT): the verdict is now “Advised against”; the choice made before is not kept."
    assert told in text(response)
    assert not Decision.objects.exists()


def test_draft_says_which_of_its_verdicts_have_gone(chair: Client, case: Case) -> None:
    gone = {f"on-{on(case, name)}-choice": "accepted" for name in ("prrt", "liver_directed_therapy")}
    draft(chair, case, **gone)
    make_nec(case)
    Case.objects.filter(pk=case.pk).update(extent="localized", metastatic_sites=[])
    html = text(chair.get(url(case, "decision")))
    assert html.count("the guideline says nothing of it for this case now") == 2
    assert "Peptide receptor radionuclide therapy (PRRT): the guideline" in html


# --- What the page shows ------------------------------------------------------------------------------------


def test_each_drug_procedure_or_test_is_one_row_and_a_principle_is_none(chair: Client, case: Case) -> None:
    html = text(chair.get(url(case, "decision")))
    interventions = [one.intervention for one in options(case)]
    assert len(set(interventions)) == len(interventions)
    assert sorted(re.findall(r'id="option-([a-z0-9_]+)"', html)) == sorted(interventions)
    assert "ki67_hot_spots" not in re.findall(r'id="option-([a-z0-9_]+)"', html)
    assert "Principles (" in html


def test_treatment_stands_first_and_the_rest_is_folded_with_its_count(chair: Client, case: Case) -> None:
    html = text(chair.get(url(case, "decision")))
    headings = re.findall(r"<h3[^>]*>([^<]+)</h3>", html)
    possible = [one for one in options(case) if one.kind == "treatment" and one.status == "possible"]
    assert headings[0] == "Treatment that applies"
    assert any(text.startswith("Treatment that an open fact decides (") for text in headings) == bool(
        possible
    )
    against = [one for one in options(case) if one.kind == "treatment" and one.stance == "not_recommended"]
    assert f"Treatment advised against ({len(against)})" in headings
    assert 'id="group-against">' in html
    draft(chair, case, **{f"on-{against[0].id}-choice": "rejected"})
    assert 'id="group-against" open>' in text(chair.get(url(case, "decision")))


def test_what_an_open_fact_decides_is_in_sight_where_nothing_applies_yet(chair: Client, case: Case) -> None:
    make_nec(case)
    fields = {"primary_site": "esophagus", "extent": "", "metastatic_sites": []}
    case.refresh_from_db()
    save_case(by=case.owner, case=case, fields=fields, version=case.version)
    html = text(chair.get(url(case, "decision")))
    folds = re.findall(r'<details class="more folded" id="group-([a-z_]+)"( open)?>', html)
    assert folds[0] == ("possible", " open")
    assert [is_open for _, is_open in folds[1:] if is_open] == []


def test_a_finished_test_is_done_with_its_day(chair: Client, case: Case) -> None:
    html = text(chair.get(url(case, "decision")))
    done = html[html.index('id="group-done"') :]
    assert 'id="option-ki67_ihc"' in done
    assert ", done 05-Nov-2026" in done


def test_open_facts_are_sentences_and_no_consensus_is_said_once(chair: Client, case: Case) -> None:
    html = text(chair.get(url(case, "decision")))
    assert ">if SSTR uptake is above that of the liver" in html
    assert ": yes" not in html
    assert re.search(r"No consensus</b>\s+<small", html)


def test_what_the_answer_turns_on_is_linked_and_what_it_is_silent_on_is_said(
    chair: Client, case: Case
) -> None:
    html = text(chair.get(url(case, "decision")))
    head = html[html.index("asked-of-board") : html.index('id="decision"')]
    assert "<b>G3 NET, pancreas, metastatic, liver</b>" in head
    assert '#id_favorable_biology">Favorable biology</a>' in head


def test_the_question_the_facts_in_order_of_time_and_the_timeline_stand_beside_the_options(
    chair: Client, case: Case
) -> None:
    html = text(chair.get(url(case, "decision")))
    head = html[html.index("asked-of-board") : html.index('id="decision"')]
    assert QUESTION in head
    days = re.findall(r"<tr><td>([^<]+)</td>", head)
    dated = [read_date(day).value.first for day in days if day != "no date"]
    assert dated == sorted(dated)
    assert len(dated) > 1
    assert len(days) <= 6
    assert '<svg class="timeline"' in head


def test_who_is_here_and_whether_they_are_enough(chair: Client, case: Case, board: Board, dora: User) -> None:
    board.quorum_disciplines = ["Pathology"]
    board.disciplines = ["Pathology", "Surgery"]
    board.save()
    meeting = case.discussions.get().meeting
    call_roll(by=dora, meeting=meeting, present=[Present("Prof. Ny", "Surgery", mode="remote")])
    html = text(chair.get(url(case, "decision")))
    beside = html[html.index('class="sitting"') :]
    assert "No quorum (1 present): Pathology missing" in beside
    assert "Prof. Ny" in beside
    assert "Surgery, remote" in " ".join(beside.split())
    assert 'name="person-0-name"' not in html


def test_an_urgent_decision_says_itself_who_was_there(chair: Client, board: Board, alice: User) -> None:
    case = create_case(by=alice, board=board, patient=PATIENT, fields=REFERRAL)
    chair.post(url(case, "urgent"), {"reason": "Bleeding"})
    draft(chair, case, **{"person-1-name": "Prof. Ny", "person-1-role": "Pathology"})
    assert [one["name"] for one in Decision.objects.get().attendees] == ["Dora Diaz", "Prof. Ny"]


def test_a_reason_that_cannot_be_stored_is_refused_at_its_box(
    chair: Client, board: Board, alice: User
) -> None:
    case = create_case(by=alice, board=board, patient=PATIENT, fields=REFERRAL)
    response = chair.post(url(case, "urgent"), {"reason": "Bleed\0ing"})
    assert response.status_code == 422
    assert "this text contains a character that cannot be stored" in text(response)
    assert not case.discussions.exists()


def test_a_vote_says_what_it_comes_to(chair: Client, case: Case) -> None:
    draft(chair, case, votes_for="6", votes_against="1")
    assert ">Consensus</span>" in text(chair.get(url(case, "decision")))
    draft(chair, case, votes_for="5", votes_against="5")
    assert ">No consensus</span>" in text(chair.get(url(case, "decision")))


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"votes_for": "6"}, "Against: say how many, from 0 to 99."),
        ({"votes_for": "six", "votes_against": "1"}, "For: a whole number from 0 to 99."),
        ({"dissent-0-name": "Prof. Ny"}, "Say what position is held against the decision."),
        ({"condition-0-then": "CAPTEM"}, "Say what it depends on."),
        (
            {"own-0-title": "X", "own-0-intervention": "Snake oil"},
            "The guideline has no drug, procedure or test",
        ),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_kept(
    chair: Client, case: Case, sent: dict[str, str], told: str
) -> None:
    response = draft(chair, case, **sent)
    assert response.status_code == 422
    html = text(response)
    assert told in html
    (name, value) = list(sent.items())[-1]
    assert re.search(rf'name="{name}" value="{value}"', html) or value in html
    assert not Decision.objects.exists()


def test_a_choice_says_at_its_row_how_it_relates_to_the_guideline(chair: Client, case: Case) -> None:
    chosen = verdict(case, "acceptable")
    draft(chair, case, **{f"on-{chosen}-choice": "deferred"})
    assert Decision.objects.get().options.get().choice == "deferred"
    html = text(chair.get(url(case, "decision")))
    row = html[html.index(f'name="on-{chosen}-choice"') :]
    told = re.search(r'<p class="relation">([^<]*)</p>', row)
    assert told is not None
    assert told[1] == "In line with the guideline on a condition"


def test_an_option_of_its_own_goes_by_its_name_in_the_guideline(chair: Client, case: Case) -> None:
    own = {"own-0-title": "CAPTEM, reduced", "own-0-intervention": "Capecitabine and temozolomide (CAPTEM)"}
    assert draft(chair, case, **own).status_code == 302
    assert Decision.objects.get().options.get().intervention == "captem"
    again = form_of(chair, url(case, "decision"))
    assert again["own-0-intervention"] == [own["own-0-intervention"]]


def test_the_page_needs_few_queries_and_no_body_of_an_option(chair: Client, case: Case) -> None:
    chair.get(url(case, "decision"))
    with CaptureQueriesContext(connection) as asked:
        html = text(chair.get(url(case, "decision")))
    assert len(asked) <= 20
    assert "rec-body" not in html
    assert len(html) < 90_000


def test_what_is_not_feasible_says_why(chair: Client, case: Case) -> None:
    make_nec(case)
    fields = {"treatment_line": 1, "etoposide_feasible": False}
    save_part(by=case.owner, part=case.assessments.get(), fields=fields, version=1)
    html = text(chair.get(url(case, "decision")))
    blocked = html[html.index('id="group-blocked"') :]
    assert "Not feasible here: Recommended" in blocked
    assert "set aside: etoposide cannot be given" in blocked


def test_a_board_that_keeps_to_an_edition_without_options_chooses_on_statements(
    chair: Client, case: Case
) -> None:
    board = case.board
    board.guideline = "nanets-hgnen-2023@1.0"
    board.save()
    html = text(chair.get(url(case, "decision")))
    assert html.count('id="option-met-net-liver-directed') > 1
    chosen = next(one for one in options(case) if one.intervention == "liver_directed_therapy")
    assert draft(chair, case, **{f"on-{chosen.id}-choice": "accepted"}).status_code == 302
    assert Decision.objects.get().options.get().statement_id == chosen.id


# --- Concordance --------------------------------------------------------------------------------------------


def test_signing_says_what_is_recommended_and_not_spoken_of(chair: Client, case: Case) -> None:
    make_nec(case)
    save_part(by=case.owner, part=case.assessments.get(), fields={"treatment_line": 1}, version=1)
    draft(chair, case, **{"own-0-title": "Second opinion"})
    told = "and not spoken of in the draft:</b> Platinum and etoposide"
    assert told in " ".join(text(chair.get(url(case, "sign"))).split())
    draft(chair, case, **{f"on-{on(case, 'platinum_etoposide')}-choice": "accepted"})
    assert "not spoken of in the draft" not in text(chair.get(url(case, "sign")))


def test_each_choice_and_the_whole_decision_say_how_they_relate_to_the_guideline(
    chair: Client, case: Case
) -> None:
    against = verdict(case, "not_recommended")
    chosen = {
        f"on-{verdict(case, 'acceptable')}-choice": "accepted",
        f"on-{on(case, 'prrt')}-choice": "accepted",
        f"on-{against}-choice": "accepted",
        f"on-{against}-reason_code": "new_evidence",
        "own-0-title": "Dietician",
    }
    draft(chair, case, **chosen)
    wanted = (
        "<dt>Guideline</dt><dd>Deviates from the guideline</dd>",
        '<span class="muted">In line with the guideline</span>',
        "In line with the guideline on a condition: if ",
        '<span class="muted">Deviates from the guideline</span>',
        '<span class="muted">Not covered by the guideline</span>',
    )
    page = text(chair.get(url(case, "sign")))
    assert [words for words in wanted if words not in page] == []
    signature(chair, case)
    page = text(chair.get(url(case, "signed", decision=Decision.objects.get().uid)))
    assert [words for words in wanted if words not in page] == []
    block = Decision.objects.get().snapshot["concordance"]
    assert block["overall"]["code"] == "deviating"
    assert [one["concordance"]["code"] for one in block["choices"]][-1] == "not_covered"


def test_refused_draft_keeps_the_version_its_writer_saw(chair: Client, case: Case, bob: User) -> None:
    draft(chair, case, rationale="First")
    page = url(case, "decision")
    mine = form_of(chair, page, rationale="Mine", **{"step-0-text": "Without owner"})
    draft(logged_in(bob), case, rationale="Theirs")
    response = chair.post(page, mine)
    assert response.status_code == 422
    assert '<input type="hidden" name="version" value="1">' in text(response)
    assert chair.post(page, {**mine, **STEP}).status_code == 409
    assert Decision.objects.get().rationale == "Theirs"


# --- After signing ------------------------------------------------------------------------------------------


def test_the_signed_page_says_how_the_decision_came_about(chair: Client, case: Case, dora: User) -> None:
    meeting = case.discussions.get().meeting
    call_roll(by=dora, meeting=meeting, present=[Present("Prof. Ny", "Surgery", mode="remote")])
    draft(
        chair,
        case,
        **{
            "own-0-title": "Second opinion",
            "dissent-0-position": "Surgery first",
            "dissent-0-name": "Prof. Ny",
            "votes_for": "6",
            "votes_against": "1",
            "trial_considered": "no",
            "trial_words": "None is open here",
            "wishes_considered": "yes",
            f"on-{verdict(case, 'acceptable')}-choice": "deferred",
        },
    )
    wanted = (
        "<dt>Dissent</dt><dd>Surgery first (Prof. Ny)</dd>",
        "<dt>Vote</dt><dd>6 for, 1 against, 0 abstained: Consensus</dd>",
        "<dt>Trial considered</dt><dd>No. None is open here</dd>",
        "<dt>Patient&#x27;s wishes considered</dt><dd>Yes</dd>",
        "<dt>Quorum</dt><dd>1 present; the board has set no quorum</dd>",
        "Prof. Ny (Surgery",
    )
    page = text(chair.get(url(case, "sign")))
    assert [words for words in wanted if words not in page] == []
    assert signature(chair, case).status_code == 302
    signed = Decision.objects.get()
    page = text(chair.get(url(case, "signed", decision=signed.uid)))
    assert [words for words in wanted if words not in page] == []
    paper = text(chair.get(paper_url("handout", case, preview=True)))
    assert '<th scope="row">Vote</th><td>6 for, 1 against, 0 abstained: Consensus</td>' in paper
    assert '<th scope="row">Deferred</th>' in paper
    assert "Prof. Ny (Surgery, remote)" in paper


def test_who_is_signed_for_stands_large_on_the_page(chair: Client, case: Case) -> None:
    draft(chair, case, **{"own-0-title": "Second opinion"})
    html = text(chair.get(url(case, "sign")))
    whose = html[html.index('class="whose"') :][:600]
    assert [one for one in ("Quillfeather", "14-Aug-1961", "R-314159") if one not in whose] == []


def test_after_signing_comes_the_next_open_case_of_the_agenda(
    chair: Client, case: Case, board: Board, dora: User
) -> None:
    meeting = case.discussions.get().meeting
    others = [
        create_case(by=dora, board=board, patient={**PATIENT, "record_number": f"N-{place}"}, fields=REFERRAL)
        for place in (2, 3)
    ]
    for other in others:
        list_case(by=dora, case=other, meeting=meeting)
    first = sign(case, dora)
    html = text(chair.get(url(case, "signed", decision=first.uid)))
    assert f'href="{url(others[0], "decision")}"' in html
    assert "Next case, place 2" in html
    assert f'href="{reverse("cases:meeting", args=[meeting.uid])}"' in html
    last = sign(others[1], dora)
    html = text(chair.get(url(others[1], "signed", decision=last.uid)))
    assert "Next case, place 2" in html
    start_meeting(by=dora, meeting=meeting)
    html = text(chair.get(url(others[1], "signed", decision=last.uid)))
    assert f'name="discussion" value="{others[0].discussions.get().uid}"' in html
    assert "Take up the next case, place 2" in html
    middle = sign(others[0], dora)
    assert "No open case is left" in text(chair.get(url(others[0], "signed", decision=middle.uid)))


def test_a_decision_entered_in_error_is_stamped_on_page_paper_and_list(
    chair: Client, case: Case, dora: User
) -> None:
    signed = sign(case, dora)
    page, act = url(case, "signed", decision=signed.uid), url(case, "withdraw", decision=signed.uid)
    refused = chair.post(act, {"withdraw-reason": " "})
    assert refused.status_code == 422
    assert 'href="#id_withdraw-reason">What was wrong: Say what was entered in error.' in text(refused)
    assert chair.post(act, {"withdraw-reason": "Wrong patient"}).headers["Location"] == page
    html = text(chair.get(page))
    assert "<b>Entered in error.</b> Not valid: Wrong patient (Dora Diaz, " in html
    assert "Correct this decision" not in html
    assert "Mark as entered in error" not in html
    assert "What was signed is unchanged since." in html
    paper = text(chair.get(paper_url("handout", signed, preview=True)))
    assert 'seal-withdrawn">Entered in error<' in paper
    assert "entered in error, not valid: Wrong patient (Dora Diaz" in paper
    assert chair.post(act, {"withdraw-reason": "Again"}).status_code == 302


@pytest.mark.parametrize(
    ("person", "status"), [("alice", 403), ("bob", 403), ("victor", 403), ("charlie", 404)]
)
def test_only_who_may_sign_marks_a_decision_as_entered_in_error(
    request: pytest.FixtureRequest, case: Case, dora: User, person: str, status: int
) -> None:
    signed = sign(case, dora)
    client = logged_in(request.getfixturevalue(person))
    act = url(case, "withdraw", decision=signed.uid)
    assert client.post(act, {"withdraw-reason": "Mine"}).status_code == status
    assert not DecisionWithdrawal.objects.exists()
