"""The command: what it says, how it ends, and that nothing odd in a row keeps it from the next one."""

import datetime as dt
import io
import re
from collections import Counter

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from common import clock, health
from common.health import Check, each
from common.storing import let_go
from portfolio.models import Evidence, EvidenceFile, EvidenceVersion
from tests.factories import portfolio as made
from tests.upkeep import scenes
from tests.upkeep.conftest import every, said, tampered, unchecked
from upkeep import objects
from upkeep.examining import examine, names


def doctor(*options):
    out = io.StringIO()
    call_command("doctor", *options, stdout=out)
    return out.getvalue()


def ill(*options):
    out = io.StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("doctor", *options, stdout=out)
    assert caught.value.returncode == 1
    return out.getvalue().splitlines(), str(caught.value)


def test_it_says_that_all_is_sound_and_what_it_looked_at(world):
    scenes.with_photo(world)
    files = 1 + every(EvidenceFile).get().previews.exclude(storage_key="").count()
    assert doctor() == f"Sound: {len(names())} checks, {files} objects (their bytes not read).\n"
    assert re.fullmatch(rf"Sound: \d+ checks, {files} objects \([1-9]\d* bytes read\)\.\n", doctor("--files"))


def test_it_lists_what_it_asks_and_asks_what_it_is_told(world):
    listed = doctor("--list").splitlines()
    assert [line.split()[0] for line in listed] == names()
    assert all(len(line.split()) > 5 for line in listed)
    assert {"decisions", "pieces", "units", "registrations", "files", "centres", "relations", "objects"} <= set(names())
    assert doctor("--only", "units").startswith("Sound: 1 checks, 0 objects")


def test_every_fault_has_a_line_and_it_ends_with_one(world):
    scenes.decided(world)
    with tampered(Evidence):
        every(Evidence).update(state="submitted", sent_title="Other")
        lines, words = ill("--only", "versions", "--only", "pieces", "--only", "units")
    assert [line.split(":")[0] for line in lines] == ["pieces", "versions"]
    assert words == "2 faults, each with a line above."


def test_a_row_that_cannot_be_read_or_looked_at_is_a_fault_and_the_next_one_follows(world):
    first, second = scenes.sent(world), made.sent(world, "LA2").evidence
    with tampered(Evidence):
        every(EvidenceVersion).filter(evidence=first).update(fields={"no": "title"}, files=[{"no": "hash"}])
        every(Evidence).filter(pk=second.pk).update(sent_title="Other")
        found = said("versions")
        assert found == [
            f"versions: Evidence {first.public_id} cannot be looked at (KeyError)",
            f"versions: Evidence {second.public_id} shows another title than what was sent",
        ]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps no such value")
def test_nor_does_one_that_is_no_json(world):
    first, second = made.sent(world), made.sent(world, "LA2")
    with tampered(EvidenceVersion), unchecked(), connection.cursor() as cursor:
        cursor.execute("UPDATE portfolio_evidenceversion SET fields = '{' WHERE id = %s", [first.pk])
        cursor.execute("UPDATE portfolio_evidenceversion SET submitted_by_id = 1 WHERE id = %s", [second.pk])
        found = said("versions")
    assert f"versions: Evidence {first.evidence.public_id} cannot be looked at (TypeError)" in found
    assert f"versions: EvidenceVersion {second.public_id} was not sent by the learner of its piece" in found


def test_a_check_that_breaks_off_is_a_fault_and_the_next_one_is_asked(world, monkeypatch):
    def breaks():
        yield "one thing"
        with connection.cursor() as cursor:
            cursor.execute("SELECT nothing FROM nowhere")

    monkeypatch.setitem(health._checks, "aaa", Check("aaa", "It breaks off.", breaks))
    scenes.sent(world)
    counts = Counter()
    found = [str(fault) for fault in examine(counts, only=["aaa", "units"])]
    assert found[0] == "aaa: one thing"
    assert re.match(r"aaa: this could not be looked at to its end \((Operational|Programming)Error: ", found[1])
    assert (len(found), counts["checks"]) == (2, 2)


def test_two_apps_do_not_take_one_name():
    with pytest.raises(ValueError, match="check of two apps are called units"):
        health.check("units", "Others.")(list)
    with pytest.raises(ValueError, match="objects of two apps are called files"):
        health.objects("files", every, lambda row: row)


def test_rows_are_read_in_parts_and_each_once(world, monkeypatch):
    monkeypatch.setattr(health, "BATCH", 2)
    pieces = [made.draft(world) for _ in range(5)]
    assert list(each(every(Evidence), lambda row: [row.public_id])) == [piece.public_id for piece in pieces]


# --- rows and objects -------------------------------------------------------------------------------------------------
def test_bytes_that_are_gone_short_or_others_are_named(world):
    scenes.with_photo(world)
    file = every(EvidenceFile).get()
    of = f"objects: the object of file {file.public_id}"
    default_storage.delete(file.storage_key)
    assert said("objects") == said("objects", files=True) == [f"{of} is gone: {file.storage_key}"]
    default_storage.save(file.storage_key, ContentFile(b"short"))
    assert said("objects") == [f"{of} has 5 bytes, not {file.size}: {file.storage_key}"]
    assert said("objects", files=True) == said("objects")
    default_storage.delete(file.storage_key)
    default_storage.save(file.storage_key, ContentFile(b"x" * file.size))
    assert said("objects") == []
    assert said("objects", files=True) == [f"{of} has another SHA-256: {file.storage_key}"]


def test_a_preview_that_is_gone_is_named(world):
    scenes.with_photo(world)
    preview = every(EvidenceFile).get().previews.exclude(storage_key="").first()
    default_storage.delete(preview.storage_key)
    assert said("objects") == [f"objects: the object of preview {preview.public_id} is gone: {preview.storage_key}"]


def test_what_was_removed_since_the_rows_were_read_is_no_fault(world, monkeypatch):
    """Its row went with it: between the look at the row and the look at the store somebody took the file out."""
    scenes.with_photo(world)
    file = every(EvidenceFile).get()
    named = list(health.named_objects())
    monkeypatch.setattr(health, "named_objects", lambda: iter(named))
    default_storage.delete(file.storage_key)
    assert len(said("objects")) == 1
    every(EvidenceFile).filter(pk=file.pk).update(storage_key="purged/it")
    assert said("objects") == []


def test_an_old_object_of_nobody_is_named_unless_something_waits_to_remove_it(world, monkeypatch):
    scenes.with_photo(world)
    name = default_storage.save("centre/1/2026/of-nobody", ContentFile(b"bytes"))
    try:
        assert said("objects") == [], "it may be about to get its row"
        later = clock.now() + objects.UNNAMED_FOR + dt.timedelta(hours=1)
        monkeypatch.setattr(objects.clock, "now", lambda: later)
        found = [line for line in said("objects") if name in line]
        assert len(found) == 1
        assert "(5 bytes, of " in found[0]
        assert found[0].endswith("belongs to no row")
        with transaction.atomic():
            let_go([name])
        assert [line for line in said("objects") if name in line] == []
    finally:
        default_storage.delete(name)


def test_a_store_that_is_away_is_said_once(world, monkeypatch):
    from botocore.exceptions import EndpointConnectionError

    scenes.with_photo(world)

    def away(_key):
        raise EndpointConnectionError(endpoint_url="http://store")

    monkeypatch.setattr(default_storage, "size", away)
    found = said("objects")
    assert found == ["objects: the store does not answer (Away), so not every object was looked at"]
