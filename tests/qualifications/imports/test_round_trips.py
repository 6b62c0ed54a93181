"""What goes out comes in again: YAML to the last digest, XLSX and CASE to the same structure."""

import dataclasses
import io
import json
import zipfile

import pytest
import yaml
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from media.reading import read_apart
from qualifications.models import Qualification, Unit
from qualifications.queries.files import qualification_file, unit_file, whole
from qualifications.rules.files import read_qualification, read_unit
from qualifications.rules.imports import (
    Answers,
    Table,
    guess_columns,
    problems_of,
    read_case,
    read_documents,
    read_sheets,
)
from qualifications.rules.writing import qualification_words, unit_words
from qualifications.services import export_code, read_catalogue
from qualifications.services.exporting import yaml_text

CODES = ("03454", "03455", "03456", "10378", "10379", "10380", "10381")
ORIGIN = "https://attest.example"


def bare(file):
    return dataclasses.replace(file, provenance={})


def out(code, form):
    return export_code(code=code, form=form, origin=ORIGIN)


def same(brought, row):
    """The same qualification and units, wherever the words come from (provenance is the importer's to say)."""
    assert problems_of(brought, {}) == []
    found, problems = whole(row), []
    units = {u["key"]: read_unit(f"{u['key']}.yaml", u, problems) for u in brought.units}
    back = read_qualification(f"{row.entry_code}.yaml", brought.qualifications[0], problems, units)
    assert problems == []
    assert bare(back) == bare(found.qualification)
    assert {k: bare(u) for k, u in units.items()} == {k: bare(u) for k, u in found.units.items()}


def test_rows_say_what_the_files_said(published, shipped):
    assert {u.key: unit_file(u) for u in Unit.objects.all()} == shipped.units
    assert [qualification_file(q) for q in Qualification.objects.order_by("entry_code")] == sorted(
        shipped.qualifications, key=lambda q: q.entry_code
    )


def test_yaml_of_all_seven_reads_back_with_the_same_digests(published, tmp_path):
    for code in CODES:
        with zipfile.ZipFile(io.BytesIO(out(code, "yaml").content)) as package:
            package.extractall(tmp_path / code)
        catalogue = read_catalogue(tmp_path / code)
        row = Qualification.objects.get(entry_code=code)
        digests = {key: unit.digest() for key, unit in catalogue.units.items()}
        places = Unit.objects.filter(places__group__qualification=row)
        assert digests == dict(places.values_list("key", "content_digest"))
        assert catalogue.qualifications[0].digest(digests) == row.content_digest
        assert out(code, "yaml").content == out(code, "yaml").content


def test_the_words_of_a_file_are_read_to_the_same_words(shipped):
    for unit in shipped.units.values():
        assert read_unit(f"{unit.key}.yaml", yaml.safe_load(yaml_text(unit_words(unit))), []) == unit
    for q in shipped.qualifications:
        words = yaml.safe_load(yaml_text(qualification_words(q)))
        assert read_qualification(f"{q.entry_code}.yaml", words, [], shipped.units) == q


def test_case_of_all_seven_reads_back_to_the_same_structure(published):
    for code in CODES:
        package = json.loads(out(code, "case").content)
        same(read_case(package, Answers()), Qualification.objects.get(entry_code=code))


def table(sheet):
    rows = [(n, ["" if c is None else str(c) for c in cells]) for n, cells in enumerate(sheet.values, 1)]
    return Table(rows, 1, guess_columns(rows).columns, sheet.title)


def test_workbooks_of_all_seven_read_back_to_the_same_structure(published):
    for code in CODES:
        book = load_workbook(io.BytesIO(out(code, "xlsx").content))
        facts, groups = table(book["Qualification"]), table(book["Groups"])
        brought = read_sheets(table(book["Units"]), Answers(), facts=facts, groups=groups)
        same(brought, Qualification.objects.get(entry_code=code))


def test_what_goes_out_passes_the_sandbox(published, tmp_path):
    book, folder = tmp_path / "10378.xlsx", tmp_path / "10378.zip"
    book.write_bytes(out("10378", "xlsx").content)
    contents = read_apart(book, name=book.name)
    assert contents.flaws == ()  # and so no formula
    assert [sheet.name for sheet in contents.sheets] == ["Units", "Groups", "Qualification"]
    folder.write_bytes(out("10378", "yaml").content)
    contents = read_apart(folder, name=folder.name)
    assert contents.flaws == ()
    brought = read_documents((d.name, d.data, d.lines) for d in contents.documents)
    same(brought, Qualification.objects.get(entry_code="10378"))


def test_a_command_writes_a_file(published, tmp_path, capsys):
    path = tmp_path / "q.json"
    call_command("export_catalogue", "10379", "--format", "case", "-o", str(path))
    assert json.loads(path.read_text())["CFDocument"]["title"] == "OCR Level 2 Diploma in Customer Service"
    with pytest.raises(CommandError, match="99999"):
        call_command("export_catalogue", "99999")
