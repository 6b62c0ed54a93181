"""A row whose process was killed between it and its bytes: finished, cleared, or taken over by the same file (F4, T13)."""

import datetime as dt
import io
from contextlib import nullcontext

import pytest
from django.core.files import File
from django.core.files.storage import default_storage

from audit.models import Event
from common.faults import Away
from common.refusals import Refused
from common.storing import keep
from jobs.models import Job
from portfolio.enums import FileState
from portfolio.models import EvidenceFile
from portfolio.services import files as service
from portfolio.services import receive_file, remove_file
from portfolio.services.files import BEAT, GIVE_UP_RECEIVING, finish_partial
from tests.factories import files
from tests.factories import portfolio as make

AT = dt.datetime(2026, 3, 10, 9, 30, tzinfo=dt.UTC)


def rows():
    return EvidenceFile.objects.across_centres(reason="a test counts")


@pytest.fixture
def draft(world):
    return make.draft(world, kind="media")


def receive(world, draft, name="photo.jpg", content=None):
    body = files.upload(name, files.jpeg() if content is None else content)
    return receive_file(actor=world.actor("LA1"), evidence=draft, name=name, content=body, at=AT)


class Killed(BaseException):
    """What a killed process would look like from inside, if it could: nothing of it runs any more."""


@pytest.fixture
def killed(world, draft, monkeypatch):
    """`killed(stored=…)` → the row that a process left which was killed once so much of its object was stored."""

    def run(stored=None):
        def dies(storage_key, content):
            if stored is not None:
                keep(storage_key, File(io.BytesIO(stored)))
            raise Killed

        with monkeypatch.context() as patched:
            patched.setattr(service, "keep", dies)
            patched.setattr(service, "_undo", lambda _row: None)
            with pytest.raises(Killed):
                receive(world, draft)
        return rows().get(state=FileState.RECEIVING)

    return run


def due(name="portfolio.forget_partial"):
    Job.objects.filter(name=name).update(available_at=AT)


def test_a_row_without_bytes_is_looked_after_within_two_minutes(killed):
    row = killed()
    job = Job.objects.get(name="portfolio.forget_partial")
    assert job.args == {"file_id": row.pk}
    assert job.available_at - job.created_at == GIVE_UP_RECEIVING
    # the lease of the row, half a minute until the sweep comes round, and some time to do it
    assert GIVE_UP_RECEIVING + dt.timedelta(seconds=30) < dt.timedelta(minutes=2)


def test_whoever_brings_bytes_says_several_times_that_they_live_before_they_are_given_up():
    assert BEAT * 3 < GIVE_UP_RECEIVING


def test_one_whose_bytes_are_all_there_is_finished(killed, run_jobs):
    row = killed(stored=files.jpeg())
    due()
    run_jobs()
    row = rows().get(pk=row.pk)
    assert row.state == FileState.NOT_SCANNED  # checked as every other
    told = Event.objects.get(action="file.received", object_id=row.public_id)
    assert (told.person_id, told.facts) == (row.uploaded_by_id, {"sha256": row.sha256, "size": row.size})


@pytest.mark.parametrize("stored_part", [None, b"", files.jpeg()[:900], files.jpeg(seed=9)])
def test_one_whose_bytes_are_not_is_cleared_with_what_came(killed, run_jobs, stored, stored_part):
    killed(stored=stored_part)
    due()
    run_jobs()
    assert rows().count() == 0
    assert stored() == set()
    assert not Event.objects.filter(action="file.received").exists()


def test_while_the_store_is_away_nobody_knows_so_nothing_is_cleared(killed, monkeypatch):
    row = killed(stored=files.jpeg())

    def away(_key):
        raise Away("the store does not answer")

    monkeypatch.setattr(service, "fingerprint", away)
    with pytest.raises(Away):
        finish_partial(file_id=row.pk, at=AT)
    assert rows().get().state == FileState.RECEIVING
    monkeypatch.undo()
    finish_partial(file_id=row.pk, at=AT)
    assert rows().get().state == FileState.RECEIVED


def test_the_same_file_sent_again_takes_it_over_at_once(world, draft, killed, run_jobs, stored):
    left = killed(stored=files.jpeg()[:900])
    again = receive(world, draft)
    assert again.state == FileState.RECEIVED
    assert rows().get() == again
    assert again.storage_key != left.storage_key
    run_jobs()
    due()
    run_jobs()
    assert rows().get().state == FileState.NOT_SCANNED
    assert left.storage_key not in stored()


def test_another_file_takes_nothing_over(world, draft, killed):
    left = killed()
    receive(world, draft, "other.jpg", files.jpeg(seed=2))
    assert rows().filter(pk=left.pk).exists()
    assert rows().count() == 2


def test_the_same_file_in_another_piece_takes_nothing_over(world, draft, killed):
    left = killed()
    receive(world, make.draft(world, kind="media"))
    assert rows().filter(pk=left.pk).exists()


def test_what_was_taken_over_counts_once_against_the_quota(world, draft, killed):
    killed()
    before = service.stored_bytes(draft.centre_id, draft.learner_id)
    receive(world, draft)
    assert service.stored_bytes(draft.centre_id, draft.learner_id) == before


def test_one_that_was_received_is_not_taken_over_but_named(world, draft):
    receive(world, draft, "first.jpg")
    with pytest.raises(Refused, match="same"):
        receive(world, draft, "again.jpg")


def test_of_two_who_bring_the_same_bytes_at_once_one_is_received(world, draft, monkeypatch, stored):
    """A double click: the second takes the row over, the first takes back what it stored."""
    first = service.keep

    def overtaken(storage_key, content):
        length = first(storage_key, content)
        monkeypatch.setattr(service, "keep", first)
        receive(world, draft)
        return length

    monkeypatch.setattr(service, "keep", overtaken)
    with pytest.raises(Refused):
        receive(world, draft)
    row = rows().get()
    assert row.state == FileState.RECEIVED
    assert stored() == {row.storage_key}


def test_one_that_the_worker_finished_meanwhile_is_received_once(world, draft, monkeypatch):
    """A process that was thought dead and was only slow."""
    slow = service.keep

    def finished(storage_key, content):
        length = slow(storage_key, content)
        finish_partial(file_id=rows().get(storage_key=storage_key).pk, at=AT)
        return length

    monkeypatch.setattr(service, "keep", finished)
    row = receive(world, draft)
    assert row.state == rows().get().state == FileState.RECEIVED
    assert Event.objects.filter(action="file.received").count() == 1
    assert Job.objects.filter(name="portfolio.prepare_file").count() == 1


def test_while_bytes_come_in_the_row_is_not_given_up(world, draft, monkeypatch):
    """The sign of life puts the job off that would look after the row."""
    beats, slow = [], service.keep

    def beating(_every, beat, _name):
        beats.append(beat)
        return nullcontext()

    def stores(storage_key, content):
        due()
        assert beats[0]()
        job = Job.objects.get(name="portfolio.forget_partial")
        assert job.available_at > job.created_at
        return slow(storage_key, content)

    monkeypatch.setattr(service, "beating", beating)
    monkeypatch.setattr(service, "keep", stores)
    receive(world, draft)
    assert len(beats) == 1


def test_a_row_of_a_piece_that_is_no_draft_any_more_is_cleared(world, draft, killed, stored):
    row = killed(stored=files.jpeg())
    type(draft).objects.for_centre(draft.centre_id).filter(pk=draft.pk).update(state="withdrawn")
    finish_partial(file_id=row.pk, at=AT)
    assert rows().count() == 0
    assert stored() == set()


@pytest.mark.parametrize("state", [s for s in FileState.values if s != FileState.RECEIVING])
def test_a_received_file_is_never_cleared(world, draft, state):
    row = receive(world, draft)
    rows().filter(pk=row.pk).update(state=state)
    finish_partial(file_id=row.pk, at=AT)
    assert rows().get().state == state
    assert default_storage.exists(row.storage_key)


def test_a_row_that_is_gone_is_nothing_to_do(world, draft):
    finish_partial(file_id=10**9, at=AT)
    row = receive(world, draft)
    remove_file(actor=world.actor("LA1"), evidence=draft, file=row, at=AT)
    finish_partial(file_id=row.pk, at=AT)
    assert rows().count() == 0
