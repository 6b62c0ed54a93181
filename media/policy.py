"""What may be added, as data: ending, family, our content type, size. And what may not, with the reason why.

Rules R54 and R55; the sizes are those of the security policy (images and documents 50 MB, audio 250 MB, video 2 GB).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from common.text import _
from media.finding import Finding, refused
from media.names import extension_of

MB: Final = 1024 * 1024
IMAGE_AND_DOCUMENT: Final = 50 * MB
AUDIO: Final = 250 * MB
VIDEO: Final = 2048 * MB


class Family(StrEnum):
    """What a file is to the person who looks at it, which also decides how it is opened."""

    IMAGE = "image"
    DOCUMENT = "document"  # PDF
    OFFICE = "office"  # text documents and slides
    SHEET = "sheet"
    TEXT = "text"
    LEGACY = "legacy"  # the office formats of before 2007: kept and handed back, never opened
    MAIL = "mail"
    AUDIO = "audio"
    VIDEO = "video"


@dataclass(frozen=True, slots=True)
class Kind:
    """One accepted ending."""

    extension: str
    family: Family
    content_type: str
    cap: int  # bytes


_OOXML = "application/vnd.openxmlformats-officedocument"
_ODF = "application/vnd.oasis.opendocument"
_TABLE: Final[Mapping[Family, Mapping[str, str]]] = {
    Family.IMAGE: {
        "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp", "gif": "image/gif",
        "heic": "image/heic", "heif": "image/heif", "avif": "image/avif", "tif": "image/tiff", "tiff": "image/tiff",
    },
    Family.DOCUMENT: {"pdf": "application/pdf"},
    Family.OFFICE: {
        "docx": f"{_OOXML}.wordprocessingml.document", "pptx": f"{_OOXML}.presentationml.presentation",
        "odt": f"{_ODF}.text", "odp": f"{_ODF}.presentation",
    },
    Family.SHEET: {"xlsx": f"{_OOXML}.spreadsheetml.sheet", "ods": f"{_ODF}.spreadsheet"},
    Family.TEXT: {"txt": "text/plain", "csv": "text/csv", "rtf": "application/rtf"},
    Family.LEGACY: {
        "doc": "application/msword", "xls": "application/vnd.ms-excel", "ppt": "application/vnd.ms-powerpoint",
    },
    Family.MAIL: {"eml": "message/rfc822", "msg": "application/vnd.ms-outlook"},
    Family.AUDIO: {
        "mp3": "audio/mpeg", "m4a": "audio/mp4", "aac": "audio/aac", "amr": "audio/amr", "wav": "audio/wav",
        "ogg": "audio/ogg",
    },
    Family.VIDEO: {
        "mp4": "video/mp4", "mov": "video/quicktime", "m4v": "video/x-m4v", "3gp": "video/3gpp", "webm": "video/webm",
    },
}  # fmt: skip


def cap_of(family: Family) -> int:
    """The largest file of a family, in bytes."""
    return {Family.AUDIO: AUDIO, Family.VIDEO: VIDEO}.get(family, IMAGE_AND_DOCUMENT)


KINDS: Final[Mapping[str, Kind]] = MappingProxyType({
    ending: Kind(ending, family, content_type, cap_of(family))
    for family, endings in _TABLE.items()
    for ending, content_type in endings.items()
})  # fmt: skip

_REFUSED_GROUPS: Final = {
    "web-page": "html htm xhtml shtml mht mhtml svg svgz xml xsl xslt js mjs css hta swf webloc url",
    "archive": "zip zipx rar 7z gz tgz tar bz2 xz zst cab iso dmg jar",
    "program": (
        "exe msi bat cmd com scr ps1 vbs vbe wsf wsh lnk reg dll sh bash py pl rb php phtml phar php5 php7 asp aspx "
        "jsp cgi apk ipa app deb rpm jse pif cpl htaccess config"
    ),
    "macro": "docm dotm xlsm xltm xlam xlsb pptm potm ppsm ppam sldm",
    "other-document": "pages numbers key dotx xltx potx ppsx pps one pub vsd vsdx mpp xps eps ai wps wpd epub md odg",
    "other-picture": "bmp ico psd raw dng cr2 nef arw jfif jp2 jxl heics",
    "other-sound": "wma flac aiff aif opus oga mid caf m4b",
    "other-video": "avi wmv mkv flv mpg mpeg m2ts mts ts vob ogv 3g2",
}
REFUSED: Final[Mapping[str, str]] = MappingProxyType({
    ending: code for code, endings in _REFUSED_GROUPS.items() for ending in endings.split()
})  # fmt: skip

_LABELS = {
    Family.IMAGE: _("Photos and pictures"),
    Family.DOCUMENT: _("PDF"),
    Family.OFFICE: _("Documents and slides"),
    Family.SHEET: _("Spreadsheets"),
    Family.TEXT: _("Plain text"),
    Family.LEGACY: _("Older Office files"),
    Family.MAIL: _("E-mails"),
    Family.AUDIO: _("Sound"),
    Family.VIDEO: _("Video"),
}
_LIMIT = _("%(what)s: %(endings)s, up to %(size)s each")


def admit(declared_name: str, size: int) -> Finding:
    """What can be said before a byte has arrived: refuses unknown and unsafe endings, empty and over-large files."""
    ending = extension_of(declared_name)
    kind = KINDS.get(ending)
    if kind is None:
        code = REFUSED.get(ending, "unknown-kind") if ending else "no-ending"
        return refused(code, said=f".{ending}"[:40])
    if size <= 0:
        return refused("empty")
    if size > kind.cap:
        return refused("too-big", limit=size_text(kind.cap), size=size_text(size))
    return Finding(family=kind.family, extension=ending, content_type=kind.content_type)


def accept_attribute(*families: Family) -> str:
    """The value of `<input accept>` for these families, or for all: endings first, then content types for phones."""
    chosen = [kind for kind in KINDS.values() if not families or kind.family in families]
    types = dict.fromkeys(kind.content_type for kind in chosen)
    return ",".join([*(f".{kind.extension}" for kind in chosen), *types])


def limits_text(*families: Family) -> tuple[str, ...]:
    """What may be added and how large, one plain line a family, to be shown before anything is chosen (R55)."""
    return tuple(
        _LIMIT % {"what": _LABELS[family], "endings": ", ".join(endings), "size": size_text(cap_of(family))}
        for family, endings in _TABLE.items()
        if not families or family in families
    )


def size_text(size: int) -> str:
    """A number of bytes as people say it: 900 kB, 4.2 MB, 2 GB."""
    for unit, step in (("GB", 1024 * MB), ("MB", MB), ("kB", 1024)):
        if size >= step:
            return f"{size / step:.1f}".removesuffix(".0") + f" {unit}"
    return f"{size} B"
