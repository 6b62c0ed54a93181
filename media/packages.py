"""Office files that are zips inside: weighed before anything is unpacked, by what they say and by what they hold.

Sizes and member counts follow the policy for files, 4. Nothing is ever unpacked to disk.
"""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final
from xml.etree.ElementTree import Element

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from media.finding import NotAccepted
from media.policy import KINDS, MB

UNPACKED: Final = 500 * MB
MEMBERS: Final = 2000
DEPTH: Final = 2  # a sheet inside a document is usual, a sheet inside that is the end
_RATIO: Final = 100  # to one, once it matters:
_RATIO_FROM: Final = 100 * MB
_DIRECTORY: Final = 2 * MB
_PART: Final = 32 * MB  # the largest piece of XML that we read
_PIECE: Final = 256 * 1024
_TORN: Final = (zipfile.BadZipFile, NotImplementedError, EOFError, struct.error, KeyError)
_END_RECORD: Final = b"PK\x05\x06"
_OUTSIDE = re.compile(r"(^|[/\\])\.\.([/\\]|$)|^[/\\]|^[A-Za-z]:|\x00")
_ARCHIVES = re.compile(r"(?i)\.(zip|jar|7z|rar|gz|bz2|xz|exe|dll|js|vbs|bat|cmd|scr|lnk|hta)$")
_DOCTYPE = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_MAIN_TYPES: Final = {
    "docx": "wordprocessingml.document.main+xml", "xlsx": "spreadsheetml.sheet.main+xml",
    "pptx": "presentationml.presentation.main+xml",
}  # fmt: skip
_MAIN_PARTS: Final = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}


@dataclass(slots=True)
class _Scale:
    """What has been weighed so far, nested packages included."""

    packed: int
    unpacked: int = 0
    members: int = 0
    flags: set[str] = field(default_factory=set)

    def add(self, size: int) -> None:
        self.unpacked += size
        far_more = self.unpacked > _RATIO_FROM and self.unpacked > _RATIO * self.packed
        if self.unpacked > UNPACKED or far_more:
            raise NotAccepted("unpacks-too-big")


def check_package(path: Path, extension: str) -> tuple[str, ...]:
    """Weighs and proves one docx, xlsx, pptx, odt, ods or odp; answers its active-content flags.

    Refuses zip bombs (`unpacks-too-big`), members that point outside, overlap or repeat (`unsafe-inside`), passwords,
    macros, entities and document types in XML (`reaches-out`), and packages of another kind (`renamed`).
    """
    flags = check_zip(path)
    try:
        with zipfile.ZipFile(path) as package:
            _prove(package, extension)
    except _TORN as torn:
        raise NotAccepted("damaged") from torn
    return flags


def check_zip(path: Path) -> tuple[str, ...]:
    """Weighs any zip: refuses bombs, members that point outside, overlap or repeat, and passwords; answers flags."""
    scale = _Scale(packed=path.stat().st_size)
    try:
        with path.open("rb") as file:
            _weigh(file, scale, depth=0)
    except _TORN as torn:
        raise NotAccepted("damaged") from torn
    return tuple(sorted(scale.flags))


def open_part(package: zipfile.ZipFile, name: str) -> bytes:
    """The bytes of one member, at most 32 MB; a larger or missing one is `damaged`."""
    try:
        with package.open(name) as part:
            data = part.read(_PART + 1)
    except (KeyError, zipfile.BadZipFile) as missing:
        raise NotAccepted("damaged") from missing
    if len(data) > _PART:
        raise NotAccepted("unpacks-too-big")
    return data


def _weigh(file: BinaryIO, scale: _Scale, *, depth: int) -> None:
    if depth > DEPTH:
        raise NotAccepted("unsafe-inside")
    _check_said(file)
    with zipfile.ZipFile(file) as package:
        members = package.infolist()
        scale.members += len(members)
        if scale.members > MEMBERS:
            raise NotAccepted("unpacks-too-big")
        for member in members:
            _check_member(member)
        _check_places(members)
        declared = _Scale(packed=scale.packed, unpacked=scale.unpacked)
        declared.add(sum(member.file_size for member in members))
        for member in members:
            _count(package, member, scale, depth)


def _check_said(file: BinaryIO) -> None:
    """How many members the end of the file declares, and in how many bytes, before Python builds a list of them."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - 65_557))
    tail = file.read()
    place = tail.rfind(_END_RECORD)
    if place < 0 or len(tail) < place + 22:
        raise NotAccepted("damaged")
    members, length = struct.unpack_from("<HI", tail, place + 10)
    if members > MEMBERS or length > _DIRECTORY:
        raise NotAccepted("unpacks-too-big")
    file.seek(0)


def _check_member(member: zipfile.ZipInfo) -> None:
    if member.flag_bits & 0x1:
        raise NotAccepted("password")
    mode = member.external_attr >> 16
    raw = member.orig_filename
    if stat.S_ISLNK(mode) or _OUTSIDE.search(raw) or _ARCHIVES.search(raw):
        raise NotAccepted("unsafe-inside")
    if re.search(r"(?i)(^|/)vba(Project|Data)\b|^(Basic|Scripts)/", raw) and not member.is_dir():
        raise NotAccepted("macro")


def _check_places(members: list[zipfile.ZipInfo]) -> None:
    """No two members share a name or bytes: the trick of the strongest zip bombs."""
    if len({member.filename.casefold() for member in members}) < len(members):
        raise NotAccepted("unsafe-inside")
    end = 0
    for member in sorted(members, key=lambda one: one.header_offset):
        if member.header_offset < end:
            raise NotAccepted("unsafe-inside")
        end = member.header_offset + 30 + member.compress_size  # 30: the least that a member's header takes


def _count(package: zipfile.ZipFile, member: zipfile.ZipInfo, scale: _Scale, depth: int) -> None:
    """Reads a member through, counting what really comes out; looks into packages inside the package."""
    beginning = b""
    with package.open(member) as part:
        while piece := part.read(_PIECE):
            beginning = beginning or piece[:8192]
            scale.add(len(piece))
    _flag(member.filename, beginning, scale.flags)
    if beginning.startswith(b"PK\x03\x04"):
        _weigh(io.BytesIO(open_part(package, member.filename)), scale, depth=depth + 1)


def _flag(name: str, beginning: bytes, flags: set[str]) -> None:
    is_xml = name.endswith((".xml", ".rels")) and name != "META-INF/manifest.xml"  # old writers put a doctype there
    if is_xml and _DOCTYPE.search(beginning.replace(b"\0", b"")):
        raise NotAccepted("reaches-out")
    if re.search(r"(?i)(embeddings/|activeX|oleObject|^Object )", name):
        flags.add("embedded-objects")
    if name.endswith(".rels") and b"attachedTemplate" in beginning and b"External" in beginning:
        flags.add("remote-template")


def _prove(package: zipfile.ZipFile, extension: str) -> None:
    names = set(package.namelist())
    prove = _prove_ooxml if extension in _MAIN_TYPES else _prove_odf
    prove(package, extension, names)


def _prove_ooxml(package: zipfile.ZipFile, extension: str, names: set[str]) -> None:
    if "[Content_Types].xml" not in names:
        raise NotAccepted("renamed", said=f".{extension}", found="application/zip")
    types = [element.get("ContentType", "") for element in _elements(open_part(package, "[Content_Types].xml"))]
    if any("macroEnabled" in one or "vbaProject" in one for one in types):
        raise NotAccepted("macro")
    if not any(one.endswith(_MAIN_TYPES[extension]) for one in types):
        raise NotAccepted("renamed", said=f".{extension}", found="application/zip")
    if _MAIN_PARTS[extension] not in names:
        raise NotAccepted("damaged")


def _prove_odf(package: zipfile.ZipFile, extension: str, names: set[str]) -> None:
    declared = open_part(package, "mimetype").strip() if "mimetype" in names else b""
    if declared != KINDS[extension].content_type.encode():
        raise NotAccepted("renamed", said=f".{extension}", found="application/zip")
    if b"encryption-data" in open_part(package, "META-INF/manifest.xml"):
        raise NotAccepted("password")
    if "content.xml" not in names:
        raise NotAccepted("damaged")


def _elements(xml: bytes) -> Iterator[Element]:
    try:
        yield from ElementTree.fromstring(xml, forbid_dtd=True).iter()
    except DefusedXmlException as reaches_out:
        raise NotAccepted("reaches-out") from reaches_out
    except ElementTree.ParseError as torn:
        raise NotAccepted("damaged") from torn
