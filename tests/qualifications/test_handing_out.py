"""What is handed out of the catalogue: names, kinds, the same bytes on any day, and texts that stay texts."""

import io
import json
import zipfile
from dataclasses import replace

import pytest
import yaml
from openpyxl import Workbook, load_workbook

from common import clock
from common.refusals import Forbidden, NotFound
from qualifications.models import Qualification
from qualifications.services import export_code, export_qualification, publish_catalogue
from qualifications.services.exporting import XLSX, _write, yaml_text
from tests.factories.catalogue import DIPLOMA, small_catalogue
from tests.factories.world import A, B

ORIGIN = "https://attest.example"


def out(form, code=DIPLOMA):
    return export_code(code=code, form=form, origin=ORIGIN)


@pytest.mark.parametrize(
    ("form", "name", "kind"),
    [
        ("yaml", f"{DIPLOMA}-v1.zip", "application/zip"),
        ("xlsx", f"{DIPLOMA}-v1.xlsx", XLSX),
        ("case", f"{DIPLOMA}-v1-case.json", "application/json"),
    ],
)
def test_a_file_is_named_after_the_qualification_and_says_what_it_is(world, form, name, kind):
    found = out(form)
    assert (found.name, found.content_type) == (name, kind)
    actor = world.actor("AA1")
    same = export_qualification(actor=actor, public_id=world.diploma.public_id, form=form, origin=ORIGIN)
    assert (same.name, same.content_type) == (name, kind)


@pytest.mark.parametrize("who", ["AA1", "AT1", "QA", "EA", "CA"])
def test_staff_of_any_role_are_handed_it(world, who):
    assert export_qualification(
        actor=world.actor(who), public_id=world.diploma.public_id, form="yaml", origin=ORIGIN
    ).content


def test_learners_are_not_and_whoever_is_both_is(world):
    asked = {"public_id": world.diploma.public_id, "form": "yaml", "origin": ORIGIN}
    with pytest.raises(Forbidden):
        export_qualification(actor=world.actor("LA1"), **asked)
    with pytest.raises(Forbidden):
        export_qualification(actor=world.actor("DUO", centre=B), **asked)
    assert export_qualification(actor=world.actor("DUO", centre=A), **asked)


def test_another_centres_version_is_not_there(world):
    Qualification.objects.create(
        **{f.name: getattr(world.diploma, f.name) for f in Qualification._meta.concrete_fields if f.name != "id"}
        | {"public_id": "0" * 26, "version": 2, "centre": world.centres[B]}
    )
    asked = {"public_id": "0" * 26, "form": "case", "origin": ORIGIN}
    with pytest.raises(NotFound):
        export_qualification(actor=world.actor("CA"), **asked)
    assert export_qualification(actor=world.actor("CB"), **asked).name == f"{DIPLOMA}-v2-case.json"
    assert out("case").name == f"{DIPLOMA}-v1-case.json", "what anybody may have is the installation's"


def test_a_folder_packs_each_file_where_the_import_looks_for_it(world):
    with zipfile.ZipFile(io.BytesIO(out("yaml").content)) as package:
        members = package.infolist()
        first = package.read(members[0]).decode()
    assert members[0].filename == f"qualifications/{DIPLOMA}.yaml"
    assert all(one.filename.startswith("units/") and one.filename.endswith(".yaml") for one in members[1:])
    assert len(members) > 1
    assert {one.date_time for one in members} == {(1980, 1, 1, 0, 0, 0)}
    assert {one.compress_type for one in members} == {zipfile.ZIP_DEFLATED}
    assert list(yaml.safe_load(first))[:2] == ["entry_code", "title"]
    assert "\n  - " in first, "lists are set in"


def test_a_text_is_written_as_people_write_it():
    shared = ["é"]
    assert yaml_text({"b": "Zoë’s – text", "a": shared, "c": shared}) == "b: Zoë’s – text\na:\n  - é\nc:\n  - é\n"
    long = " ".join(["x"] * 90)
    assert [len(line) for line in yaml_text({"ab": long}).splitlines()] == [111, 73], "folded at the word after 110"


def test_a_package_is_read_by_people_too(world):
    catalogue = small_catalogue()
    named = [replace(one, title="Diploma of Zoë’s") for one in catalogue.qualifications]
    publish_catalogue(replace(catalogue, qualifications=tuple(named)), at=clock.now())
    text = out("case").content.decode()
    assert "Diploma of Zoë’s" in text
    assert '\n  "CFDocument"' in text
    assert "\\u" not in text
    assert json.loads(text)["CFDocument"]["uri"].startswith(f"{ORIGIN}/")


def test_a_workbook_keeps_texts_as_texts_and_its_headings_in_sight(world):
    book = load_workbook(io.BytesIO(out("xlsx").content))
    assert book.properties.title == f"{world.diploma.title}, version 1"
    for sheet in book.worksheets:
        assert sheet.freeze_panes == "A2"
        assert [cell.font.bold for cell in sheet[1]] == [True] * sheet.max_column
        assert not any(cell.font.bold for row in sheet.iter_rows(min_row=2) for cell in row)
        cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
        assert {(cell.alignment.vertical, cell.alignment.wrap_text) for cell in cells} == {("top", True)}
        assert {cell.number_format for cell in cells if isinstance(cell.value, str)} == {"@"}
        assert {cell.data_type for cell in cells if isinstance(cell.value, str)} == {"s"}
        widths = {one.width for one in sheet.column_dimensions.values()}
        assert min(widths) >= 9
        assert max(widths) <= 60


@pytest.mark.parametrize(("length", "width"), [(0, 9), (7, 9), (8, 10), (58, 60), (59, 60), (99, 60)])
def test_a_column_is_as_wide_as_its_longest_text_between_two_limits(length, width):
    sheet = Workbook().active
    _write(sheet, [["", 1], ["x" * length, None]])
    assert sheet.column_dimensions["A"].width == width


def test_what_looks_like_a_formula_stays_a_text():
    sheet = Workbook().active
    _write(sheet, [["Number", "Text"], ["1.10", "=1+1"], [3, None]])
    assert [(cell.value, cell.data_type) for cell in (*sheet[2], sheet["A3"])] == [
        ("1.10", "s"),
        ("=1+1", "s"),
        (3, "n"),
    ]
    assert [sheet["A1"].font.bold, sheet["A2"].font.bold] == [True, False]
