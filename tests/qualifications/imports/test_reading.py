"""What the worker makes of a file, to the last fact: what it asks, what it counts, what it leaves as it was.

Files are read in this process: that a child does it, with limits, is tried in `test_hostile` and `test_staging`.
"""

import datetime as dt
import io
import json

import pytest
import yaml
from django.core.files.base import ContentFile
from openpyxl import Workbook

from audit.models import Event
from common import clock
from media import reading
from media.flaws import Flaw
from media.reading import Contents, Document, Sheet
from qualifications.enums import DraftState, Source
from qualifications.models import Draft
from qualifications.rules.imports import Answers
from qualifications.services import PASTED_NAME, import_reading, mend_import
from qualifications.services.import_reading import answers_of
from tests.qualifications.conftest import QUALIFICATION
from tests.qualifications.imports import files
from tests.qualifications.imports.test_staging import again, bring, match, read, sentences

__all__ = ["bring", "read"]  # fixtures

AT = dt.datetime(2026, 11, 30, 9, 0, tzinfo=dt.UTC)
LONG = "Explain " + "x" * 90


@pytest.fixture(autouse=True)
def _read_here(monkeypatch):
    here = lambda path, *, name: reading._contents(reading.read_here(path, name))  # noqa: E731 - in place of the child
    monkeypatch.setattr(import_reading, "read_apart", here)


def book(*sheets):
    """A workbook of sheets, each as (name, rows)."""
    made = Workbook()
    made.remove(made.worksheets[0])
    for name, rows in sheets:
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def criteria(number):
    return [[*files.ROWS[0][:6], f"1.{n}", LONG] for n in range(1, number + 1)]


def events(draft):
    rows = Event.objects.filter(object_id=draft.public_id).order_by("pk")
    return [(row.action, row.facts, row.person_id) for row in rows]


# --- asking about a sheet ---------------------------------------------------------------------------------------------


def test_a_page_that_asks_about_a_sheet_has_all_that_it_shows(world, bring, read):
    content = book(
        ("Notes", [["Whatever", "this", "is"], ["one"]]),
        ("Units", [["Our units"], files.HEAD, *criteria(8), ["a", "b", "c", "d", "e", "f", "g", "h", "i"]]),
        ("Qualification", [["Title", "Refunds"]]),
    )
    draft = read(bring(content))
    letters = dict(zip("ABCDEFGH", files.HEAD, strict=True))
    sample = draft.columns.pop("sample")
    match = draft.columns.pop("match")
    assert draft.columns == {
        "given": {"wording": "recalled"},
        "sheet": "Units",
        "sheets": ["Notes", "Units"],
        "header": 2,
        "shown": ["Units", 2, letters],
        "width": 9,
        "facts": True,
        "confirmed": False,
        "notes": [],
    }
    assert match == {
        "A": "unit_reference",
        "B": "unit_title",
        "C": "unit_level",
        "D": "unit_credit",
        "E": "outcome_number",
        "F": "outcome_title",
        "G": "criterion_number",
        "H": "criterion_text",
    }
    assert [number for number, _texts in sample] == [3, 4, 5, 6, 7, 8]
    assert sample[0][1][-1] == LONG[:80]
    assert (draft.state, draft.revision, draft.done, draft.total) == (DraftState.MATCHING, 1, 11, 11)
    assert (draft.content, draft.problems) == ({}, [])
    assert events(draft)[-1] == ("import.matching", {"problems": 0, "units": 0}, None)


@pytest.mark.parametrize(
    ("sheets", "chosen"),
    [
        (([files.HEAD, *criteria(1)], [files.HEAD, *criteria(3)]), "Second"),
        (([files.HEAD, *criteria(3)], [files.HEAD, *criteria(1)]), "First"),
        (([files.HEAD, *criteria(1)], [files.HEAD[:3], *[row[:3] for row in criteria(9)]]), "First"),
    ],
    ids=["more rows", "more rows first", "more that we know"],
)
def test_the_sheet_that_promises_most_is_asked_about(world, bring, read, sheets, chosen):
    content = book(*zip(("First", "Second"), sheets, strict=True))
    assert read(bring(content)).columns["sheet"] == chosen


def test_a_person_who_chose_a_sheet_is_asked_about_that_one(world, bring, read):
    draft = read(bring(book(("Small", [files.HEAD, *criteria(1)]), ("Large", [files.HEAD, *criteria(3)]))))
    assert draft.columns["sheet"] == "Large"
    draft = read(match(world, draft, sheet="Small"))
    assert (draft.state, draft.columns["sheet"], draft.columns["facts"]) == (DraftState.MATCHING, "Small", False)
    draft = read(match(world, draft))
    assert (draft.state, draft.done) == (DraftState.DRAFT, 2)
    assert draft.content["units"][0]["provenance"]["sources"] == ["units.xlsx"]


def test_a_sheet_that_is_empty_may_be_chosen_and_has_no_columns(world, bring, read):
    draft = read(bring(book(("Units", [files.HEAD, *criteria(1)]), ("Empty", []))))
    draft = read(match(world, draft, sheet="Empty"))
    assert (draft.state, draft.columns["sheet"], draft.columns["width"]) == (DraftState.MATCHING, "Empty", 0)
    assert (draft.columns["match"], draft.columns["sample"], draft.done) == ({}, [], 0)


def test_the_row_that_a_person_names_is_that_of_the_headings(world, bring, read):
    turned = [*reversed(files.HEAD)]
    draft = read(bring(book(("Units", [files.HEAD, turned, *[[*reversed(row)] for row in criteria(2)]]))))
    assert draft.columns["header"] == 1
    draft = read(match(world, draft, header=2, columns={}))
    assert (draft.state, draft.columns["header"]) == (DraftState.MATCHING, 2)
    assert draft.columns["shown"][1:] == [2, dict(zip("ABCDEFGH", turned, strict=True))]
    assert draft.columns["match"]["A"] == "criterion_text"
    assert [number for number, _texts in draft.columns["sample"]] == [3, 4]
    assert read(match(world, draft)).state == DraftState.DRAFT


def test_what_was_said_of_a_heading_stands_where_it_moved_to(world, bring, read):
    head = ["Code", "What", *files.HEAD[1:]]
    draft = read(bring(book(("Units", [head, *[[*row[:1], "x", *row[1:]] for row in criteria(2)]]))))
    said = {**draft.columns["match"], "A": "unit_reference", "B": ""}
    turned = ["What", "Code", *files.HEAD[1:]]
    broken = match(world, draft, columns=said, header=1)
    Draft.objects.for_centre(draft.centre_id).filter(pk=draft.pk).update(state=DraftState.BROKEN)
    content = ContentFile(book(("Units", [turned, *[["x", *row] for row in criteria(2)]])))
    mended = mend_import(
        actor=world.actor("CA"), draft=again(broken), revision=broken.revision, name="u.xlsx", content=content, given={},
        at=clock.now(),
    )  # fmt: skip
    found = read(mended)
    assert found.state == DraftState.MATCHING
    assert found.columns["match"]["B"] == "unit_reference"
    assert "A" not in {k: v for k, v in found.columns["match"].items() if v}


def test_a_file_without_rows_says_so(world, bring, read):
    draft = read(bring(book(("Units", []), ("Groups", [["Group"], ["A"]]))))
    assert draft.state == DraftState.BROKEN
    assert draft.problems == [{"row": 0, "column": "", "sentence": "There are no rows in this file.", "place": ""}]
    assert events(draft)[-1] == ("import.broken", {"problems": 1, "units": 0}, None)


def test_what_the_sheets_beside_it_say_is_read_too(world, bring, read):
    head = [*files.HEAD, "Group"]
    rows = [[*row, "A"] for row in files.ROWS]
    facts = [["Title", "Refunds"], ["Entry code", "R1"], ["Awarding body", "Us"], ["Level", "2"]]
    groups = [["Group", "Title", "Mandatory", "Complete"], ["A", "All of it", "yes", "yes"]]
    draft = read(
        match(world, read(bring(book(("Units", [head, *rows]), ("Qualification", facts), ("Groups", groups)))))
    )
    assert draft.state == DraftState.DRAFT, sentences(draft)
    [qualification] = draft.content["qualifications"]
    assert (qualification["title"], qualification["entry_code"]) == ("Refunds", "R1")
    assert qualification["groups"][0]["title"] == "All of it"


@pytest.mark.parametrize("beside", [True, False])
def test_what_a_group_asks_for_is_asked_with_all_that_the_page_shows(world, bring, read, beside):
    rows = [[*files.HEAD, "Group"], *[[*row, "A"] for row in files.ROWS]]
    facts = [["Title", "Refunds"], ["Entry code", "R1"], ["Awarding body", "Us"], ["Level", "2"]]
    draft = read(bring(book(("Units", rows), *([("Qualification", facts)] if beside else []))))
    named = {"qualification": {"entry code": "R1", "title": "Refunds", "awarding body": "Us", "level": 2}}
    draft = read(match(world, draft, answers={} if beside else named))
    assert (draft.state, draft.columns["groups"], draft.columns["facts"]) == (DraftState.MATCHING, ["A"], beside)
    assert (draft.columns["sheet"], draft.columns["confirmed"], draft.content) == ("Units", False, {})


# --- what the person said ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({}, Answers(source="a.csv")),
        (
            {"given": {"kind": "knowledge", "generation": "2010", "sector": "sales", "wording": "official"}},
            Answers(kind="knowledge", generation="2010", sector="sales", wording="official", source="a.csv"),
        ),
        (
            {
                "given": {"kind": "knowledge", "generation": "2014", "sector": "sales", "level": 3, "credit": 9},
                "answers": {
                    "kind": "competence", "generation": "2010", "sector": "management", "level": 2, "credit": 4,
                    "qualification": {"title": "R"}, "groups": {"A": {"rule": "all"}},
                },
            },
            Answers(2, 4, "competence", "2010", "management", "recalled", "a.csv", {"title": "R"}, {"A": {"rule": "all"}}),
        ),
        (
            {"answers": {"kind": "", "qualification": None, "groups": None, "wording": "official"}},
            Answers(source="a.csv"),
        ),
    ],
)  # fmt: skip
def test_what_was_said_when_matching_goes_before_what_was_said_when_staging(columns, expected):
    assert answers_of(Draft(file_name="a.csv", source=Source.SHEET, columns=columns)) == expected


def test_pasted_text_has_no_file_for_a_source():
    assert answers_of(Draft(file_name=PASTED_NAME, source=Source.PASTED)) == Answers(source="")


def test_every_fact_said_of_a_pasted_unit_is_the_units(world, bring, read):
    given = {
        "title": "Deal with refunds",
        "reference": "Y1000001",
        "level": 3,
        "credit": 5,
        "glh": 21,
        "sector": "sales",
        "kind": "competence",
        "generation": "2010",
        "wording": "official",
    }
    draft = read(bring("1 Be able to refund\n1.1 Refund a customer\n", name=PASTED_NAME, given=given))
    assert draft.state == DraftState.DRAFT, sentences(draft)
    assert (draft.done, draft.total, draft.columns["notes"]) == (2, 2, [])
    [unit] = draft.content["units"]
    told = {name: unit[name] for name in ("title", "reference", "level", "credit", "sector", "kind", "generation")}
    assert told == {
        "title": "Deal with refunds",
        "reference": "Y/100/0001",
        "level": 3,
        "credit": 5,
        "sector": "sales",
        "kind": "competence",
        "generation": "2010",
    }
    assert unit["guided_learning_hours"] == 21
    assert unit["provenance"]["sources"] == []


# --- other files ------------------------------------------------------------------------------------------------------


def test_a_qualification_may_name_units_that_are_published(world, bring, read):
    words = {
        **QUALIFICATION,
        "credit": 1,
        "credit_at_or_above": None,
        "groups": [
            {
                "id": "A",
                "title": "All",
                "mandatory": True,
                "complete": True,
                "units": [{"number": 1, "unit": "D-506-2119"}],
            }
        ],
    }
    draft = read(bring(yaml.safe_dump(words), name="00001.yaml"))
    assert "D-506-2119" not in str(sentences(draft)), sentences(draft)
    assert (draft.done, draft.total) == (1, 1)
    words["groups"][0]["units"].append({"number": 2, "unit": "Z-999-9999"})
    draft = read(bring(yaml.safe_dump(words), name="00001.yaml"))
    assert draft.state == DraftState.BROKEN
    assert "Z-999-9999" in str(sentences(draft))
    assert draft.content == {}


@pytest.mark.parametrize(
    "groups", [None, "A", ["A"], [{"units": None}], [{"units": "A"}], [{"units": ["A"]}], [{"units": [{"unit": 7}]}]]
)
def test_a_crooked_qualification_becomes_problems(world, bring, read, groups):
    draft = read(bring(yaml.safe_dump({**QUALIFICATION, "groups": groups}), name="00001.yaml"))
    assert draft.state == DraftState.BROKEN
    assert draft.problems


@pytest.mark.parametrize(
    ("package", "rows"), [([], 0), ({}, 0), ({"CFItems": "many"}, 0), ({**files.bakery(), "CFAssociations": []}, 9)]
)
def test_a_package_of_another_shape_becomes_problems(world, bring, read, package, rows):
    draft = read(bring(json.dumps(package), name="p.json"))
    assert draft.state in {DraftState.BROKEN, DraftState.MATCHING}
    assert (draft.done, draft.total) == (rows, rows)


def test_a_package_that_asks_keeps_what_and_is_not_asked_twice(world, bring, read):
    draft = read(bring(json.dumps(files.bakery()), name="bakery.json"))
    assert draft.columns == {
        "given": {"wording": "recalled"},
        "asks": ["credit", "level", "qualification"],
        "groups": [],
        "confirmed": False,
        "notes": [],
    }
    draft = read(match(world, draft, answers={"level": 2, "qualification": {"entry code": "BK2"}}))
    assert draft.state == DraftState.BROKEN, "the credit is to be mended: what was asked once is not asked again"
    assert draft.columns["confirmed"] is True
    assert (draft.done, draft.total) == (9, 9)


def test_what_is_wrong_with_a_file_is_counted_in_its_rows_and_keeps_its_notes():
    sheets = (Sheet("A", ((1, ("x",)), (2, ("y",)))), Sheet("B", ((1, ("z",)),)))
    flaws = (Flaw(2, "B", "formula", place="A"),)
    found = import_reading._understood(Draft(), Contents(sheets=sheets, notes=("windows-1252",), flaws=flaws))
    assert (found.state, found.rows, found.columns) == (DraftState.BROKEN, 3, {"notes": ["windows-1252"]})
    assert [(p.row, p.column, p.sentence, p.place) for p in found.problems] == [(2, "B", flaws[0].sentence, "A")]


def test_what_had_to_be_guessed_is_noted(world, bring, read):
    row = ["Y/100/0001", "Café", 2, 3, 1, "Know", "1.1", "Say — so"]
    draft = read(bring(files.csv([row]).encode("cp1252"), name="a.csv"))
    assert (draft.state, draft.columns["notes"]) == (DraftState.MATCHING, ["windows-1252"])


def test_no_document_at_all_is_a_problem_and_no_fault(world):
    draft = Draft(centre=world.centres["10001"], source=Source.CASE, file_name="p.json")
    for contents in (Contents(), Contents(documents=(Document("p.json", None, {}),))):
        assert import_reading._understood(draft, contents).state == DraftState.BROKEN
