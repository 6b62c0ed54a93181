"""The drill: a backup made while people write, everything gone, one command, and it is a working service again (R7)."""

import io
import json
import re
import threading

import pytest
from django.core.management import call_command
from django.db import connections

from portfolio.models import EvidenceFile
from tests.factories import files
from tests.factories import portfolio as made
from tests.factories.world import two_centres
from tests.upkeep import scenes
from tests.upkeep.conftest import every
from tests.upkeep.places import ROOT, Place
from upkeep.manifest import MANIFEST, listed_objects, parsed

FILES = """
import hashlib, json
from common.storing import read
from portfolio.models import EvidenceFile
rows = EvidenceFile.objects.across_centres(reason="a test looks").filter(state__in=["received", "ready", "not_scanned"])
print(json.dumps({f.public_id: hashlib.sha256(b"".join(read(f.storage_key))).hexdigest() for f in rows}))
"""
DAMAGE = """
from django.core.files.storage import default_storage
from portfolio.models import EvidenceFile
default_storage.delete(EvidenceFile.objects.across_centres(reason="a test looks").first().storage_key)
"""


@pytest.fixture
def world(transactional_db):
    return two_centres()


@pytest.fixture
def place(room, transactional_db):
    """Somewhere else: nothing is there."""
    one = Place(room / "place")
    one.make()
    yield one
    one.remove()


class Writer:
    """A learner who goes on adding photos, and notes which of them were acknowledged when."""

    def __init__(self, world):
        self.world, self.stop, self.some = world, threading.Event(), threading.Event()
        self.acknowledged: list[str] = []
        self.thread = threading.Thread(target=self._write)

    def _write(self):
        try:
            for number in range(1, 500):
                piece = made.draft(self.world, "LA2", kind="media", title=f"Number {number}")
                photo = made.with_file(self.world, piece, "LA2", content=files.jpeg(seed=number), checked=False)
                self.acknowledged.append(photo.public_id)
                if number >= 3:
                    self.some.set()
                if self.stop.is_set():
                    return
        finally:
            connections.close_all()

    def __enter__(self):
        self.thread.start()
        assert self.some.wait(60)
        return self

    def __exit__(self, *_fault):
        self.stop.set()
        self.thread.join(60)


def backup(target):
    call_command("backup", target, stdout=io.StringIO())


def test_what_was_acknowledged_before_a_backup_is_there_after_everything_else_is_gone(world, room, place):
    scenes.signed_in_training(world)
    scenes.with_photo(world)
    with Writer(world) as writer:
        before = list(writer.acknowledged)
        backup(room / "backup")
    assert len(writer.acknowledged) > len(before), "somebody wrote meanwhile"
    hashes = dict(every(EvidenceFile).values_list("public_id", "sha256"))

    done = place.manage("restore", room / "backup")
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"Sound: \d+ checks, \d+ objects \(\d+ bytes read\)", done.stdout)
    assert "All 1 chains hold (2 entries)." in done.stdout
    found = json.loads(place.ask(FILES))
    assert set(before) <= set(found)
    assert found == {name: hashes[name] for name in found}, "each opens, with the bytes that came in"
    assert place.manage("doctor", "--files").returncode == 0

    again = place.manage("restore", room / "backup")
    assert again.returncode == 1
    assert "The database is not empty" in again.stderr
    place.ask(DAMAGE)
    hurt = place.manage("doctor")
    assert hurt.returncode == 1
    assert re.search(r"^objects: the object of file \w+ is gone", hurt.stdout, re.MULTILINE)


def test_one_that_was_cut_off_goes_on_and_a_store_of_others_is_left_alone(world, room, place):
    scenes.with_photo(world)
    backup(room / "backup")
    kept = [one.name for one in listed_objects(room / "backup")]
    put = "from django.core.files.storage import default_storage as s; from django.core.files.base import ContentFile as C; "
    place.ask(f"{put}s.save({kept[0]!r}, C(b'half of it')); s.save('centre/1/2026/another', C(b'bytes'))")
    done = place.manage("restore", room / "backup")
    assert done.returncode == 1
    assert "The store is not empty: centre/1/2026/another is not of this backup" in done.stderr
    place.ask(f"{put}s.delete('centre/1/2026/another')")
    done = place.manage("restore", room / "backup")
    assert done.returncode == 0, done.stdout + done.stderr


def test_one_of_an_older_release_is_brought_forward(room, place):
    """The older release lacks the newest migration of the people's own app, and has somebody in it."""
    before = Place(room / "before", 1)
    before.make(with_tables=True)
    try:
        *_earlier, last, newest = sorted(path.stem for path in (ROOT / "accounts" / "migrations").glob("0*.py"))
        gone = before.manage("migrate", "--verbosity", "0", "accounts", last)
        assert gone.returncode == 0, gone.stderr
        before.ask(
            "from django.contrib.auth import get_user_model as m;"
            "m().objects.create_user('a@b.example', given_name='A', family_name='B')"
        )
        made = before.manage("backup", room / "older")
        assert made.returncode == 0, made.stderr
    finally:
        before.remove()
    assert f"accounts.{newest}" not in parsed(room / "older" / MANIFEST).migrations
    done = place.manage("restore", room / "older")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "to this release: 1 migrations." in done.stdout
    assert place.ask("from upkeep import schema; print(schema.missing())").strip() == "[]"


def test_a_restored_place_lets_people_go_on(world, room, place):
    """What was begun can be sent, what waits can be done, and new rows get keys of their own."""
    piece = made.draft(world, "LA1", kind="writing")
    made.choose(world, piece, "LA1")
    backup(room / "backup")
    assert place.manage("restore", room / "backup").returncode == 0
    script = """
from accounts.models import User
from centres.queries import actor_at, places_of
from common import clock
from portfolio.models import Evidence
from portfolio.services import Declaration, start_evidence, submit_evidence
piece = Evidence.objects.across_centres(reason="a test goes on").select_related("learner").get()
person, today = User.objects.get(pk=piece.learner.person_id), clock.london_date(clock.now())
actor = actor_at(places_of(person.pk, today), person, "10001", on=today, request_id="test")
yes = Declaration(declared=True, no_customer_named=True, ai_use="none")
sent = submit_evidence(actor=actor, evidence=piece, revision=piece.revision, answers=yes, at=clock.now())
print(sent.number, start_evidence(actor=actor, at=clock.now()).pk > piece.pk)
"""
    assert place.ask(script).split() == ["1", "True"]
    assert place.manage("doctor").returncode == 0
