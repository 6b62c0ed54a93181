"""Names of files: kept as text, shown as text, and never a path (the policy for files, 3)."""

from __future__ import annotations

import re
import secrets
import unicodedata
from datetime import datetime
from typing import Final
from urllib.parse import quote

NAME_LENGTH: Final = 200
_CONTROL = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}  # control, format (bidi overrides), surrogates, line separators
_JOINERS = "\u200c\u200d"  # format characters that emoji and some scripts need
_RESERVED = re.compile(r"(?i)^(con|prn|aux|nul|com\d|lpt\d)(\.|$)")  # names that Windows keeps for its devices
_LEFT_ALONE = re.compile(r"[^A-Za-z0-9 ._()-]")


def plain_line(text: str, limit: int) -> str:
    """`text` as one line of at most `limit` characters: NFC, no control, bidi-override or surrogate characters."""
    flat = " ".join(unicodedata.normalize("NFC", text).split())
    shown = "".join(c for c in flat if _shown(c))
    return " ".join(shown.split())[:limit].strip()  # what stood between two spaces may be gone now


def plain_text(text: str, limit: int) -> str:
    """`text` of at most `limit` characters, with its lines and tabs and nothing a database or a screen trips over."""
    lines = text[: limit * 2].replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")
    return "".join(c for c in lines if c in "\n\t" or _shown(c))[:limit].strip()


def clean_name(raw: str) -> str:
    """The name to keep: one line of at most 200 characters with its ending, never empty.

    NFC, without path parts, control and bidi-override characters or trailing dots.
    """
    last = re.split(r"[/\\]", raw.replace("\x00", ""))[-1]
    name = plain_line(last, 10_000).rstrip(". ")
    if not name.strip("."):
        return "file"
    if len(name) <= NAME_LENGTH:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 10:  # noqa: PLR2004 - no known ending is longer
        return name[:NAME_LENGTH]
    return stem[: NAME_LENGTH - len(ending) - 1].rstrip(". ") + dot + ending


def extension_of(name: str) -> str:
    """The ending of a name in small letters without its dot; empty for none and for names like `.htaccess`."""
    stem, dot, ending = clean_name(name).rpartition(".")
    return ending.lower() if dot and stem.strip(". ") else ""


def content_disposition(name: str, *, inline: bool = False) -> str:
    """The header by which a browser saves a file under `name` (RFC 6266): a safe ASCII name and the whole one.

    `inline` is for what we produced ourselves; everything else is an attachment.
    """
    whole = clean_name(name)
    if _RESERVED.match(whole):
        whole = f"_{whole}"
    flat = unicodedata.normalize("NFKD", whole).encode("ascii", "ignore").decode()
    fallback = _LEFT_ALONE.sub("_", flat).strip(" .") or "file"
    kind = "inline" if inline else "attachment"
    return f"{kind}; filename=\"{fallback}\"; filename*=UTF-8''{quote(whole, safe='')}"


def storage_key(centre_id: int, now: datetime) -> str:
    """Where the bytes go: `centre/<id>/<yyyy>/<128 random bits>`. Nothing of it comes from the user."""
    return f"centre/{centre_id:d}/{now.year:04d}/{secrets.token_hex(16)}"


def _shown(character: str) -> bool:
    return character in _JOINERS or unicodedata.category(character) not in _CONTROL
