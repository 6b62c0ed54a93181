"""Documents written by hand, byte by byte, as real as those of an office program: PDF, DOCX, XLSX, TXT, CSV, e-mail."""

from __future__ import annotations

import csv
import io
import textwrap
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Final
from xml.sax.saxutils import escape

_LINES: Final = 44  # on a page
_FIXED: Final = (2026, 1, 1, 0, 0, 0)  # the time in zips, so that the same text gives the same bytes
_XML: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN: Final = "application/vnd.openxmlformats-officedocument"
_RELATION: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_S: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def pdf(*, title: str, paragraphs: Sequence[str], pages: int = 1) -> bytes:
    """A4 pages of real text; `paragraphs` run on over as many pages as they need, and at least `pages`."""
    sheets = list(_sheets(paragraphs))
    sheets += [[f"({number + 1})"] for number in range(len(sheets), pages)]
    objects = _pdf_objects(title, sheets)
    out, places = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def docx(*, title: str, paragraphs: Sequence[str]) -> bytes:
    """A document with a heading and paragraphs."""
    body = _docx_paragraph(title, "Heading1") + "".join(_docx_paragraph(text, "Normal") for text in paragraphs)
    return package({
        "[Content_Types].xml": _content_types({"/word/document.xml": f"{_MAIN}.wordprocessingml.document.main+xml"}),
        "_rels/.rels": _relations("word/document.xml", "officeDocument"),
        "word/document.xml": f'{_XML}<w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>',
    })  # fmt: skip


def xlsx(*, title: str, rows: Sequence[Sequence[str | float]]) -> bytes:
    """A workbook of one sheet named `title` (at most 31 characters)."""
    lines = "".join(
        f'<row r="{n}">{"".join(_xlsx_cell(value) for value in row)}</row>' for n, row in enumerate(rows, 1)
    )
    sheet = f'<sheet name="{escape(title[:31])}" sheetId="1" r:id="rId1"/>'
    types = {
        "/xl/workbook.xml": f"{_MAIN}.spreadsheetml.sheet.main+xml",
        "/xl/worksheets/sheet1.xml": f"{_MAIN}.spreadsheetml.worksheet+xml",
    }
    return package({
        "[Content_Types].xml": _content_types(types),
        "_rels/.rels": _relations("xl/workbook.xml", "officeDocument"),
        "xl/_rels/workbook.xml.rels": _relations("worksheets/sheet1.xml", "worksheet"),
        "xl/workbook.xml": f'{_XML}<workbook xmlns="{_S}" xmlns:r="{_RELATION}"><sheets>{sheet}</sheets></workbook>',
        "xl/worksheets/sheet1.xml": f'{_XML}<worksheet xmlns="{_S}"><sheetData>{lines}</sheetData></worksheet>',
    })  # fmt: skip


def txt(*, title: str, paragraphs: Sequence[str]) -> bytes:
    """Plain text in UTF-8."""
    return ("\n\n".join([title, *paragraphs]) + "\n").encode()


def csv_table(*, rows: Sequence[Sequence[str | float]]) -> bytes:
    """A table as comma-separated values in UTF-8 with a mark, as spreadsheets write it."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def eml(*, title: str, paragraphs: Sequence[str], sent_at: datetime, sender: str, to: str) -> bytes:
    """A saved e-mail."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, title
    message["Date"] = format_datetime(sent_at)
    message.set_content("\n\n".join(paragraphs) + "\n")
    return bytes(message)


def package(parts: dict[str, str | bytes]) -> bytes:
    """A zip of these members in this order; the same parts give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, body in parts.items():
            plain = name == "mimetype"  # which has to be readable without unpacking
            info = zipfile.ZipInfo(name, _FIXED)
            info.compress_type = zipfile.ZIP_STORED if plain else zipfile.ZIP_DEFLATED
            file.writestr(info, body)
    return out.getvalue()


def _sheets(paragraphs: Sequence[str]) -> Iterator[list[str]]:
    lines = [line for text in paragraphs for line in [*textwrap.wrap(text, 86), ""]]
    for first in range(0, max(1, len(lines)), _LINES):
        yield lines[first : first + _LINES]


def _pdf_objects(title: str, sheets: list[list[str]]) -> list[bytes]:
    kids = " ".join(f"{5 + 2 * number} 0 R" for number in range(len(sheets)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(sheets)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
    ]
    for number, lines in enumerate(sheets):
        stream = _pdf_page(title, lines, f"{number + 1} / {len(sheets)}")
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> "
            + f"/Contents {6 + 2 * number} 0 R >>".encode()
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n".encode() + stream + b"\nendstream")
    return objects


def _pdf_page(title: str, lines: list[str], foot: str) -> bytes:
    band = b"0.06 0.30 0.36 rg 0 806 595 36 re f 0.13 0.19 0.23 rg\n"
    text = [b"BT /F2 17 Tf 56 762 Td " + _pdf_words(title) + b" Tj ET\nBT /F1 11 Tf 15 TL 56 730 Td"]
    text += [_pdf_words(line) + b" Tj T*" for line in lines]
    return band + b"\n".join([*text, b"ET", b"BT /F1 9 Tf 56 30 Td " + _pdf_words(foot) + b" Tj ET"])


def _pdf_words(text: str) -> bytes:
    plain = text.encode("cp1252", "replace")
    for sign in (b"\\", b"(", b")"):
        plain = plain.replace(sign, b"\\" + sign)
    return b"(" + plain + b")"


def _docx_paragraph(text: str, style: str) -> str:
    look = '<w:rPr><w:b/><w:sz w:val="32"/></w:rPr>' if style != "Normal" else ""
    words = f'<w:r>{look}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{words}</w:p>'


def _xlsx_cell(value: str | float) -> str:
    if isinstance(value, str):
        return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
    return f"<c><v>{value}</v></c>"


def _content_types(parts: dict[str, str]) -> str:
    rows = "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in parts.items())
    return (
        f'{_XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{rows}</Types>'
    )


def _relations(target: str, kind: str) -> str:
    one = f'<Relationship Id="rId1" Type="{_RELATION}/{kind}" Target="{target}"/>'
    return f'{_XML}<Relationships xmlns="{_RELATIONS}">{one}</Relationships>'
