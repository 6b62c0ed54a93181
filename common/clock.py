"""The one place that asks what time it is (R129: server time only, and where there are several servers the database's).

Where the database is a server of its own, its clock counts: a web server that is a day slow must let no ended role in
(T33). How far this process is from it is measured with each new connection (`common.postgresql`).
"""

import datetime as dt
import logging
from zoneinfo import ZoneInfo

from django.utils import timezone

logger = logging.getLogger(__name__)

LONDON = ZoneInfo("Europe/London")
#: Two machines that keep their clocks well are this near; the difference of others is said and made up for.
NEAR = dt.timedelta(seconds=1)
_EVEN = dt.timedelta(0)
_apart: list[dt.timedelta] = [_EVEN]


def now() -> dt.datetime:
    """Return this instant in UTC, by the database's clock where this process's own is off."""
    return timezone.now() + _apart[0]


def follow(database: dt.datetime, before: dt.datetime, after: dt.datetime) -> None:
    """Take over what the database's clock said between two looks at our own: it may be wrong by their distance."""
    apart = database - (before + (after - before) / 2)
    if abs(apart) <= max(NEAR, after - before):
        apart = _EVEN
    if abs(apart - _apart[0]) > NEAR:
        logger.warning("this process's clock is %+.0f s off the database's, which counts", -apart.total_seconds())
    _apart[0] = apart


def london_date(instant: dt.datetime) -> dt.date:
    """Return the calendar day of an instant where the centres are: dated rights begin and end at midnight there."""
    return instant.astimezone(LONDON).date()


def working_days_after(start: dt.date, days: int) -> dt.date:
    """Return the day that is `days` working days (Monday to Friday) after `start` (R77)."""
    day = start
    while days > 0:
        day += dt.timedelta(days=1)
        days -= day.weekday() < 5  # noqa: PLR2004 - Monday is 0, Friday is 4
    return day
