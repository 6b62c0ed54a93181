"""What a backup holds, what it says when something is in its way, and that nothing half-made looks whole."""

import fcntl
import io
import json
import os
import shutil
import sqlite3
import stat
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection

from audit.models import Event
from portfolio.models import EvidenceFile
from tests.factories.world import two_centres
from tests.upkeep import scenes
from tests.upkeep.conftest import every
from upkeep.manifest import LISTING, MANIFEST, UNFINISHED, listed_objects, object_path, parsed

on_postgresql = pytest.mark.skipif("postgresql" not in settings.DATABASES["default"]["ENGINE"], reason="uses pg_dump")


@pytest.fixture
def world(transactional_db):
    return two_centres()


@pytest.fixture
def target(room):
    return room / "2026-12-01"


def backup(target):
    """(what it said, what it said of faults)"""
    out, err = io.StringIO(), io.StringIO()
    call_command("backup", target, stdout=out, stderr=err)
    return out.getvalue()


def refused(target, code=1):
    err = io.StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("backup", target, stdout=io.StringIO(), stderr=err)
    assert caught.value.returncode == code
    return f"{err.getvalue()}{caught.value}"


def nothing_left(target):
    return not target.exists() and not target.with_name(target.name + UNFINISHED).exists()


def photo(world):
    scenes.with_photo(world)
    return every(EvidenceFile).get()


def test_it_holds_every_row_and_every_byte_and_says_what_it_is(world, target):
    file = photo(world)
    words = backup(target)
    manifest = parsed(target / MANIFEST)
    assert (manifest.vendor, manifest.faults) == (connection.vendor, ())
    assert manifest.rows["accounts_user"] == len(world.people)
    assert "portfolio.0001_initial" in manifest.migrations
    stored = {one.name: one for one in listed_objects(target)}
    assert (stored[file.storage_key].sha256, stored[file.storage_key].size) == (file.sha256, file.size)
    assert len(stored) == manifest.objects == 1 + file.previews.exclude(storage_key="").count()
    with default_storage.open(file.storage_key) as kept:
        assert object_path(target, file.storage_key).read_bytes() == kept.read()
    assert stat.S_IMODE(target.stat().st_mode) == 0o700, "it holds what a centre knows of people"
    assert sorted(path.name for path in target.iterdir()) == sorted(
        [MANIFEST, LISTING, "objects", manifest.database.name]
    )
    assert Event.objects.get(action="backup.made").facts["sha256"] in words


def counts(copy, manifest):
    """How many rows the tables of a backup have in a copy of it."""
    asked = {name: f'SELECT COUNT(*) FROM "{name}"' for name in manifest.rows}  # noqa: S608 - names of our tables
    return {name: copy.execute(sql).fetchone()[0] for name, sql in asked.items()}


def as_a_shell_dumps(plain):
    """What `.dump` says. Python's own dump puts rows into indexes of words as well, whose own tables it writes anyway."""
    indexes = plain.execute("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL%'").fetchall()
    rows = tuple(f'INSERT INTO "{name}" ' for (name,) in indexes)
    return (line for line in plain.iterdump() if not line.startswith(rows))


@pytest.mark.skipif("sqlite" not in settings.DATABASES["default"]["ENGINE"], reason="it is a file only there")
def test_a_shell_without_us_reads_and_copies_every_row(world, target):
    photo(world)
    backup(target)
    manifest, copy = parsed(target / MANIFEST), sqlite3.connect(":memory:")
    plain = sqlite3.connect(target / manifest.database.name)
    try:
        assert plain.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        copy.executescript("\n".join(as_a_shell_dumps(plain)))
        found = counts(copy, manifest)
        assert found == manifest.rows
        assert found["qualifications_unitwords"] > 0
        assert found["centres_membership"] > 0
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            copy.execute("DELETE FROM audit_event")
    finally:
        plain.close()
        copy.close()


def test_a_name_that_is_taken_and_a_place_that_is_not_there(world, target):
    target.mkdir()
    assert "is there already" in refused(target)
    assert "is not there" in refused(target / "one" / "two")
    assert list(target.iterdir()) == []


def test_a_database_in_which_nobody_is_is_no_backup(transactional_db, target):
    assert "Nobody is in this database" in refused(target)
    assert nothing_left(target)


def test_what_the_store_lacks_or_holds_instead_is_named_and_the_rest_is_kept(world, target, room):
    file = photo(world)
    default_storage.delete(file.storage_key)
    words = refused(target, code=2)
    assert f"the object of file {file.public_id} is gone: {file.storage_key}" in words
    assert parsed(target / MANIFEST).objects == file.previews.exclude(storage_key="").count()
    default_storage.save(file.storage_key, ContentFile(b"x" * file.size))
    words = refused(room / "another", code=2)
    assert f"the object of file {file.public_id} is not what came in: {file.storage_key}" in words


def test_two_of_one_name_do_not_meet_and_what_was_cut_off_is_begun_again(world, target):
    left = target.with_name(target.name + UNFINISHED)
    (left / "objects").mkdir(parents=True)
    (left / "objects" / "half").write_bytes(b"half a file")
    (left / MANIFEST).write_text("{}")
    with (left / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert "Another backup is being written" in refused(target)
    assert (left / "objects" / "half").exists()
    backup(target)
    assert not left.exists()
    assert not (target / "objects" / "half").exists()


def test_a_target_without_room_is_told_before_anything_is_written(world, target, monkeypatch):
    photo(world)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(total=10, used=10, free=0))
    assert "There is no room" in refused(target)
    assert nothing_left(target)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")
def test_a_target_that_fills_up_meanwhile_leaves_nothing(world, target, monkeypatch):
    """Every object is written to a device that is full."""
    file = photo(world)
    folder = object_path(target.with_name(target.name + UNFINISHED), file.storage_key).parent
    make = Path.mkdir

    def make_full(path, *given, **more):
        make(path, *given, **more)
        link = path / Path(file.storage_key).name
        if path == folder and not link.is_symlink():
            link.symlink_to("/dev/full")

    monkeypatch.setattr(Path, "mkdir", make_full)
    assert "There is no room for the backup" in refused(target)
    assert nothing_left(target)


@pytest.mark.skipif(shutil.which("sqlite3") is None, reason="there is no shell of SQLite on this machine")
@pytest.mark.skipif("sqlite" not in settings.DATABASES["default"]["ENGINE"], reason="it is a file only there")
def test_the_shell_of_sqlite_does_the_same(world, target, room):
    photo(world)
    backup(target)
    manifest, new = parsed(target / MANIFEST), room / "new.sqlite3"
    dumped = subprocess.run(["sqlite3", target / manifest.database.name, ".dump"], capture_output=True, check=True)
    subprocess.run(["sqlite3", new], input=dumped.stdout, capture_output=True, check=True)
    copy = sqlite3.connect(new)
    try:
        assert copy.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        found = counts(copy, manifest)
        assert found == manifest.rows
        words = "SELECT COUNT(*) FROM qualifications_unitwords_fts WHERE qualifications_unitwords_fts MATCH 'customer'"
        assert copy.execute(words).fetchone()[0] > 0
    finally:
        copy.close()


@on_postgresql
@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("", "pg_dump is not on this machine"),
        ("echo 'pg_dump (PostgreSQL) 9.6.1'", "pg_dump is version 9, and the server"),
        ('[ "$1" = --version ] && echo \'pg_dump (PostgreSQL) 99.1\' && exit; touch "${5#--file=}"', "it is empty"),
        ("[ \"$1\" = --version ] && echo 'pg_dump (PostgreSQL) 99.1' && exit; echo no server >&2; exit 1", "no server"),
    ],
)
def test_a_pg_dump_that_is_not_there_too_old_or_writes_nothing(world, target, monkeypatch, program, words):
    bin_ = target.parent / "bin"
    bin_.mkdir()
    if program:
        (bin_ / "pg_dump").write_text(f"#!/bin/sh\n{program}\n")
        (bin_ / "pg_dump").chmod(0o755)
    monkeypatch.setenv("PATH", f"{bin_}:/usr/bin-that-is-not-there" if not program else f"{bin_}:{os.environ['PATH']}")
    assert words in refused(target)
    assert nothing_left(target)


def test_what_rows_say_of_objects_never_leads_out_of_the_folder(world, target):
    file = photo(world)
    every(EvidenceFile).filter(pk=file.pk).update(storage_key="../../outside")
    assert "has a name that leads elsewhere" in refused(target)
    assert nothing_left(target)


def test_the_listing_is_lines_that_anybody_reads(world, target):
    photo(world)
    backup(target)
    lines = [json.loads(line) for line in (target / LISTING).read_text().splitlines()]
    assert all(line.keys() == {"key", "size", "sha256"} for line in lines)
