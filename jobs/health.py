"""What `manage.py doctor` asks of background work: does somebody know how to do it, and what does it wait to remove?"""

from collections.abc import Collection, Iterator

from common.health import called, check, each, leaving
from jobs.enums import LIVE, JobState
from jobs.models import Job
from jobs.registry import names


@check("jobs", "Somebody knows how to do each piece of background work, and what is done says when.")
def jobs() -> Iterator[str]:
    yield from each(Job.objects.all(), _job)


def _job(row: Job) -> Iterator[str]:
    if row.state in LIVE and row.name not in names():
        yield f"{called(row)} waits, and nobody knows how to do {row.name}"
    if (row.state == JobState.DONE) != (row.finished_at is not None) and row.state != JobState.DEAD:
        yield f"{called(row)} is {row.state}, and says that it {'ended' if row.finished_at else 'never ended'}"


@leaving
def being_removed(keys: Collection[str]) -> set[str]:
    """Return which of these objects a job waits to remove."""
    rows = Job.objects.filter(state__in=LIVE, args__storage_key__in=list(keys))
    return {str(args["storage_key"]) for args in rows.values_list("args", flat=True)}
