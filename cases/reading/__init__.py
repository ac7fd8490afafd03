"""What people write → values, with the words kept.

Every reader takes what stands in a form or a case file (a text, a number, null) and gives back an
`AsWritten`: the value, the words as written, and cautions for the clinician. Nothing written is None. What
cannot be read, or could be read in two ways, raises `Unreadable`, whose message says what is allowed; nothing
a person can write raises anything else. Blanks, dashes and digits of any kind mean what they look like;
capitals and the dots of abbreviations do not matter. No database, no Django, no guideline: the guideline's
bounds are an argument.
"""

from cases.reading.bounds import BoundedNumber
from cases.reading.codes import read_code
from cases.reading.dates import cautions_of_life, read_date
from cases.reading.folding import (
    FoldedName,
    fold_name,
    fold_number,
    near_numbers,
    read_name,
    read_number,
    search_words,
)
from cases.reading.grades import read_reported_grade
from cases.reading.partial_dates import PartialDate
from cases.reading.proliferation import read_field_area, read_ki67, read_mitoses
from cases.reading.searches import SearchPart, parts_of, several_readings
from cases.reading.sizes import read_size
from cases.reading.written import AsWritten, Unreadable

__all__ = [
    "AsWritten",
    "BoundedNumber",
    "FoldedName",
    "PartialDate",
    "SearchPart",
    "Unreadable",
    "cautions_of_life",
    "fold_name",
    "fold_number",
    "near_numbers",
    "parts_of",
    "read_code",
    "read_date",
    "read_field_area",
    "read_ki67",
    "read_mitoses",
    "read_name",
    "read_number",
    "read_reported_grade",
    "read_size",
    "search_words",
    "several_readings",
]
