"""PDF: opened by two readers, counted, searched for what could act, and drawn page by page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import pikepdf
import pypdfium2
from PIL import Image

from media.finding import Finding, NotAccepted
from media.names import plain_text

PAGES_MOST: Final = 5000
PAGES_DRAWN: Final = 50
PAGE_WIDTH: Final = 1400  # pixels
_PAGE_DOTS: Final = 12_000_000
_OBJECTS: Final = 50_000
_NESTED: Final = 4
_MOMENTS: Final = (
    "/AA",
    "/O",
    "/C",
    "/E",
    "/X",
    "/D",
    "/U",
    "/Fo",
    "/Bl",
    "/K",
    "/F",
    "/V",
    "/WC",
    "/WS",
    "/DS",
    "/WP",
    "/DP",
)
_PAGE_TEXT: Final = 20_000
_TEXT: Final = 200_000  # characters over all pages


@dataclass(frozen=True, slots=True)
class Page:
    """One page as a picture, with the text that can be read from it."""

    number: int  # from 1
    image: Image.Image
    text: str


def inspect_pdf(path: Path, finding: Finding) -> Finding:
    """Pages and active content. Refuses passwords, torn files, no page at all and more than 5,000 pages."""
    try:
        with pikepdf.open(path) as pdf:
            pages, flags = len(pdf.pages), _active(pdf)
            torn = bool(pdf.get_warnings()) and not _has_end(path)
    except pikepdf.PasswordError as locked:
        raise NotAccepted("password") from locked
    except Exception as unreadable:
        raise NotAccepted("damaged") from unreadable
    if pages > PAGES_MOST:
        raise NotAccepted("too-many-pages", pages=f"{pages:,}", limit=f"{PAGES_MOST:,}")
    if torn or pages == 0:
        raise NotAccepted("damaged")
    _prove_first_page(path)
    return replace(finding, pages=pages, active_content=flags)


def pages_of(path: Path) -> Iterator[Page]:
    """The first 50 pages, 1,400 dots wide; a page that cannot be drawn is left out and its neighbours stay."""
    left = _TEXT
    with pypdfium2.PdfDocument(path) as document:
        if document.get_formtype():
            document.init_forms()  # answers typed into a form are drawn; this build of PDFium runs no scripts
        for index in range(min(len(document), PAGES_DRAWN)):
            with suppress(pypdfium2.PdfiumError):
                page = _page(document, index, min(left, _PAGE_TEXT))
                left -= len(page.text)
                yield page


def _page(document: Any, index: int, text_limit: int) -> Page:
    page = document[index]
    try:
        width, height = page.get_size()
        scale = min(PAGE_WIDTH / max(width, 1), (_PAGE_DOTS / max(width * height, 1)) ** 0.5)
        picture = page.render(scale=scale).to_pil().convert("RGB")
        reader = page.get_textpage()
        text = plain_text(reader.get_text_range(0, min(reader.count_chars(), text_limit)), text_limit)
        reader.close()
        return Page(index + 1, picture, text)
    finally:
        page.close()


def _prove_first_page(path: Path) -> None:
    try:
        with pypdfium2.PdfDocument(path) as document:
            document[0].close()
    except Exception as unreadable:
        raise NotAccepted("damaged") from unreadable


def _has_end(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 2048))
        return b"%%EOF" in file.read()


def _active(pdf: pikepdf.Pdf) -> tuple[str, ...]:
    """What the original could do if a reader let it. The previews are drawings and can do nothing."""
    root, flags = pdf.Root, set[str]()
    names: Any = root.get("/Names", {})
    for key, flag in (("/OpenAction", "open-action"), ("/AA", "open-action"), ("/AcroForm", "form")):
        if key in root:
            flags.add(flag)
    if "/EmbeddedFiles" in names:
        flags.add("attachments")
    if "/JavaScript" in names:
        flags.add("javascript")
    for number, thing in enumerate(pdf.objects):
        if number > _OBJECTS:
            break
        flags |= _action(thing)
    return tuple(sorted(flags))


def _action(thing: object, depth: int = 0) -> set[str]:
    """The flags of one object and of the actions written straight into it."""
    found: set[str] = set()
    with suppress(Exception):
        if isinstance(thing, pikepdf.Dictionary) and depth < _NESTED:
            if "/JS" in thing:
                found.add("javascript")
            if thing.get("/S") in {"/Launch", "/SubmitForm", "/ImportData"}:
                found.add("launch")
            if thing.get("/Subtype") == "/FileAttachment":
                found.add("attachments")
            for inner in [thing.get(key) for key in ("/A", "/OpenAction", "/Next", *_MOMENTS)]:
                found |= _action(inner, depth + 1)
    return found
