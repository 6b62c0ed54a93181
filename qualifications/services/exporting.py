"""Handing the catalogue out: YAML that reads back the same, a workbook, a CASE package. Nothing is written."""

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import yaml
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from common.refusals import Forbidden, NotFound
from common.text import say
from qualifications.models import Qualification
from qualifications.queries.current import current_versions, visible
from qualifications.queries.files import Whole, whole
from qualifications.rules.exports import CaseSource, case_package, workbook_rows
from qualifications.rules.writing import qualification_words, unit_words

#: Roles that hand nothing out (their names are those of `centres.enums.Role`).
NOT_STAFF = frozenset({"learner"})
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the same catalogue gives the same bytes on any day
_WIDEST, _NARROWEST = 60, 9
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Exported:
    """A file to be handed out."""

    name: str
    content_type: str
    content: bytes


class Plain(yaml.SafeDumper):
    """YAML as people write it: lists set in, no anchors."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - the library's signature
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - the library's signature
        """Write everything out: the import refuses anchors."""
        return True


def export_qualification(*, actor: Any, public_id: str, form: str, origin: str) -> Exported:
    """Hand out a version of a qualification to somebody of staff: `form` is yaml, xlsx or case. Six queries.

    Refuses learners (`Forbidden`), an unknown id, another centre's and an unknown form (`NotFound`).
    """
    if not actor.roles - NOT_STAFF:
        raise Forbidden("catalogue.export", public_id)
    row = visible(Qualification.objects.filter(public_id=public_id), actor.centre_id).first()
    if row is None:
        raise NotFound("catalogue.export", public_id)
    return exported(row, form, origin)


def export_code(*, code: str, form: str, origin: str) -> Exported:
    """Hand out the current version of the installation's qualification with that entry code. Refuses an unknown one."""
    row = current_versions(None).filter(entry_code=code).first()
    if row is None:
        raise NotFound("catalogue.export", code)
    return exported(row, form, origin)


def exported(row: Qualification, form: str, origin: str) -> Exported:
    """Return a version in a form. Refuses an unknown form with `NotFound`."""
    if form not in FORMS:
        raise NotFound("catalogue.export", form)
    return FORMS[form](whole(row), origin)


def _stem(found: Whole) -> str:
    return f"{found.row.entry_code}-v{found.row.version}"


def _yaml(found: Whole, _origin: str) -> Exported:
    """A folder as a ZIP, as `load_catalogue --path` and the import take it."""
    files = {f"qualifications/{found.row.entry_code}.yaml": qualification_words(found.qualification)}
    files |= {f"units/{key}.yaml": unit_words(unit) for key, unit in found.units.items()}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, words in files.items():
            member = zipfile.ZipInfo(name, _LONG_AGO)
            member.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(member, yaml_text(words))
    return Exported(f"{_stem(found)}.zip", "application/zip", buffer.getvalue())


def yaml_text(words: Mapping[str, Any]) -> str:
    """Return the text of a catalogue file."""
    text: str = yaml.dump(dict(words), Dumper=Plain, sort_keys=False, allow_unicode=True, width=110)
    return text


def _case(found: Whole, origin: str) -> Exported:
    row = found.row
    source = CaseSource(found.qualification, found.units, row.version, row.published_at, origin)
    text = json.dumps(case_package(source), ensure_ascii=False, indent=2)
    return Exported(f"{_stem(found)}-case.json", "application/json", text.encode())


def _xlsx(found: Whole, _origin: str) -> Exported:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in workbook_rows(found.qualification, found.units).items():
        _write(book.create_sheet(name), rows)
    buffer = io.BytesIO()
    book.properties.title = say("%(title)s, version %(version)d") % {
        "title": found.row.title,
        "version": found.row.version,
    }
    book.save(buffer)
    return Exported(f"{_stem(found)}.xlsx", XLSX, buffer.getvalue())


def _write(sheet: Any, rows: list[list[Any]]) -> None:
    """Write texts as texts, so that 1.10 stays 1.10 and nothing is a formula, with a heading that stays in sight."""
    for n, row in enumerate(rows, 1):
        for m, value in enumerate(row, 1):
            cell = sheet.cell(n, m, value)
            if isinstance(value, str):
                cell.data_type, cell.number_format = "s", "@"
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            if n == 1:
                cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    for m, column in enumerate(zip(*rows, strict=True), 1):
        widest = max(len(str(value or "")) for value in column)
        sheet.column_dimensions[get_column_letter(m)].width = min(_WIDEST, max(_NARROWEST, widest + 2))


FORMS: Mapping[str, Callable[[Whole, str], Exported]] = {"yaml": _yaml, "xlsx": _xlsx, "case": _case}
