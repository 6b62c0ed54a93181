"""Receiving files and taking them out: what is kept, what is refused, what is left behind (nothing)."""

import datetime as dt
import hashlib
import io
import os
import tracemalloc

import pytest
from django.core.files import File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import TemporaryUploadedFile

from common.refusals import Forbidden, NotFound, Refused, Stale
from common.storing import WAIT, hash_of, keep, on_disk, read
from jobs.models import Job
from portfolio import rules
from portfolio.enums import FileState
from portfolio.models import EvidenceFile, Preview
from portfolio.services import receive_file, remove_file
from portfolio.services.files import GIVE_UP_RECEIVING, drop_object, stored_bytes
from tests.factories import files
from tests.factories import portfolio as make

AT = dt.datetime(2026, 3, 10, 9, 30, tzinfo=dt.UTC)


def receive(world, evidence, name="photo.jpg", content=None, who="LA1"):
    body = files.upload(name, files.jpeg() if content is None else content)
    return receive_file(actor=world.actor(who), evidence=evidence, name=name, content=body, at=AT)


def rows():
    return EvidenceFile.objects.across_centres(reason="a test counts")


@pytest.fixture
def draft(world):
    return make.draft(world, kind="media")


def jobs(name):
    return Job.objects.filter(name=name)


# --- taken


def test_a_file_is_kept_whole_under_a_key_of_ours(world, draft, stored, last_event):
    row = receive(world, draft, "Meine Straße 🧾.JPG")
    content = files.jpeg()
    assert row.state == FileState.RECEIVED
    assert row.name == "Meine Straße 🧾.JPG"
    assert (row.size, row.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert row.uploaded_by == world.people["LA1"]
    assert stored() == {row.storage_key}
    assert row.storage_key.startswith(f"centre/{draft.centre_id}/2026/")
    assert "Straße" not in row.storage_key
    assert b"".join(read(row.storage_key)) == content
    assert last_event("file.received").facts == {"sha256": row.sha256, "size": row.size}


def test_its_checks_are_asked_for_in_the_same_transaction(world, draft):
    row = receive(world, draft)
    assert jobs("portfolio.prepare_file").get().args == {"file_id": row.pk}
    partial = jobs("portfolio.forget_partial").get()
    assert partial.args == {"file_id": row.pk}
    assert partial.available_at - partial.created_at == GIVE_UP_RECEIVING


@pytest.mark.skipif(hasattr(default_storage, "bucket"), reason="S3 has no modes of files")
def test_nobody_else_on_the_machine_reads_it(world, draft):
    path = default_storage.path(receive(world, draft).storage_key)
    assert os.stat(path).st_mode & 0o077 == 0  # noqa: PTH116 - the mode is what is asked


def test_a_file_on_disk_is_taken_as_it_is(world, draft):
    content = files.pdf()
    with TemporaryUploadedFile("rota.pdf", "text/html", len(content), None) as given:
        given.write(content)
        given.seek(0)
        row = receive_file(actor=world.actor("LA1"), evidence=draft, name="rota.pdf", content=given, at=AT)
    assert b"".join(read(row.storage_key)) == content
    assert row.family == "document"


def test_files_stand_in_the_order_they_came(world, draft):
    for seed in (1, 2, 3):
        receive(world, draft, f"{seed}.jpg", files.jpeg(seed=seed))
    assert [f.name for f in draft.files.all()] == ["1.jpg", "2.jpg", "3.jpg"]


def test_the_same_file_in_another_piece_is_taken(world, draft):
    first = receive(world, draft)
    second = receive(world, make.draft(world, kind="media"))
    assert first.sha256 == second.sha256
    assert first.storage_key != second.storage_key


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.jpg", "passwd.jpg"),
        ("C:\\Users\\Sam\\photo.jpg", "photo.jpg"),
        ("a\r\nSet-Cookie: x=1.jpg", "a Set-Cookie: x=1.jpg"),
        ("cv\u202egpj.jpg", "cvgpj.jpg"),
        ("nul\x00l.jpg", "null.jpg"),
        ("x" * 300 + ".jpg", "x" * 196 + ".jpg"),
        ("Cafe\u0301.jpg", "Café.jpg"),
    ],
)
def test_names_are_text_and_nothing_else(world, draft, given, kept):
    assert receive(world, draft, given).name == kept


# --- refused


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("page.html", b"<script>", "web-page"),
        ("drawing.svg", b"<svg/>", "web-page"),
        ("photos.zip", b"PK\x03\x04", "archive"),
        ("setup.exe", b"MZ", "program"),
        ("macro.docm", b"PK\x03\x04", "macro"),
        ("photo.jpg.php", b"<?php", "program"),
        ("photo", b"\xff\xd8\xff", "no-ending"),
        ("photo.xyz", b"x", "unknown-kind"),
        (".htaccess", b"x", "no-ending"),
        ("empty.jpg", b"", "empty"),
    ],
)
def test_what_cannot_be_used_is_refused_before_it_is_stored(world, stored, name, content, code):
    draft = make.draft(world, kind="media")
    with pytest.raises(Refused) as caught:
        receive(world, draft, name, content)
    assert [(r.code, r.field) for r in caught.value.refusals] == [(code, "files")]
    assert rows().count() == 0
    assert stored() == set()
    assert Job.objects.count() == 0


def test_a_file_that_is_too_large_is_refused_by_its_size_alone(world, draft, stored):
    class Endless(File):
        size = 51 * 1024 * 1024

        def chunks(self, *_size):
            raise AssertionError("not a byte of it is read")

    with pytest.raises(Refused) as caught:
        receive_file(actor=world.actor("LA1"), evidence=draft, name="p.jpg", content=Endless(io.BytesIO()), at=AT)
    assert caught.value.refusals[0].code == "too-big"
    assert "51 MB" in caught.value.refusals[0].sentence
    assert stored() == set()


def test_fewer_bytes_than_announced_are_never_received(world, draft, stored):
    short = files.upload("photo.jpg", files.jpeg())
    short.size += 100
    with pytest.raises(Refused) as caught:
        receive_file(actor=world.actor("LA1"), evidence=draft, name="photo.jpg", content=short, at=AT)
    assert caught.value.refusals[0].code == "incomplete"
    assert rows().count() == 0
    assert stored() == set()


def test_the_same_bytes_twice_in_a_piece_are_noticed_by_name(world, draft):
    receive(world, draft, "first.jpg")
    with pytest.raises(Refused) as caught:
        receive(world, draft, "again.jpg")
    assert caught.value.refusals[0].sentence == "You already added this: it is here as “first.jpg”."
    assert rows().count() == 1


def test_a_removed_file_can_be_added_again(world, draft):
    remove_file(actor=world.actor("LA1"), evidence=draft, file=receive(world, draft), at=AT)
    assert receive(world, draft).state == FileState.RECEIVED


def test_thirty_files_are_the_most(world, draft):
    row = receive(world, draft)
    rows().bulk_create(
        EvidenceFile(
            centre_id=draft.centre_id, evidence=draft, name=f"{n}.txt", storage_key=f"k{n}", size=1,
            uploaded_by=row.uploaded_by, received_at=AT,
        )
        for n in range(rules.MAX_FILES - 1)
    )  # fmt: skip
    with pytest.raises(Refused) as caught:
        receive(world, draft, "one-more.jpg", files.jpeg(seed=2))
    assert caught.value.refusals[0].code == "too-many-files"


def test_the_quota_counts_every_piece_of_the_learner_and_nobody_elses(world, draft):
    other = make.draft(world, kind="media")
    row = receive(world, other)
    mine = rows().filter(pk=row.pk)
    mine.update(size=rules.LEARNER_QUOTA)
    with pytest.raises(Refused) as caught:
        receive(world, draft, "one-more.jpg", files.jpeg(seed=2))
    assert caught.value.refusals[0].code == "quota"
    assert stored_bytes(draft.centre_id, draft.learner_id) == rules.LEARNER_QUOTA
    assert receive(world, make.draft(world, "LA2", kind="media"), who="LA2").state == FileState.RECEIVED


def test_a_sent_piece_takes_no_file(world, stored):
    piece = make.sent(world).evidence
    with pytest.raises(Refused) as caught:
        receive(world, piece)
    assert caught.value.refusals[0].code == "not-draft"
    assert stored() == set()


def test_sent_while_the_bytes_came_in_nothing_is_added(world, draft, stored):
    """The last step finds the draft gone: row and bytes go too."""
    make.choose(world, draft)
    make.with_file(world, draft, name="first.jpg")
    before = stored()

    class SlowFile(File):
        def chunks(self, chunk_size=None):
            yield from super().chunks(chunk_size)
            if not hasattr(self, "sent"):
                self.sent = make.send(world, draft)

    slow = SlowFile(io.BytesIO(files.jpeg(seed=2)), name="late.jpg")
    with pytest.raises(Stale):
        receive_file(actor=world.actor("LA1"), evidence=draft, name="late.jpg", content=slow, at=AT)
    assert [f.name for f in draft.files.all()] == ["first.jpg"]
    assert stored() == before


def test_a_store_that_keeps_less_than_it_was_given_is_not_believed(world, draft, monkeypatch, stored):
    def short(storage_key, content):
        return keep(storage_key, content) - 1

    monkeypatch.setattr("portfolio.services.files.keep", short)
    with pytest.raises(Refused) as caught:
        receive(world, draft)
    assert caught.value.refusals[0].code == "incomplete"
    assert (rows().count(), stored()) == (0, set())


def test_a_row_that_was_cleared_meanwhile_is_not_received(world, draft, monkeypatch, stored):
    def cleared(storage_key, content):
        length = keep(storage_key, content)
        rows().filter(storage_key=storage_key).delete()
        return length

    monkeypatch.setattr("portfolio.services.files.keep", cleared)
    with pytest.raises(Refused):
        receive(world, draft)
    assert (rows().count(), stored()) == (0, set())


def test_a_storage_that_refuses_leaves_no_row(world, draft, monkeypatch):
    """T26, T27: a full disk or a store that is down."""

    def full(_name, _content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("portfolio.services.files.keep", full)
    with pytest.raises(OSError, match="No space"):
        receive(world, draft)
    assert rows().count() == 0
    assert not jobs("portfolio.prepare_file").exists()


@pytest.mark.parametrize("who", ["LA2", "AA1", "QA", "CA"])
def test_nobody_else_adds_or_removes(world, draft, who):
    row = receive(world, draft)
    with pytest.raises(Forbidden):
        receive(world, draft, "other.jpg", files.jpeg(seed=2), who=who)
    with pytest.raises(Forbidden):
        remove_file(actor=world.actor(who), evidence=draft, file=row, at=AT)
    with pytest.raises(NotFound):
        receive(world, draft, "other.jpg", files.jpeg(seed=2), who="LB1")
    assert draft.files.count() == 1


# --- taken out


def test_an_unsent_file_goes_for_good(world, draft, run_jobs, stored):
    row = make.with_file(world, draft)
    assert row.previews.count() >= 2
    remove_file(actor=world.actor("LA1"), evidence=draft, file=row, at=AT)
    assert rows().count() == 0
    assert Preview.objects.for_centre(draft.centre_id).count() == 0
    run_jobs()
    assert len(stored()) == 3  # a database that was copied a moment ago names them still
    for job in jobs("store.drop"):
        assert job.available_at - job.created_at == WAIT > dt.timedelta(days=1)
    jobs("store.drop").update(available_at=AT)
    run_jobs()
    assert stored() == set()


def test_a_file_of_another_piece_is_not_found(world, draft):
    other = make.draft(world, kind="media")
    row = receive(world, other)
    with pytest.raises(NotFound):
        remove_file(actor=world.actor("LA1"), evidence=draft, file=row, at=AT)
    assert rows().count() == 1


def test_nothing_is_taken_out_of_what_was_sent(world):
    version = make.sent(world, kind="media")
    row = version.evidence.files.get()
    with pytest.raises(Stale):
        remove_file(actor=world.actor("LA1"), evidence=version.evidence, file=row, at=AT)
    assert rows().get().removed_at is None


def test_bytes_that_a_row_names_are_not_dropped(world, draft):
    row = receive(world, draft)
    drop_object(storage_key=row.storage_key)
    assert default_storage.exists(row.storage_key)


# --- bytes


def test_a_key_is_written_once(room):
    first = keep("centre/0/2026/taken", File(io.BytesIO(b"first")))
    try:
        assert first == 5
        with pytest.raises(FileExistsError):
            keep("centre/0/2026/taken", File(io.BytesIO(b"second")))
        assert b"".join(read("centre/0/2026/taken")) == b"first"
    finally:
        default_storage.delete("centre/0/2026/taken")


@pytest.mark.parametrize(
    ("start", "length", "expected"),
    [(0, None, b"0123456789"), (3, None, b"3456789"), (0, 1, b"0"), (4, 3, b"456"), (8, 9, b"89")],
)
def test_a_part_is_read_alone(start, length, expected):
    keep("centre/0/2026/digits", File(io.BytesIO(b"0123456789")))
    try:
        assert b"".join(read("centre/0/2026/digits", start, length, chunk=2)) == expected
        with on_disk("centre/0/2026/digits") as path:
            assert path.read_bytes() == b"0123456789"
    finally:
        default_storage.delete("centre/0/2026/digits")


def test_what_is_not_there_says_so():
    with pytest.raises(FileNotFoundError):
        next(iter(read("centre/0/2026/nothing")))


def test_memory_does_not_grow_with_the_file(world, draft, room):
    """64 MiB of sound in at most 4 MiB; to S3 three parts of 8 MiB are on their way."""
    path = room / "long.wav"
    piece = os.urandom(1024 * 1024)
    with path.open("wb") as out:
        for _n in range(64):
            out.write(piece)
    with path.open("rb") as stream:
        content = File(stream, name="long.wav")
        actor = world.actor("LA1")
        tracemalloc.start()
        row = receive_file(actor=actor, evidence=draft, name="long.wav", content=content, at=AT)
        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert row.size == 64 * 1024 * 1024
    assert peak < (40 if hasattr(default_storage, "bucket") else 4) * 1024 * 1024
    default_storage.delete(row.storage_key)


def test_hash_and_length_come_from_the_bytes():
    assert hash_of(File(io.BytesIO(b"abc"))) == (hashlib.sha256(b"abc").hexdigest(), 3)
