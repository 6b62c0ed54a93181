"""Leases: one holder at a time, on both databases, whatever threads and clocks do."""

import datetime as dt
import threading

import pytest
from django.db import connection

from jobs import queries, runner, services
from jobs.enums import LIVE, TRANSITIONS, JobState
from jobs.models import Job
from tests.jobs.conftest import MINUTE, claim_one, read, state_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lines")]
THREADS = 8


def in_threads(work):
    """Run `work(n)` in eight threads that begin at the same moment; return what each returned."""
    barrier = threading.Barrier(THREADS)
    results = {}

    def body(n):
        barrier.wait()
        try:
            results[n] = work(n)
        finally:
            connection.close()

    crew = [threading.Thread(target=body, args=(n,)) for n in range(THREADS)]
    for thread in crew:
        thread.start()
    for thread in crew:
        thread.join()
    assert len(results) == THREADS
    return list(results.values())


@pytest.mark.django_db(transaction=True)
def test_eight_workers_and_one_job_one_gets_it():
    for _round in range(10):
        services.enqueue("sample.note", path="p", line="x")
        won = [jobs for jobs in in_threads(lambda n: services.claim(f"w{n}")) if jobs]
        assert len(won) == 1
        assert won[0][0].attempts == 1


@pytest.mark.django_db(transaction=True)
def test_eight_workers_share_forty_jobs_and_each_is_done_once(lines):
    for n in range(40):
        services.enqueue("sample.note", path=str(lines), line=str(n))
    tried = in_threads(lambda n: runner.drain(f"w{n}"))
    assert sum(tried) == 40
    assert sorted(map(int, read(lines))) == list(range(40))
    assert queries.counts() == {"waiting": 0, "running": 0, "done": 40, "dead": 0}


@pytest.mark.django_db(transaction=True)
def test_a_message_delivered_eight_times_is_work_once(lines):
    job = services.enqueue("sample.note", path=str(lines), line="once")
    assert sum(in_threads(lambda n: runner.run_one(f"w{n}", job.pk))) == 1
    assert read(lines) == ["once"]
    assert runner.run_one("w", job.pk) is False
    assert read(lines) == ["once"]


@pytest.mark.django_db(transaction=True)
def test_the_same_key_from_eight_threads_is_one_job():
    ids = {job.pk for job in in_threads(lambda _: services.enqueue("sample.note", key="k", path="p", line="x"))}
    assert len(ids) == 1
    assert Job.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_reapers_at_once_take_a_lost_job_back_once():
    services.enqueue("sample.note", path="p", line="x")
    job = claim_one()
    later = job.lease_until + MINUTE
    assert sum(in_threads(lambda _: services.reap(later))) == 1
    job.refresh_from_db()
    assert (job.state, job.crashes) == (JobState.WAITING, 1)


def test_the_longest_waiting_comes_first_and_no_more_than_asked_for():
    first, second, third = (services.enqueue("sample.note", path="p", line=str(n)) for n in range(3))
    Job.objects.filter(pk=third.pk).update(available_at=first.available_at - MINUTE)
    assert [job.pk for job in services.claim("w", limit=2)] == [third.pk, first.pk]
    assert [job.pk for job in services.claim("w", limit=2)] == [second.pk]


def test_a_lease_says_who_until_when_and_counts_the_attempt():
    services.enqueue("sample.note", path="p", line="x")
    now = queries.database_now()
    job = claim_one("here:12", now=now)
    assert job.leased_by.startswith("here:12 ")
    assert job.lease_until == now + services.LEASE
    assert (job.state, job.attempts, job.heartbeat_at) == (JobState.RUNNING, 1, now)


def test_a_heartbeat_prolongs_the_lease():
    services.enqueue("sample.note", path="p", line="x")
    job = claim_one()
    later = job.lease_until - dt.timedelta(seconds=5)
    assert services.heartbeat(job, now=later)
    assert services.reap(job.lease_until + dt.timedelta(seconds=1)) == 0
    job.refresh_from_db()
    assert (job.lease_until, job.heartbeat_at) == (later + services.LEASE, later)


def test_a_lease_in_force_is_not_reaped():
    services.enqueue("sample.note", path="p", line="x")
    job = claim_one()
    assert services.reap(job.lease_until - dt.timedelta(seconds=1)) == 0
    assert state_of(job) == JobState.RUNNING


def test_a_worker_that_lost_its_lease_can_write_nothing_any_more():
    services.enqueue("sample.note", path="p", line="x")
    lost = claim_one("slow")
    assert services.reap(lost.lease_until) == 1
    holder = claim_one("quick", now=lost.lease_until + MINUTE)
    assert holder.pk == lost.pk
    assert services.heartbeat(lost) is False
    assert services.finish(lost) is False
    assert services.fail(lost, ValueError()) is None
    holder.refresh_from_db()
    assert holder.state == JobState.RUNNING
    assert services.finish(holder)


def test_the_last_attempt_of_a_lost_lease_is_not_counted_twice():
    job = services.enqueue("sample.raises", path="p")
    Job.objects.filter(pk=job.pk).update(crashes=2)
    lost = claim_one()
    assert services.reap(lost.lease_until) == 1
    assert state_of(job) == JobState.DEAD
    assert services.fail(lost, ValueError()) is None
    assert Job.objects.get(pk=job.pk).crashes == 3


def test_every_state_can_be_left_or_is_an_end_and_all_are_known():
    assert set(TRANSITIONS) == set(JobState)
    assert TRANSITIONS[JobState.DONE] == frozenset()
    assert set(LIVE) == {JobState.WAITING, JobState.RUNNING}
    reached = set().union(*TRANSITIONS.values())
    assert reached == set(JobState)
