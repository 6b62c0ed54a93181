"""What the worker makes of a received file, also when it comes twice, crashes, or finds no scanner."""

import datetime as dt
import socketserver
import threading

import pytest

from audit.models import Event
from common.storing import keep, read
from jobs.enums import Lane
from jobs.models import Job
from media.finding import refused
from media.sandbox import Prepared
from portfolio.enums import FileState
from portfolio.models import EvidenceFile, Preview
from portfolio.services import preparing
from portfolio.services.preparing import ASK_SCANNER_AGAIN, make_copy, prepare_file
from tests.factories import files

AT = dt.datetime(2026, 3, 10, 9, 30, tzinfo=dt.UTC)


def again(row):
    return EvidenceFile.objects.for_centre(row.centre_id).get(pk=row.pk)


def put(row, **changes):
    EvidenceFile.objects.for_centre(row.centre_id).filter(pk=row.pk).update(**changes)
    return again(row)


def kinds(row):
    return sorted(row.previews.values_list("kind", "position"))


class Clamd(socketserver.BaseRequestHandler):
    answer = b"stream: OK\0"

    def handle(self):
        self.request.settimeout(5)
        seen = b""
        while not seen.endswith(b"\0\0\0\0"):
            seen += self.request.recv(65536)
        self.request.sendall(self.answer)


@pytest.fixture
def scanner(settings):
    """`scanner(b"stream: OK")` sets up something that speaks as clamd does."""
    servers = []

    def start(answer):
        handler = type("Answering", (Clamd,), {"answer": answer + b"\0"})
        server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.CLAMD_ADDRESS = f"127.0.0.1:{server.server_address[1]}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def test_a_photo_is_checked_and_drawn_without_its_place(received):
    row = received("beach.jpg", files.jpeg(gps=True))
    prepare_file(file_id=row.pk, at=AT)
    done = again(row)
    assert done.state == FileState.NOT_SCANNED  # no scanner is set up, and it says so
    assert (done.family, done.content_type) == ("image", "image/jpeg")
    assert (done.width, done.height) == (320, 240)  # upright
    assert done.captured_at == files.TAKEN
    assert "SM-A546B" in done.device
    assert done.has_location is True
    assert done.previews_made_at == AT
    assert kinds(done) == [("image", 0), ("thumb", 0)]
    for preview in done.previews.all():
        body = b"".join(read(preview.storage_key))
        assert len(body) == preview.size
        assert body[:3] == b"\xff\xd8\xff"
        assert b"Exif" not in body
        assert b"GPS" not in body
        assert (preview.content_type, preview.centre_id) == ("image/jpeg", row.centre_id)
    assert b"".join(read(done.storage_key)) == files.jpeg(gps=True)  # the original is untouched


def test_a_document_becomes_pages_with_words(received):
    row = received("handover.pdf", files.pdf(pages=2))
    prepare_file(file_id=row.pk, at=AT)
    done = again(row)
    assert done.pages == 2
    assert kinds(done) == [("page", 1), ("page", 2), ("thumb", 0)]
    assert "rota" in done.previews.get(kind="page", position=1).text


def test_a_film_gets_a_poster_and_a_copy_that_plays(received):
    row = received("till.mp4", files.mp4(gps=True))
    prepare_file(file_id=row.pk, at=AT)
    assert (again(row).state, again(row).previews.count()) == (FileState.NOT_SCANNED, 0)  # it can be sent already
    make_copy(file_id=row.pk, at=AT)
    done = again(row)
    assert done.duration_seconds == pytest.approx(1, abs=0.3)
    assert {kind for kind, _n in kinds(done)} == {"poster", "thumb", "playable"}
    assert done.has_location is True
    copy = b"".join(read(done.previews.get(kind="playable").storage_key))
    assert copy[4:8] == b"ftyp"
    assert b"loci" not in copy
    assert b"50.0425" not in copy


def test_words_alone_are_kept_with_the_row(received):
    row = received("notes.txt", b"I rang the customer back.")
    prepare_file(file_id=row.pk, at=AT)
    preview = again(row).previews.get()
    assert (preview.kind, preview.text, preview.storage_key, preview.size) == (
        "text",
        "I rang the customer back.",
        "",
        0,
    )


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("photo.jpg", b"MZ\x90\x00 this is a program" * 20, "The name of this file ends in .jpg"),
        ("photo.jpg", files.jpeg()[:900], "damaged"),
        ("rota.pdf", b"%PDF-1.7 and then nothing", "damaged"),
        ("photo.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>" * 9, "The name of this file ends in .png"),
    ],
)
def test_what_is_not_what_its_name_says_is_refused_with_a_sentence(received, name, content, words):
    row = received(name, content)
    prepare_file(file_id=row.pk, at=AT)
    done = again(row)
    assert done.state == FileState.REFUSED
    assert words in done.refusal
    assert done.previews.count() == 0
    assert Event.objects.filter(action="file.refused", object_id=row.public_id).count() == 1


def test_twice_is_as_good_as_once(received):
    row = received()
    prepare_file(file_id=row.pk, at=AT)
    first = list(again(row).previews.values_list("pk", "storage_key"))
    prepare_file(file_id=row.pk, at=AT + dt.timedelta(hours=1))
    assert list(again(row).previews.values_list("pk", "storage_key")) == first
    assert again(row).previews_made_at == AT
    assert Event.objects.filter(action="file.not_scanned").count() == 1


def test_a_worker_that_died_in_the_middle_is_followed_by_another(received):
    row = put(received(), state=FileState.CHECKING)
    prepare_file(file_id=row.pk, at=AT)
    assert again(row).state == FileState.NOT_SCANNED
    assert again(row).previews.count() == 2


def test_previews_are_made_later_when_only_they_are_missing(received):
    row = put(received(), state=FileState.READY)
    prepare_file(file_id=row.pk, at=AT)
    assert (again(row).state, again(row).previews.count()) == (FileState.READY, 2)


@pytest.mark.parametrize("state", [FileState.RECEIVING, FileState.REFUSED, FileState.INFECTED])
def test_what_is_not_waiting_is_left_alone(received, state):
    row = put(received(), state=state)
    prepare_file(file_id=row.pk, at=AT)
    assert again(row).state == state
    assert Preview.objects.for_centre(row.centre_id).count() == 0


def test_a_file_that_is_gone_is_nothing_to_do():
    prepare_file(file_id=10**9, at=AT)


test_a_file_that_is_gone_is_nothing_to_do = pytest.mark.django_db(test_a_file_that_is_gone_is_nothing_to_do)


def test_of_two_workers_drawing_at_once_one_keeps_its_previews(received, monkeypatch, stored):
    """The slower one comes to write after the faster one has: its objects go again."""
    row = put(received(), state=FileState.READY)
    slow = preparing.sandbox.prepare_file

    def overtaken(*args, **kwargs):
        made = slow(*args, **kwargs)
        monkeypatch.setattr(preparing.sandbox, "prepare_file", slow)
        prepare_file(file_id=row.pk, at=AT)
        return made

    monkeypatch.setattr(preparing.sandbox, "prepare_file", overtaken)
    prepare_file(file_id=row.pk, at=AT + dt.timedelta(minutes=1))
    done = again(row)
    assert done.previews_made_at == AT
    assert done.previews.count() == 2
    assert stored() == {p.storage_key for p in done.previews.all()} | {done.storage_key}


def test_previews_that_were_written_keep_their_bytes(received, monkeypatch, stored):
    """The worker is told to stop after the commit, or the answer to it is lost."""
    row, write = received(), preparing._write_previews

    def committed_then_killed(*given):
        write(*given)
        raise SystemExit(1)

    monkeypatch.setattr(preparing, "_write_previews", committed_then_killed)
    with pytest.raises(SystemExit):
        prepare_file(file_id=row.pk, at=AT)
    monkeypatch.undo()
    prepare_file(file_id=row.pk, at=AT)  # the job comes again
    assert again(row).previews.count() == 2
    assert stored() == {p.storage_key for p in row.previews.all()} | {row.storage_key}


def test_of_two_workers_checking_at_once_the_slower_one_changes_nothing(received, monkeypatch):
    row = received()
    slow = preparing.sandbox.prepare_file

    def overtaken(*args, **kwargs):
        made = slow(*args, **kwargs)
        monkeypatch.setattr(preparing.sandbox, "prepare_file", slow)
        prepare_file(file_id=row.pk, at=AT)
        return made

    monkeypatch.setattr(preparing.sandbox, "prepare_file", overtaken)
    prepare_file(file_id=row.pk, at=AT + dt.timedelta(minutes=1))
    assert again(row).previews_made_at == AT
    assert Event.objects.filter(action="file.not_scanned").count() == 1


def test_a_store_that_fails_half_way_keeps_no_loose_objects(received, monkeypatch, stored):
    row = received()
    kept = []

    def full_after_one(storage_key, content):
        if kept:
            raise OSError(28, "No space left on device")
        kept.append(storage_key)
        return keep(storage_key, content)

    monkeypatch.setattr(preparing, "keep", full_after_one)
    with pytest.raises(OSError, match="No space"):
        prepare_file(file_id=row.pk, at=AT)
    assert stored() == {row.storage_key}
    monkeypatch.undo()
    prepare_file(file_id=row.pk, at=AT)
    assert again(row).previews.count() == 2


def test_a_recording_that_cannot_be_encoded_can_still_be_sent(received, monkeypatch):
    """It was looked into and found good; only its copy took too long."""
    row = received("call.wav", files.wav())
    monkeypatch.setattr(preparing.sandbox, "prepare_file", lambda *_args, **_kwargs: Prepared(refused("too-slow")))
    prepare_file(file_id=row.pk, at=AT)
    make_copy(file_id=row.pk, at=AT)
    done = again(row)
    assert (done.state, done.previews_made_at) == (FileState.NOT_SCANNED, AT)
    assert "took too long" in done.preview_note


def test_a_recording_is_encoded_in_a_lane_of_its_own_and_asked_for_once(received):
    """Nobody's photo waits behind a film."""
    row = received("call.wav", files.wav())
    prepare_file(file_id=row.pk, at=AT)
    prepare_file(file_id=row.pk, at=AT)
    job = Job.objects.get(name="portfolio.make_copy")
    assert (job.lane, job.args, job.centre_id) == (Lane.SLOW, {"file_id": row.pk}, row.centre_id)
    assert set(Job.objects.filter(name="portfolio.prepare_file").values_list("lane", flat=True)) == {Lane.QUICK}


@pytest.mark.parametrize("state", [FileState.RECEIVING, FileState.REFUSED, FileState.INFECTED, FileState.PURGED])
def test_no_copy_is_made_of_what_nobody_opens(received, state):
    row = put(received("call.wav", files.wav()), state=state)
    make_copy(file_id=row.pk, at=AT)
    assert (again(row).state, again(row).previews_made_at) == (state, None)


@pytest.mark.parametrize(("zone", "hour"), [(None, 13), (dt.UTC, 14), (dt.timezone(dt.timedelta(hours=-5)), 19)])
def test_a_clock_without_a_zone_is_read_as_londons(received, zone, hour):
    """14:05 on a summer's day; London is an hour ahead of UTC."""
    taken = dt.datetime(2026, 7, 2, 14, 5, tzinfo=zone)
    row = received("summer.jpg", files.jpeg(taken=taken))
    prepare_file(file_id=row.pk, at=AT)
    assert again(row).captured_at == dt.datetime(2026, 7, 2, hour, 5, tzinfo=dt.UTC)


def test_a_check_ends_only_where_the_table_says(received):
    row = put(received(), state=FileState.CHECKING)
    with pytest.raises(ValueError, match="not followed by"):
        preparing._settle(row, FileState.RECEIVING, AT)


# --- the scanner


def test_clean_is_ready(received, scanner):
    scanner(b"stream: OK")
    row = received()
    prepare_file(file_id=row.pk, at=AT)
    assert again(row).state == FileState.READY


def test_infected_names_what_was_found_and_shows_nothing(received, scanner):
    scanner(b"stream: Eicar-Test-Signature FOUND")
    row = received()
    prepare_file(file_id=row.pk, at=AT)
    done = again(row)
    assert done.state == FileState.INFECTED
    assert "Eicar-Test-Signature" in done.refusal
    assert done.previews.count() == 0
    assert Event.objects.filter(action="file.infected").count() == 1


@pytest.mark.parametrize("answer", [b"Heuristics.Limits.Exceeded FOUND", b"INSTREAM size limit exceeded. ERROR"])
def test_what_the_scanner_does_not_take_is_not_called_clean(received, scanner, answer):
    scanner(b"stream: " + answer)
    row = received()
    prepare_file(file_id=row.pk, at=AT)
    assert again(row).state == FileState.NOT_SCANNED


def test_a_scanner_that_is_away_is_asked_again_and_the_file_waits(received, settings):
    settings.CLAMD_ADDRESS = "127.0.0.1:1"
    row = received()
    before = Job.objects.filter(name="portfolio.prepare_file").count()
    prepare_file(file_id=row.pk, at=AT)
    assert again(row).state == FileState.RECEIVED
    assert again(row).previews_made_at is None
    job = Job.objects.filter(name="portfolio.prepare_file").order_by("-id").first()
    assert Job.objects.filter(name="portfolio.prepare_file").count() == before + 1
    assert job.available_at - job.created_at == ASK_SCANNER_AGAIN


def test_when_it_is_back_the_file_is_done(received, settings, scanner):
    settings.CLAMD_ADDRESS = "127.0.0.1:1"
    row = received()
    prepare_file(file_id=row.pk, at=AT)
    scanner(b"stream: OK")
    prepare_file(file_id=row.pk, at=AT)
    assert again(row).state == FileState.READY
    assert again(row).previews.count() == 2


def test_the_job_does_it_all(received, run_jobs):
    row = received()
    run_jobs()
    assert again(row).state == FileState.NOT_SCANNED
    assert again(row).previews.count() == 2
