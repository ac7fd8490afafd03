"""The guideline's pages, by real requests."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from guidelines.engine.reach import reach_of
from guidelines.knowledge import labels
from guidelines.knowledge.model import Statement
from guidelines.knowledge.releases import current
from guidelines.knowledge.source import Figure, Study
from guidelines.show.evidence import Dot, plots, studies_on
from guidelines.urls import urlpatterns
from guidelines.verification import Check, Report, checks_of
from guidelines.verification.kept import keep
from guidelines.views.dotplot import WIDTH, drawn

pytestmark = pytest.mark.django_db
GUIDELINE = current()


@pytest.fixture
def reader(client: Client, victor: User) -> Client:
    client.force_login(victor)
    return client


def page(reader: Client, name: str, *args: str, **query: str) -> str:
    response = reader.get(reverse(f"guidelines:{name}", args=args), query)
    assert response.status_code == 200
    return response.content.decode()


FILLED = {
    "statement_id": GUIDELINE.statements[0].id,
    "slug": "table-1",
    "code": "nec-first-line",
    "intervention": "captem",
    "address": GUIDELINE.address,
}
ADDRESSES = [
    reverse(f"guidelines:{one.name}", kwargs={key: FILLED[key] for key in one.pattern.converters})
    for one in urlpatterns
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_pages_need_a_log_in(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("address", ADDRESSES)
def test_pages_only_read(reader: Client, address: str) -> None:
    assert reader.post(address).status_code == 405


@pytest.mark.parametrize("address", ADDRESSES)
def test_pages_ask_the_database_for_nothing_but_the_reader(
    reader: Client, address: str, django_assert_max_num_queries: object
) -> None:
    reader.get(address)
    with django_assert_max_num_queries(4):  # type: ignore[operator]  # session, person, session's new end
        assert reader.get(address).status_code == 200


def test_list_shows_every_statement_under_its_section(reader: Client) -> None:
    text = page(reader, "index")
    found = re.findall(r'href="/guideline/statements/([^/"]+)/"', text)
    assert sorted(found) == sorted(one.id for one in GUIDELINE.statements)
    headings = re.findall(r'<h2 id="section-([^"]+)"', text)
    encoded = {one.source.section.id for one in GUIDELINE.statements}
    assert headings == [one for one in GUIDELINE.sections if one in encoded]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("kind", "schedule"),
        ("topic", "surgery"),
        ("stance", "no_consensus"),
        ("agreement", "majority"),
        ("setting", "later_line"),
        ("intervention", "resection"),
    ],
)
def test_filters(reader: Client, name: str, value: str) -> None:
    text = page(reader, "index", **{name: value})
    expected = [one.id for one in GUIDELINE.statements if getattr(one, name) == value]
    assert sorted(re.findall(r'href="/guideline/statements/([^/"]+)/"', text)) == sorted(expected)
    assert f"{len(expected)} of {len(GUIDELINE.statements)} statements" in text


def test_filters_by_place_and_reach(reader: Client) -> None:
    asked = {"section": "table-3", "entity": "nec", "extent": "metastatic"}
    reach = reach_of(GUIDELINE)
    expected = [
        one.id
        for one in GUIDELINE.statements
        if one.source.section.id == "table-3" and "nec" in reach[one.id].entities
    ]
    text = page(reader, "index", **asked)
    assert sorted(re.findall(r'href="/guideline/statements/([^/"]+)/"', text)) == sorted(expected)
    assert '<option value="table-3" selected>' in text


def test_nothing_found_says_what_to_do(reader: Client) -> None:
    text = page(reader, "index", q="zebrafish")
    assert "No statement fits" in text


@pytest.mark.parametrize("words", ["<script>alert(1)</script>", "{{ 7*7 }}", "🦓 \u202e", "x" * 5000])
def test_search_words_are_shown_as_text(reader: Client, words: str) -> None:
    text = page(reader, "index", q=words)
    assert "<script>alert" not in text
    assert 'value="49"' not in text


def test_unknown_filter_values_find_nothing(reader: Client) -> None:
    assert "No statement fits" in page(reader, "index", stance="nonsense")


def test_statement_page_holds_everything(reader: Client) -> None:
    for one in GUIDELINE.statements:
        text = unescaped(page(reader, "statement", one.id))
        assert [words for words in what_is_known_of(one) if words not in text] == [], one.id


def what_is_known_of(one: Statement) -> list[str]:
    return [
        one.statement,
        one.label,
        labels.STANCES[one.stance],
        labels.AGREEMENTS[one.agreement],
        labels.AGREEMENT_MEANINGS[one.agreement],
        " › ".join(one.source.section.path),
        one.source.lines,
        *(caution.text for caution in one.cautions),
        *(study.finding for study in one.studies),
        *(f"Lines {study.lines}" for study in one.studies),
        *one.trials,
        *([one.schedule.text] if one.schedule else []),
        *(reading.title for reading in GUIDELINE.readings if reading.number in one.readings),
        reverse("cases:statement_cases", args=[one.id]),
    ]


def unescaped(text: str) -> str:
    return text.replace("&#x27;", "'").replace("&quot;", '"').replace("&lt;", "<").replace("&amp;", "&")


def test_unknown_statement_section_and_question(reader: Client) -> None:
    for name in ("statement", "table", "table_csv", "question", "intervention"):
        assert reader.get(reverse(f"guidelines:{name}", args=["no-such"])).status_code == 404


def test_index_of_names_lists_every_drug_and_procedure_in_use(reader: Client) -> None:
    text = unescaped(page(reader, "names"))
    used = {one.label for one in GUIDELINE.statements}
    assert sorted(re.findall(r"<dt><a [^>]*>(.*?)</a></dt>", text)) == sorted(used)


def test_trials_page_names_every_trial_and_the_caution(reader: Client) -> None:
    text = unescaped(page(reader, "trials"))
    assert [trial.nct for trial in GUIDELINE.trials if trial.nct not in text] == []
    assert "dates from 2023" in text


def test_version_page(reader: Client) -> None:
    text = unescaped(page(reader, "version"))
    facts = [GUIDELINE.id, GUIDELINE.version, GUIDELINE.digest, GUIDELINE.panel_met, "22-Nov-2026"]
    facts += [reading.title for reading in GUIDELINE.readings]
    facts += [section.directs_nothing for section in GUIDELINE.sections.values()]
    assert [words for words in facts if words not in text] == []


REPORT = Report((Check("Sound", True, ("fine & well",), 0.1), Check("Broken", False, ("met-x: wrong",), 0.2)))


def test_verification_page_shows_the_kept_report_and_its_age(
    reader: Client, settings: Any, tmp_path: Path
) -> None:
    settings.GUIDELINE_REPORTS = tmp_path
    keep(tmp_path, GUIDELINE, REPORT, timezone.now() - timedelta(hours=5))
    text = unescaped(page(reader, "verification"))
    said = ("Not every check passed", "5\xa0hours ago", "Sound", "fine & well", "Broken", "met-x: wrong")
    assert [words for words in said if words not in text] == []
    assert f"Not part of this report: {', '.join(checks_of(GUIDELINE))}." in text
    assert "5\xa0hours ago" in unescaped(page(reader, "version"))
    assert "Not proven on this machine yet" in page(reader, "verification", edition="1.0")


def test_verification_page_says_how_to_have_it_proven(reader: Client, settings: Any, tmp_path: Path) -> None:
    settings.GUIDELINE_REPORTS = tmp_path / "none"
    for name in ("verification", "version"):
        text = page(reader, name)
        assert "Not proven on this machine yet" in text
        assert f"python manage.py verify_guideline --guideline {GUIDELINE.address}" in text


def test_evidence_page_draws_each_figure_once_and_lists_it_in_the_table(reader: Client) -> None:
    text = page(reader, "question", "nec-first-line")
    studies = [one for one in GUIDELINE.studies.values() if "nec-first-line" in one.questions]
    plotted = [
        figure
        for one in studies
        for figure in one.figures
        if figure.measure in ("response_rate", "pfs", "os")
    ]
    dots = sum(figure.high is None for figure in plotted)
    assert text.count('class="dot"') == dots
    assert text.count('class="range"') == len(plotted) - dots
    assert all(f"{one.name}<span" in unescaped(text) for one in studies)


@pytest.mark.parametrize("code", GUIDELINE.questions)
def test_every_question_has_a_page(reader: Client, code: str) -> None:
    text = unescaped(page(reader, "question", code))
    named = [one.name for one in GUIDELINE.studies.values() if code in one.questions]
    assert [name for name in named if name not in text] == []


@pytest.mark.parametrize(
    ("arm", "arm_n", "study_n", "expected"),
    [
        ("A", 12, 30, "n = 12"),
        ("A", None, 30, "study n = 30"),
        ("", None, 30, "n = 30"),
        ("A", None, None, ""),
    ],
)
def test_size_of_a_figure_is_never_lent(
    arm: str, arm_n: int | None, study_n: int | None, expected: str
) -> None:
    study = Study("s", "S", (), "not stated", "", study_n)
    assert Dot(study, Figure("pfs", "months", 5, arm=arm, n=arm_n), 0.5, None).size == expected


def test_ranges_stay_ranges_and_numbers_stay_numbers() -> None:
    study = Study("s", "S", (), "", "", 9, (Figure("pfs", "months", 4, 8), Figure("pfs", "months", 6)))
    (plot,) = plots((study,))
    assert [(dot.words, dot.x2 is not None) for dot in plot.dots] == [
        ("4–8 months", True),
        ("6 months", False),
    ]
    assert plot.ticks[0] == ("0", 0.0)
    assert all(0 <= share <= 1 for _, share in plot.ticks)


@pytest.mark.parametrize("code", GUIDELINE.questions)
def test_every_figure_lies_on_its_axis(code: str) -> None:
    for plot in plots(studies_on(GUIDELINE, code)):
        for mark in drawn(plot).marks:
            assert 0 < mark.x < (mark.x2 or WIDTH) <= WIDTH
            assert mark.dot.figure.unit == plot.unit
