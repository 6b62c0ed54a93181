import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from common import enqueue as hook
from jobs import queries, registry, services
from jobs.enums import JobState, Lane
from jobs.models import Job
from tests.jobs.conftest import claim_one, read, state_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lines")]


def test_a_job_is_a_row_that_waits():
    job = services.enqueue("sample.note", path="p", line="x")
    job.refresh_from_db()
    assert (job.name, job.args, job.state) == ("sample.note", {"path": "p", "line": "x"}, JobState.WAITING)
    assert job.available_at == job.created_at
    assert len(job.public_id) == 26


def test_the_other_apps_reach_it_through_common(lines, run_jobs):
    hook.enqueue("sample.note", path=str(lines), line="through the hook")
    assert run_jobs() == 1
    assert read(lines) == ["through the hook"]


def test_work_asked_for_in_a_transaction_that_is_undone_was_never_asked_for():
    with transaction.atomic():
        services.enqueue("sample.note", path="p", line="x")
        transaction.set_rollback(True)
    assert not Job.objects.exists()


def test_a_name_nobody_registered_is_refused_at_once():
    with pytest.raises(registry.UnknownTaskError):
        services.enqueue("sample.nothing")
    assert not Job.objects.exists()


def test_objects_are_refused_as_arguments():
    with pytest.raises(TypeError, match="line"):
        services.enqueue("sample.note", path="p", line=dt.date(2026, 1, 1))


def test_a_delayed_job_is_not_due_before_its_time():
    job = services.enqueue("sample.note", delay=dt.timedelta(minutes=5), path="p", line="x")
    assert services.claim("w") == []
    assert services.claim("w", now=job.available_at - dt.timedelta(seconds=1)) == []
    assert claim_one(now=job.available_at).pk == job.pk


def test_a_task_brings_how_often_it_may_break_off_and_where_it_waits():
    assert services.enqueue("sample.raises", path="p").max_attempts == 3
    assert services.enqueue("sample.mourned", path="p").max_attempts == 1
    assert services.enqueue("sample.raises", path="p").lane == Lane.QUICK
    assert services.enqueue("sample.film", path="p", line="x").lane == Lane.SLOW
    assert services.enqueue("sample.film", lane=Lane.MAIL, path="p", line="x").lane == Lane.MAIL


def test_a_job_says_whose_it_is_beside_its_arguments():
    job = services.enqueue("sample.note", of_centre=7, path="p", line="x")
    job.refresh_from_db()
    assert (job.centre_id, job.args) == (7, {"path": "p", "line": "x"})


def test_a_waiting_job_is_put_off_and_one_in_hand_is_not():
    job = services.enqueue("sample.note", key="k", path="p", line="x")
    assert hook.postpone("k", dt.timedelta(minutes=5))
    job.refresh_from_db()
    assert job.available_at - job.created_at >= dt.timedelta(minutes=5)
    claim_one(now=job.available_at)
    assert not hook.postpone("k", dt.timedelta(minutes=9))
    assert not hook.postpone("unknown", dt.timedelta(minutes=9))


def test_the_same_key_is_one_job_while_it_waits():
    first = services.enqueue("sample.note", key="k", path="p", line="1")
    second = services.enqueue("sample.note", key="k", path="p", line="2")
    assert second.pk == first.pk
    assert Job.objects.count() == 1


def test_another_key_is_another_job():
    services.enqueue("sample.note", key="k", path="p", line="1")
    services.enqueue("sample.note", key="l", path="p", line="1")
    services.enqueue("sample.note", path="p", line="1")
    services.enqueue("sample.note", path="p", line="1")
    assert Job.objects.count() == 4


def test_a_key_is_free_again_once_the_job_is_done():
    services.enqueue("sample.note", key="k", path="p", line="1")
    assert services.finish(claim_one())
    services.enqueue("sample.note", key="k", path="p", line="2")
    assert Job.objects.count() == 2


def test_what_is_asked_for_again_while_it_runs_is_done_once_more():
    job = services.enqueue("sample.note", key="k", path="p", line="1")
    running = claim_one()
    assert services.enqueue("sample.note", key="k", path="p", line="1").pk == job.pk
    assert services.finish(running)
    assert state_of(job) == JobState.WAITING
    last = claim_one()
    assert last.attempts == 1
    assert services.finish(last)
    assert state_of(job) == JobState.DONE
    assert services.claim("w") == []


def test_the_database_itself_keeps_a_key_single():
    now = queries.database_now()
    row = {"name": "sample.note", "key": "k", "available_at": now, "created_at": now}
    Job.objects.create(**row)
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(**row)
    Job.objects.create(**row, state=JobState.DONE)
    Job.objects.create(**row, state=JobState.DEAD)


def test_the_database_refuses_a_running_job_without_a_lease():
    job = services.enqueue("sample.note", path="p", line="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING)


def test_two_tasks_cannot_share_a_name():
    with pytest.raises(ValueError, match=r"sample\.note"):
        registry.task("sample.note")(lambda: None)
    assert "sample.note" in registry.names()
