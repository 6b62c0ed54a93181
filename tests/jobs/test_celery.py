"""The broker only carries news: without it, with it, and when it comes and goes."""

import itertools
import signal
import time

import pytest
import redis
from django.conf import settings
from django.db import transaction

from jobs import queries, services, transport
from jobs.enums import JobState
from jobs.models import Job
from tests.jobs.conftest import MINUTE, let_lease_run_out, read, state_of, wait_for

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("lines")]
NOWHERE = "redis://127.0.0.1:1/0"


@pytest.fixture(autouse=True)
def _no_memory_of_faults():
    transport.forget_faults()
    yield
    transport.forget_faults()


@pytest.fixture
def broker():
    """The Redis of a full run, emptied of messages."""
    if not settings.REDIS_URL:
        pytest.skip("embedded: REDIS_URL is not set, nothing to carry messages")
    client = redis.Redis.from_url(settings.REDIS_URL)
    client.flushdb()
    yield client
    client.flushdb()
    client.close()


@pytest.fixture
def celery(start):
    def launch():
        return start("-m", "celery", "-A", "config.celery", "worker", "-c", "1", "-l", "INFO", "-P", "prefork")

    return launch


def messages(broker):
    return broker.llen("attest")


def test_without_a_broker_nothing_is_announced_and_the_row_waits(settings):
    settings.REDIS_URL = ""
    job = services.enqueue("sample.note", path="p", line="x")
    assert transport.announce(job.pk) is False
    assert services.sweep(job.available_at + MINUTE).announced == 0
    assert Job.objects.get(pk=job.pk).nudged_at is None


def test_a_broker_that_is_away_breaks_no_request_and_slows_only_the_first(settings, caplog):
    settings.REDIS_URL = NOWHERE
    begun = time.monotonic()
    with transaction.atomic():
        first = services.enqueue("sample.note", path="p", line="x")
    assert time.monotonic() - begun < 3
    begun = time.monotonic()
    for _ in range(20):
        services.enqueue("sample.note", path="p", line="x")
    assert time.monotonic() - begun < 1
    assert state_of(first) == JobState.WAITING
    assert Job.objects.count() == 21
    assert caplog.text.count("broker away") == 1


def test_what_a_broker_did_not_take_is_not_counted_as_announced(settings):
    settings.REDIS_URL = NOWHERE
    job = services.enqueue("sample.note", path="p", line="x")
    assert services.sweep(job.available_at + MINUTE).announced == 0
    assert Job.objects.get(pk=job.pk).nudged_at is None


def test_one_message_a_job_and_only_after_the_commit(broker):
    with transaction.atomic():
        services.enqueue("sample.note", path="p", line="x")
        assert messages(broker) == 0
    assert messages(broker) == 1
    with transaction.atomic():
        services.enqueue("sample.note", path="p", line="x")
        transaction.set_rollback(True)
    assert messages(broker) == 1


def test_the_sweep_announces_what_waited_unheard_and_not_again_at_once(broker):
    job = services.enqueue("sample.note", path="p", line="x")
    broker.flushdb()
    late = job.available_at + services.GRACE
    told = [_told(job)]
    for now in (job.available_at, late, late + MINUTE, late + services.AGAIN_AFTER):
        services.sweep(now)  # work that comes round by itself is announced beside it
        told.append(_told(job))
    assert [after != before for before, after in itertools.pairwise(told)] == [False, True, False, True]
    assert messages(broker) >= 2


def _told(job):
    """When a worker was last told of a job."""
    return Job.objects.get(pk=job.pk).nudged_at


def test_a_delayed_job_is_announced_when_its_time_has_come(broker):
    job = services.enqueue("sample.note", delay=MINUTE, path="p", line="x")
    assert messages(broker) == 0
    assert services.sweep(queries.database_now()).announced == 0
    assert services.sweep(job.available_at + services.GRACE).announced == 1


def test_a_celery_worker_does_each_job_once_however_often_it_is_told(broker, celery, lines):
    job = services.enqueue("sample.note", path=str(lines), line="once")
    for _ in range(5):
        assert transport.announce(job.pk)
    celery()
    wait_for(lambda: messages(broker) == 0 and state_of(job) == JobState.DONE, seconds=40)
    last = services.enqueue("sample.note", path=str(lines), line="after the six")
    wait_for(lambda: state_of(last) == JobState.DONE)
    assert read(lines) == ["once", "after the six"]


def test_a_celery_worker_killed_in_the_middle_loses_nothing(broker, celery, lines):
    job = services.enqueue("sample.slow", path=str(lines), seconds=60)
    first = celery()
    wait_for(lambda: len(read(lines)) == 1, seconds=40)
    child = int(read(lines)[0].split()[1])
    first.send_signal(signal.SIGKILL)
    first.wait()
    wait_for(lambda: not is_running(child))
    let_lease_run_out(job)
    assert services.sweep(queries.database_now()).reaped == 1
    lines.with_suffix(".gate").touch()
    celery()
    job.refresh_from_db()
    assert services.sweep(job.available_at + services.GRACE).announced == 1
    time.sleep(max(0.0, (job.available_at - queries.database_now()).total_seconds()))
    services.sweep(queries.database_now() + services.AGAIN_AFTER + services.GRACE)
    wait_for(lambda: state_of(job) == JobState.DONE, seconds=40)
    assert [line.split()[0] for line in read(lines)] == ["begun", "begun", "ended"]


def test_losing_everything_in_redis_loses_no_work(broker, celery, lines):
    jobs = [services.enqueue("sample.note", path=str(lines), line=str(n)) for n in range(5)]
    broker.flushdb()
    celery()
    assert services.sweep(jobs[-1].available_at + services.GRACE).announced == 5
    wait_for(lambda: queries.counts()["done"] == 5, seconds=40)
    assert sorted(read(lines)) == ["0", "1", "2", "3", "4"]


def is_running(pid):
    import os

    try:
        os.kill(pid, signal.SIGTERM)
    except ProcessLookupError:
        return False
    return True
