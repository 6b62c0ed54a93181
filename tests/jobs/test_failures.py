"""What goes wrong, and that it stays visible and in nobody's way."""

import datetime as dt
import errno
import logging
import smtplib
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DataError, IntegrityError, InterfaceError, OperationalError

from common.faults import Away
from common.refusals import NotFound, Refused
from jobs import queries, registry, rules, services
from jobs.enums import JobState, Why
from jobs.models import Job
from tests.jobs.conftest import MINUTE, claim_one, read, state_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lines")]


def make_due(job):
    Job.objects.filter(pk=job.pk).update(available_at=queries.database_now())


def test_a_task_that_breaks_off_waits_longer_each_time_and_is_then_put_aside(lines, run_jobs):
    job = services.enqueue("sample.raises", path=str(lines))
    for crash in (1, 2):
        before = queries.database_now()
        assert run_jobs() == 1
        job.refresh_from_db()
        assert (job.state, job.crashes) == (JobState.WAITING, crash)
        assert job.available_at >= before + rules.delay_before_retry(job.public_id, crash, rules.AFTER_CRASH)
        make_due(job)
    assert run_jobs() == 1
    job.refresh_from_db()
    assert (job.state, job.crashes, job.why) == (JobState.DEAD, 3, Why.CRASHED)
    assert read(lines) == ["tried"] * 3
    assert run_jobs() == 0


def test_what_is_away_is_waited_for_far_longer_than_what_breaks_off(lines, run_jobs):
    job = services.enqueue("sample.away", path=str(lines))
    for number in range(1, 13):
        before = queries.database_now()
        assert run_jobs() == 1
        job.refresh_from_db()
        assert (job.state, job.attempts, job.crashes) == (JobState.WAITING, number, 0)
        assert job.available_at >= before + rules.delay_before_retry(job.public_id, number)
        make_due(job)
    assert len(read(lines)) == 12


@pytest.mark.parametrize(("short", "state"), [(dt.timedelta(seconds=1), "waiting"), (dt.timedelta(0), "dead")])
def test_a_week_after_the_first_fault_a_person_is_asked(short, state):
    job = services.enqueue("sample.away", path="p")
    first = claim_one()
    services.fail(first, ConnectionError(), now=first.heartbeat_at)
    second = claim_one(now=first.heartbeat_at + MINUTE)
    services.fail(second, TimeoutError(), now=first.heartbeat_at + rules.PATIENCE - short)
    job.refresh_from_db()
    assert job.state == state
    assert job.why == (Why.AWAY if state == "dead" else "")
    assert job.failing_since == first.heartbeat_at


@pytest.mark.parametrize(
    ("error", "crashes"),
    [
        (ConnectionError(), 0),
        (FileNotFoundError(), 0),
        (OSError(errno.ENOSPC, "full"), 0),
        (Away(), 0),
        (smtplib.SMTPServerDisconnected(), 0),
        (OperationalError(), 0),
        (InterfaceError(), 0),
        (registry.UnknownTaskError(), 0),
        (ValueError(), 1),
        (MemoryError(), 1),
        (KeyError(), 1),
        (IntegrityError(), 1),
        (DataError(), 1),
    ],
    ids=repr,
)
def test_what_passes_by_itself_is_not_held_against_a_job(error, crashes):
    services.enqueue("sample.note", path="p", line="x")
    job = claim_one()
    assert services.fail(job, error) == JobState.WAITING
    job.refresh_from_db()
    assert job.crashes == crashes
    assert (job.failing_since is None) == bool(crashes)


def test_a_full_disk_behind_another_error_is_still_a_full_disk():
    services.enqueue("sample.note", path="p", line="x")
    job = claim_one()
    error = ValueError()
    error.__cause__ = OSError(errno.ENOSPC, "full")
    services.fail(job, error)
    job.refresh_from_db()
    assert (job.crashes, job.failing_since is None) == (0, False)


def test_what_is_hopeless_is_not_tried_again(lines, run_jobs):
    job = services.enqueue("sample.hopeless", path=str(lines))
    assert run_jobs() == 1
    job.refresh_from_db()
    assert (job.state, job.why, job.crashes) == (JobState.DEAD, Why.REFUSED, 0)
    make_due(job)
    assert run_jobs() == 0


def test_what_is_kept_of_an_error_names_no_person(lines, run_jobs, caplog):
    job = services.enqueue("sample.raises", path=str(lines))
    with caplog.at_level(logging.DEBUG):
        run_jobs()
    job.refresh_from_db()
    assert job.last_error.startswith("ValueError at sample/tasks.py:")
    assert "Aled" not in job.last_error
    assert "Aled" not in caplog.text


def test_poison_holds_up_nobody(lines, run_jobs):
    poison = services.enqueue("sample.raises", path=str(lines))
    Job.objects.filter(pk=poison.pk).update(crashes=2)
    good = services.enqueue("sample.note", path=str(lines), line="good")
    assert run_jobs() == 2
    assert (state_of(poison), state_of(good)) == (JobState.DEAD, JobState.DONE)
    assert read(lines) == ["tried", "good"]


def test_a_job_whose_task_nobody_knows_waits_for_whoever_does(run_jobs):
    job = services.enqueue("sample.note", path="p", line="x")
    Job.objects.filter(pk=job.pk).update(name="sample.of_the_next_release")
    for _ in range(5):  # an update half way: the next worker may know it
        assert run_jobs() == 1
        assert state_of(job) == JobState.WAITING
        make_due(job)
    job.refresh_from_db()
    assert job.last_error.split()[0] == "UnknownTaskError"


def test_three_lost_workers_are_enough():
    job = services.enqueue("sample.note", path="p", line="x")
    for crash in (1, 2, 3):
        make_due(job)
        assert services.reap(claim_one().lease_until) == 1
        job.refresh_from_db()
        assert job.crashes == crash
        assert job.state == (JobState.DEAD if crash == 3 else JobState.WAITING)
    assert job.last_error == "the worker was lost before the job ended"


def test_the_app_is_told_once_when_its_job_is_poison(lines, run_jobs):
    services.enqueue("sample.mourned", path=str(lines))
    assert run_jobs() == 1
    assert read(lines) == ["told"]


def test_the_app_is_not_told_of_what_was_only_away():
    """It would say something of the work; and when everything is back, the work is as good as it was."""
    job = services.enqueue("sample.mourned", path="/nowhere/at/all")
    Job.objects.filter(pk=job.pk).update(failing_since=queries.database_now() - rules.PATIENCE)
    assert services.fail(claim_one(), OSError()) == JobState.DEAD


def test_an_app_that_stumbles_when_told_does_not_hide_the_dead_letter(lines, run_jobs):
    job = services.enqueue("sample.mourned_badly", path=str(lines))
    assert run_jobs() == 1
    assert state_of(job) == JobState.DEAD


def test_asked_for_again_during_the_last_attempt_it_gets_new_attempts(lines):
    services.enqueue("sample.mourned", key="k", path=str(lines))
    job = claim_one()
    services.enqueue("sample.mourned", key="k", path=str(lines))
    assert services.fail(job, ValueError()) == JobState.WAITING
    job.refresh_from_db()
    assert (job.attempts, job.crashes, job.again) == (0, 0, False)
    assert read(lines) == []


def dead(lines, run_jobs, **options):
    job = services.enqueue("sample.mourned", path=str(lines), **options)
    run_jobs()
    assert state_of(job) == JobState.DEAD
    return job


def test_a_person_can_give_it_another_chance(lines, run_jobs):
    job = dead(lines, run_jobs)
    services.retry_dead(job.public_id)
    job.refresh_from_db()
    assert (job.state, job.attempts, job.crashes, job.finished_at) == (JobState.WAITING, 0, 0, None)
    assert (job.why, job.failing_since, job.message_id) == ("", None, "")
    assert read(lines) == ["told", "comforted"]
    assert run_jobs() == 1


def test_only_a_dead_letter_can_be_retried():
    job = services.enqueue("sample.note", path="p", line="x")
    with pytest.raises(NotFound):
        services.retry_dead(job.public_id)
    with pytest.raises(NotFound):
        services.retry_dead("0" * 26)


def test_a_dead_letter_is_not_retried_beside_the_same_work(lines, run_jobs):
    job = dead(lines, run_jobs, key="k")
    services.enqueue("sample.mourned", key="k", path=str(lines))
    with pytest.raises(Refused, match="job_live"):
        services.retry_dead(job.public_id)
    assert state_of(job) == JobState.DEAD


def test_the_same_work_done_anew_settles_what_needed_attention(lines, run_jobs):
    old, other = dead(lines, run_jobs, key="k"), dead(lines, run_jobs, key="l")
    again = services.enqueue("sample.mourned", key="k", path=str(lines))
    assert services.finish(claim_one())
    old.refresh_from_db()
    assert (state_of(again), old.state, old.why) == (JobState.DONE, JobState.DONE, "")
    assert state_of(other) == JobState.DEAD


def say(*args):
    out = StringIO()
    call_command("jobs", *args, stdout=out)
    return out.getvalue()


def test_the_command_shows_dead_letters_and_what_waits(lines, run_jobs):
    assert "Needs attention: none" in say()
    job = dead(lines, run_jobs)
    later = services.enqueue("sample.note", delay=MINUTE, path="p", line="x")
    text = say()
    assert "dead 1" in text
    assert f"{job.public_id}  sample.mourned  crashed" in text
    assert "ValueError at sample/tasks.py" in text
    assert f"{later.public_id}  sample.note  waiting" in text
    assert later.public_id not in say("--dead")


def test_the_command_retries_one_or_all(lines, run_jobs):
    one, two = dead(lines, run_jobs), dead(lines, run_jobs, key="k")
    assert "is waiting again" in say("--retry", one.public_id)
    assert state_of(one) == JobState.WAITING
    services.enqueue("sample.mourned", key="k", path=str(lines))
    assert "already waiting" in say("--retry", "all")
    assert state_of(two) == JobState.DEAD
    with pytest.raises(CommandError, match="no job nothing needs attention"):
        say("--retry", "nothing")


def test_finished_rows_are_forgotten_after_a_fortnight_dead_letters_are_not(lines, run_jobs):
    services.enqueue("sample.note", path=str(lines), line="x")
    dead(lines, run_jobs)
    now = queries.database_now()
    assert services.sweep(now + dt.timedelta(days=13)).forgotten == 0
    assert services.sweep(now + dt.timedelta(days=15)).forgotten == 1
    assert [job.state for job in Job.objects.filter(name__startswith="sample.")] == [JobState.DEAD]


def test_tasks_of_installed_apps_are_known():
    assert registry.find("sample.note").max_crashes == rules.MAX_CRASHES
