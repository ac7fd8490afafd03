"""A case file: one patient's record as people write it, read from JSON value by value.

`shape` says what it holds, `declaration` each part's keys with their readers and codes, `file_reading` turns
JSON into it and names every fault by its path. No database, no Django.
"""

from cases.casefile.declaration import PARTS
from cases.casefile.faults import CaseFileInvalid, Fault
from cases.casefile.file_reading import read_case_file
from cases.casefile.keys import Surroundings
from cases.casefile.shape import CaseFile

__all__ = ["PARTS", "CaseFile", "CaseFileInvalid", "Fault", "Surroundings", "read_case_file"]
