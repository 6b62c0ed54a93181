"""Spreadsheets of strangers as rows of text: XLSX and CSV. Runs inside `media.sandbox` only, see `media.reading`."""

from __future__ import annotations

import codecs
import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any, Final

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter, range_boundaries

from media.finding import NotAccepted
from media.flaws import Flaw
from media.packages import check_package
from media.policy import MB

ROWS: Final = 20_000  # of all sheets together: some forty qualifications
COLUMNS: Final = 60
SHEETS: Final = 20
CELL: Final = 2_000  # letters
TEXT: Final = 8_000_000  # letters of all cells together
MOST_FLAWS: Final = 500
_UNPACKED: Final = 160 * MB
_RATIO, _RATIO_FROM = 100, 20 * MB
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell [^>]*?ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')
_HEADINGS: Final = 3
_ENTITY = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_PIECE: Final = 64 * 1024
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_DELIMITERS = (",", ";", "\t", "|")
_GUARDED = re.compile(r"^'(?=[=+\-@\t\r])")

Row = tuple[int, list[str]]


class Rows:
    """Rows as they are taken from a sheet, with what is wrong in them; stops at the limits."""

    def __init__(self, flaws: list[Flaw]) -> None:
        self.flaws = flaws
        self.count = 0
        self.letters = 0

    def take(self, number: int, cells: Iterable[tuple[Any, str]]) -> list[str] | None:
        """Return the texts of a row, or None for one without any. `cells` are pairs of value and flaw code."""
        texts = []
        for column, (value, code) in enumerate(cells, 1):
            text = _text(value)
            found = code or _odd(text)
            if found:
                self.flaw(Flaw(number, get_column_letter(column), found))
            texts.append("" if code else _GUARDED.sub("", text[:CELL].strip()))
        while texts and not texts[-1]:
            texts.pop()
        if not texts:
            return None
        self._count(number, texts)
        return texts

    def flaw(self, flaw: Flaw) -> None:
        """Keep what is wrong; after the first five hundred the rest is not looked at."""
        self.flaws.append(flaw)
        if len(self.flaws) >= MOST_FLAWS:
            raise _Enough

    def _count(self, number: int, texts: list[str]) -> None:
        self.count += 1
        self.letters += sum(map(len, texts))
        if self.count > ROWS:
            self.flaw(Flaw(number, "", "too-many-rows", {"limit": f"{ROWS:,}"}))
            raise _Enough
        if self.letters > TEXT:
            self.flaw(Flaw(number, "", "too-much-text"))
            raise _Enough
        if len(texts) > COLUMNS:
            self.flaw(Flaw(number, get_column_letter(COLUMNS + 1), "too-many-columns", {"limit": str(COLUMNS)}))
            raise _Enough


class _Enough(Exception):  # noqa: N818 - it ends the reading, nothing went wrong with us
    """There is no sense in reading on."""


def _odd(text: str) -> str:
    if len(text) > CELL:
        return "too-long"
    if "\ufffd" in text:
        return "lost-letter"
    return "control" if _CONTROL.search(text) else ""


def read_xlsx(path: Path) -> tuple[list[dict[str, Any]], list[Flaw]]:
    """Return the visible sheets of a workbook with their rows, and what is wrong in them.

    Formulas, error values, merged cells and what is beyond the limits become flaws. Raises `NotAccepted` for a file
    that must not be opened at all: a bomb, macros, a password, entities in its XML, another kind of file.
    """
    _weigh(path)
    check_package(path, "xlsx")
    _no_entities(path)
    flaws: list[Flaw] = []
    rows = Rows(flaws)
    sheets: list[dict[str, Any]] = []
    with path.open("rb") as file:  # by its bytes: the library would ask for an ending, and what is kept has none
        book = load_workbook(file, read_only=True, data_only=False, keep_links=False)
        with suppress(_Enough):
            _read_book(path, book, rows, sheets)
    return sheets, flaws


def _read_book(path: Path, book: Any, rows: Rows, sheets: list[dict[str, Any]]) -> None:
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    if len(shown) > SHEETS:
        rows.flaw(Flaw(0, "", "too-many-sheets", {"limit": str(SHEETS)}))
    for sheet in shown[:SHEETS]:
        found: list[Row] = []
        sheets.append({"name": str(sheet.title)[:60], "rows": found})
        _merged(path, sheet, rows)
        _sheet(sheet, rows, found)


def _weigh(path: Path) -> None:
    """Refuse by what the package says of itself: a catalogue is small."""
    try:
        with zipfile.ZipFile(path) as package:
            unpacked = sum(member.file_size for member in package.infolist())
    except zipfile.BadZipFile as torn:
        with path.open("rb") as file:
            ole = file.read(8) == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        raise NotAccepted("password" if ole else "damaged") from torn
    if unpacked > _UNPACKED or (unpacked > _RATIO_FROM and unpacked > _RATIO * path.stat().st_size):
        raise NotAccepted("unpacks-too-big")


def _no_entities(path: Path) -> None:
    """Refuse a document type or an entity anywhere in any part: white space can push it behind the beginning."""
    with zipfile.ZipFile(path) as package:
        for member in package.infolist():
            if member.filename.lower().endswith((".xml", ".rels", ".vml")):
                with package.open(member) as part:
                    _search(part)


def _search(part: IO[bytes]) -> None:
    tail = b""
    while piece := part.read(_PIECE):
        window = tail + piece.replace(b"\0", b"")  # letters of two bytes each
        if _ENTITY.search(window):
            raise NotAccepted("reaches-out")
        tail = window[-10:]


def _sheet(sheet: Any, rows: Rows, found: list[Row]) -> None:
    sheet.reset_dimensions()  # what the file says of its own size is not believed
    for number, cells in enumerate(sheet.iter_rows(max_row=ROWS * 5), 1):
        texts = rows.take(number, ((_value(cell), _code(cell)) for cell in cells[: COLUMNS + 1]))
        if texts is not None:
            found.append((number, texts))


def _code(cell: Any) -> str:
    return {"f": "formula", "e": "error-value"}.get(cell.data_type, "")


def _value(cell: Any) -> Any:
    """Return a number as it is shown where that matters: 1.10 is not 1.1."""
    if isinstance(cell.value, float) and re.fullmatch(r"0\.0+", str(cell.number_format)):
        return f"{cell.value:.{len(cell.number_format) - 2}f}"
    return cell.value


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _merged(path: Path, sheet: Any, rows: Rows) -> None:
    """Find merged cells; only a heading in one row above everything does no harm."""
    for area in _areas(path, sheet._worksheet_path):  # noqa: SLF001 - the library reads no merged cells in this mode
        left, top, _right, bottom = (int(edge or 1) for edge in range_boundaries(area))
        if top > _HEADINGS or bottom > top:
            rows.flaw(Flaw(top, get_column_letter(left), "merged", {"cells": area}))


def _areas(path: Path, member: str) -> Iterator[str]:
    with zipfile.ZipFile(path) as package, package.open(member) as part:
        tail = b""
        while piece := part.read(_PIECE):
            window = tail + piece
            ends = 0
            for match in _MERGED.finditer(window):
                ends = match.end()
                yield match.group(1).decode()
            tail = window[max(ends, len(window) - 200) :]


def read_csv(path: Path) -> tuple[list[dict[str, Any]], list[Flaw], list[str]]:
    """Return one sheet of rows, what is wrong in it, and what was guessed: the encoding where the file does not say.

    A cell that begins like a formula is a flaw. Refuses bytes that are text in no encoding we know.
    """
    data = path.read_bytes()
    text, notes, flaw = decoded(data)
    if flaw:
        return [], [flaw], []
    flaws: list[Flaw] = []
    rows = Rows(flaws)
    found: list[Row] = []
    csv.field_size_limit(TEXT)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, 1):
            texts = rows.take(number, ((cell, "formula" if cell.startswith("=") else "") for cell in cells))
            if texts is not None:
                found.append((number, texts))
    except _Enough:
        pass
    except csv.Error:
        flaws.append(Flaw(number + 1, "", "csv-broken"))
    return [{"name": "", "rows": found}], flaws, notes


def decoded(data: bytes) -> tuple[str, list[str], Flaw | None]:
    """Return a text, what was guessed of it, and why it is none: UTF-8, marked UTF-16, or Windows-1252 guessed."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or _looks_like_utf16(data):
        encoding = "utf-16" if data[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE} else "utf-16-le"
        return _strictly(data, encoding)
    text, notes, flaw = _strictly(data, "utf-8-sig")
    if flaw is None or data.startswith(codecs.BOM_UTF8):
        return text, notes, flaw
    text, _notes, flaw = _strictly(data, "cp1252")
    return text, [] if flaw else ["windows-1252"], flaw


def _looks_like_utf16(data: bytes) -> bool:
    odd = data[1:200:2]
    return bool(odd) and odd.count(0) > len(odd) * 0.8


def _strictly(data: bytes, encoding: str) -> tuple[str, list[str], Flaw | None]:
    try:
        return data.decode(encoding), [], None
    except UnicodeDecodeError as fault:
        row = data[: fault.start].count(b"\n") + 1
        return "", [], Flaw(row, "", "encoding")


def _delimiter(text: str) -> str:
    """Return the sign that stands most often outside quotes in the first rows."""
    head = re.sub(r'"[^"]*"', "", text[:20_000])
    return max(_DELIMITERS, key=head.count)
