"""`/readyz` names every part and whether it works; it shows nothing else."""

import datetime as dt

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from common import clock
from config import readiness
from jobs.models import Job
from tests.faults.conftest import cache_at, database_away, free

__all__ = ["cache_at", "free"]  # fixtures
PARTS = ["database", "migrations", "worker", "cache", "store", "disk"]


@pytest.fixture(autouse=True)
def _not_looked_yet():
    readiness._seen_applied.clear()
    yield
    readiness._seen_applied.clear()


def test_a_site_whose_parts_all_work_is_ready(client, db):
    answer = client.get("/readyz")
    assert answer.json() == {"ready": True, "parts": dict.fromkeys(PARTS, "ok")}
    assert answer.status_code == 200


def found(client):
    answer = client.get("/readyz")
    said = answer.json()
    assert (answer.status_code == 200) is said["ready"]
    return {name: state for name, state in said["parts"].items() if state != "ok"}


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_away(client):
    with database_away():
        assert found(client) == {"database": "away", "migrations": "unknown", "worker": "unknown"}
    assert found(client) == {}


def test_a_redis_that_is_away(client, db, cache_at, free):
    cache_at(free)
    assert found(client) == {"cache": "away"}


def test_a_store_that_is_away(client, db, settings, free):
    place = {"bucket_name": "b", "endpoint_url": f"http://127.0.0.1:{free}", "access_key": "a", "secret_key": "b"}
    storage = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": place | {"region_name": "eu"}}
    settings.STORAGES = {**settings.STORAGES, "default": storage}
    settings.S3_BUCKET = "b"
    readiness._impatient.cache_clear()
    assert found(client) == {"store": "away"}
    readiness._impatient.cache_clear()


def test_a_folder_of_files_that_is_not_there(client, db, settings):
    storage = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": "/proc/nowhere/media"}}
    settings.STORAGES = {**settings.STORAGES, "default": storage}
    assert found(client) == {"store": "away"}


@pytest.mark.parametrize(
    ("waits", "behind"), [(dt.timedelta(minutes=4), {}), (dt.timedelta(minutes=6), {"worker": "behind"})]
)
def test_work_that_nobody_does(client, db, waits, behind):
    then = clock.now() - waits
    Job.objects.create(name="portfolio.prepare_file", args={}, available_at=then, created_at=then)
    assert found(client) == behind


def test_tables_of_an_older_release(client, db):
    last = MigrationLoader(connection).graph.leaf_nodes("portfolio")[0]
    MigrationRecorder(connection).record_unapplied(*last)
    assert found(client) == {"migrations": "behind"}


def test_it_says_no_more_than_that(client, db, settings):
    text = client.get("/readyz").content.decode()
    for secret in (settings.SECRET_KEY, str(settings.VAR_DIR), "127.0.0.1", "postgres", "redis", "sqlite"):
        assert secret not in text.lower()


def test_it_is_only_asked(client, db):
    assert client.post("/readyz").status_code == 405
