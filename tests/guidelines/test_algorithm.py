"""The algorithm: what it holds, how a case goes through it, and how it is drawn."""

import re
from xml.etree import ElementTree

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from guidelines.answer.assessment import assess
from guidelines.engine.reach import reach_of
from guidelines.knowledge.labels import TREATMENT_TOPICS
from guidelines.knowledge.releases import current
from guidelines.show.algorithm import EVERY, STAGES, tree_of
from guidelines.show.drawing import Node, draw
from guidelines.show.outline import Item, outline
from guidelines.show.path import OFF, ON, OPEN, Path
from guidelines.vocabulary.parsing import parse_facts

GUIDELINE = current()
TREE = tree_of(GUIDELINE)
BRANCHES = [branch for entity in TREE.entities for branch in entity.branches]
G3_NET = {
    "differentiation": "well", "ki67": 45, "primary_site": "pancreas", "extent": "metastatic",
    "metastatic_sites": ["liver"], "treatment_line": 1,
}  # fmt: skip


def path(**raw: object) -> dict[str, str]:
    lights = Path(GUIDELINE, TREE, parse_facts(raw)).lights
    return {node: light.status for node, light in lights.items()}


def test_entities_and_their_branches() -> None:
    found = {
        one.code: [(branch.extent, branch.site_label) for branch in one.branches] for one in TREE.entities
    }
    digestive = "the bowel, another gastrointestinal site, the pancreas"
    assert found == {
        "g3_net": [("localized", digestive), ("metastatic", "")],
        "nec": [
            ("localized", digestive),
            ("localized", "Cervix"),
            ("metastatic", f"{digestive}, unknown primary"),
            ("metastatic", "Cervix"),
        ],
        "indeterminate": [("", "")],
        "not_high_grade": [("", "")],
    }


def test_every_treatment_statement_is_drawn() -> None:
    drawn = {one.id for branch in BRANCHES for box in branch.boxes for one in box.statements}
    settings = {setting for stage in STAGES for extent in EVERY for setting in stage.settings[extent]}
    wanted = {
        one.id for one in GUIDELINE.statements if one.topic in TREATMENT_TOPICS and one.setting in settings
    }
    assert wanted - drawn == set()


def test_no_statement_is_drawn_where_it_cannot_hold() -> None:
    for branch in BRANCHES:
        for box in branch.boxes:
            for one in box.statements:
                reach = reach_of(GUIDELINE)[one.id]
                assert branch.entity in reach.entities
                assert not branch.extent or branch.extent in reach.extents


def test_case_lights_its_own_branch() -> None:
    lit = path(**G3_NET)
    assert [lit[one.code] for one in TREE.entities] == [ON, OFF, OFF, OFF]
    assert [lit[branch.id] for branch in TREE.entities[0].branches] == [OFF, ON]
    assert {lit[branch.id] for branch in TREE.entities[1].branches} == {OFF}


def test_open_nodes_name_the_fact_that_decides() -> None:
    lights = Path(GUIDELINE, TREE, parse_facts({"differentiation": "poor", "primary_site": "colon"})).lights
    branches = {branch.id: lights[branch.id] for branch in TREE.entities[1].branches}
    assert {one.status for key, one in branches.items() if "cervix" not in key} == {OPEN}
    assert {one.deciding for one in branches.values() if one.status == OPEN} == {("Extent",)}
    assert {one.status for key, one in branches.items() if "cervix" in key} == {OFF}


def test_case_shows_only_the_stances_that_stand_for_it() -> None:
    """Resection of a localized NEC is spoken of three times; that the disease has not progressed is one."""
    known = {"differentiation": "poor", "extent": "localized", "primary_site": "colon", "resected": False}
    known |= {"prior_regimens": ["platinum_etoposide"]}
    found = {}
    for response in ("stable", "progression"):
        facts = parse_facts({**known, "response": response})
        picture = draw(TREE, Path(GUIDELINE, TREE, facts).lights)
        rows = [row for node in picture.nodes for row in node.rows if row.title.startswith("Resection:")]
        found[response] = {mark.stance for row in rows if row.status == ON for mark in row.marks}
    assert found == {
        "stable": {"no_consensus", "consider", "recommended"},
        "progression": {"no_consensus", "recommended"},
    }


def test_nothing_known_leaves_every_branch_open() -> None:
    lit = path()
    assert {lit[branch.id] for branch in BRANCHES} == {OPEN}


@pytest.mark.parametrize(
    "raw",
    [
        {},
        G3_NET,
        {"differentiation": "poor", "extent": "localized", "primary_site": "cervix", "figo_stage": "IB1"},
        {"differentiation": "poor", "extent": "metastatic", "primary_site": "stomach", "treatment_line": 2},
        {"differentiation": "indeterminate", "ki67": 60},
        {"differentiation": "well", "ki67": 10, "mitotic_count": 2},
    ],
)
def test_lights_agree_with_the_assessment(raw: dict[str, object]) -> None:
    """A lit entry holds a statement that applies; one that is off, in a branch that is not, none at all."""
    facts = parse_facts(raw)
    status = {one.id: one.status for one in assess(GUIDELINE, facts).recommendations}
    lit = path(**raw)
    for branch in BRANCHES:
        for box in branch.boxes:
            for entry in box.entries:
                found = {status.get(one.id, "excluded") for one in entry.statements}
                light = lit[f"{box.id}/{entry.intervention}"]
                if light == ON:
                    assert "applies" in found
                elif light == OFF and lit[branch.id] != OFF:
                    assert found == {"excluded"}


CERVIX = {"differentiation": "poor", "extent": "localized", "primary_site": "cervix", "resected": True}


@pytest.mark.parametrize("raw", [G3_NET, CERVIX, {**CERVIX, "extent": "metastatic"}])
def test_everything_lit_is_drawn_lit(raw: dict[str, object]) -> None:
    """Also in boxes that two branches share while neither is the case's own."""
    lights = Path(GUIDELINE, TREE, parse_facts(raw)).lights
    drawn = [row.status for node in draw(TREE, lights).nodes for row in node.rows if node.kind == "stage"]
    lit = [light.status for node, light in lights.items() if "/" in node]
    assert lit.count(ON) > 0
    assert drawn.count(ON) == lit.count(ON)


# --- The drawing


def boxes_of(nodes: tuple[Node, ...]) -> list[Node]:
    return [one for one in nodes if one.kind != "note"]


@pytest.mark.parametrize("raw", [None, {}, G3_NET, CERVIX])
def test_drawing_keeps_words_inside_and_boxes_apart(raw: dict[str, object] | None) -> None:
    lights = None if raw is None else Path(GUIDELINE, TREE, parse_facts(raw)).lights
    picture = draw(TREE, lights)
    nodes = boxes_of(picture.nodes)
    for node in nodes:
        assert node.x >= 0
        assert node.x + node.width <= picture.width
        assert node.y + node.height <= picture.height
        for text in (*node.texts, *node.notes, *(text for row in node.rows for text in row.texts)):
            assert node.x < text.x < node.x + node.width
            assert node.y < text.y <= node.y + node.height, f"{text.text} leaves its box"
    for index, one in enumerate(nodes):
        for other in nodes[index + 1 :]:
            apart = (
                one.x + one.width <= other.x or other.x + other.width <= one.x
                or one.y + one.height <= other.y or other.y + other.height <= one.y
            )  # fmt: skip
            assert apart, f"{one.title} lies over {other.title}"


def test_drawing_has_the_shape_of_a_landscape_page() -> None:
    picture = draw(TREE)
    assert 1.15 < picture.width / picture.height < 1.7


def test_names_are_broken_into_lines_and_never_cut() -> None:
    drawn = {
        " ".join(text.text for text in row.texts)
        for node in draw(TREE).nodes
        if node.kind == "stage"
        for row in node.rows
    }
    labels = {entry.label for branch in BRANCHES for box in branch.boxes for entry in box.entries}
    assert {name.replace("- ", "-") for name in drawn} == {name.replace("- ", "-") for name in labels}


@pytest.mark.django_db
def test_picture_is_made_of_links_and_text(client: Client, victor: User) -> None:
    client.force_login(victor)
    page = client.get(reverse("guidelines:algorithm")).content.decode()
    found = re.search(r'<svg class="algorithm.*?</svg>', page, re.S)
    assert found
    picture = ElementTree.fromstring(found.group(0))  # noqa: S314  (our own page)
    links = picture.findall(".//a")
    picked = draw(TREE)
    assert len(links) == sum(1 + len(node.rows) for node in boxes_of(picked.nodes))
    assert all(link.find("title") is not None and link.find("title").text for link in links)  # type: ignore[union-attr]
    assert all(link.get("href", "").startswith("/guideline/") for link in links)
    assert not [one for one in picture.iter() if "style" in one.attrib]
    assert not picture.findall(".//foreignObject")
    for address in sorted({link.get("href", "") for link in links})[::7]:
        response = client.get(address)
        assert response.status_code == 200
        assert "No statement fits" not in response.content.decode(), address


# --- The same as a list, for narrow screens


def flat(items: tuple[Item, ...]) -> list[Item]:
    return [one for item in items for one in (item, *flat(item.items))]


def test_list_holds_what_the_picture_holds() -> None:
    listed = [one for one in flat(outline(TREE)) if one.stances]
    drawn = [entry for branch in BRANCHES for box in branch.boxes for entry in box.entries]
    assert [(one.label, one.statement) for one in listed] == [
        (entry.label, entry.statements[0].id if len(entry.statements) == 1 else "") for entry in drawn
    ]


def test_list_of_a_case_leaves_out_what_is_off_its_path() -> None:
    lights = Path(GUIDELINE, TREE, parse_facts(G3_NET)).lights
    listed = outline(TREE, lights)
    assert [one.label for one in listed] == ["G3 NET"]
    assert [one.label for one in listed[0].items] == ["Metastatic"]
    words = [one.words for one in flat(listed)]
    assert not [one for one in words if "not on" in one]
    assert any("still open: " in one for one in words)
    assert any(one.endswith("on the case's path") for one in words)
