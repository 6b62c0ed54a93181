"""What goes wrong, and that it stays visible and in nobody's way."""

import datetime as dt
import logging
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from common.refusals import NotFound, Refused
from jobs import queries, registry, rules, services
from jobs.enums import JobState
from jobs.models import Job
from tests.jobs.conftest import MINUTE, claim_one, read, state_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lines")]


def make_due(job):
    Job.objects.filter(pk=job.pk).update(available_at=queries.database_now())


def test_a_task_that_raises_waits_longer_each_time_and_is_then_given_up(lines, run_jobs):
    job = services.enqueue("sample.raises", path=str(lines))
    for attempt in (1, 2):
        before = queries.database_now()
        assert run_jobs() == 1
        job.refresh_from_db()
        assert (job.state, job.attempts) == (JobState.WAITING, attempt)
        assert job.available_at >= before + rules.delay_before_retry(job.public_id, attempt)
        make_due(job)
    assert run_jobs() == 1
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.DEAD, 3)
    assert read(lines) == ["tried"] * 3
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
    Job.objects.filter(pk=poison.pk).update(attempts=2)
    good = services.enqueue("sample.note", path=str(lines), line="good")
    assert run_jobs() == 2
    assert (state_of(poison), state_of(good)) == (JobState.DEAD, JobState.DONE)
    assert read(lines) == ["tried", "good"]


def test_a_job_whose_task_is_gone_is_retried_then_given_up(run_jobs):
    job = services.enqueue("sample.note", path="p", line="x")
    Job.objects.filter(pk=job.pk).update(name="sample.from_an_older_release", max_attempts=2)
    assert run_jobs() == 1
    assert state_of(job) == JobState.WAITING  # an update half way: the next worker may know it
    make_due(job)
    assert run_jobs() == 1
    job.refresh_from_db()
    assert (job.state, job.last_error.split()[0]) == (JobState.DEAD, "UnknownTaskError")


def test_three_lost_workers_are_enough():
    job = services.enqueue("sample.note", path="p", line="x")
    for crash in (1, 2, 3):
        make_due(job)
        assert services.reap(claim_one().lease_until) == 1
        job.refresh_from_db()
        assert job.crashes == crash
        assert job.state == (JobState.DEAD if crash == 3 else JobState.WAITING)
    assert job.last_error == "the worker was lost before the job ended"


def test_the_app_is_told_once_when_its_job_is_given_up(lines, run_jobs):
    services.enqueue("sample.mourned", path=str(lines))
    assert run_jobs() == 1
    assert read(lines) == ["told"]


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
    assert (job.attempts, job.again) == (0, False)
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
    assert (job.state, job.attempts, job.finished_at) == (JobState.WAITING, 0, None)
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


def say(*args):
    out = StringIO()
    call_command("jobs", *args, stdout=out)
    return out.getvalue()


def test_the_command_shows_dead_letters_and_what_waits(lines, run_jobs):
    assert "Given up: none" in say()
    job = dead(lines, run_jobs)
    later = services.enqueue("sample.note", delay=MINUTE, path="p", line="x")
    text = say()
    assert "dead 1" in text
    assert f"{job.public_id}  sample.mourned  dead" in text
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
    with pytest.raises(CommandError, match="no given-up job"):
        say("--retry", "nothing")


def test_finished_rows_are_forgotten_after_a_fortnight_dead_letters_are_not(lines, run_jobs):
    services.enqueue("sample.note", path=str(lines), line="x")
    dead(lines, run_jobs)
    now = queries.database_now()
    assert services.sweep(now + dt.timedelta(days=13)).forgotten == 0
    assert services.sweep(now + dt.timedelta(days=15)).forgotten == 1
    assert [job.state for job in Job.objects.filter(name__startswith="sample.")] == [JobState.DEAD]


def test_tasks_of_installed_apps_are_known():
    assert registry.find("sample.note").max_attempts == rules.MAX_ATTEMPTS
