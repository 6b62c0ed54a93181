"""A row written down as one text, the same on both databases and in any language: what a leaf is the hash of.

The text is canonical JSON (`common.digests`) of {"form", "row", "table"}. Values of a row:

    nothing, true and false, whole numbers, texts    as JSON has them; foreign keys as the numbers that the column holds
    an instant                                       UTC, to the microsecond: 2026-12-01T09:30:00.000000Z
    a day                                            2026-12-01
    JSON                                             as it is; a number without a fraction is whole (1e2 is 100)
    words of people                                  {"sha256": SHA-256 of the text `salt:words`}, the salt as hex

Words are hidden so that a receipt or an export tells nobody's name. A hash alone would not do that: names are few, and
can be tried. So each leaf has a salt of 128 random bits that only the ledger keeps. Nothing said stays visible as that.
"""

import datetime as dt
import hashlib
from collections.abc import Collection, Mapping
from typing import Any

from common.digests import canonical

SALT_BYTES = 16


def written(value: object) -> Any:
    """Return a column's value as JSON has it. Refuses what has no one way to be written (TypeError, ValueError)."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if isinstance(value, Mapping):
        return {str(key): written(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [written(one) for one in value]
    raise TypeError(f"no one way to write a {type(value).__name__} down")


def hidden(value: object, salt: bytes) -> Any:
    """Return words as a hash that nobody can guess without the salt; nothing said is nothing."""
    if value in (None, "", [], {}):
        return value
    words = value if isinstance(value, str) else canonical({"": written(value)})[4:-1]
    return {"sha256": hashlib.sha256(f"{salt.hex()}:{words}".encode()).hexdigest()}


def record(*, table: str, form: int, row: Mapping[str, object], words: Collection[str], salt: bytes) -> bytes:
    """Return the bytes of a row's record; `words` names the columns that are hidden."""
    said = {name: hidden(value, salt) if name in words else written(value) for name, value in row.items()}
    return canonical({"form": form, "row": said, "table": table}).encode()
