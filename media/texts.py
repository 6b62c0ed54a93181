"""Plain text, tables as text and rich text: decoded, proved to be text, and read without their commands."""

from __future__ import annotations

import codecs
import re
from dataclasses import replace
from pathlib import Path
from typing import Final

from media.finding import Finding, NotAccepted
from media.names import plain_text

TEXT: Final = 200_000  # characters kept of any document
_HEAD: Final = 1024 * 1024  # bytes that are looked at
_ODD: Final = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\ufffe\uffff]")
_RTF_TOKEN: Final = re.compile(
    r"\\'([0-9a-fA-F]{2})|\\([a-z]{1,32})(-?\d{1,10})?[ ]?|\\(.)|([{}])|([^\\{}\r\n]+)|[\r\n]+", re.DOTALL
)
_RTF_LINES: Final = {"par": "\n", "line": "\n", "tab": "\t", "cell": "\t", "row": "\n", "page": "\n"}
_RTF_SIGNS: Final = {
    "emdash": "—",
    "endash": "–",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
    "bullet": "•",
}
_RTF_HIDDEN: Final = {
    "fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "objdata", "themedata", "datastore", "generator",
    "listtable", "listoverridetable", "header", "footer", "fldinst", "xmlnstbl", "latentstyles",
}  # fmt: skip


def inspect_text(path: Path, finding: Finding) -> Finding:
    """Proves that a file is text. Refuses bytes that are none in UTF-8, UTF-16 or Windows-1252 (`not-text`)."""
    text = read_text(path)
    if finding.extension != "rtf":
        return finding
    embedded = re.search(r"\\obj(data|ect|emb|update)\b", text)
    return replace(finding, active_content=("embedded-objects",) if embedded else ())


def text_of(path: Path, extension: str) -> str:
    """At most 200,000 characters of a txt, csv or rtf file, as people read them."""
    text = read_text(path)
    return plain_text(from_rtf(text) if extension == "rtf" else text, TEXT)


def read_text(path: Path) -> str:
    """The first megabyte, decoded; `not-text` for anything that holds NULs or control characters."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    text = decode(head)
    if _ODD.search(text):
        raise NotAccepted("not-text")
    return text


def decode(head: bytes) -> str:
    """UTF-8, UTF-16 (marked, or plain to see) or Windows-1252, in this order."""
    encodings = ["utf-8-sig", "cp1252"]
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    elif head[1:200:2].count(0) > len(head[1:200:2]) * 0.8:
        encodings = ["utf-16-le"]
    for encoding in encodings:
        try:  # not final: a character may be cut at the end of what was read
            return codecs.getincrementaldecoder(encoding)("strict").decode(head, final=len(head) < _HEAD)
        except UnicodeDecodeError:
            continue
    raise NotAccepted("not-text")


def from_rtf(source: str) -> str:
    """The words of a rich text; fonts, pictures, objects and field commands are left out."""
    out: list[str] = []
    hidden: list[bool] = [False]
    length = skip = 0
    for token in _RTF_TOKEN.finditer(source):
        code, word, number, sign, brace, plain = token.groups()
        if brace == "{":
            hidden.append(hidden[-1])
        elif brace and len(hidden) > 1:
            hidden.pop()
        if brace:
            continue
        if word in _RTF_HIDDEN or sign == "*":
            hidden[-1] = True
        if hidden[-1]:
            continue
        piece, skip = _rtf_piece((code, word, number, sign, plain), skip)
        out.append(piece)
        length += len(piece)
        if length > TEXT:
            break
    return "".join(out)


def _rtf_piece(parts: tuple[str | None, ...], skip: int) -> tuple[str, int]:
    """What one token of rich text says, and how many stand-in characters are still to be left out."""
    code, word, number, sign, plain = parts
    if word == "u" and number:
        return chr(int(number) % 65536), 1
    if code:
        return ("", skip - 1) if skip else (bytes([int(code, 16)]).decode("cp1252", "replace"), 0)
    if word:
        return _RTF_LINES.get(word) or _RTF_SIGNS.get(word, ""), 0
    if plain:
        return plain[skip:], 0
    return {"~": " ", "{": "{", "}": "}", "\\": "\\"}.get(sign or "", ""), 0
