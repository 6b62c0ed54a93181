"""Ending and first bytes must agree, by our own table and by libmagic (type = ending and magic and parser).

Polyglots pass such checks: safety rests on how files are served and on previews being re-made, never on this.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

import filetype
import magic

from media.finding import NotAccepted
from media.policy import Family, Kind

HEAD: Final = 4096
SMALLEST: Final = 20  # bytes; nothing but text is shorter
OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP: Final = b"PK\x03\x04"
_STILL = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis", b"miaf"}
_OLD_QUICKTIME = {b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"}


def _starts(*beginnings: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(beginnings)


def _riff(form: bytes) -> Callable[[bytes], bool]:
    return lambda head: head[:4] == b"RIFF" and head[8:12] == form


def _is_still(head: bytes) -> bool:
    return head[4:8] == b"ftyp" and head[8:12] in _STILL


def _is_movie(head: bytes) -> bool:
    return (head[4:8] == b"ftyp" and head[8:12] not in _STILL) or head[4:8] in _OLD_QUICKTIME


def _is_mp3(head: bytes) -> bool:
    return head[:3] == b"ID3" or (head[0] == 0xFF and head[1] & 0xE6 in {0xE2, 0xE4})  # noqa: PLR2004 - frame sync


def _is_aac(head: bytes) -> bool:
    return head[:3] == b"ID3" or (head[0] == 0xFF and head[1] & 0xF6 == 0xF0)  # noqa: PLR2004 - ADTS sync


def _anything(head: bytes) -> bool:
    return bool(head)


_zip, _ole = _starts(ZIP), _starts(OLE)
_SIGNATURES: Final[Mapping[str, Callable[[bytes], bool]]] = {
    "jpg": _starts(b"\xff\xd8\xff"), "jpeg": _starts(b"\xff\xd8\xff"), "png": _starts(b"\x89PNG\r\n\x1a\n"),
    "gif": _starts(b"GIF87a", b"GIF89a"), "webp": _riff(b"WEBP"), "tif": _starts(b"II*\0", b"MM\0*"),
    "tiff": _starts(b"II*\0", b"MM\0*"), "heic": _is_still, "heif": _is_still, "avif": _is_still,
    "pdf": _starts(b"%PDF-"), "docx": _zip, "xlsx": _zip, "pptx": _zip, "odt": _zip, "ods": _zip, "odp": _zip,
    "doc": _ole, "xls": _ole, "ppt": _ole, "msg": _ole, "rtf": _starts(b"{\\rtf"),
    "mp3": _is_mp3, "m4a": _is_movie, "aac": _is_aac, "amr": _starts(b"#!AMR"), "wav": _riff(b"WAVE"),
    "ogg": _starts(b"OggS"), "mp4": _is_movie, "mov": _is_movie, "m4v": _is_movie, "3gp": _is_movie,
    "webm": _starts(b"\x1a\x45\xdf\xa3"), "txt": _anything, "csv": _anything, "eml": _anything,
}  # fmt: skip

# What libmagic may call a file of each kind. It says octet-stream for many sound recordings; anything else is a lie.
_VAGUE = "application/octet-stream"
_ISO_MEDIA = "(video|audio)/(mp4|quicktime|3gpp2?|x-m4[av]|mpeg4-generic)"
_MAGIC: Final[Mapping[str, str]] = {
    "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/(png|apng)", "gif": "image/gif", "webp": "image/webp",
    "tif": "image/tiff", "tiff": "image/tiff", "heic": "image/hei[cf](-sequence)?",
    "heif": "image/hei[cf](-sequence)?", "avif": "image/(avif|heif)(-sequence)?", "pdf": "application/pdf",
    "rtf": "(text|application)/rtf", "mp3": "audio/(mpeg|mp3|x-mp3)", "m4a": _ISO_MEDIA,
    "aac": "audio/(aac|x-hx-aac-adts|mpeg)", "amr": "audio/(amr|AMR|AMR-WB)", "wav": "audio/(x-)?wav|audio/vnd.wave",
    "ogg": "(audio|video|application)/ogg",
    "mp4": _ISO_MEDIA, "mov": _ISO_MEDIA, "m4v": _ISO_MEDIA, "3gp": _ISO_MEDIA, "webm": "video/(webm|x-matroska)",
}  # fmt: skip
_BY_FAMILY: Final[Mapping[Family, str]] = {
    Family.OFFICE: "application/(zip|vnd\\..*)",
    Family.SHEET: "application/(zip|vnd\\..*)",
    Family.LEGACY: "application/(msword|vnd.ms-.*|x-ole-storage|CDFV2.*|encrypted|cdfv2.*)",
    Family.MAIL: "application/(vnd.ms-outlook|x-ole-storage|CDFV2.*)|(text|message)/.*",
    Family.TEXT: "(text|message)/.*|application/(json|csv|x-.*|javascript|.*xml)|image/svg.xml",  # proved by decoding
}


def check_agrees(path: Path, kind: Kind) -> None:
    """Refuses a file whose first bytes are not what its ending says (`renamed`, `too-small`)."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    is_text = kind.family is Family.TEXT or kind.extension == "eml"
    if len(head) < SMALLEST and not is_text:
        raise NotAccepted("too-small")
    by_magic = content_type_by_magic(path, head)
    allowed = _MAGIC.get(kind.extension) or _BY_FAMILY[kind.family]
    agrees = by_magic == _VAGUE or re.fullmatch(allowed, by_magic) is not None
    if not (agrees and _SIGNATURES[kind.extension](head)):
        raise NotAccepted("renamed", said=f".{kind.extension}", found=_family_name(by_magic, head))


def content_type_by_magic(path: Path, head: bytes) -> str:
    """What libmagic says, or, where it is missing or lost, what `filetype` says; octet-stream if neither knows."""
    with suppress(magic.MagicException, OSError):
        found = str(magic.from_file(str(path), mime=True))
        if found != _VAGUE:
            return found
    return str(filetype.guess_mime(head) or _VAGUE)


def _family_name(by_magic: str, head: bytes) -> str:
    """The nearest content type that has words in `media.sentences`."""
    if head.startswith(ZIP):
        return "application/zip"
    if head.startswith(OLE):
        return "application/x-ole-storage"
    if re.fullmatch("application/(x-(pie-)?executable|x-sharedlib|vnd.microsoft.portable-executable)", by_magic):
        return "application/x-executable"
    if re.fullmatch(_ISO_MEDIA + "|video/.*", by_magic):
        return "video/mp4"
    return by_magic.replace("image/heif", "image/heic")
