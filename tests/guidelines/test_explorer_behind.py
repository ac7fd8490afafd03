"""What stands behind a verdict: kind, provisos, presumptions, grounds, the order and its reason; editions."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from guidelines.knowledge import labels
from guidelines.knowledge.releases import current, guideline_at
from guidelines.show.behind import in_order, presumptions, provisos, results
from tests.guidelines.test_explorer import unescaped

pytestmark = pytest.mark.django_db
GUIDELINE = current()
OLD = guideline_at("nanets-hgnen-2023@1.0")


@pytest.fixture
def reader(client: Client, victor: User) -> Client:
    client.force_login(victor)
    return client


def page(reader: Client, name: str, *args: str, **query: str) -> str:
    response = reader.get(reverse(f"guidelines:{name}", args=args), query)
    assert response.status_code == 200
    return unescaped(response.content.decode())


# --- A statement --------------------------------------------------------------------------------------------


def test_what_stands_behind_each_statement(reader: Client) -> None:
    missing = {}
    for statement in GUIDELINE.statements:
        text = page(reader, "statement", statement.id)
        wanted = [
            labels.KINDS[statement.kind],
            *(each[:1].upper() + each[1:] for each in provisos(statement)),
            *presumptions(GUIDELINE, statement),
            in_order(GUIDELINE, statement.intervention).reason,
        ]
        missing[statement.id] = [words for words in wanted if words not in text]
    assert {name: words for name, words in missing.items() if words} == {}


def test_provisos_are_sentences() -> None:
    assert provisos(GUIDELINE.statement("met-nec-platinum-etoposide")) == ("etoposide can be given",)


def test_presumptions_say_value_ground_and_reason(reader: Client) -> None:
    text = page(reader, "statement", "path-expert-review-discrepant")
    assert "Presumed where the tumor is well differentiated, or may be: Rb is retained. A report of" in text
    assert "Taken as stated where the tumor is well differentiated: there is no cell type." in text
    assert "Presumed where the report says G3 and nothing else decides it: the tumor is high grade." in text


def test_grounds_say_which_cases_have_a_fact(reader: Client) -> None:
    text = page(reader, "statement", "met-net-prrt")
    assert "SSTR uptake: asked only where SSTR imaging is positive" in text


def test_conditions_are_sentences_with_their_meaning(reader: Client) -> None:
    text = page(reader, "statement", "met-net-prrt")
    assert "The tumor is a G3 NET, the disease is metastatic, the disease progresses" in text
    assert "That is: the tumor is high grade and either" in text
    assert ": yes" not in text


def test_numbers_lead_to_their_lines(reader: Client) -> None:
    text = page(reader, "statement", "met-nec-platinum-etoposide")
    assert "Lines 1282-1285 of the transcribed text" in text
    assert re.search(r"Overall survival 14 months.*?Lines 1061-1063, 1261-1273", text, re.DOTALL)
    assert re.search(r"Shown if the tumor was a G3 NET before the newest biopsy · lines 264-266", text)


def test_what_the_transcription_misprints_is_said(reader: Client) -> None:
    misprinted = next(one for one in GUIDELINE.studies.values() if one.ocr and one.questions)
    given, printed = next(iter(misprinted.ocr.items()))
    assert f"“{printed}” for {given}" in page(reader, "question", misprinted.questions[0])


# --- An intervention ----------------------------------------------------------------------------------------


def test_every_intervention_lists_its_statements_in_order(reader: Client) -> None:
    listed, in_their_order, without_lines = {}, {}, []
    for code in GUIDELINE.interventions:
        text = page(reader, "intervention", code)
        listed[code] = re.findall(r'href="/guideline/statements/([^/"]+)/"', text)
        in_their_order[code] = [one.id for one in in_order(GUIDELINE, code).statements]
        own = [one for one in GUIDELINE.statements if one.intervention == code]
        assert set(in_their_order[code]) == {one.id for one in own}
        without_lines += [one.id for one in own if one.source.lines not in text]
    assert listed == in_their_order
    assert without_lines == []


def test_the_order_has_parts_and_a_reason(reader: Client) -> None:
    order = in_order(GUIDELINE, "fdg_pet")
    assert [re.split("[:,]", part.words)[0] for part in order.parts] == [
        "First",
        "By voice",
        "Last",
        "Principles",
    ]
    text = page(reader, "intervention", "fdg_pet")
    places = [text.index(words) for words in (order.reason, *(part.words for part in order.parts))]
    assert places == sorted(places)


def test_when_a_test_is_done_and_what_is_meant_together(reader: Client) -> None:
    assert results(GUIDELINE, "differentiation_ihc") == ("p53 and Rb known",)
    assert "Done once p53 and Rb known." in page(reader, "intervention", "differentiation_ihc")
    text = page(reader, "intervention", "captem")
    assert "A question about it also means: Temozolomide-based therapy." in text


# --- Editions -----------------------------------------------------------------------------------------------


def test_a_page_stays_in_its_edition(reader: Client) -> None:
    for name, args in (("index", ()), ("names", ()), ("tables", ()), ("intervention", ("fdg_pet",))):
        text = page(reader, name, *args, edition="1.0")
        links = re.findall(r'<a href="(/guideline/[^"]*)"', text[text.index('<div class="leaf">') :])
        inner = [link for link in links if "edition=1.0" not in link]
        assert inner == [reverse(f"guidelines:{name}", args=args)], name  # the way to the current one
        assert "This is edition 1.0." in text
    assert '<input type="hidden" name="edition" value="1.0">' in page(reader, "index", edition="1.0")


def test_an_edition_is_chosen_beside_the_page(reader: Client) -> None:
    shared = next(one.id for one in GUIDELINE.statements if any(old.id == one.id for old in OLD.statements))
    address = reverse("guidelines:statement", args=[shared])
    assert f'<a href="{address}?edition=1.0">1.0</a>' in page(reader, "statement", shared)
    new = next(one.id for one in GUIDELINE.statements if all(old.id != one.id for old in OLD.statements))
    assert '<a href="/guideline/?edition=1.0">1.0</a>' in page(reader, "statement", new)


def test_an_edition_without_orders_tells_no_kinds_apart(reader: Client) -> None:
    statement = OLD.statements[0]
    text = page(reader, "statement", statement.id, edition="1.0")
    assert '<p class="overline">Pathology' in text
    assert in_order(OLD, statement.intervention).reason == ""
    assert '<select name="kind">' not in page(reader, "index", edition="1.0")
    assert '<select name="kind">' in page(reader, "index")


def test_no_such_edition_and_nothing_of_another(reader: Client) -> None:
    assert reader.get(reverse("guidelines:index"), {"edition": "9.9"}).status_code == 404
    new = next(code for code in GUIDELINE.interventions if code not in OLD.interventions)
    assert reader.get(reverse("guidelines:intervention", args=[new]), {"edition": "1.0"}).status_code == 404
