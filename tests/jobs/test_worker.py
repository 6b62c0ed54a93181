"""Real worker processes, really killed."""

import signal
from io import StringIO

import pytest
from django.core.management import call_command

from jobs import queries, services
from jobs.enums import JobState
from jobs.models import Job
from tests.jobs.conftest import claim_one, let_lease_run_out, read, state_of, wait_for

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("lines")]


def work(*options):
    return ("manage.py", "work", *options)


def drain(*options):
    out = StringIO()
    call_command("work", *options, stdout=out)
    return out.getvalue().strip()


def test_a_worker_does_what_it_finds_and_what_comes_later(lines, start):
    first = services.enqueue("sample.note", path=str(lines), line="first")
    worker = start(*work())
    wait_for(lambda: state_of(first) == JobState.DONE)
    second = services.enqueue("sample.note", path=str(lines), line="second")
    wait_for(lambda: state_of(second) == JobState.DONE, seconds=5)
    assert read(lines) == ["first", "second"]
    worker.terminate()
    assert worker.wait(timeout=10) == 0


def test_a_worker_killed_in_the_middle_loses_nothing(lines, start):
    job = services.enqueue("sample.slow", path=str(lines), seconds=60)
    first = start(*work("--threads", "1"))
    wait_for(lambda: len(read(lines)) == 1)
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert state_of(job) == JobState.RUNNING
    start(*work("--threads", "1"))
    let_lease_run_out(job)
    lines.with_suffix(".gate").touch()  # the second time it ends at once
    wait_for(lambda: state_of(job) == JobState.DONE)
    assert [line.split()[0] for line in read(lines)] == ["begun", "begun", "ended"]
    job.refresh_from_db()
    assert (job.attempts, job.crashes) == (2, 1)


def test_told_to_stop_it_ends_the_job_in_hand_and_takes_no_other(lines, start):
    job = services.enqueue("sample.slow", path=str(lines), seconds=30)
    worker = start(*work("--threads", "1"))
    wait_for(lambda: len(read(lines)) == 1)
    worker.terminate()
    other = services.enqueue("sample.note", path=str(lines), line="not mine")
    lines.with_suffix(".gate").touch()
    assert worker.wait(timeout=10) == 0
    assert (state_of(job), state_of(other)) == (JobState.DONE, JobState.WAITING)


def test_poison_that_kills_its_worker_is_put_aside_and_the_queue_moves_on(lines, start):
    poison = services.enqueue("sample.poison", path=str(lines))
    good = services.enqueue("sample.note", path=str(lines), line="good")
    for crash in (1, 2, 3):
        Job.objects.filter(pk=poison.pk).update(available_at=poison.available_at)
        assert start(*work("--once")).wait(timeout=20) == -signal.SIGKILL
        let_lease_run_out(poison)
        services.reap()
        poison_now = Job.objects.get(pk=poison.pk)
        assert poison_now.crashes == crash
    assert poison_now.state == JobState.DEAD
    assert start(*work("--drain")).wait(timeout=20) == 0
    assert state_of(good) == JobState.DONE
    assert read(lines) == ["swallowed"] * 3 + ["good"]


def test_once_does_one_and_drain_does_all(lines):
    for n in range(3):
        services.enqueue("sample.note", path=str(lines), line=str(n))
    assert drain("--once") == "1 tried, 2 waiting, 0 given up"
    assert drain("--drain") == "2 tried, 0 waiting, 0 given up"
    assert drain("--drain") == "0 tried, 0 waiting, 0 given up"
    assert read(lines) == ["0", "1", "2"]


def test_drain_takes_back_what_a_lost_worker_left():
    services.enqueue("sample.note", path="p", line="x")
    lost = claim_one("gone")
    let_lease_run_out(lost)
    assert drain("--drain") == "0 tried, 1 waiting, 0 given up"  # it waits its two seconds first
    assert queries.counts()["running"] == 0
