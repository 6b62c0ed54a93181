"""Files that nobody should send: each is refused with a row, a column and a sentence, and nothing is brought in."""

import io
import time
import zipfile

import pytest
from openpyxl import Workbook

from media.flaws import Flaw
from media.reading import LARGEST, read_apart
from media.tables import ROWS
from qualifications.rules.imports import (
    Answers,
    Table,
    guess_columns,
    problems_of,
    read_case,
    read_documents,
    read_sheets,
)
from tests.qualifications.imports import files


@pytest.fixture
def opened(tmp_path):
    """`opened(bytes, name)` → what the sandbox says of a file."""

    def go(content, name="units.xlsx"):
        path = tmp_path / "bytes"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_apart(path, name=name)

    return go


def told(contents):
    return [(f.row, f.column, f.code) for f in contents.flaws]


# --- bytes


def test_formulas_errors_and_merged_cells(opened):
    def spoil(sheet):
        sheet["C2"] = "=1+1"
        sheet["D3"] = "#REF!"
        sheet["D3"].data_type = "e"
        sheet.merge_cells("A4:A5")
        sheet["H4"] = '=WEBSERVICE("http://x.example")'

    contents = opened(files.xlsx(change=spoil))
    assert set(told(contents)) == {
        (2, "C", "formula"),
        (3, "D", "error-value"),
        (4, "A", "merged"),
        (4, "H", "formula"),
    }
    assert "WEBSERVICE" not in str(contents)
    assert "A4:A5" in contents.flaws[0].sentence


def test_a_merged_heading_above_everything_does_no_harm(opened):
    def title(sheet):
        sheet.insert_rows(1)
        sheet["A1"] = "Our units"
        sheet.merge_cells("A1:H1")

    contents = opened(files.xlsx(change=title))
    assert contents.flaws == ()
    assert guess_columns(contents.sheets[0].rows).header == 2


def test_a_formula_in_a_csv(opened):
    contents = opened(files.csv() + '"=cmd|calc!A1",x\n', "a.csv")
    assert told(contents) == [(6, "A", "formula")]


@pytest.mark.parametrize(
    ("encoding", "notes"),
    [("utf-8", ()), ("utf-8-sig", ()), ("utf-16", ()), ("utf-16-le", ()), ("cp1252", ("windows-1252",))],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_delimiters(encoding, notes, delimiter):
    from media.tables import read_csv  # the child is tested elsewhere: fifteen of them would take their time

    rows = [["Y/100/0001", "Café “Élan”", 2, 3, 1, "Know", "1.1", "Say — so"]]
    content = files.csv(rows, delimiter).encode(encoding)
    path = _Bytes(content)
    sheets, flaws, said = read_csv(path)
    assert (flaws, tuple(said)) == ([], notes)
    assert sheets[0]["rows"][1][1][1] == "Café “Élan”"


class _Bytes:
    """Something that is read like a path."""

    def __init__(self, content):
        self.content = content

    def read_bytes(self):
        return self.content


@pytest.mark.parametrize(
    ("content", "flaw"),
    [
        (b"Unit,Level\nCaf\x81,2\n", (2, "", "encoding")),
        (b"\xef\xbb\xbfUnit\nCaf\xe9\n", (2, "", "encoding")),
        ("Unit,Level\nCaf\ufffd,2\n".encode(), (2, "A", "lost-letter")),
        (b"Unit,Level\nCaf\x07,2\n", (2, "A", "control")),
        (b'Unit,Level\n"never closed,2\n', (2, "", "csv-broken")),
        (b"Unit,Level\n" + b"x" * 2001 + b",2\n", (2, "A", "too-long")),
        (b"Unit\n" + b",".join([b"x"] * 61) + b"\n", (2, "BI", "too-many-columns")),
    ],
)
def test_what_is_wrong_in_a_row(content, flaw):
    from media.tables import read_csv

    _sheets, flaws, _notes = read_csv(_Bytes(content))
    assert [(f.row, f.column, f.code) for f in flaws] == [flaw]
    assert flaws[0].sentence.endswith((".", ")"))


def test_a_hundred_thousand_rows_are_told_the_limit(opened):
    line = ",".join(str(cell) for cell in files.ROWS[0])
    content = ",".join(files.HEAD) + "\n" + f"{line}\n" * 100_000
    began = time.monotonic()
    contents = opened(content, "many.csv")
    assert told(contents) == [(ROWS + 1, "", "too-many-rows")]
    assert "20,000" in contents.flaws[0].sentence
    assert time.monotonic() - began < 60


def test_a_workbook_of_too_many_rows_is_told_the_limit_too(opened):
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for _ in range(ROWS + 5):
        sheet.append(["x"])
    buffer = io.BytesIO()
    book.save(buffer)
    assert told(opened(buffer.getvalue())) == [(ROWS + 1, "", "too-many-rows")]


def altered(content, member, data):
    """A package with one member replaced or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            if info.filename != member:
                new.writestr(info.filename, old.read(info))
        new.writestr(member, data)
    return out.getvalue()


ENTITY = '<?xml version="1.0"?>%s<!DOCTYPE s [<!ENTITY a SYSTEM "file:///etc/passwd">]><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>&a;</t></si></sst>'


@pytest.mark.parametrize(
    ("spoiled", "code"),
    [
        (lambda c: altered(c, "xl/sharedStrings.xml", ENTITY % ""), "reaches-out"),
        (lambda c: altered(c, "xl/sharedStrings.xml", ENTITY % (" " * 20_000)), "reaches-out"),
        (lambda c: altered(c, "xl/media/a.bin", b"\0" * 60_000_000), "unpacks-too-big"),
        (lambda c: altered(c, "xl/vbaProject.bin", b"x"), "macro"),
        (lambda c: altered(c, "../outside.xml", b"x"), "unsafe-inside"),
        (lambda c: c[: len(c) // 2], "damaged"),
        (lambda _c: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000, "password"),
        (lambda _c: b"", "empty"),
    ],
)
def test_packages_that_are_not_opened(opened, spoiled, code):
    contents = opened(spoiled(files.xlsx()))
    assert told(contents) == [(0, "", code)]
    assert contents.sheets == ()
    assert contents.flaws[0].sentence


def test_other_files_under_our_endings(opened):
    assert told(opened(files.xlsx(), "units.csv")) == [(0, "", "renamed")]
    assert told(opened("a", "units.exe")) == [(0, "", "renamed")]
    assert told(opened(b"x" * (LARGEST + 1), "a.csv")) == [(0, "", "too-big")]


def test_yaml_with_tricks(opened):
    bomb = "a: &a [x, x]\nb: &b [*a, *a]\n"
    assert told(opened(bomb, "u.yaml")) == [(2, "8", "alias")]
    assert told(opened("key: 1\nkey: 2\n", "u.yaml"))[0][2] == "yaml"
    assert told(opened("[" * 5000, "u.yaml"))[0][2] == "yaml"
    assert told(opened("!!python/object/apply:os.system [id]", "u.yaml"))[0][2] == "yaml"


def test_json_with_tricks(opened):
    assert told(opened('{"a": 1,\n"a" 2}', "c.json")) == [(2, "5", "json")]
    assert told(opened('{"a": NaN}', "c.json")) == [(0, "", "json")]
    assert told(opened("[" * 200_000, "c.json"))[0][2] in {"too-deep", "damaged"}


def folder(**members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name, text in members.items():
            package.writestr(name.replace("__", "/") + ".yaml", text)
    return buffer.getvalue()


def test_folders_with_tricks(opened):
    assert told(opened(folder(), "c.zip"))[0][2] in {"no-files", "damaged"}
    contents = opened(folder(elsewhere__a="a: 1", units__b="b: ["), "c.zip")
    assert [(f.place, f.code) for f in contents.flaws] == [("elsewhere/a.yaml", "astray"), ("units/b.yaml", "yaml")]


def test_an_old_flaw_still_gives_a_sentence():
    assert "%(" not in Flaw(0, "", "merged").sentence
    assert Flaw(0, "", "of-tomorrow").sentence


# --- rows


NOTHING_SAID = Answers()


def sheet(rows, head=files.HEAD, answers=NOTHING_SAID):
    table = [(n, [str("" if c is None else c) for c in row]) for n, row in enumerate([head, *rows], 1)]
    brought = read_sheets(Table(table, 1, guess_columns(table).columns, "Units"), answers)
    return [(p.row, p.column, p.sentence) for p in problems_of(brought, {})]


def changed(row, column, value):
    rows = [list(r) for r in files.ROWS]
    rows[row - 2]["ABCDEFGH".index(column)] = value
    return rows


@pytest.mark.parametrize(
    ("row", "column", "value", "at", "words"),
    [
        (3, "G", "1.1", (3, "G"), "stands in row 2 already"),
        (5, "C", None, (5, "C"), "has no level"),
        (3, "C", "high", (3, "C"), "is not a level"),
        (3, "C", 3, (3, "C"), "“2” in row 2 for the same unit"),
        (5, "C", 12, (5, "C"), "from 1 to 8"),
        (5, "D", None, (5, "D"), "has no credits"),
        (5, "D", "a few", (5, "D"), "is not a number of credits"),
        (5, "B", None, (5, "B"), "has no title"),
        (4, "E", 3, (2, "E"), "Outcome 2 is missing"),
        (3, "G", "1.3", (3, "G"), "Criterion 1.2 is missing"),
        (3, "G", "2026-02-01", (3, "G"), "is not the number of a criterion"),
        (3, "G", None, (3, "G"), "has no number"),
        (3, "H", None, (3, "H"), "has no text"),
        (3, "E", "first", (3, "E"), "is not the number of an outcome"),
        (3, "F", "Another title", (3, "E"), "is called “Understand refunds” in row 2"),
        (5, "H", "x" * 1001, (5, "H"), "longer than 1000 letters"),
    ],
)
def test_every_problem_has_its_row_and_column(row, column, value, at, words):
    rows = changed(row, column, value)
    if (row, column) == (4, "E"):
        rows[2][6] = "3.1"
    found = sheet(rows)
    assert (at[0], at[1]) in [(r, c) for r, c, _s in found], found
    assert any(words in sentence for _r, _c, sentence in found), found


def test_unknown_words_and_rows_before_a_unit():
    head = [*files.HEAD, "Kind", "Themes", "Group", "Mandatory"]
    rows = [[*row, "practical", "complaints", "A", "M"] for row in files.ROWS]
    rows[0][8], rows[1][9], rows[2][11] = "magic", "chess", "perhaps"
    found = sheet([["", "", "", "", "", "", "1.1", "Too early", "", "", "", ""], *rows], head)
    assert {(r, c) for r, c, _s in found} >= {(2, "B"), (3, "I"), (4, "J"), (5, "L")}
    named = Answers(qualification={"entry code": "R1", "title": "Refunds", "awarding body": "Us", "level": 2})
    assert any("what it is called" in s for _r, _c, s in sheet([[*r, "c", "", "A", "M"] for r in files.ROWS], head))
    assert sheet([[*r, "c", "", "A", "M"] for r in files.ROWS], head, named) == []
    mixed = [[*r, "c", "", "A", "M" if n < 3 else "O"] for n, r in enumerate(files.ROWS)]
    assert any("two groups" in s for _r, _c, s in sheet(mixed, head, named))


def test_units_under_each_other_with_empty_rows_and_lines_between():
    rows = [
        ["Y/100/0001", "Deal with refunds", "Level 2", "3 credits"],
        [None],
        ["", "", "", "", "LO1", "Understand refunds"],
        ["", "", "", "", "", "", "1", "Explain when a refund is due"],
        ["", "", "", "", "", "", "AC1.2", "Describe the procedure"],
        ["", "", "", "", "", "2. Be able to refund"],
        ["", "", "", "", "", "", "", "2.1 Refund a customer"],
    ]
    assert sheet(rows) == []


# --- trees and files


def case(change, typed=True, **answers):
    package = files.bakery(typed)
    change(package)
    said = {"level": 2, "credit": 3, "qualification": {"entry code": "BK2"}} | answers
    brought = read_case(package, Answers(**said))
    return [(p.place, p.row, p.column, p.sentence) for p in problems_of(brought, {})]


def test_a_bakery_is_read_with_types_and_without():
    assert case(lambda _p: None) == []
    assert case(lambda _p: None, typed=False) == []


@pytest.mark.parametrize(
    ("change", "place", "row", "column", "words"),
    [
        (lambda p: p["CFItems"][5].pop("fullStatement"), "CFItems", 6, "fullStatement", "is missing"),
        (lambda p: p["CFDocument"].pop("creator"), "CFDocument", 0, "creator", "is missing"),
        (lambda p: p["CFAssociations"][0].pop("uri"), "CFAssociations", 1, "uri", "is missing"),
        (lambda p: p["CFItems"].append(p["CFItems"][0]), "CFItems", 10, "identifier", "item 1 already"),
        (
            lambda p: p["CFAssociations"].append(files.child("c1", "o2")),
            "CFAssociations",
            10,
            "destinationNodeURI",
            "second parent",
        ),
        (lambda p: p["CFAssociations"].pop(5), "CFItems", 6, "identifier", "under nothing"),
        (
            lambda p: p["CFAssociations"][0].update(destinationNodeURI=files.link("o1")),
            "CFItems",
            1,
            "identifier",
            "circle",
        ),
        (
            lambda p: p["CFAssociations"][8].update(destinationNodeURI=files.link("zz")),
            "CFAssociations",
            9,
            "destinationNodeURI",
            "not in the package",
        ),
        (lambda p: p["CFItems"][2].update(CFItemType="Strand"), "CFItems", 3, "CFItemType", "not a type we know"),
        (lambda p: p["CFItems"][2].update(CFItemType="Unit"), "CFItems", 3, "CFItemType", "stands under a unit"),
        (lambda p: p["CFItems"][5].update(fullStatement="x" * 1001), "CFItems", 6, "fullStatement", "longer than 1000"),
        (lambda p: p.update(CFItems={}), "CFItems", 0, "", ""),
    ],
)
def test_what_is_wrong_in_a_package(change, place, row, column, words):
    found = case(change)
    if not words:
        assert found
        return
    assert (place, row, column) in [f[:3] for f in found], found
    assert any(words in f[3] for f in found), found


def test_a_package_that_is_none():
    for package in (None, [], {"CFItems": []}, {"CFDocument": {}, "CFItems": "x"}):
        assert problems_of(read_case(package, Answers()), {})
    deep = files.bakery(typed=False)
    deep["CFItems"] += [files.node(f"d{n}", "Deeper") for n in range(9)]
    deep["CFAssociations"] += [files.child("d0", "c1"), *(files.child(f"d{n}", f"d{n - 1}") for n in range(1, 9))]
    assert any("too deep" in p.sentence for p in problems_of(read_case(deep, Answers()), {}))


def test_our_own_files_say_line_and_key(opened):
    text = "key: T-1\nreference: null\ntitle: Refunds\nlevel: 9\n"
    [document] = opened(text, "unit.yaml").documents
    brought = read_documents([(document.name, document.data, document.lines)])
    found = {(p.row, p.column) for p in problems_of(brought, {})}
    assert (4, "level") in found
    assert (1, "outcomes") in found
