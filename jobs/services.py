"""Everything that changes a job row. Each step is one compare-and-swap: any number of workers may try."""

import datetime as dt
import logging
import secrets
from dataclasses import dataclass

from django.db import IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.db.models import Case, F, QuerySet, Value, When

from common.faults import Hopeless, is_machines
from common.refusals import NotFound, Refusal, Refused
from common.text import _
from jobs import queries, registry, rules, transport
from jobs.enums import LIVE, JobState, Why
from jobs.models import Job

logger = logging.getLogger(__name__)

LEASE = dt.timedelta(seconds=60)
#: Found by the sweep: due for at least GRACE and not announced within AGAIN_AFTER.
GRACE = dt.timedelta(seconds=5)
AGAIN_AFTER = dt.timedelta(minutes=5)
KEEP_DONE = dt.timedelta(days=14)
BATCH = 500
#: What passes by itself: files, lines and servers (mail's among them) are `OSError`; a task that nobody knows yet is
#: one of the next release.
PASSING = (OSError, OperationalError, InterfaceError, registry.UnknownTaskError)
#: A job that begins anew: nothing is held against it.
ANEW: dict[str, object] = {"attempts": 0, "crashes": 0, "failing_since": None, "why": "", "message_id": ""}

Scalar = str | int | bool | None


def enqueue(
    name: str,
    *,
    key: str | None = None,
    delay: dt.timedelta | None = None,
    of_centre: int | None = None,
    lane: str = "",
    **args: Scalar,
) -> Job:
    """Write a job in the caller's transaction and tell a worker after the commit.

    With a `key` that a waiting job has, that job is returned and nothing is added; one in hand is done again
    when it ends. `of_centre` says whose admins read of it when it needs attention, `lane` where it waits if not where
    its task does. Refuses a task nobody registered and arguments that are no ids, flags or short texts.
    """
    task = registry.find(name)
    if unfit := rules.unfit_arguments(args):
        raise TypeError(f"{name}: a job is given ids, not {', '.join(unfit)}")
    now = queries.database_now()
    fresh = Job(
        name=name,
        args=args,
        key=key,
        available_at=now + (delay or dt.timedelta(0)),
        max_attempts=task.max_crashes,
        lane=lane or task.lane,
        centre_id=of_centre,
        created_at=now,
    )
    job = (_join(key) if key else None) or _insert(fresh)
    if not delay:
        _announce(job)
    return job


def _announce(job: Job) -> None:
    transaction.on_commit(lambda: transport.announce(job.pk, job.lane), robust=True)


def postpone(key: str, delay: dt.timedelta) -> bool:
    """Put the waiting job with that key off until `delay` from now. False: there is none, or it is in hand."""
    at = queries.database_now() + delay
    return bool(Job.objects.filter(key=key, state=JobState.WAITING).update(available_at=at, nudged_at=None))


def _join(key: str) -> Job | None:
    """Touch the live job with that key, which also holds it back until the caller's changes are committed."""
    again = Case(When(state=JobState.RUNNING, then=Value(True)), default=F("again"))
    Job.objects.filter(key=key, state__in=LIVE).update(again=again)
    return queries.live_with_key(key)


def _insert(fresh: Job) -> Job:
    try:
        with transaction.atomic():
            fresh.save(force_insert=True)
    except IntegrityError:
        joined = _join(fresh.key) if fresh.key else None
        if joined is None:
            raise
        return joined
    return fresh


def claim(
    worker: str, *, now: dt.datetime | None = None, limit: int = 1, job_id: int | None = None, lane: str = ""
) -> list[Job]:
    """Lease at most `limit` due jobs (of a lane, or the one asked for) to a worker. Two workers never get the same."""
    now = now or queries.database_now()
    candidates = queries.due(now, lane)
    if job_id is not None:
        candidates = candidates.filter(pk=job_id)
    if not candidates.exists():  # an idle worker takes no write lock
        return []
    with transaction.atomic():
        if connection.features.has_select_for_update_skip_locked:
            candidates = candidates.select_for_update(of=("self",), no_key=True, skip_locked=True)
        ids = list(candidates.values_list("pk", flat=True)[:limit])
        return [job for pk in ids if (job := _lease(pk, worker, now))]


def _lease(pk: int, worker: str, now: dt.datetime) -> Job | None:
    holder = f"{worker[:80]} {secrets.token_hex(8)}"
    won = Job.objects.filter(pk=pk, state=JobState.WAITING, available_at__lte=now).update(
        state=JobState.RUNNING,
        leased_by=holder,
        lease_until=now + LEASE,
        heartbeat_at=now,
        attempts=F("attempts") + 1,
    )
    return Job.objects.get(pk=pk) if won else None


def heartbeat(job: Job, *, now: dt.datetime | None = None) -> bool:
    """Prolong the lease of a job in hand. False: the lease was lost and the job is somebody else's now."""
    now = now or queries.database_now()
    return bool(_held(job).update(lease_until=now + LEASE, heartbeat_at=now))


def finish(job: Job, *, now: dt.datetime | None = None) -> bool:
    """Mark a job as done, or waiting when asked for again. False: the lease was lost, nothing changed.

    What needed attention under the same key is done with it.
    """
    now = now or queries.database_now()
    ended: dict[str, object] = {"state": JobState.DONE, "finished_at": now, "last_error": "", "why": ""}
    if _held(job).filter(again=False).update(**ended, lease_until=None, leased_by=""):
        if job.key:
            Job.objects.filter(key=job.key, state=JobState.DEAD).update(**ended)
        return True
    return _asked_again(job, now)


def fail(job: Job, error: BaseException, *, now: dt.datetime | None = None) -> JobState | None:
    """Put a job back with a growing delay, or put it aside for a person.

    What passes by itself is waited for, for days; whatever else a task raises is a mistake of ours or poison, and three
    times are enough; what is hopeless is not tried again at all. Returns the new state, None if the lease was lost.
    Only the kind of error and its place are kept.
    """
    now = now or queries.database_now()
    fault = rules.describe_fault(error)
    if _asked_again(job, now, fault):
        return JobState.WAITING
    if isinstance(error, Hopeless):
        return _bury(_held(job), job, fault, now, Why(error.why))
    if isinstance(error, PASSING) or is_machines(error):
        return _wait(job, fault, now)
    return _broken(_held(job), job, fault, now)


def _wait(job: Job, fault: str, now: dt.datetime) -> JobState | None:
    """Wait for what is away, but not longer than patience lasts."""
    since = job.failing_since or now
    if rules.is_over(failing_for=now - since):
        return _bury(_held(job), job, fault, now, Why.AWAY)
    retry_at = now + rules.delay_before_retry(job.public_id, job.attempts)
    return JobState.WAITING if _put_back(_held(job), retry_at, last_error=fault, failing_since=since) else None


def _broken(rows: QuerySet[Job], job: Job, fault: str, now: dt.datetime) -> JobState | None:
    """Count that a job broke off, and try it again unless it did so too often."""
    crashes = job.crashes + 1
    if rules.is_poison(crashes=crashes, most=job.max_attempts):
        return _bury(rows, job, fault, now, Why.CRASHED, crashes=crashes)
    retry_at = now + rules.delay_before_retry(job.public_id, crashes, rules.AFTER_CRASH)
    return JobState.WAITING if _put_back(rows, retry_at, last_error=fault, crashes=crashes) else None


def reap(now: dt.datetime | None = None) -> int:
    """Take back the jobs whose lease ran out; return how many. One that took three workers along is put aside."""
    now = now or queries.database_now()
    fault = "the worker was lost before the job ended"
    lost = [(_held(job).filter(lease_until__lte=now), job) for job in queries.expired(now)[:BATCH]]
    return sum(_broken(rows, job, fault, now) is not None for rows, job in lost)


def note_letter(job: Job, message_id: str) -> bool:
    """Note the letter that is about to be handed over, or "" once it is known what became of it. False: lease lost."""
    job.message_id = message_id
    return bool(_held(job).update(message_id=message_id))


def retry_dead(public_id: str, *, now: dt.datetime | None = None) -> Job:
    """Let a job that needs attention begin anew, and tell its app. Refuses when the same work is already waiting."""
    now = now or queries.database_now()
    dead = Job.objects.filter(public_id=public_id, state=JobState.DEAD)
    try:
        with transaction.atomic():
            if not _put_back(dead, now, finished_at=None, **ANEW):
                raise NotFound("retry_dead", public_id)
            job = Job.objects.get(public_id=public_id)
            if job.name in registry.names() and (on_retry := registry.find(job.name).on_retry):
                on_retry(**job.args)
    except IntegrityError:
        raise Refused(Refusal("job_live", str(_("The same work is already waiting.")))) from None
    _announce(job)
    return job


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep found: leases taken back, jobs announced, finished rows removed."""

    reaped: int
    announced: int
    forgotten: int


def sweep(now: dt.datetime | None = None) -> Swept:
    """Do what a lost message, a lost worker or time left to do. Safe to run twice, also at once."""
    now = now or queries.database_now()
    keep_round()
    return Swept(reap(now), _announce_unheard(now), forget_done(now - KEEP_DONE))


def keep_round() -> int:
    """See that each regular task has one job waiting, due its `every` from now; return how many were missing.

    One query while none is. A job in hand or waiting for its next try counts: the next round begins when it has ended.
    """
    tasks = registry.regular()
    waiting = set(Job.objects.filter(key__in=[t.name for t in tasks], state__in=LIVE).values_list("key", flat=True))
    missing = [task for task in tasks if task.name not in waiting]
    for task in missing:
        enqueue(task.name, key=task.name, delay=task.every)
    return len(missing)


def forget_done(before: dt.datetime) -> int:
    """Remove at most 500 jobs done before then; return how many. What needs attention stays until a person looks."""
    old = Job.objects.filter(state=JobState.DONE, finished_at__lt=before).order_by("id")
    removed, _by_model = Job.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:BATCH])).delete()
    return removed


def _announce_unheard(now: dt.datetime) -> int:
    """Announce what no worker has heard of; stop at the first sign that the broker is away."""
    if not transport.has_broker():
        return 0
    unheard = queries.unheard(now, grace=GRACE, again_after=AGAIN_AFTER)
    heard = 0
    for pk, lane in list(unheard.values_list("pk", "lane")[:BATCH]):
        if not unheard.filter(pk=pk).update(nudged_at=now):  # of two sweeps at once one announces
            continue
        if not transport.announce(pk, lane):
            Job.objects.filter(pk=pk, nudged_at=now).update(nudged_at=None)
            break
        heard += 1
    return heard


def _held(job: Job) -> QuerySet[Job]:
    """Return the row only while this very lease holds: a worker that was given up can no longer write."""
    return Job.objects.filter(pk=job.pk, state=JobState.RUNNING, leased_by=job.leased_by)


def _asked_again(job: Job, now: dt.datetime, fault: str = "") -> bool:
    asked = _held(job).filter(again=True)
    if not _put_back(asked, now, last_error=fault, **ANEW):
        return False
    _announce(job)
    return True


def _put_back(rows: QuerySet[Job], at: dt.datetime, **changes: object) -> int:
    return rows.update(
        state=JobState.WAITING,
        available_at=at,
        nudged_at=None,
        lease_until=None,
        leased_by="",
        again=False,
        **changes,
    )


@transaction.atomic
def _bury(rows: QuerySet[Job], job: Job, fault: str, now: dt.datetime, why: Why, **changes: object) -> JobState | None:
    """Put a job aside and tell its app of poison in one transaction; a fault in the telling leaves the row as it is."""
    buried = rows.update(
        state=JobState.DEAD,
        finished_at=now,
        lease_until=None,
        leased_by="",
        last_error=fault,
        again=False,
        why=why,
        **changes,
    )
    if not buried:
        return None
    logger.error("job %s %s needs attention (%s): %s", job.name, job.public_id, why, fault)
    if why == Why.CRASHED:
        _tell_app(job)
    return JobState.DEAD


def _tell_app(job: Job) -> None:
    try:
        on_poison = registry.find(job.name).on_poison
        if on_poison:
            with transaction.atomic():
                on_poison(**job.args)
    except Exception as error:  # noqa: BLE001 - anything may be wrong with a job that just died
        logger.error("job %s: on_poison: %s", job.public_id, rules.describe_fault(error))  # noqa: TRY400 - no message, no people
