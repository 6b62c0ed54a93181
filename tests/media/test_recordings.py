"""Sound and video: read through without decoding; playlists, lies and torn files end in a sentence (D20)."""

import signal
import socket
from datetime import UTC

import pytest

from media import ffmpeg, samples
from media.finding import ChildLost
from media.recordings import probe

from .conftest import TAKEN, look
from .containers import held_upright


def encoded(put, source, name, *arguments):
    out = put(name, b"")
    ran = ffmpeg.run(["-i", str(source), *arguments, "-y", str(out)])
    assert ran.ok, ran.said
    return out


def test_a_film_tells_when_how_long_and_with_what_but_not_where(shelf):
    found = shelf.finding("mp4")
    assert found.ok
    assert found.family == "video"
    assert (found.width, found.height) == (320, 240)
    assert found.duration_seconds == pytest.approx(2, abs=0.2)
    assert found.captured_at == TAKEN.astimezone(UTC)
    assert found.captured_zone_known
    assert found.device == "Samsung SM-A546B"
    assert found.has_location
    assert "51.48" not in str(found.as_json())


@pytest.mark.parametrize("kind", ["wav", "mp3", "m4a"])
def test_sound_tells_how_long_it_is(shelf, kind):
    found = shelf.finding(kind)
    assert found.ok
    assert found.family == "audio"
    assert found.duration_seconds == pytest.approx(2, abs=0.2)
    assert found.width is None
    assert not found.has_location


@pytest.mark.parametrize(("name", "arguments"), [
    ("x.amr", ["-ar", "8000", "-ac", "1", "-c:a", "libopencore_amrnb"]), ("x.aac", ["-c:a", "aac"]),
    ("x.ogg", ["-c:a", "libopus"]), ("x.3gp", ["-c:a", "aac"]), ("x.webm", ["-c:a", "libopus"]), ("x.mp4", ["-c:a", "aac"]),
])  # fmt: skip
def test_what_phones_and_messengers_record_is_taken_as_sound(shelf, put, name, arguments):
    found = look(encoded(put, shelf.path("wav"), name, *arguments))
    assert found.ok
    assert found.family == "audio"
    assert found.duration_seconds == pytest.approx(2, abs=0.5)


@pytest.mark.parametrize(("name", "arguments"), [
    ("x.mov", ["-c", "copy"]), ("x.m4v", ["-c", "copy"]), ("x.3gp", ["-c", "copy"]),
    ("x.webm", ["-c:v", "libvpx", "-deadline", "realtime", "-c:a", "libopus"]),
])  # fmt: skip
def test_what_phones_film_is_taken_as_video(shelf, put, name, arguments):
    found = look(encoded(put, shelf.path("mp4"), name, *arguments))
    assert found.ok
    assert found.family == "video"


def test_a_film_held_upright_is_measured_upright(shelf, put):
    out = put("x.mp4", held_upright(shelf.bytes("mp4")))
    assert (look(out).width, look(out).height) == (240, 320)


def test_a_picture_of_an_album_does_not_make_a_film_of_a_song(shelf, put):
    cover = put("cover.png", shelf.bytes("png"))
    out = put("x.mp3", b"")
    assert ffmpeg.run(
        [
            "-i",
            str(shelf.path("mp3")),
            "-i",
            str(cover),
            "-map",
            "0",
            "-map",
            "1",
            "-c",
            "copy",
            "-disposition:v",
            "attached_pic",
            "-y",
            str(out),
        ]
    ).ok
    found = look(out)
    assert found.ok
    assert found.family == "audio"
    assert probe(out, "mp3").video == ""


def test_a_film_that_ends_before_it_should_is_damaged(shelf, put):
    fast = encoded(put, shelf.path("mp4"), "fast.mp4", "-c", "copy", "-movflags", "+faststart")
    data = fast.read_bytes()
    assert look(put("cut.mp4", data[: len(data) * 6 // 10])).code == "damaged"


def test_a_file_with_words_only_is_no_recording(put):
    assert look(put("x.mp3", b"ID3\x04\0\0\0\0\0\0" + b"hello " * 500)).code == "damaged"


def test_playlists_fetch_nothing(put):
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        playlist = f"#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:1.0,\nhttp://127.0.0.1:{server.getsockname()[1]}/x\nfile:///etc/passwd\n"
        for name in ("x.mp4", "x.mp3", "x.webm", "x.ogg"):
            path = put(name, playlist.encode())
            assert look(path).code == "renamed"
            found = probe(path, name[2:])
            assert not found.video
            assert not found.audio
        with pytest.raises(TimeoutError):
            server.accept()


def test_only_the_demuxer_of_the_ending_is_asked(shelf):
    assert probe(shelf.path("mp4"), "mp3").torn
    assert probe(shelf.path("wav"), "ogg").torn


def test_a_codec_that_is_not_on_the_list_is_not_decoded(shelf, put):
    path = encoded(put, shelf.path("mp4"), "x.mov", "-c:v", "mpeg2video", "-an")
    assert look(path).code == "no-sound-or-picture"


def test_a_run_that_takes_too_long_says_nothing_about_the_recording(shelf):
    with pytest.raises(ChildLost):
        ffmpeg.run([*ffmpeg.opening(shelf.path("mp4"), "mp4"), "-f", "null", "-"], timeout=0.001)


@pytest.fixture
def stand_in(put, monkeypatch):
    """`stand_in("kill -9 $$")` → what runs instead of ffmpeg."""

    def run(script):
        program = put("stand-in", f"#!/bin/sh\n{script}\n".encode())
        program.chmod(0o700)
        monkeypatch.setattr(ffmpeg, "program", lambda: str(program))

    return run


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGBUS, signal.SIGSEGV])
def test_a_run_that_was_ended_says_nothing_about_the_recording(shelf, stand_in, number):
    stand_in(f"kill -{int(number)} $$")
    with pytest.raises(ChildLost):
        look(shelf.path("mp4"))


def test_a_disk_that_is_full_says_nothing_about_the_recording(shelf, stand_in):
    stand_in("echo 'av_interleaved_write_frame(): No space left on device' >&2; exit 228")
    with pytest.raises(OSError, match="no space"):
        look(shelf.path("mp4"))


def test_a_run_that_used_up_its_processor_time_is_not_ok(stand_in):
    stand_in(f"kill -{int(signal.SIGXCPU)} $$")
    assert not ffmpeg.run([]).ok


def test_samples_differ_by_seed_and_are_the_same_twice():
    assert samples.wav(seed=1, seconds=0.5) == samples.wav(seed=1, seconds=0.5)
    assert samples.wav(seed=1, seconds=0.5) != samples.wav(seed=2, seconds=0.5)
