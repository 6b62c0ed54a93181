"""What rows of a sheet come to: by which name a unit is told, and in which row and column each part of it stood."""

import pytest

from qualifications.rules.imports import Answers, Table, guess_columns, read_sheets
from qualifications.rules.imports.findings import Spot
from tests.qualifications.imports import files


def read(rows, head=files.HEAD, name="Units", answers=None):
    numbered = list(enumerate([[*map(str, head)], *[["" if c is None else str(c) for c in row] for row in rows]], 1))
    return read_sheets(Table(numbered, 1, guess_columns(numbered).columns, name), answers or Answers())


def test_where_each_part_stood_is_remembered():
    brought = read(files.ROWS)
    first = {"reference": (2, "A"), "title": (2, "B"), "level": (2, "C"), "credit": (2, "D")}
    second = {key: (5, column) for key, (_row, column) in first.items()}
    glh = "guided_learning_hours"

    def criterion(row):
        return Spot(row, {"number": (row, "G"), "text": (row, "H")}, "Units")

    assert brought.spots == {
        "Y-100-0001.yaml": Spot(2, {**first, glh: (2, "")}, "Units"),
        "Y-100-0001.yaml, outcomes 1": Spot(2, {"title": (2, "F")}, "Units"),
        "Y-100-0001.yaml, outcomes 1, criteria 1": criterion(2),
        "Y-100-0001.yaml, outcomes 1, criteria 2": criterion(3),
        "Y-100-0001.yaml, outcomes 2": Spot(4, {"title": (4, "F")}, "Units"),
        "Y-100-0001.yaml, outcomes 2, criteria 1": criterion(4),
        "D-100-0002.yaml": Spot(5, {**second, glh: (5, "")}, "Units"),
        "D-100-0002.yaml, outcomes 1": Spot(5, {"title": (5, "F")}, "Units"),
        "D-100-0002.yaml, outcomes 1, criteria 1": criterion(5),
    }
    hours = read([[*files.ROWS[0], 14]], [*files.HEAD, "GLH"])
    assert hours.spots["Y-100-0001.yaml"].keys[glh] == (2, "I")


@pytest.mark.parametrize(
    ("reference", "title", "name"),
    [
        ("Y/100/0001", "Deal with refunds", "Deal with refunds"),
        ("Y/100/0001", None, "Y/100/0001"),
        (None, "Deal with refunds", "Deal with refunds"),
    ],
)
def test_a_unit_is_told_by_its_title_else_by_its_reference(reference, title, name):
    brought = read([[reference, title, None, 3, *files.ROWS[0][4:]]])
    said = [one.sentence for one in brought.problems]
    assert f"The unit “{name}” has no level. Write a number from 1 to 8 in its first row." in said
    assert (f"The unit “{name}” has no title. Write it in its first row." in said) is (title is None)


@pytest.mark.parametrize(
    ("change", "row", "column", "words"),
    [
        ({n: {3: None} for n in range(3)}, 2, "D", "has no credits"),
        ({0: {6: "1.3"}}, 3, "G", "Criterion 1.1 is missing"),
        ({2: {4: 3, 6: "3.1"}}, 2, "E", "Outcome 2 is missing"),
        ({1: {2: 3}}, 3, "C", "Here “3”, but “2” in row 2 for the same unit."),
        ({1: {6: "1.1"}}, 3, "G", "The number 1.1 stands in row 2 already."),
        ({1: {7: None}}, 3, "H", "Criterion 1.2 has no text."),
        ({1: {6: None}}, 3, "G", "This criterion has no number."),
        ({1: {6: "2.2"}}, 3, "G", "“2.2” stands in a row of outcome 1."),
        ({1: {6: "b"}}, 3, "G", "“b” is not the number of a criterion."),
        ({1: {4: "x"}}, 3, "E", "“x” is not the number of an outcome."),
        ({1: {5: "Something else"}}, 3, "E", "Outcome 1 is called “Understand refunds” in row 2."),
        ({0: {2: "high"}}, 2, "C", "“high” is not a level."),
    ],
)
def test_what_is_wrong_is_told_with_its_row_and_column(change, row, column, words):
    rows = [[change.get(n, {}).get(m, cell) for m, cell in enumerate(line)] for n, line in enumerate(files.ROWS[:3])]
    found = [(one.row, one.column) for one in read(rows).problems if words in one.sentence]
    assert found == [(row, column)]
    assert {one.place for one in read(rows).problems} == {"Units"}


def test_a_row_before_any_unit_is_told():
    brought = read([[None, None, None, None, 1, "Understand", "1.1", "Explain"], *files.ROWS])
    assert [(one.row, one.column) for one in brought.problems] == [(2, "B")]


def test_what_was_said_once_for_all_fills_the_gaps():
    rows = [[None, "Deal with refunds", *row[4:]] for row in files.ROWS[:2]]
    head = [*files.HEAD[:2], *files.HEAD[4:]]
    (unit,) = read(rows, head, answers=Answers(level=3, credit=7, generation="2010", sector="sales")).units
    told = {key: unit[key] for key in ("level", "credit", "generation", "sector", "kind", "reference")}
    assert told == {
        "level": 3,
        "credit": 7,
        "generation": "2010",
        "sector": "sales",
        "kind": "knowledge",
        "reference": None,
    }
    assert read(rows, head).asks == {"level", "credit"}
