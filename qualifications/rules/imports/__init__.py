"""From what somebody brings in to the words of catalogue files, with the row and column of every problem. Pure."""

from qualifications.rules.imports.case import read_case
from qualifications.rules.imports.columns import COLUMNS, Guess, guess_columns, letter_of
from qualifications.rules.imports.findings import Answers, Brought, Problem, Spot, problems_of
from qualifications.rules.imports.pasted import read_pasted
from qualifications.rules.imports.sheets import Table, read_sheets
from qualifications.rules.imports.yamls import read_documents

__all__ = [
    "COLUMNS",
    "Answers",
    "Brought",
    "Guess",
    "Problem",
    "Spot",
    "Table",
    "guess_columns",
    "letter_of",
    "problems_of",
    "read_case",
    "read_documents",
    "read_pasted",
    "read_sheets",
]
