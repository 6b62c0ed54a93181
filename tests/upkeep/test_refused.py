"""Which backups are not taken in, and that whoever is refused is told which file it was. Nothing is touched."""

import io
import json
import shutil

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests.database import tables
from tests.factories.world import two_centres
from tests.upkeep import scenes
from upkeep import databases
from upkeep.manifest import LISTING, MANIFEST, UNFINISHED, Written, listed_objects, object_path, parsed, weigh


@pytest.fixture
def made(transactional_db, room):
    """A backup of a world with a photo."""
    scenes.with_photo(two_centres())
    call_command("backup", room / "made", stdout=io.StringIO())
    return room / "made"


def refused(folder, *options):
    before = tables.counts(connection)
    with pytest.raises(CommandError) as caught:
        call_command("restore", folder, *options, stdout=io.StringIO(), stderr=io.StringIO())
    assert caught.value.returncode == 1
    assert tables.counts(connection) == before
    return str(caught.value)


def rewrite(folder, **changed):
    """Write another manifest, as somebody would who knows how."""
    facts = json.loads((folder / MANIFEST).read_text())
    (folder / MANIFEST).write_text(json.dumps(facts | changed))


def test_one_that_is_whole_is_said_to_be_and_a_place_with_people_is_left_alone(made):
    out = io.StringIO()
    proof = weigh(made / MANIFEST, MANIFEST).sha256
    call_command("restore", made, "--only-check", "--proof", proof, stdout=out)
    assert "is whole" in out.getvalue()
    assert "The database is not empty: there are rows in " in refused(made)
    assert "was altered: it is not the one with that SHA-256" in refused(made, "--proof", "0" * 64)


def test_altered_and_missing_files_are_named(made):
    one, *_others = listed_objects(made)
    path = object_path(made, one.name)
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    assert f"{path} was altered" in refused(made)
    path.write_bytes(whole[:-1])
    assert f"{path} was altered" in refused(made, "--only-check")
    path.unlink()
    assert f"{path} is not there" in refused(made)
    path.write_bytes(whole)
    database = made / parsed(made / MANIFEST).database.name
    with database.open("r+b") as file:
        file.seek(200)
        file.write(b"other")
    assert f"{database} was altered" in refused(made)


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", '{"format": 1}', '{"format": "one"}', '{"format": 1, "database": []}'],
)
def test_a_manifest_that_is_none_is_said_to_be(made, text):
    (made / MANIFEST).write_text(text)
    assert f"{made / MANIFEST} was altered: it cannot be read" in refused(made)


@pytest.mark.parametrize("line", ["{", "[]", "3", '{"key": "centre/1"}'])
def test_so_is_a_listing(made, line):
    (made / LISTING).write_text(f"{line}\n")
    listing = weigh(made / LISTING, LISTING)
    rewrite(made, listing={"name": LISTING, "size": listing.size, "sha256": listing.sha256})
    assert f"{made / LISTING} was altered: line 1 cannot be read" in refused(made)


def test_a_listing_that_leads_elsewhere_reads_nothing_there(made, room):
    (room / "outside").write_bytes(b"bytes")
    one = Written("../../outside", 5, weigh(room / "outside", "").sha256)
    (made / LISTING).write_text(json.dumps({"key": one.name, "size": one.size, "sha256": one.sha256}) + "\n")
    listing = weigh(made / LISTING, LISTING)
    rewrite(made, listing={"name": LISTING, "size": listing.size, "sha256": listing.sha256})
    assert "has a name that leads elsewhere" in refused(made)


def test_a_listing_with_fewer_lines_is_noticed(made):
    lines = (made / LISTING).read_text().splitlines(keepends=True)
    (made / LISTING).write_text("".join(lines[1:]))
    assert f"{made / LISTING} was altered" in refused(made)
    listing = weigh(made / LISTING, LISTING)
    rewrite(made, listing={"name": LISTING, "size": listing.size, "sha256": listing.sha256})
    assert f"names {len(lines) - 1} objects, and the manifest {len(lines)}" in refused(made)


def test_one_that_was_cut_off_is_known_as_such(made, room):
    (made / MANIFEST).unlink()
    assert f"it has no {MANIFEST}" in refused(made)
    cut = made.rename(room / f"made{UNFINISHED}")
    assert "was cut off before its end" in refused(cut)
    assert f"it has no {MANIFEST}" in refused(room / "nowhere")


def test_one_of_a_newer_release_waits_for_that_release(made):
    known = parsed(made / MANIFEST).migrations
    rewrite(made, migrations=[*known, "portfolio.9999_later"], attest="7.1")
    words = refused(made)
    assert "is of a newer release (Attest 7.1): this one does not know portfolio.9999_later" in words
    rewrite(made, format=2)
    assert "is of a newer release: format 2" in refused(made)


def test_one_of_another_kind_of_database_is_not_taken_in(made):
    other = "sqlite" if connection.vendor == "postgresql" else "postgresql"
    rewrite(made, vendor=other)
    assert f"It is of {other}, and DATABASE_URL names {connection.vendor}." in refused(made)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="uses pg_restore")
def test_one_of_a_newer_server_or_program_is_not_taken_in(made):
    rewrite(made, server="99")
    assert "It is of PostgreSQL 99, and the server is version" in refused(made)
    rewrite(made, tool="99")
    assert "It was written by pg_dump 99, and pg_restore is version" in refused(made)


def test_a_database_with_tables_of_somebody_else_is_not_ours_to_fill(transactional_db):
    assert databases.why_not_empty(frozenset({"auth", "contenttypes"})) == ""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE payroll (id integer)")
    try:
        assert databases.why_not_empty(frozenset()) == "The database holds a table that is not Attest's: payroll."
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE payroll")


def test_a_backup_may_be_moved_and_copied(made, room):
    copy = shutil.copytree(made, room / "elsewhere" / "copy")
    call_command("restore", copy, "--only-check", stdout=io.StringIO())
