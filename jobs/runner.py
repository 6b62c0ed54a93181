"""Doing one leased job, with a heart that beats while it runs."""

import datetime as dt
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import Error, close_old_connections, connection

from jobs import registry, rules, services
from jobs.models import Job

logger = logging.getLogger(__name__)

BEAT = dt.timedelta(seconds=15)


def run_next(worker: str) -> bool:
    """Lease the next due job and do it. False: nothing was due."""
    jobs = services.claim(worker)
    for job in jobs:
        do(job)
    return bool(jobs)


def run_one(worker: str, job_id: int) -> bool:
    """Do that very job if it is still due. False: it is done or in hand (delivered twice)."""
    jobs = services.claim(worker, job_id=job_id)
    for job in jobs:
        do(job)
    return bool(jobs)


def drain(worker: str) -> int:
    """Do everything that is due, one after the other, in this thread; return how many jobs were tried."""
    tried = 0
    while run_next(worker):
        tried += 1
    return tried


def do(job: Job) -> None:
    """Do a leased job and write down how it ended. An error becomes a retry, not the worker's error."""
    try:
        with _heart(job):
            registry.find(job.name).function(**job.args)
    except Exception as error:  # noqa: BLE001 - a task may raise anything
        state = services.fail(job, error)
        logger.warning("job %s %s: %s, now %s", job.name, job.public_id, rules.describe_fault(error), state)
    else:
        if not services.finish(job):
            logger.warning("job %s %s: lease lost before it ended", job.name, job.public_id)


@contextmanager
def _heart(job: Job) -> Iterator[None]:
    done = threading.Event()
    heart = threading.Thread(target=_beat, args=(job, done), name=f"heart-{job.pk}", daemon=True)
    heart.start()
    try:
        yield
    finally:
        done.set()
        heart.join()


def _beat(job: Job, done: threading.Event) -> None:
    try:
        while not done.wait(BEAT.total_seconds()):
            try:
                if not services.heartbeat(job):
                    return
            except Error as error:  # the database is away: the lease may run out, the work goes on
                logger.warning("job %s: no heartbeat: %s", job.public_id, rules.describe_fault(error))
                close_old_connections()
    finally:
        connection.close()
