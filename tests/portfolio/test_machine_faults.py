"""Faults of the machine are never a verdict on a file (R1, T17, T18, F3b): it waits, and what broke comes again."""

import datetime as dt
import signal
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from audit.models import Event
from common import storing
from common.faults import Away
from jobs import queries, services
from jobs.enums import JobState, Why
from jobs.models import Job
from jobs.rules import PATIENCE
from media import ffmpeg, sandbox
from media.finding import ChildLost
from media.scan import Verdict
from portfolio.enums import FileState
from portfolio.models import EvidenceFile
from portfolio.services import preparing
from portfolio.services.preparing import check_again, give_up, make_copy, prepare_file
from tests.factories import files

AT = dt.datetime(2026, 3, 10, 9, 30, tzinfo=dt.UTC)
NAME = "portfolio.prepare_file"


def again(row):
    return EvidenceFile.objects.for_centre(row.centre_id).get(pk=row.pk)


def put(row, **changes):
    EvidenceFile.objects.for_centre(row.centre_id).filter(pk=row.pk).update(**changes)
    return again(row)


def job(name=NAME):
    return Job.objects.get(name=name)


def make_due(name=NAME):
    Job.objects.filter(name=name).update(available_at=queries.database_now())


def replace_object(row, content):
    default_storage.delete(row.storage_key)
    if content is not None:
        default_storage.save(row.storage_key, ContentFile(content))


def waits(row, run_jobs, tries):
    """Assert that a file waits through so many tries, and that nobody says anything about it."""
    for number in range(1, tries + 1):
        make_due()
        assert run_jobs() == 1
        assert (again(row).state, again(row).refusal) == (FileState.CHECKING, "")
        assert (job().state, job().attempts) == (JobState.WAITING, number)


def is_checked(row, run_jobs):
    make_due()
    run_jobs()
    assert again(row).state == FileState.NOT_SCANNED
    assert again(row).previews.count() == 2


# --- the store


def test_an_object_that_is_not_there_is_waited_for(received, run_jobs):
    row = received()
    replace_object(row, None)
    waits(row, run_jobs, tries=8)
    replace_object(row, files.jpeg())
    is_checked(row, run_jobs)


@pytest.mark.parametrize("stored", [b"", files.jpeg()[:900], files.pdf()])
def test_other_bytes_than_those_received_are_not_held_against_the_file(received, run_jobs, stored):
    row = received()
    replace_object(row, stored)
    waits(row, run_jobs, tries=4)
    replace_object(row, files.jpeg())
    is_checked(row, run_jobs)


def test_a_store_that_is_away_is_waited_for(received, run_jobs, monkeypatch):
    row = received()
    with monkeypatch.context() as patched:
        patched.setattr(preparing, "on_disk", away)
        waits(row, run_jobs, tries=8)
    is_checked(row, run_jobs)


def away(*_args, **_options):
    raise Away("the store does not answer")


def test_a_store_that_goes_away_under_the_childs_hands_is_waited_for(received, run_jobs, monkeypatch):
    """The child finds nothing to open, and says that it is damaged."""
    row, here = received(), sandbox.prepare_file

    def gone(path, **options):
        with monkeypatch.context() as patched:
            patched.setattr(sandbox, "prepare_file", here)
            return here(Path("/nowhere/at/all"), **options)

    with monkeypatch.context() as patched:
        patched.setattr(sandbox, "prepare_file", gone)
        patched.setattr(preparing.hashlib, "file_digest", away)
        waits(row, run_jobs, tries=4)
    is_checked(row, run_jobs)


def test_a_disk_that_is_full_is_waited_for(received, run_jobs, monkeypatch):
    row = received()
    with monkeypatch.context() as patched:
        patched.setattr(preparing, "own_folder", full)
        waits(row, run_jobs, tries=8)
    is_checked(row, run_jobs)


def full(*_args, **_options):
    raise OSError(28, "No space left on device")


def test_after_a_week_it_needs_attention_and_the_file_is_still_not_blamed(received, run_jobs):
    row = received()
    replace_object(row, None)
    Job.objects.filter(name=NAME).update(failing_since=queries.database_now() - PATIENCE)
    run_jobs()
    assert (job().state, job().why) == (JobState.DEAD, Why.AWAY)
    assert (again(row).state, again(row).refusal) == (FileState.CHECKING, "")
    replace_object(row, files.jpeg())
    services.retry_dead(job().public_id)
    is_checked(row, run_jobs)


# --- the child


def lost(*_args, **_options):
    raise ChildLost("it ended with -9")


def test_a_child_that_was_killed_once_leaves_no_mark(received, run_jobs, monkeypatch):
    row = received()
    with monkeypatch.context() as patched:
        patched.setattr(sandbox, "run_child", lost)
        waits(row, run_jobs, tries=2)
    is_checked(row, run_jobs)
    assert Event.objects.filter(object_id=row.public_id, action="file.refused").count() == 0


def test_a_file_that_kills_its_child_each_time_is_put_aside_and_the_others_move_on(received, run_jobs, monkeypatch):
    """T18: three tries, then it needs attention."""
    row = received("poison.jpg")
    good = sandbox.run_child

    def poison(task, order, limits, beat=None):
        return lost() if order["declared_name"] == "poison.jpg" else good(task, order, limits, beat)

    monkeypatch.setattr(sandbox, "run_child", poison)
    waits(row, run_jobs, tries=2)
    other = received("good.jpg", files.jpeg(seed=2))
    make_due()
    run_jobs()
    assert again(other).state == FileState.NOT_SCANNED
    dead = Job.objects.get(args={"file_id": row.pk}, name=NAME)
    assert (dead.state, dead.why, dead.crashes) == (JobState.DEAD, Why.CRASHED, 3)
    assert again(row).state == FileState.REFUSED
    assert "could not check" in again(row).refusal
    assert Event.objects.get(object_id=row.public_id, action="file.put_aside").facts == {"sha256": row.sha256}


def test_trying_again_really_checks_the_file_again(received, run_jobs, monkeypatch):
    row = received()
    with monkeypatch.context() as patched:
        patched.setattr(sandbox, "run_child", lost)
        for _ in range(3):
            make_due()
            run_jobs()
    assert again(row).state == FileState.REFUSED
    services.retry_dead(job().public_id)
    assert (again(row).state, again(row).refusal) == (FileState.RECEIVED, "")
    is_checked(row, run_jobs)
    assert Event.objects.filter(object_id=row.public_id, action="file.check_again").count() == 1


def test_a_recording_whose_encoder_is_killed_stays_and_is_encoded_later(received, monkeypatch):
    """The whole way: ffmpeg is ended inside the child, the child says nothing, the file is as good as before."""
    row = received("call.wav", files.wav())
    prepare_file(file_id=row.pk, at=AT)
    assert again(row).state == FileState.NOT_SCANNED
    with monkeypatch.context() as patched:
        patched.setattr(sandbox, "run_child", lost)
        with pytest.raises(ChildLost):
            make_copy(file_id=row.pk, at=AT)
    assert (again(row).state, again(row).previews_made_at) == (FileState.NOT_SCANNED, None)
    make_copy(file_id=row.pk, at=AT)
    assert again(row).previews.filter(kind="playable").exists()


def test_a_run_of_ffmpeg_that_is_killed_is_no_damaged_recording(received, monkeypatch, room):
    """In this process, where it can be seen: what the child would raise and end with."""
    from media.inspect import inspect_file

    program = room / "killed"
    program.write_text(f"#!/bin/sh\nkill -{int(signal.SIGKILL)} $$\n")
    program.chmod(0o700)
    monkeypatch.setattr(ffmpeg, "program", lambda: str(program))
    sound = room / "call.wav"
    sound.write_bytes(files.wav())
    with pytest.raises(ChildLost):
        inspect_file(sound, declared_name="call.wav", size=sound.stat().st_size)


@pytest.mark.parametrize("reason", ["cut off", "timeout", "unreachable", "no answer"])
def test_a_scanner_that_fell_over_does_not_make_a_file_openable(received, monkeypatch, reason):
    row = received()
    with monkeypatch.context() as patched:
        patched.setattr(preparing.scan, "scan", lambda *_args: Verdict("not_scanned", reason=reason))
        prepare_file(file_id=row.pk, at=AT)
    assert again(row).state == FileState.RECEIVED
    prepare_file(file_id=row.pk, at=AT)
    assert again(row).state == FileState.NOT_SCANNED


# --- giving up


@pytest.mark.parametrize("state", [FileState.RECEIVED, FileState.CHECKING])
def test_a_file_nobody_could_check_is_said_so(received, state):
    row = put(received(), state=state)
    give_up(file_id=row.pk, at=AT)
    assert again(row).state == FileState.REFUSED
    assert "could not check" in again(row).refusal


def test_a_file_without_a_picture_can_still_be_opened_and_be_drawn_later(received):
    row = put(received(), state=FileState.READY)
    give_up(file_id=row.pk, at=AT)
    assert (again(row).state, again(row).previews_made_at) == (FileState.READY, AT)
    assert "no picture" in again(row).preview_note
    check_again(file_id=row.pk, at=AT)
    assert (again(row).state, again(row).previews_made_at, again(row).preview_note) == (FileState.READY, None, "")
    prepare_file(file_id=row.pk, at=AT)
    assert again(row).previews.count() == 2
    check_again(file_id=row.pk, at=AT)
    assert again(row).previews_made_at == AT


@pytest.mark.parametrize("state", [FileState.REFUSED, FileState.INFECTED, FileState.RECEIVING])
def test_giving_up_on_what_is_decided_changes_nothing(received, state):
    row = put(received(), state=state, refusal="Before.")
    give_up(file_id=row.pk, at=AT)
    give_up(file_id=10**9, at=AT)
    assert (again(row).state, again(row).refusal) == (state, "Before.")


@pytest.mark.parametrize("state", [FileState.RECEIVING, FileState.CHECKING, FileState.INFECTED, FileState.PURGED])
def test_only_what_was_put_aside_is_checked_again(received, state):
    row = put(received(), state=state, refusal="Before.")
    check_again(file_id=row.pk, at=AT)
    check_again(file_id=10**9, at=AT)
    assert (again(row).state, again(row).refusal) == (state, "Before.")
    assert not Event.objects.filter(action="file.check_again").exists()


# --- what the store's library raises


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("NoSuchKey", FileNotFoundError),
        ("404", FileNotFoundError),
        ("NoSuchBucket", Away),
        ("503", Away),
        ("SlowDown", Away),
    ],
)
def test_an_object_that_is_not_there_and_a_store_that_is_away_are_told_apart(code, kind):
    fault = storing.ClientError({"Error": {"Code": code}}, "GetObject")
    with pytest.raises(OSError, match=code) as told, storing._asking():
        raise fault
    assert type(told.value) is kind


@pytest.mark.parametrize("fault", [storing.BotoCoreError(), storing.Boto3Error("cut off")])
def test_a_store_that_cannot_be_reached_is_away(fault):
    with pytest.raises(Away), storing._asking():
        raise fault
