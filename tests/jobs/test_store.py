"""Objects that no row names are deleted, and no others, and not before a backup can have both (I2, T29, T30)."""

import datetime as dt
import io
import os

import pytest
from django.apps import apps
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from common import clock
from common.storing import WAIT, keep, let_go, local_path, named_anywhere, stored, tables_naming
from jobs import registry, store
from jobs.models import Job
from portfolio.models import EvidenceFile
from qualifications.services import stage_import
from tests.factories import portfolio as make

pytestmark = pytest.mark.django_db
#: model → reason: names an object although the store need not have it
NOT_ASKED = {"portfolio.Tombstone": "says where the bytes were that were removed for good"}
LATER = dt.timedelta(days=2)


@pytest.fixture
def put():
    """`put("left")` → the key of an object that no row names."""
    kept = []

    def run(name, content=b"left over"):
        key = f"centre/0/2026/{name}"
        kept.append(key)
        keep(key, File(io.BytesIO(content)))
        return key

    yield run
    for key in kept:
        default_storage.delete(key)


def swept(later=LATER):
    return store.sweep(clock.now() + later)


def drops():
    return {job.args["storage_key"]: job for job in Job.objects.filter(name="store.drop")}


def test_every_table_that_names_objects_is_asked():
    with_keys = {m._meta.label for m in apps.get_models() if "storage_key" in {f.name for f in m._meta.get_fields()}}
    assert tables_naming() == with_keys - set(NOT_ASKED)


def test_what_no_row_names_is_let_go_and_deleted_when_its_time_is_over(put, run_jobs):
    key = put("left")
    assert swept() >= 1
    job = drops()[key]
    assert job.available_at - job.created_at == WAIT
    run_jobs()
    assert default_storage.exists(key)
    Job.objects.filter(pk=job.pk).update(available_at=job.created_at)
    run_jobs()
    assert not default_storage.exists(key)


def test_it_is_asked_for_once_however_often_it_is_found(put):
    key = put("left")
    swept()
    first = drops()[key]
    swept()
    assert drops()[key] == first
    assert Job.objects.filter(name="store.drop", args__storage_key=key).count() == 1


def test_what_is_young_may_belong_to_a_row_that_is_being_written(put):
    key = put("young")
    store.sweep(clock.now() + store.YOUNG - dt.timedelta(minutes=1))
    assert key not in drops()
    store.sweep(clock.now() + store.YOUNG + dt.timedelta(minutes=1))
    assert key in drops()


def test_what_a_row_names_stays(world):
    row = make.with_file(world, make.draft(world, kind="media"))
    draft = stage_import(actor=world.actor("CA"), name="u.csv", content=ContentFile(b"a,b\n"), given={}, at=clock.now())
    named = {row.storage_key, draft.storage_key, *row.previews.values_list("storage_key", flat=True)} - {""}
    assert len(named) == 4
    assert named_anywhere(named) == named
    swept()
    assert set(drops()) & named == set()
    assert all(default_storage.exists(key) for key in named)


def test_what_a_row_names_again_when_its_time_is_over_stays(world, put, run_jobs):
    """A database that was put back from a backup."""
    key = put("back")
    swept()
    row = make.with_file(world, make.draft(world, kind="media"), checked=False)
    EvidenceFile.objects.for_centre(row.centre_id).filter(pk=row.pk).update(storage_key=key)
    Job.objects.filter(name="store.drop").update(available_at=clock.now())
    Job.objects.filter(name="portfolio.prepare_file").delete()
    run_jobs()
    assert default_storage.exists(key)


def test_what_is_not_ours_is_not_even_looked_at(room):
    name = default_storage.save("somebody/elses.bin", ContentFile(b"x"))
    try:
        assert name not in set(stored(before=clock.now() + LATER))
        swept()
        assert name not in drops()
    finally:
        default_storage.delete(name)


def test_a_key_that_is_empty_is_nothing_to_let_go():
    let_go(["", ""])
    assert drops() == {}


def test_personal_data_of_others_does_not_wait():
    let_go(["centre/0/2026/theirs"], at_once=True)
    job = drops()["centre/0/2026/theirs"]
    assert job.available_at == job.created_at


def test_many_are_read_a_batch_at_a_time(put, monkeypatch):
    keys = {put(f"left{n}") for n in range(5)}
    asked = []
    monkeypatch.setattr(store, "_BATCH", 2)
    monkeypatch.setattr(store, "named_anywhere", lambda some: asked.append(len(some)) or set())
    monkeypatch.setattr(store, "stored", lambda **_before: iter(sorted(keys)))
    assert swept() == 5
    assert asked == [2, 2, 1]
    assert set(drops()) == keys


def test_the_sweep_comes_round_once_a_day_where_films_wait():
    task = registry.find("store.sweep")
    assert (task.every, task.lane) == (dt.timedelta(days=1), "slow")


def test_the_time_an_object_waits_is_longer_than_any_backup_takes():
    assert dt.timedelta(days=2) <= WAIT <= dt.timedelta(days=30)


@pytest.mark.skipif(not hasattr(default_storage, "bucket"), reason="embedded: a local folder has no parts of uploads")
def test_parts_of_an_upload_that_never_ended_are_forgotten_after_a_week():
    bucket = default_storage.bucket
    begun = bucket.Object("centre/0/2026/never-ended").initiate_multipart_upload()
    begun.Part(1).upload(Body=b"x" * 1000)
    swept(dt.timedelta(days=6))
    assert [one.id for one in bucket.multipart_uploads.all()] == [begun.id]
    swept(WAIT + dt.timedelta(days=1))
    assert list(bucket.multipart_uploads.all()) == []


@pytest.mark.skipif(hasattr(default_storage, "bucket"), reason="S3 says itself when an object was written")
def test_the_age_of_a_local_object_is_that_of_its_file(put):
    key = put("old")
    os.utime(local_path(default_storage, key), (0, 0))
    assert key in set(stored(before=dt.datetime(1980, 1, 1, tzinfo=dt.UTC)))
