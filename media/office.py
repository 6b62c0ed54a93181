"""The words of documents, sheets and slides, read from their XML without entities, document types or links."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element

from defusedxml import ElementTree

from media.names import plain_text
from media.packages import open_part
from media.texts import TEXT

_SHEETS: Final = 50
_SLIDES: Final = 500
_BREAKS: Final = {"br": "\n", "cr": "\n", "tab": "\t", "line-break": "\n", "s": " "}


def office_text(path: Path, extension: str) -> str:
    """At most 200,000 characters of a docx, pptx, odt, odp, xlsx or ods file, a line a paragraph or row."""
    with zipfile.ZipFile(path) as package:
        return plain_text(_bounded(_READERS[extension](package)), TEXT)


def _bounded(lines: Iterator[str]) -> str:
    kept: list[str] = []
    length = 0
    for line in lines:
        kept.append(line)
        length += len(line) + 1
        if length > TEXT:
            break
    return "\n".join(kept)


def _root(package: zipfile.ZipFile, name: str) -> Element:
    root: Element = ElementTree.fromstring(open_part(package, name), forbid_dtd=True)
    return root


def _tag(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _words(paragraph: Element, text_tag: str) -> str:
    """The text of one paragraph of OOXML, where words stand in elements of their own."""
    return "".join((e.text or "") if _tag(e) == text_tag else _BREAKS.get(_tag(e), "") for e in paragraph.iter())


def _docx(package: zipfile.ZipFile) -> Iterator[str]:
    for element in _root(package, "word/document.xml").iter():
        if _tag(element) == "p":
            yield _words(element, "t")


def _pptx(package: zipfile.ZipFile) -> Iterator[str]:
    for name in _numbered(package, r"ppt/slides/slide(\d+)\.xml")[:_SLIDES]:
        for element in _root(package, name).iter():
            if _tag(element) == "p":
                yield _words(element, "t")
        yield ""


def _xlsx(package: zipfile.ZipFile) -> Iterator[str]:
    shared: list[str] = []
    if "xl/sharedStrings.xml" in package.namelist():
        shared = [_words(e, "t") for e in _root(package, "xl/sharedStrings.xml") if _tag(e) == "si"]
    for name in _numbered(package, r"xl/worksheets/sheet(\d+)\.xml")[:_SHEETS]:
        for row in _root(package, name).iter():
            if _tag(row) == "row":
                yield "\t".join(_cell(cell, shared) for cell in row if _tag(cell) == "c")
        yield ""


def _cell(cell: Element, shared: list[str]) -> str:
    if cell.get("t") == "inlineStr":
        return _words(cell, "t")
    value = next((e.text or "" for e in cell if _tag(e) == "v"), "")
    if cell.get("t") == "s":
        return shared[int(value)] if value.isdigit() and int(value) < len(shared) else ""
    return value


def _odf(package: zipfile.ZipFile) -> Iterator[str]:
    for element in _root(package, "content.xml").iter():
        if _tag(element) in {"p", "h"}:
            yield _flow(element)


def _ods(package: zipfile.ZipFile) -> Iterator[str]:
    for row in _root(package, "content.xml").iter():
        if _tag(row) == "table-row":  # repeats are not written out: they are how a sheet says "a million empty rows"
            line = "\t".join(" ".join(_flow(p) for p in cell if _tag(p) == "p") for cell in row)
            if line.strip():
                yield line


def _flow(element: Element) -> str:
    """The text of one paragraph of ODF, where words stand between elements."""
    for part in element.iter():
        if _tag(part) in _BREAKS:
            part.text = _BREAKS[_tag(part)]
    return "".join(element.itertext())


def _numbered(package: zipfile.ZipFile, pattern: str) -> list[str]:
    found = [(int(match.group(1)), name) for name in package.namelist() if (match := re.fullmatch(pattern, name))]
    return [name for _, name in sorted(found)]


_READERS: Final[Mapping[str, Callable[[zipfile.ZipFile], Iterator[str]]]] = {
    "docx": _docx, "pptx": _pptx, "xlsx": _xlsx, "odt": _odf, "odp": _odf, "ods": _ods,
}  # fmt: skip
