"""Reads over the job rows: what is due, whose lease ran out, what a person must look at."""

import datetime as dt
from collections.abc import Mapping

from django.db import connection
from django.db.models import Count, QuerySet

from common import clock
from jobs.enums import LIVE, JobState
from jobs.models import Job


def database_now() -> dt.datetime:
    """Return the database's time on PostgreSQL: leases must not depend on the clocks of several machines."""
    if connection.vendor != "postgresql":
        return clock.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        row: tuple[dt.datetime] = cursor.fetchone()
    return row[0]


def due(now: dt.datetime, lane: str = "") -> QuerySet[Job]:
    """Return the waiting jobs (of one lane) whose time has come, the longest waiting first."""
    rows = Job.objects.filter(lane=lane) if lane else Job.objects.all()
    return rows.filter(state=JobState.WAITING, available_at__lte=now).order_by("available_at", "id")


def expired(now: dt.datetime) -> QuerySet[Job]:
    """Return the running jobs whose lease ran out: their worker is gone or has lost touch."""
    return Job.objects.filter(state=JobState.RUNNING, lease_until__lte=now).order_by("lease_until", "id")


def unheard(now: dt.datetime, *, grace: dt.timedelta, again_after: dt.timedelta) -> QuerySet[Job]:
    """Return due jobs that wait longer than `grace` and were not announced within `again_after`."""
    late = due(now).filter(available_at__lte=now - grace)
    return late.exclude(nudged_at__gt=now - again_after)


def live_with_key(key: str) -> Job | None:
    """Return the waiting or running job with that key, if there is one (the database allows no second)."""
    return Job.objects.filter(key=key, state__in=LIVE).first()


def dead_letters() -> QuerySet[Job]:
    """Return the jobs that need attention, the newest first."""
    return Job.objects.filter(state=JobState.DEAD).order_by("-id")


def of_centre(centre_id: int) -> QuerySet[Job]:
    """Return the jobs of one centre that need attention, the newest first."""
    return dead_letters().filter(centre_id=centre_id)


def waiting() -> QuerySet[Job]:
    """Return what is not finished, in the order in which it will be tried."""
    return Job.objects.filter(state__in=LIVE).order_by("available_at", "id")


def counts() -> Mapping[str, int]:
    """Return the number of jobs in each state, zeros included."""
    found = dict(Job.objects.values_list("state").annotate(n=Count("id")).order_by())
    return {state.value: found.get(state.value, 0) for state in JobState}
