"""One way to write facts down so that a hash of them means something."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from typing import Any


def canonical(facts: Mapping[str, Any]) -> str:
    """Return JSON with sorted keys, no spaces, ASCII only: the same facts give the same bytes in any language."""
    return json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def digest(text: str) -> str:
    """Return the SHA-256 of a text's UTF-8 bytes, in lower-case hexadecimal (64 characters)."""
    return hashlib.sha256(text.encode()).hexdigest()


def instant(at: dt.datetime) -> str:
    """Return an instant as text in UTC, to the microsecond, the same whichever database it comes from."""
    return at.astimezone(dt.UTC).isoformat(timespec="microseconds")
