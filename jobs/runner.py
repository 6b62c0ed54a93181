"""Doing one leased job, with a heart that beats while it runs."""

import datetime as dt
import logging
from functools import partial

from common import logs
from common.beating import beating
from jobs import letters, registry, rules, services
from jobs.models import Job

logger = logging.getLogger(__name__)

BEAT = dt.timedelta(seconds=15)


def run_next(worker: str, lane: str = "") -> bool:
    """Lease the next due job (of one lane) and do it. False: nothing was due."""
    jobs = services.claim(worker, lane=lane)
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
    """Do a leased job and write down how it ended. An error becomes a retry, not the worker's error.

    Every line of the log that is written meanwhile names the job.
    """
    with logs.about(job=job.public_id):
        _do(job)


def _do(job: Job) -> None:
    try:
        with beating(BEAT, partial(services.heartbeat, job), f"job {job.public_id}"), letters.of(job):
            registry.find(job.name).function(**job.args)
    except Exception as error:  # noqa: BLE001 - a task may raise anything
        state = services.fail(job, error)
        logger.warning("job %s %s: %s, now %s", job.name, job.public_id, rules.describe_fault(error), state)
    else:
        if not services.finish(job):
            logger.warning("job %s %s: lease lost before it ended", job.name, job.public_id)
