"""Numbers and citations are found in clean text and in text as character recognition leaves it."""

from decimal import InvalidOperation
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from guidelines.knowledge.releases import current
from guidelines.management.commands import guideline as guideline_command
from guidelines.verification.numbers import canonical, flat, not_in, numbers_in
from guidelines.verification.trace import (
    FILE,
    cite,
    cites_in,
    inside,
    ranges_of,
    read_trace,
    speaks_for,
    stretches,
    text_of,
    trace,
    write_trace,
)
from guidelines.vocabulary.yamlfile import ContentError


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        # digits
        ("nothing here", ""),
        ("12.5 months with EP, HR 1.042, P=0.797", "12.5 1.042 0.797"),
        ("1,234 patients, 93 and 90 of them", "1234 93 90"),
        ("2017, 2018 and 300/year", "2017 2018 300"),
        ("55–60 %", "55 60"),
        ("4-6 cycles, 20.6−51.3", "4 6 20.6 51.3"),
        ("4.0 cm is 4 cm, 3.50 is 3.5", "4 3.5"),
        ("P < .05 and 0.05", "0.05"),
        ("It ended.2", "2"),
        ("grade 3/4 toxicity", "3 4"),
        ("(n=12), <4, >5, ≥20%", "12 4 5 20"),
        ("90:1", "90 1"),
        ("007", "7"),
        ("a 5-year survival, 1year, 2nd to 3rd", "5 1 2 3"),
        # words
        ("Six cycles, four to six, Twenty-one, thirty two", "6 4 21 32"),
        ("zero responses in nineteen, ninety or forty-five", "0 19 90 45"),
        ("a dozen, two dozen, half a dozen", "12 24 6"),
        ("a hundred, five hundred, two thousand", "100 500 2000"),
        ("twice as long, a threefold rise, thrice", "2 3"),
        ("half of the patients, one-half, two halves", "1/2 1"),
        ("a quarter, one quarter, three-quarters, up to one-\nquarter", "1/4 3/4"),
        ("a third of the cohort, One-third, two thirds", "1/3 2/3"),
        ("a fifth of them, about one tenth", "1/5 1/10"),
        ("three and a half years, 2 and a half", "3.5 2.5"),
        ("someone, often, tenth, weight, alone, network", ""),
        # ordinals, roman numerals and names
        ("the first, second or third line; third-line; a third line", ""),
        ("stage I–IV, phase II and III, FIGO IVA", ""),
        ("Ki-67 above 20 %, Ki 67, aKi-67 of >55%", "20 55"),
        ("G1, G3 NET, G1/G2, G2/3, G1 or G2, metastaticG3NENwho", ""),
        ("PD-1, PD-L1, CTLA-4, anti-PD-1, p53, INSM1, SSTR2A, CXCR4, MLH1", ""),
        ("CAM5.2, CAMS.2, AE1/AE3, V600E, V60OE, TP53, 7P53, islet 1", ""),
        ("NCT05040360, EA2142, JCOG1213, KEYNOTE-158, NETTER-2, NET-02, SWOG 2104, PRODIGE 41", ""),
        ("177Lu-DOTATATE, 68Ga, 64Cu, 8F-FDG, 5-FU, 5-HIAA, S5-fluorouracil", ""),
        ("IA1–IB2, IB3-IIA2, 1A1-1B2, I1A2, I11A2, IB3-1VA", ""),
        ("JS001, JSO01, JSOO1", ""),
        # as recognized
        ("ratesrangedfrom47to 52%by RECIST", "47 52"),
        ("rate of44% for NECwith", "44"),
        ("PFS8.6 and OS44%", "8.6 44"),
        ("0f 90:1", "90 1"),
        ("20 per 2 mm?2", "20 2"),
        ("etoposide (rwo cycles)", "2"),
        ("6-\nmonth survival of 53\n%", "6 53"),
        ("O to 38%", "38"),
    ],
)
def test_numbers_are_found(text: str, numbers: str) -> None:
    assert numbers_in(text) == set(numbers.split())


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (20.0, "20"),
        (0.31, "0.31"),
        (16.982, "16.982"),
        (0, "0"),
        (100, "100"),
        ("1,234", "1234"),
        ("007", "7"),
        ("-0.0", "0"),
    ],
)
def test_a_number_is_written_in_one_way(value: float | str, written: str) -> None:
    assert canonical(value) == written
    assert numbers_in(f"of {value}") == {written}


def test_a_word_is_no_figure() -> None:
    with pytest.raises(InvalidOperation):
        canonical("six")


@pytest.mark.parametrize(
    ("text", "source", "ocr", "missing"),
    [
        ("six cycles", "4-6 cycles", {}, ""),
        ("eight cycles", "six cycles", {}, "8"),
        ("15.2 months", "12.5 months", {}, "15.2"),
        ("3 months", "in G3 NET", {}, "3"),
        ("25 %", "a quarter", {}, "25"),
        ("0 to 38 %", "ranging from O to 38%", {}, "0"),
        ("0 to 38 %", "ranging from O to\n38%", {"0": "O to 38%"}, ""),
        ("0 to 38 %", "ranging up to 38%", {"0": "O to 38%"}, "0"),
        ("five years", "an improved S5-year survival", {}, "5"),
        ("five years", "an improved S5-year survival", {"5": "S5-year"}, ""),
        # what is excused is the number, not one in a name
        ("in 2023", "Carbonaro et al. 20Z3", {"Carbonero 2023": "Carbonaro et al. 20Z3"}, "2023"),
    ],
)
def test_what_the_source_does_not_print_is_told(
    text: str, source: str, ocr: dict[str, str], missing: str
) -> None:
    assert not_in(text, source, ocr) == set(missing.split())
    passage = trace(source, [f"1-{source.count(chr(10)) + 1}"]).popitem()[1]
    if all(flat(damaged) in flat(source) for damaged in ocr.values()):
        assert passage.lacks(text, ocr) == set(missing.split())


@pytest.mark.parametrize(
    ("text", "cites"),
    [
        ("(Sorbye et al. 2013, Walter et al. 2017)", "Sorbye 2013; Walter 2017"),
        ("(Dasari et al.\n2017, 2018, 2022)", "Dasari 2017; Dasari 2018; Dasari 2022"),
        (
            "(Pavel & de Herder 2017, Pavel et al.\n2017)",
            "Pavel & de Herder 2017; Pavel 2017",
        ),
        (
            "(Garcia-\nCarbonero et al. 2016, de\nMestier et al. 2021)",
            "Garcia-Carbonero 2016; de Mestier 2021",
        ),
        ("(Tang et al. 2016a) and (Bellizzi 2020b)", "Tang 2016a; Bellizzi 2020b"),
        (
            "(Metovicetal. 2022, Duetal. 2015, George ef al. 2018, Mitry etal. 1999)",
            "Metovic 2022; Du 2015; George 2018; Mitry 1999",
        ),
        ("(World Health Organization\n2019)", "World Health Organization 2019"),
        ("in 1999 (n=12) or (95% CI: 20.6-51.3), (2023) 30, (NCT05058651), WHO 2017 criteria", ""),
        (
            "Essen et al. 2014), but (Feng et al. 2014,\nUtsumi et al. 2015",
            "Essen 2014; Feng 2014; Utsumi 2015",
        ),
        ("(NCCN) (Shah et al. 2021), the ESMO (Pavel et al. 2020)", "Shah 2021; Pavel 2020"),
        ("(Zhang et al. 2018a; Zhang et al. 2018b)", "Zhang 2018a; Zhang 2018b"),
    ],
)
def test_works_cited_are_found(text: str, cites: str) -> None:
    assert cites_in(text) == set(filter(None, cites.split("; ")))


@pytest.mark.parametrize(
    ("reference", "written"),
    [
        (("sorbye-2013", "Sorbye et al.", 2013), "Sorbye 2013"),
        (("tang-2016a", "Tang et al.", 2016), "Tang 2016a"),
        (("pavel-de-herder-2017", "Pavel and de Herder", 2017), "Pavel & de Herder 2017"),
        (("nakakura-2018", "Nakakura", 2018), "Nakakura 2018"),
    ],
)
def test_a_reference_is_written_as_it_is_cited(reference: tuple[str, str, int], written: str) -> None:
    assert cite(*reference) == written


def test_lines() -> None:
    assert stretches("3-5, 7, 9-10") == ((3, 5), (7, 7), (9, 10))
    assert inside("4-5", "3-6")
    assert inside("4, 9-10", "3-5, 8-12")
    assert not inside("4-7", "3-5, 6-8")
    assert not inside("2-4", "3-8")
    assert text_of("a\nb\n\x0cc\nd", "1, 3-4") == "a\n\x0cc\nd"


@pytest.mark.parametrize("lines", ["", "5-3", "0-2", "a", "3-5, 5-6", "7, 3", "3–5", "1-2-3"])
def test_lines_that_are_none(lines: str) -> None:
    with pytest.raises(ValueError, match="lines"):
        stretches(lines)


def test_a_summary_speaks_for_what_it_sums_up() -> None:
    summary = ("Metastatic", "Somatostatin analogs", "Summary of recommendations")
    assert speaks_for(summary, summary)
    assert speaks_for(summary, summary[:2])
    assert speaks_for(summary, (*summary[:2], "A part"))
    assert not speaks_for(summary, ("Metastatic", "Imaging"))
    assert not speaks_for(summary[:2], summary)


def test_a_table_speaks_for_what_introduces_it() -> None:
    chapter = ("Initial assessment",)
    assert speaks_for((*chapter, "Table 1"), chapter)
    assert speaks_for((*chapter, "Table 1"), (*chapter, "A part"))
    assert not speaks_for((*chapter, "Table of contents"), chapter)
    assert not speaks_for((*chapter, "Table 1"), ("Imaging",))


def test_trials_are_found() -> None:
    (passage,) = trace("SWOG (NCT05058651) and NEONEC\n(NCT04268121), NCT123", ["1-2"]).values()
    assert passage.trials == {"NCT05058651", "NCT04268121"}


SOURCE = "one\nsix cycles\nO to 38% (Liu et al.\n2021)\nlast\n"
RELEASE = {
    "statements/01-first.yaml": """
- id: first
  source: {section: here, lines: 1-2}
  cautions: ["always", {text: "at 38 %", lines: "3"}]
""",
    "studies.yaml": """
- {id: liu-2021, lines: "3-4", ocr: {"0": "O to 38%"}}
""",
    "trials.yaml": """
- {nct: NCT00000001, source: {section: here, lines: 2-3}}
""",
    "sections.yaml": "- {id: here, lines: 1-5}\n",
    "questions.yaml": "lines: 1-2\nother: nothing\n",
}


def release(folder: Path, **changed: str) -> tuple[Path, Path]:
    """A small release with its source; `changed`: file, without its ending → content."""
    (folder / "r/statements").mkdir(parents=True)
    for name, content in RELEASE.items():
        (folder / "r" / name).write_text(changed.get(name.removesuffix(".yaml"), content))
    (folder / "source.txt").write_text(SOURCE)
    return folder / "r", folder / "source.txt"


def test_a_trace_is_written_and_read(tmp_path: Path) -> None:
    folder, source = release(tmp_path)
    write_trace(folder, source)
    found = read_trace(folder)
    assert found == trace(SOURCE, ranges_of(folder))
    assert list(found) == ["1-2", "1-5", "2-3", "3", "3-4"]
    assert found["3-4"].numbers == {"38", "2021"}
    assert found["3-4"].cited("Liu 2021")
    assert not found["1-2"].cited("Liu 2021")
    assert found["1-2"].cited("Liu 2021", {"Liu 2021": "six"})
    assert found["3-4"].lacks("0 to 39 %", {"0": "O to 38%"}) == {"39"}
    assert "cycles" not in (folder / FILE).read_text()
    before = (folder / FILE).read_bytes()
    write_trace(folder, source)
    assert (folder / FILE).read_bytes() == before


def test_a_changed_source_is_seen(tmp_path: Path) -> None:
    folder, _ = release(tmp_path)
    before, after = (trace(text, ranges_of(folder)) for text in (SOURCE, SOURCE.replace("cycles", "cycle")))
    assert [lines for lines in before if before[lines] != after[lines]] == ["1-2", "1-5", "2-3"]


@pytest.mark.parametrize(
    ("studies", "told"),
    [
        ('- {id: far, lines: "3-40"}', "studies.yaml: far: lines: '3-40': the source has 6 lines"),
        (
            '- {id: odd, lines: "4-3"}',
            "studies.yaml: odd: lines: '4-3': the lines are not in ascending order",
        ),
        (
            '- {id: ocr, lines: "1-2", ocr: {"0": "O to 38%"}}',
            "studies.yaml: ocr: ocr: 'O to 38%', for 0, does not stand in its lines",
        ),
    ],
)
def test_a_trace_is_not_made_of_wrong_lines(tmp_path: Path, studies: str, told: str) -> None:
    folder, source = release(tmp_path, studies=studies)
    with pytest.raises(ContentError) as caught:
        write_trace(folder, source)
    assert str(caught.value) == told
    assert not (folder / FILE).exists()


@pytest.fixture
def own_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """A small release in the place of the current edition, and its source."""
    folder, source = release(tmp_path)
    edition = tmp_path / current().id / current().edition
    edition.parent.mkdir()
    folder.rename(edition)
    monkeypatch.setattr(guideline_command, "RELEASES", tmp_path)
    return edition, source


def traced_by(*arguments: str) -> str:
    out = StringIO()
    call_command("guideline", "trace", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_writes_the_trace_and_tells_what_changed(own_release: tuple[Path, Path]) -> None:
    folder, source = own_release
    assert "5 stretches of lines, 5 of them new, 0 with another text" in traced_by(str(source))
    assert read_trace(folder) == trace(SOURCE, ranges_of(folder))
    source.write_text(SOURCE.replace("cycles", "cycle"))
    told = traced_by(str(source))
    assert "0 of them new, 3 with another text than before" in told
    assert "Another text: 1-2; 1-5; 2-3." in told


def test_the_command_refuses_what_it_cannot_trace(own_release: tuple[Path, Path]) -> None:
    folder, source = own_release
    source.write_text("one\n")
    for arguments in ([str(source)], ["no such file"], []):
        with pytest.raises(CommandError):
            traced_by(*arguments)
    with pytest.raises(CommandError, match="coverage takes none"):
        call_command("guideline", "coverage", str(source))
    assert not (folder / FILE).exists()


@pytest.mark.parametrize("content", ["- a\n", '"1-2": {sha256: x}\n', '"1-2": 3\n'])
def test_a_wrong_trace_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / FILE).write_text(content)
    with pytest.raises(ContentError, match=FILE):
        read_trace(tmp_path)
