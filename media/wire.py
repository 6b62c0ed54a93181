"""Values as a child process wrote them: the file it opened may have taken it over, so nothing is believed unseen."""

from __future__ import annotations

from datetime import UTC, datetime

from media.names import plain_line


def line(value: object, limit: int) -> str:
    """One clean line of at most `limit` characters. Refuses what is not text with TypeError."""
    if not isinstance(value, str):
        raise TypeError(f"text expected, not {type(value).__name__}")
    return plain_line(value, limit)


def count(value: object) -> int | None:
    """A whole number from 0 to 2³¹, or None. Refuses everything else with ValueError."""
    if value is None:
        return None
    if not isinstance(value, int) or not 0 <= value < 2**31:
        raise ValueError("a count expected")
    return int(value)


def seconds(value: object) -> float | None:
    """A length of time of at most 115 days, or None. Refuses everything else with ValueError."""
    if value is None:
        return None
    if not isinstance(value, int | float) or not 0 <= value < 10**7:
        raise ValueError("seconds expected")
    return float(value)


def moment(value: object) -> datetime | None:
    """A moment in ISO 8601: UTC if it says its zone, naive if not, or None. Refuses everything else with ValueError."""
    if value is None:
        return None
    found = datetime.fromisoformat(line(value, 40))
    return found.astimezone(UTC) if found.tzinfo else found
