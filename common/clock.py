"""The one place that asks what time it is (R129: server time only)."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.utils import timezone

LONDON = ZoneInfo("Europe/London")


def now() -> dt.datetime:
    """Return this instant in UTC."""
    return timezone.now()


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
