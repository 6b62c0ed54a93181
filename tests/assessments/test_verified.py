"""What verifying looks at and counts, and what it says of each thing that is not what it was (architecture, idea 3)."""

import datetime as dt
import json
from collections import Counter

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

from assessments.models import Judgement, LedgerEntry, SignOffNote
from assessments.rules.digests import genesis, link
from assessments.services import verification
from assessments.services.verification import DROPPED_BY, altered_records, tombstones
from centres.models import Registration
from common import clock
from common.append_only import suspended
from common.digests import digest
from portfolio.models import EvidenceFile, Tombstone
from qualifications.models import Qualification, Unit
from tests.assessments.conftest import judge
from tests.assessments.test_purging import ask, decide, file_of, purge, shown
from tests.assessments.test_sign_off import WHY, complete, confirm, numbers, sign
from tests.factories import portfolio as made

__all__ = ["purge", "shown"]


def told(**asked):
    """Return what is said of all records, and how many were looked at."""
    counts: Counter[str] = Counter()
    return list(altered_records(counts, **asked)), dict(counts)


def test_everything_is_counted_once_and_nothing_is_wrong(world, shown):
    complete(world, who="LA2", by="AA2")
    made.with_file(world, made.draft(world, kind="media"), checked=False)  # in no version: nobody relies on it
    texts = Unit.objects.count() + Qualification.objects.count()
    met = {"texts": texts, "versions": 2, "judgements": len(numbers())}
    assert told() == ([], met | {"files": 1})
    assert told(files=False) == ([], met)
    decide(world, ask(world, shown, words=True))
    assert told() == ([], met | {"tombstones": 1})


def test_bytes_that_are_others_or_gone_are_named_and_only_where_files_are_asked_for(world, shown):
    file = file_of(shown)
    said = [f"file {file.public_id} (“photo.jpg”) was altered or is gone"]
    default_storage.delete(file.storage_key)
    assert told()[0] == said
    default_storage.save(file.storage_key, ContentFile(b"x" * file.size))
    assert told()[0] == said
    assert told(files=False)[0] == []


@pytest.mark.parametrize("changed", [{"sha256": "0" * 64}, {"size": 1}])
def test_files_that_are_not_those_that_were_sent(world, shown, changed):
    with suspended(connection):
        EvidenceFile.objects.for_centre(shown.centre_id).update(**changed)
    words = f"the files of evidence version {shown.public_id} are not those that were sent"
    assert words in told()[0]


REALISTIC = {"learner_setting": "realistic", "realistic_counts": True}


@pytest.mark.parametrize("changed", [{"kind": "knowledge"}, REALISTIC, {"reason": "Other."}])
def test_a_judgement_that_says_another_thing(world, opened, changed):
    judge(world, opened())
    row = Judgement.objects.across_centres(reason="a test").get()
    with suspended(connection):
        Judgement.objects.across_centres(reason="a test").filter(pk=row.pk).update(**changed)
        row.refresh_from_db(from_queryset=Judgement.objects.for_centre(row.centre_id))
        Judgement.objects.across_centres(reason="a test").update(digest=row.computed_digest)
    said = [f"judgement {row.public_id} was altered"]
    assert told()[0] == ([] if "reason" in changed else said), "what was decided on is held against the rows themselves"


def stones(world, shown):
    return Tombstone.objects.for_centre(shown.centre_id)


def test_words_are_withheld_as_two_people_agreed(world, shown):
    """Agreed on the files alone: that is no word on the words."""
    answer = decide(world, ask(world, shown))
    stone = stones(world, shown).create(
        centre_id=shown.centre_id, decision=answer, version=shown, sha256=shown.digest, size=0, at=clock.now()
    )
    of = f"the words of evidence version {stone.version.public_id}"
    assert told()[0] == [f"{of} are withheld although nobody agreed"]


def test_words_of_another_digest_are_not_those(world, shown, purge):
    decide(world, purge)
    with suspended(connection):
        stones(world, shown).filter(file=None).update(sha256="0" * 64)
    assert told()[0] == [f"the words of evidence version {shown.public_id} are not those that were withheld"]


@pytest.mark.parametrize("changed", [{"sha256": "0" * 64}, {"size": 1}])
def test_a_tombstone_of_other_bytes_is_none(world, shown, changed):
    decide(world, ask(world, shown))
    with suspended(connection):
        stones(world, shown).update(**changed)
    assert told()[0] == [f"file {file_of(shown).public_id} was removed and no tombstone says so"]


def test_a_file_that_was_removed_although_somebody_disagreed(world, shown):
    file = file_of(shown)
    answer = decide(world, ask(world, shown), agrees=False, note="It is the learner's own card.")
    said = {"sha256": file.sha256, "size": file.size, "storage_key": file.storage_key, "at": clock.now()}
    stone = stones(world, shown).create(centre_id=shown.centre_id, decision=answer, version=shown, file=file, **said)
    EvidenceFile.objects.for_centre(shown.centre_id).filter(pk=file.pk).update(state="purged", removed_at=clock.now())
    words = f"file {file.public_id} was removed although nobody agreed (tombstone {stone.public_id})"
    assert told()[0] == [words]


def test_the_worker_has_an_hour_for_the_bytes(world, shown, monkeypatch):
    decide(world, ask(world, shown))
    stone = stones(world, shown).get()
    still = f"file {stone.file.public_id} was removed and its bytes are still there (tombstone {stone.public_id})"
    for later, said in ((dt.timedelta(), []), (DROPPED_BY, []), (DROPPED_BY + dt.timedelta(seconds=1), [still])):
        monkeypatch.setattr(verification.clock, "now", lambda at=stone.at + later: at)
        assert told()[0] == said, later
    default_storage.delete(stone.storage_key)
    assert told()[0] == []


def test_each_tombstone_says_what_it_stands_for(world, shown, purge):
    decide(world, purge)
    file, words = stones(world, shown).order_by("pk")
    of = [
        (f"file {file.file.public_id}", file.size, file.sha256, file.public_id),
        (f"the words of evidence version {shown.public_id}", 0, shown.digest, words.public_id),
    ]
    said = "%s, %s bytes, SHA-256 %s, on {day}: tombstone %s".format(day=f"{file.at:%Y-%m-%d}")
    assert list(tombstones()) == [said % one for one in of]


# --- what an entry of the chain says


def test_an_entry_says_who_did_what_where_as_what_and_after_which(world):
    complete(world)
    signed, disputed = sign(world), confirm(world, agrees=False, reason=f" {WHY} ")
    unit = world.unit("LA1", made.UNIT)
    registration = Registration.objects.for_centre(unit.centre_id).get(pk=world.registrations["LA1"].pk)
    first, second = LedgerEntry.objects.for_centre(unit.centre_id).order_by("sequence")
    assert (first, second) == (signed, disputed)
    assert (first.previous, second.previous) == (genesis(registration.public_id), first.digest)
    assert [one.digest for one in (first, second)] == [link(one.previous, one.payload) for one in (first, second)]
    assert (registration.ledger_length, registration.ledger_head) == (2, second.digest)
    qualification = registration.qualification
    assert json.loads(second.payload) == {
        "v": 2,
        "registration": registration.public_id,
        "learner": world.learners["LA1"].public_id,
        "learner_person": world.people["LA1"].public_id,
        "qualification": f"{qualification.entry_code}/{qualification.version}",
        "qualification_text": qualification.content_digest,
        "sequence": 2,
        "act": "learner_disputed",
        "unit": unit.public_id,
        "unit_key": f"{unit.unit.key}/{unit.unit.version}",
        "unit_text": unit.unit.content_digest,
        "person": world.people["LA1"].public_id,
        "roles": "learner",
        "standing": "qualified",
        "at": json.loads(second.payload)["at"],
        "note": digest(WHY),
    }
    assert (json.loads(first.payload)["note"], json.loads(first.payload)["sequence"]) == ("", 1)
    assert SignOffNote.objects.for_centre(unit.centre_id).get().text == WHY
    columns = (second.sequence, second.act, second.person_id, second.standing, second.roles, second.learner_unit_id)
    assert columns == (2, "learner_disputed", world.people["LA1"].pk, "qualified", "learner", unit.pk)
