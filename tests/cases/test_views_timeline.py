"""The timeline of a case: from the stored record, and from the snapshot of a signed decision."""

import datetime

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases.actions.entry import add_part
from cases.models import AuditEvent, Board, Case, FollowUpItem
from cases.reading import PartialDate
from tests import factories
from tests.cases import pages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_case")]


@pytest.fixture
def case(case: Case, alice: User) -> Case:
    dated = {
        "imaging": {"modality": "ct", "performed_on": PartialDate(2026, 10), "course": "progression"},
        "marker": {"name": "CgA", "value": "240", "unit": "ng/mL", "measured_on": PartialDate(2026, 9, 1)},
    }
    for kind, fields in dated.items():
        add_part(by=alice, case=case, kind=kind, fields=fields)
    return case


def treated(case: Case, by: User, **fields: object) -> None:
    add_part(by=by, case=case, kind="treatment", fields=fields)


def rows(client: Client, url: str) -> list[tuple[str, str, str, str]]:
    timeline = client.get(url).context["timeline"]
    return [(event.when, event.noun, event.title, event.detail) for event in timeline.events]


def page_of(case: Case) -> str:
    return reverse("cases:timeline", args=[case.uid])


def day_of_the_meeting(case: Case) -> str:
    """As pages show it."""
    return f"{timezone.localtime(case.board.meetings.get().starts_at):%d-%b-%Y}"


def test_every_report_and_treatment_stands_in_order_of_time(case: Case, alice: User, client: Client) -> None:
    treated(case, alice, kind="systemic", regimen="captem", line=2, started_on=PartialDate(2025, 3),
            ended_on=PartialDate(2025, 9, 1), best_response="partial", stop_reason="toxicity")  # fmt: skip
    client.force_login(alice)
    captem = "Systemic therapy, line 2: CAPTEM"
    assert rows(client, page_of(case)) == [
        ("Mar 2025 to 01-Sep-2025", "Treatment", captem, "Partial response; stopped: Toxicity"),
        ("01-Sep-2026", "Marker", "CgA", "240 ng/mL"),
        ("Oct 2026", "Imaging", "CT", "Progression"),
        (
            "05-Nov-2026",
            "Pathology",
            f"Pathology {pages.LAB} (biopsy, liver)",
            "Ki-67 45 %; Well differentiated",
        ),
        (day_of_the_meeting(case), "Discussion", "Is the zebrafish question answered?", "Listed"),
        ("not dated", "Imaging", "SSTR imaging", "Positive"),
        ("not dated", "Molecular", "Molecular report", "Mismatch repair: Proficient"),
        ("not dated", "Marker", "Chromogranin A", "240"),
        ("not dated", "Treatment", "Surgery: Biopsy", ""),
    ]


def test_what_a_treatment_says_of_its_dates_is_kept_apart(case: Case, alice: User, client: Client) -> None:
    day = datetime.date(2024, 5, 2)
    treated(case, alice, kind="systemic", regimen="captem", started_on=day)
    treated(case, alice, kind="systemic", regimen="captem", started_on=day, stop_reason="break")
    treated(case, alice, kind="systemic", regimen="captem", started_on=day, stop_reason="toxicity")
    treated(case, alice, kind="radiation", ended_on=day)
    treated(case, alice, kind="surgery", started_on=day)
    treated(case, alice, kind="ablation", ended_on=day)
    treated(case, alice, kind="surgery", started_on=day, ended_on=day)
    client.force_login(alice)
    found = sorted(when for when, noun, _, _ in rows(client, page_of(case)) if noun == "Treatment")
    assert found == [
        "02-May-2024", "02-May-2024", "02-May-2024", "from 02-May-2024, end not known", "not dated",
        "since 02-May-2024, no end stated", "since 02-May-2024, no end stated",
        "until 02-May-2024, start not known",
    ]  # fmt: skip


def test_each_row_leads_to_its_page_and_the_picture_says_the_same(
    case: Case, alice: User, dora: User, client: Client
) -> None:
    pages.sign(case, dora, title="Capecitabine at the center")
    client.force_login(alice)
    response = client.get(page_of(case))
    for event in response.context["timeline"].events:
        assert client.get(event.url).status_code == 200, event
    drawn = [line.text for line in response.context["wide"].words]
    assert drawn == [
        "Discussions", "Decided", "Decisions", "Capecitabine at the center", "What was agreed",
        "Call the center", "Capecitabine at the center", "Pathology", "Ki-67 45 %; Well differentiated",
        "Imaging", "CT: Progression", "Markers", "CgA: 240 ng/mL",
    ]  # fmt: skip
    html = response.content.decode()
    assert "Capecitabine at the center" in html
    assert "style=" not in html


def test_what_was_agreed_and_planned_stands_with_what_became_of_it(
    case: Case, alice: User, dora: User, client: Client
) -> None:
    decision = pages.sign(case, dora)
    signed = timezone.localdate(decision.signed_at)
    FollowUpItem.objects.create(
        case=case, kind="ct", title="CT", number=1, due_from=datetime.date(2026, 3, 1), statement_id="S1",
        due_to=datetime.date(2026, 6, 1), every="yearly", edition="g@1.1", anchor="surgery",
        counted_from=datetime.date(2025, 3, 1), planned_by=alice,
    )  # fmt: skip
    client.force_login(alice)
    events = client.get(page_of(case)).context["timeline"].events
    found = {(one.kind, one.when, one.title, one.mark) for one in events}
    asked = PartialDate.of(signed + datetime.timedelta(days=90))
    assert {
        ("discussion", day_of_the_meeting(case), "Is the zebrafish question answered?", ""),
        ("agreed", str(PartialDate.of(signed)), "Call the center", "open"),
        ("agreed", str(asked), "Second opinion", "open"),
        ("follow_up", "01-Mar-2026 to 01-Jun-2026", "CT", "open"),
    } <= found


def test_a_death_is_where_the_timeline_ends(case: Case, alice: User, client: Client) -> None:
    case.patient.deceased, case.patient.deceased_on = True, datetime.date(2026, 11, 20)
    case.patient.save()
    client.force_login(alice)
    picture = client.get(page_of(case)).context["wide"]
    assert picture.until_words == "Died"


def test_a_case_without_anything_says_so(board: Board, alice: User, client: Client) -> None:
    case = factories.CaseFactory(board=board, created_by=alice)
    client.force_login(alice)
    assert "There is nothing on this case to show yet" in client.get(page_of(case)).content.decode()


def test_a_signed_decision_keeps_the_timeline_of_its_day(
    case: Case, alice: User, dora: User, client: Client
) -> None:
    before = rows(pages.logged_in(alice), page_of(case))
    decision = pages.sign(case, dora)
    treated(case, alice, kind="surgery", procedure="Later", started_on=PartialDate.of(timezone.localdate()))
    client.force_login(alice)
    url = reverse("cases:signed_timeline", args=[case.uid, decision.uid])
    found = rows(client, url)
    today = str(PartialDate.of(timezone.localdate()))
    assert (today, "Decision", "Second opinion", "Palliative") in found
    of_boards = ("Discussion", "Decision")
    assert [row for row in found if row[1] not in of_boards] == [
        row for row in before if row[1] not in of_boards
    ]
    assert client.get(url).context["wide"].until_words == "Signed"
    assert url in client.get(page_of(case)).content.decode()


def test_reading_it_is_one_event(case: Case, alice: User, client: Client) -> None:
    client.force_login(alice)
    client.get(page_of(case))
    assert AuditEvent.objects.get(case=case, action="read").kind == "timeline"
