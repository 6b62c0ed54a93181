"""Work of one lane never waits for that of another."""

import pytest
from django.core.management import CommandError, call_command

from jobs import queries, registry, runner, services, transport
from jobs.enums import JobState, Lane
from tests.jobs.conftest import claim_one, read, state_of, wait_for

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lines")]


def test_a_worker_of_a_lane_takes_only_its_own(lines):
    film = services.enqueue("sample.film", path=str(lines), line="film")
    photo = services.enqueue("sample.note", path=str(lines), line="photo")
    assert claim_one(lane=Lane.QUICK).pk == photo.pk
    assert services.claim("w", lane=Lane.QUICK) == []
    assert services.claim("w", lane=Lane.MAIL) == []
    assert claim_one(lane=Lane.SLOW).pk == film.pk


def test_whoever_names_no_lane_takes_from_all_in_the_order_they_came(lines):
    for line, task in (("a", "sample.film"), ("b", "sample.note"), ("c", "sample.film")):
        services.enqueue(task, path=str(lines), line=line)
    assert runner.drain("w") == 3
    assert read(lines) == ["a", "b", "c"]


def test_a_lane_is_the_tasks_own_unless_whoever_asks_knows_better(lines):
    assert services.enqueue("sample.note", lane=Lane.SLOW, path="p", line="x").lane == Lane.SLOW
    assert not runner.run_next("w", Lane.QUICK)
    assert queries.due(queries.database_now(), Lane.SLOW).count() == 1


@pytest.mark.parametrize(
    ("name", "lane"),
    [
        ("portfolio.prepare_file", Lane.QUICK),
        ("portfolio.make_copy", Lane.SLOW),
        ("store.sweep", Lane.SLOW),
        ("centres.send_invitation", Lane.MAIL),
        ("centres.send_correction", Lane.MAIL),
    ],
)
def test_where_work_of_the_product_waits(name, lane):
    assert registry.find(name).lane == lane


def test_all_letters_wait_with_letters():
    assert {name for name in registry.names() if ".send_" in name} == {
        name for name in registry.names() if registry.find(name).lane == Lane.MAIL and not name.startswith("sample.")
    }


def test_a_row_of_a_server_of_the_release_before_is_quick_work(lines):
    """It writes rows without the column, beside this release, on the same tables."""
    from django.db import connection

    now = queries.database_now()
    at = connection.ops.adapt_datetimefield_value(now)
    columns = "public_id, name, args, state, available_at, attempts, max_attempts, crashes, again, leased_by, last_error, created_at"
    values = ["1" * 26, "sample.note", "{}", "waiting", at, 0, 8, 0, False, "", "", at]
    with connection.cursor() as cursor:
        marks = ", ".join(["%s"] * len(values))
        cursor.execute(f"INSERT INTO jobs_job ({columns}) VALUES ({marks})", values)  # noqa: S608 - our own names
    job = claim_one(lane=Lane.QUICK, now=now)
    assert (job.lane, job.why, job.message_id, job.max_attempts) == (Lane.QUICK, "", "", 8)


@pytest.mark.django_db(transaction=True)
def test_a_film_in_hand_holds_up_neither_photo_nor_letter(lines, start):
    """One program, one thread a lane: the film's is taken, the others go on."""
    film = services.enqueue("sample.slow", lane=Lane.SLOW, path=str(lines), seconds=60)
    start("manage.py", "work", "--threads", "1")
    wait_for(lambda: len(read(lines)) == 1, seconds=60)
    photo = services.enqueue("sample.note", path=str(lines), line="photo")
    letter = services.enqueue("sample.letter", path=str(lines), to="aled@people.example")
    wait_for(lambda: state_of(photo) == state_of(letter) == JobState.DONE)
    assert state_of(film) == JobState.RUNNING
    lines.with_suffix(".gate").touch()
    wait_for(lambda: state_of(film) == JobState.DONE)


@pytest.mark.django_db(transaction=True)
def test_a_worker_can_be_told_its_lanes(lines, start):
    film = services.enqueue("sample.film", path=str(lines), line="film")
    start("manage.py", "work", "--lanes", "quick,mail")
    photo = services.enqueue("sample.note", path=str(lines), line="photo")
    wait_for(lambda: state_of(photo) == JobState.DONE, seconds=60)
    assert state_of(film) == JobState.WAITING


def test_a_lane_that_there_is_not_is_refused():
    with pytest.raises(CommandError, match="quick, slow, mail"):
        call_command("work", "--lanes", "fast")


def test_each_lane_has_a_queue_and_the_sweep_waits_behind_no_photo():
    app = transport.celery_app("redis://127.0.0.1:1/9")
    assert {queue.name for queue in app.conf.task_queues} == set(transport.QUEUES.values())
    assert app.conf.task_default_queue == transport.QUEUES[Lane.QUICK]
    assert app.conf.beat_schedule[transport.SWEEP]["options"]["queue"] == transport.QUEUES[Lane.MAIL]
