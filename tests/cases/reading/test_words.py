"""Grades, codes, record numbers and names."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.reading import (
    AsWritten,
    FoldedName,
    Unreadable,
    fold_name,
    fold_number,
    near_numbers,
    read_code,
    read_name,
    read_number,
    read_reported_grade,
    search_words,
)


@pytest.mark.parametrize(
    ("written", "grade"),
    [
        ("G3", "g3"),
        ("g1", "g1"),
        ("G 2", "g2"),
        ("G-3", "g3"),
        ("G.3", "g3"),
        ("NET G3", "g3"),
        ("NETG3", "g3"),
        ("G3 NET", "g3"),
        ("G3-NET", "g3"),
        ("net, g3", "g3"),
        ("NEC G3", "g3"),
        ("pNET G2", "g2"),
        ("grade 3", "g3"),
        ("Grade: 1", "g1"),
        ("Grade III", "g3"),
        ("grade Ⅱ", "g2"),
        ("GII", "g2"),
        ("WHO grade 3", "g3"),
        ("WHO 2019 grade 3", "g3"),
        ("NET G3 (WHO 2022)", "g3"),
        ("well-differentiated neuroendocrine tumour, grade 3", "g3"),
        ("G3 (grade 3)", "g3"),
        ("3", "g3"),
        (3, "g3"),
    ],
)
def test_reported_grades(written: Any, grade: str) -> None:
    assert read_reported_grade(written) == AsWritten(grade, str(written))


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("G4", "no grade 4"),
        ("G0", "no grade 0"),
        ("G", "g is not understood beside a grade"),
        ("GX", "gx is not understood beside a grade"),
        ("NET", "no grade"),
        ("G1/G2", "two grades"),
        ("G2 to G3", "two grades"),
        ("G2-3", "3 is not understood beside a grade"),
        ("high grade", "high is not understood beside a grade"),
        ("not G3", "not is not understood beside a grade"),
        ("G3 excluded", "excluded is not understood beside a grade"),
        ("WHO 3", "3 is not understood beside a grade"),
        ("NET G3, Ki-67 25 %", "not a grade"),
        ("G3?", "not a grade"),
        (4, "4 is not understood beside a grade"),
        (True, "neither a text nor a number"),
    ],
)
def test_what_is_no_grade(written: Any, problem: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_reported_grade(written)
    assert caught.value.problem == problem
    assert caught.value.allowed == 'g1, g2 or g3, as in "G3", "NET G3", "grade 3" or "WHO grade III"'


CODES = ("IB1", "fine_needle", "positive")


@pytest.mark.parametrize(
    ("written", "code"),
    [("ib1", "IB1"), ("IB1", "IB1"), (" Fine_Needle ", "fine_needle"), ("POSITIVE", "positive")],
)
def test_codes_are_read_in_any_case(written: str, code: str) -> None:
    assert read_code(written, CODES) == AsWritten(code, written.strip())


@pytest.mark.parametrize("written", ["pos", "fine needle", "IB1 positive", 1, True, ["positive"], {}])
def test_what_is_no_code_is_refused_with_the_codes(written: Any) -> None:
    with pytest.raises(Unreadable) as caught:
        read_code(written, iter(CODES))
    assert caught.value.allowed == "IB1, fine_needle, positive"


@pytest.mark.parametrize("nothing", [None, "", "  "])
def test_nothing_written_is_nothing_known(nothing: Any) -> None:
    assert read_code(nothing, CODES) == read_reported_grade(nothing) == AsWritten(None, "")
    assert read_number(nothing) == AsWritten(None, "")
    assert read_name(nothing) == AsWritten(None, "")


# --- Numbers ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    ["MRN-777", "mrn-777", "MRN 777", "MRN  777", "MRN777", "mrn–777", "ＭＲＮ－777", "MRN\u00a0777",
     "M'RN-777", "MRN-٧٧٧", "MRN\u200b-777", "Mrn\u00ad777"],
)  # fmt: skip
def test_one_record_number_in_any_spelling(written: str) -> None:
    assert fold_number(written) == "mrn777"


@pytest.mark.parametrize("written", ["MRN-7771", "MRN-0777", "MRN/777", "MRN.777", "MRÑ-777"])
def test_another_record_number(written: str) -> None:
    assert fold_number(written) != "mrn777"


@pytest.mark.parametrize("near", ["mrn77", "mrn7777", "mrn778", "nrn777", "mnr777", "rn777", "0mrn777"])
def test_numbers_one_edit_away(near: str) -> None:
    assert near in near_numbers("mrn777")
    assert "mrn777" in near_numbers(near)


def test_no_number_is_near_itself_or_two_edits_away() -> None:
    assert not {"", "mrn777", "mrn788", "mrn7", "7mrn77", "777mrn"} & near_numbers("mrn777")
    assert "" not in near_numbers("7")
    assert "ж77" in near_numbers("ж7")


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (" MRN  777 ", "MRN 777"),
        ("H26-1182", "H26-1182"),
        ("MRN\t\n777", "MRN 777"),
        ("A\u200b1", "A1"),
        (777, "777"),
    ],
)
def test_a_number_is_kept_as_it_looks(written: Any, words: str) -> None:
    assert read_number(written) == AsWritten(fold_number(words), words)


@pytest.mark.parametrize("written", ["---", "'", "#", True, 1.5e300, ["1"]])
def test_what_is_no_record_number(written: Any) -> None:
    with pytest.raises(Unreadable) as caught:
        read_number(written)
    assert "letters and digits" in caught.value.allowed


# --- Names ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "compared", "searched"),
    [
        ("MÜLLER", "müller", "muller"),
        ("Mu\u0308ller", "müller", "muller"),
        ("GARCÍA", "garcía", "garcia"),
        ("García  López", "garcía lópez", "garcia lopez"),
        ("García-López", "garcía lópez", "garcia lopez"),
        ("O’Brien", "obrien", "obrien"),
        ("O´Brien", "obrien", "obrien"),
        ("Weiß", "weiss", "weiss"),
        ("Łukasz Sørensen", "łukasz sørensen", "lukasz sorensen"),
        ("Παπαδόπουλος", "παπαδόπουλοσ", "παπαδοπουλοσ"),
        ("İpek", "i̇pek", "ipek"),
        ("St. John", "st. john", "st john"),
        ("がく", "がく", "がく"),
        ("कुमार", "कुमार", "कुमार"),
        ("कृष्ण", "कृष्ण", "कृष्ण"),
        ("बाज़", "बाज़", "बाज़"),
        ("Ｓｕｋａｒｎｏ", "sukarno", "sukarno"),
    ],
)
def test_names(written: str, compared: str, searched: str) -> None:
    assert read_name(written).value == FoldedName(compared, searched)


@pytest.mark.parametrize("written", ["ßigismund", "Παπαδόπουλος", "de la Cruz", "MÜLLER", "O’Brien"])
def test_names_are_kept_as_entered(written: str) -> None:
    assert read_name(f"  {written.replace(' ', '  ')} ").words == written


@pytest.mark.parametrize(
    ("search", "words"),
    [
        ("MÜLLER", ("muller",)),
        ("muller", ("muller",)),
        ("GARCÍA", ("garcia",)),
        ("Dup, Eins", ("dup", "eins")),
        ("eins dup", ("eins", "dup")),
        ("  , ", ()),
        ("Müller-Lüdenscheidt", ("muller", "ludenscheidt")),
    ],
)
def test_searches(search: str, words: tuple[str, ...]) -> None:
    assert search_words(search) == words


@pytest.mark.parametrize("written", ["—", ".", "?", 777, True])
def test_what_is_no_name(written: Any) -> None:
    with pytest.raises(Unreadable) as caught:
        read_name(written)
    assert "a name as its bearer writes it" in caught.value.allowed


# --- Properties -------------------------------------------------------------------------------------


@given(st.text(max_size=40))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold_number(fold_number(text)) == fold_number(text)
    assert fold_name(fold_name(text)) == fold_name(text)
    words = " ".join(search_words(text))
    assert " ".join(search_words(words)) == words


@given(st.text("ABCÜß0123456789", min_size=1, max_size=12), st.data())
def test_blanks_dashes_and_capitals_never_make_another_number(text: str, data: st.DataObject) -> None:
    between = st.sampled_from(["", " ", "-", "–", "  ", "\u00a0", "'"])
    spelled = "".join(sign + data.draw(between) for sign in text)
    spelled = data.draw(st.sampled_from([spelled, spelled.casefold(), spelled.lower()]))
    assert fold_number(spelled) == fold_number(text)


@given(st.lists(st.text("aäéñøß", min_size=1, max_size=6), min_size=1, max_size=4), st.data())
def test_a_name_is_found_by_its_words_in_any_order_and_case(name: list[str], data: st.DataObject) -> None:
    searched = search_words(" ".join(name))
    search = data.draw(st.permutations(name))
    assert set(search_words(", ".join(search).upper())) == set(searched)
