"""Where a case meets the guideline: cases under a statement, a case's path, what-if."""

import re
from typing import Any
from xml.etree import ElementTree

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.actions.indexing import rebuild
from cases.assessing import assessed
from cases.choices import CaseStatus
from cases.facts import facts_of
from cases.guideline import guideline_of
from cases.models import AuditEvent, Board, Case, StoredReadiness
from cases.queries import for_statement, with_record
from cases.record import record_of
from cases.screens.touched import touched_by
from cases.views import guideline as views
from guidelines.engine.reach import reach_of
from guidelines.knowledge.labels import STANCES
from guidelines.knowledge.releases import current
from guidelines.vocabulary.facts import FACTS
from tests.cases.pages import QUESTION, SURNAME, form_of, logged_in
from tests.factories import AssessmentFactory, CaseFactory, PathologyFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_case")]
G3_NET_ONLY = "met-net-ssa-sstr-positive"  # may apply to the full case: its line of treatment is not known
HTMX = {"HX-Request": "true"}


def cases_under(person: User, statement: str, **headers: Any) -> str:
    response = logged_in(person).get(reverse("cases:statement_cases", args=[statement]), **headers)
    assert response.status_code == 200
    return response.content.decode()


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


# --- The reader's cases under a statement


def test_case_that_may_fall_under_a_statement_is_listed_with_what_decides(case: Case, victor: User) -> None:
    text = text_of(cases_under(victor, G3_NET_ONLY))
    assert "May apply" in text
    assert SURNAME in text
    assert "Line of systemic therapy to choose" in text


def test_case_that_falls_under_a_statement_has_the_verdict_that_holds_there(case: Case, victor: User) -> None:
    text = text_of(cases_under(victor, "met-net-debulking"))
    assert "Applies" in text
    assert "Acceptable option , majority" in text
    assert QUESTION in text


def test_where_another_statement_holds_the_row_says_so(case: Case, victor: User) -> None:
    text = text_of(cases_under(victor, "met-net-liver-dominant"))
    assert "Here the verdict is another: Acceptable option , consensus" in text


def test_other_boards_cases_are_not_listed(case: Case, charlie: User) -> None:
    text = cases_under(charlie, G3_NET_ONLY)
    assert SURNAME not in text
    assert "no open case" in text


def test_cases_of_the_other_entity_are_not_listed(case: Case, victor: User) -> None:
    nec_only = next(one.id for one in current().statements if reach_of(current())[one.id].entities == {"nec"})
    assert SURNAME.casefold() not in cases_under(victor, nec_only).casefold()


def test_closed_cases_are_not_listed(case: Case, victor: User) -> None:
    Case.objects.filter(pk=case.pk).update(status=CaseStatus.CLOSED)
    assert "no open case" in cases_under(victor, G3_NET_ONLY)


def test_fragment_is_a_part_of_the_page(case: Case, victor: User) -> None:
    part = cases_under(victor, G3_NET_ONLY, headers=HTMX)
    assert "<html" not in part
    assert part.strip() in cases_under(victor, G3_NET_ONLY)


def test_unknown_statement(victor: User) -> None:
    assert logged_in(victor).get(reverse("cases:statement_cases", args=["none"])).status_code == 404


def test_number_of_queries_does_not_grow_with_the_cases(board: Board, victor: User, alice: User) -> None:
    counted = []
    client = logged_in(victor)
    for _ in range(2):
        for _ in range(3):
            one = CaseFactory(board=board, created_by=alice)
            PathologyFactory(case=one, differentiation="well", ki67="40")
        rebuild()  # as the actions keep it
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("cases:statement_cases", args=[G3_NET_ONLY]))
        counted.append(len(queries))
    assert counted[0] == counted[1] <= 10


@pytest.mark.parametrize("edition", ["", "nanets-hgnen-2023@1.0"])
def test_index_says_of_every_statement_what_the_answer_says(
    board: Board, case: Case, alice: User, edition: str
) -> None:
    Board.objects.update(guideline=edition)
    nec = CaseFactory(board=board, created_by=alice, primary_site="cervix", extent="localized")
    PathologyFactory(case=nec, differentiation="poor", cell_type="small_cell")
    AssessmentFactory(case=nec, radiation_feasible=False)
    rebuild()  # as the actions keep it: else each statement would make it anew
    listed = list(for_statement(alice))
    assert len(listed) == 2
    for one in listed:
        answer = assessed(
            guideline_of(one), facts_of(record_of(with_record(Case.objects.all()).get(pk=one.pk)))
        )
        of_option = {
            said: option.id for option in answer.options for said in (option.id, *option.qualified_by)
        }
        said = {each.id: each for each in answer.recommendations if each.status != "excluded"}
        for statement in guideline_of(one).statements:
            found = list(touched_by(statement.id, [one]))
            assert bool(found) == (statement.id in said)
            for touched in found:
                status = said[statement.id].status
                assert touched.is_possible == (status == "possible")
                open_facts = said[statement.id].missing if touched.is_possible else ()
                assert set(touched.open) == {FACTS[name].label for name in open_facts}
                holds = of_option.get(statement.id, "")
                assert touched.holds == (holds == statement.id)
                assert touched.verdict == (STANCES[said[holds].stance] if holds else "")
                assert ("set aside here" in touched.aside) == (
                    bool(holds) and said[holds].status == "blocked"
                )


def test_row_that_does_not_hold_is_made_anew_as_it_is_read(case: Case, victor: User) -> None:
    cases_under(victor, G3_NET_ONLY)
    StoredReadiness.objects.update(basis="", standings="", turns_on={})
    assert "Line of systemic therapy to choose" in text_of(cases_under(victor, G3_NET_ONLY))
    assert len(StoredReadiness.objects.get().standings) == len(current().statements)


def test_long_list_goes_on_behind_what_was_looked_through(
    other_board: Board, charlie: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(7):
        one = CaseFactory(board=other_board, created_by=charlie, question=f"Question {number}?")
        # The third and every later one is a G3 NET.
        PathologyFactory(case=one, differentiation="poor" if number < 2 else "well", ki67="40")
    monkeypatch.setattr(views, "LOOKED_AT", 4)
    monkeypatch.setattr(views, "MOST_LISTED", 3)
    client, address, pages = logged_in(charlie), reverse("cases:statement_cases", args=[G3_NET_ONLY]), []
    while address:
        page = client.get(address).content.decode()
        pages.append(re.findall(r"Question \d", page))
        after = re.search(r'href="([^"]+\?after=[^"]+)"', page)
        address = after.group(1) if after else ""
    assert pages == [["Question 6", "Question 5", "Question 4"], ["Question 3", "Question 2"]]


# --- The path


def test_own_lane_is_laid_out_in_verdicts_and_leads_to_options(case: Case, victor: User) -> None:
    page = logged_in(victor).get(reverse("cases:path", args=[case.uid])).content.decode()
    own = re.search(r'<section class="lane on".*?</section>', page, re.S)
    assert own
    assert "G3 NET, metastatic" in text_of(own.group(0))
    assert "Capecitabine and temozolomide (CAPTEM) Acceptable option" in text_of(own.group(0))
    assert reverse("cases:option", args=[case.uid, "captem"]) in own.group(0)
    chips = re.findall(r"<summary>([^<]*)</summary>", page)
    assert "NEC, localized, primary in cervix" in chips
    assert not [name for name in chips if name.startswith("G3 NET, metastatic")]


def test_many_possible_lanes_are_chips(board: Board, alice: User, victor: User) -> None:
    blank = CaseFactory(board=board, created_by=alice)
    page = text_of(logged_in(victor).get(reverse("cases:path", args=[blank.uid])).content.decode())
    assert "May be the case's" in page
    assert "NEC, metastatic, primary in cervix; open: Extent, Primary site" in page


def test_path_is_lit(case: Case, victor: User) -> None:
    page = logged_in(victor).get(reverse("cases:path", args=[case.uid])).content.decode()
    found = re.search(r'<svg class="algorithm.*?</svg>', page, re.S)
    assert found
    picture = ElementTree.fromstring(found.group(0))  # noqa: S314  (our own page)
    states = {
        text.text: node.get("class", "").split()[-1]
        for node in picture.iter("g")
        if "entity" in node.get("class", "")
        for text in node.findall("./a/text")
    }
    assert states["G3 NET"] == "on"
    assert states["NEC"] == "off"
    titles = [title.text or "" for title in picture.iter("title")]
    assert any("still open: " in title and "Line of systemic therapy" in title for title in titles)
    assert AuditEvent.objects.filter(case=case, kind="path", action="read").count() == 1


# --- What if


def what_if(client: Client, case: Case, **data: Any) -> Any:
    """A post with the form as it is shown, changed by `data`."""
    sent = {"line": "45", "line_from": "45", "line_choice": "recorded", **recorded(), **data}
    return client.post(reverse("cases:what_if", args=[case.uid]), sent)


def recorded() -> dict[str, Any]:
    """The fields of the full case."""
    return {
        "differentiation": "well", "primary_site": "pancreas", "extent": "metastatic",
        "metastatic_sites_0": "some", "metastatic_sites_1": ["liver"], "sstr_imaging": "positive",
        "mmr": "proficient", "progressive": "yes",
        # What follows from them:
        "brain_metastasis_count": "0", "liver_dominant": "yes", "under_surveillance": "no",
    }  # fmt: skip


def rows(html: str) -> list[list[str]]:
    """The table that sets today beside what if, cell by cell."""
    table = re.search(r'<table class="list-table beside">.*?</table>', html, re.S)
    assert table
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S) for row in table.group(0).split("<tr")[2:]]
    return [[" ".join(text_of(cell).split()) for cell in row] for row in cells]


def test_nothing_changed_shows_nothing_changed(case: Case, victor: User) -> None:
    html = what_if(logged_in(victor), case).content.decode()
    assert rows(html) == [["Classification", "G3 NET", "the same"]]
    assert "Nothing is changed yet" in html


def test_changed_fact_shows_what_appears_and_disappears(case: Case, victor: User) -> None:
    found = rows(what_if(logged_in(victor), case, differentiation="poor").content.decode())
    assert found[0] == ["Classification", "G3 NET", "NEC"]
    assert ["Differentiation", "Well differentiated", "Poorly differentiated"] in found
    assert any(row[0].startswith("Appears") for row in found)
    etoposide = next(row for row in found if row[0] == "Platinum and etoposide")
    assert etoposide[1] == "Not shown"
    assert etoposide[2].startswith("Recommended , consensus if this is the first line of systemic therapy")
    ssa = next(row for row in found if row[0] == "Somatostatin analog for tumor control")
    assert (ssa[1].split(" ,")[0], ssa[2].split(" ,")[0]) == ("Acceptable option", "Advised against")
    assert any(row[2:] == ["Not shown"] for row in found)


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ({"line": "60"}, "60 %"),
        ({"line": "60", "line_choice": "moved"}, "60 %"),
        ({"line_choice": "unknown"}, "Not known"),
    ],
)
def test_handle_on_the_line(case: Case, victor: User, sent: dict[str, str], shown: str) -> None:
    html = what_if(logged_in(victor), case, **sent).content.decode()
    assert ["Ki-67", "45 %", shown] in rows(html)


def test_new_cautions_and_what_is_not_covered_then_are_named(case: Case, victor: User) -> None:
    html = text_of(what_if(logged_in(victor), case, line="20", mitotic_count="5").content.decode())
    assert "New caution, Classification:" in html
    assert "Not covered then: Not high grade" in html


@pytest.mark.parametrize(
    ("ki67", "mitoses", "size", "at"),
    [
        ("> 20 %", "> 20", "> 3 cm", "60"),
        ("<= 5 %", "< 3", "3-4 cm", "2"),
        ("20-30 %", "20-30", "34 mm", "25"),
    ],
)
def test_what_is_known_within_bounds_stays_as_recorded(
    case: Case, alice: User, ki67: str, mitoses: str, size: str, at: str
) -> None:
    Case.objects.filter(pk=case.pk).update(tumor_size=size)
    case.pathology_reports.update(ki67=ki67, mitoses=mitoses)
    client, page = logged_in(alice), reverse("cases:what_if", args=[case.uid])
    shown = client.get(page).content.decode()
    assert f'id="what_if_line" step="1" value="{at}"' in shown
    assert not re.search(r"\b(inf|nan)\b", re.sub(r"<title>.*?</title>", "", shown), re.IGNORECASE)
    assert "Nothing is changed yet" in client.post(page, form_of(client, page, action=page)).content.decode()
    tried = form_of(client, page, action=page, mitotic_count=">= 7", tumor_size_cm="3.4 x 2.1 cm")
    told = rows(client.post(page, tried).content.decode())
    assert ["Mitoses", "≥ 7 per 2 mm²"] in [row[::2] for row in told]


def test_as_recorded_wins_over_a_handle_that_stands_elsewhere(case: Case, victor: User) -> None:
    html = what_if(logged_in(victor), case, line="60", line_from="60").content.decode()
    assert rows(html) == [["Classification", "G3 NET", "the same"]]


def test_line_has_the_bounds_of_the_guideline(case: Case, victor: User) -> None:
    html = logged_in(victor).get(reverse("cases:what_if", args=[case.uid])).content.decode()
    assert "Ki-67 recorded: 45 %. Thresholds of the guideline: 10, 20, 52, 55, 60 %." in html
    assert re.findall(r'<text class="bound-text"[^>]*>(\d+)</text>', html) == ["10", "20", "52", "55", "60"]


def test_fragment_brings_answer_line_and_announcement(case: Case, victor: User) -> None:
    sent = {"line": "60", "line_from": "45", "line_choice": "recorded", **recorded()}
    response = logged_in(victor).post(reverse("cases:what_if", args=[case.uid]), sent, headers=HTMX)
    html = response.content.decode()
    assert "<html" not in html
    assert re.findall(r'id="(\S+)" hx-swap-oob', html) == ["announcer", "strip", "line-choice"]
    assert 'name="line_from" value="60"' in html
    assert re.search(r'value="moved" id="\S+" checked', html)


def test_suggested_value_can_be_tried(case: Case, victor: User) -> None:
    client = logged_in(victor)
    page = client.get(reverse("cases:what_if", args=[case.uid])).content.decode()
    names = re.findall(r'name="try" value="([a-z_0-9]+):0"', page)
    assert "differentiation" in names
    for name in names[:6]:
        html = what_if(client, case, **{"try": f"{name}:0"}).content.decode()
        assert "Nothing is changed yet" not in html
        assert re.search(r"(Appears|Disappears|Changes) \(", html), name


@pytest.mark.parametrize(
    "tried", ["", "nothing", "zebrafish:0", "extent:99", "extent:-1", "extent:" + "9" * 400, "extent:²"]
)
def test_nonsense_to_try_is_left_out(case: Case, victor: User, tried: str) -> None:
    response = what_if(logged_in(victor), case, **{"try": tried})
    assert response.status_code == 200
    assert "Nothing is changed yet" in response.content.decode()


def test_contradiction_is_named_and_not_counted(case: Case, victor: User) -> None:
    html = what_if(logged_in(victor), case, extent="localized").content.decode()
    assert "Not counted" in html
    assert "Metastatic sites: contradicts extent: localized" in text_of(html)
    assert rows(html) == [["Classification", "G3 NET", "the same"]]


def test_wrong_value_is_named_and_the_rest_counts(case: Case, victor: User) -> None:
    html = what_if(logged_in(victor), case, mitotic_count="many", sstr_imaging="negative").content.decode()
    assert "Mitoses" in html
    assert ["SSTR imaging", "Positive", "Negative"] in rows(html)


def test_what_if_writes_nothing(case: Case, victor: User) -> None:
    client = logged_in(victor)
    client.get(reverse("cases:what_if", args=[case.uid]))  # read; what is tried within a minute is of that
    before = AuditEvent.objects.count(), Case.objects.get(pk=case.pk).version
    with CaptureQueriesContext(connection) as queries:
        what_if(client, case, differentiation="poor", line="60")
    written = [one["sql"] for one in queries if not one["sql"].startswith(("SELECT", "SAVEPOINT", "RELEASE"))]
    assert [sql for sql in written if "django_session" not in sql] == []
    assert (AuditEvent.objects.count(), Case.objects.get(pk=case.pk).version) == before


def test_opening_what_if_is_recorded(case: Case, victor: User) -> None:
    logged_in(victor).get(reverse("cases:what_if", args=[case.uid]))
    assert AuditEvent.objects.filter(case=case, kind="what-if", action="read").count() == 1


@pytest.mark.parametrize("name", ["path", "what_if"])
def test_outsider_sees_nothing(case: Case, charlie: User, name: str) -> None:
    client = logged_in(charlie)
    for response in (
        client.get(reverse(f"cases:{name}", args=[case.uid])),
        client.post(reverse(f"cases:{name}", args=[case.uid]), headers=HTMX),
    ):
        assert response.status_code in (404, 405)
        assert SURNAME.encode() not in response.content
