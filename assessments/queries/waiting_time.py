"""How long something has waited, in working days (R77)."""

import datetime as dt
from typing import Final

from common.clock import LONDON, working_days_after

SATURDAY: Final = 5


def late_before(today: dt.date, days: int) -> dt.datetime:
    """Return the instant before which whatever was sent is past its `days` working days on `today` (R77)."""
    day = today
    while working_days_after(day, days) >= today:
        day -= dt.timedelta(days=1)
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min, LONDON)


def working_days_used(sent: dt.date, today: dt.date) -> int:
    """Return how many working days have gone by since a day, that day not counted."""
    gone = (sent + dt.timedelta(days=n) for n in range(1, (today - sent).days + 1))
    return sum(day.weekday() < SATURDAY for day in gone)
