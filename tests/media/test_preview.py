"""Previews: upright, re-made, without metadata, nothing active (R54, security D20)."""

import re
from array import array

import pikepdf
import pytest
from PIL import Image

from media import ffmpeg, samples
from media.finding import Finding, NotAccepted
from media.preview import make_previews
from media.preview_kinds import CONTENT_TYPES, Shown
from media.recordings import probe

from .conftest import ISO_CARDIFF, TAKEN, look
from .containers import held_upright, ole

EVERYTHING = [
    "jpg",
    "heic",
    "png",
    "gif",
    "webp",
    "avif",
    "tif",
    "pdf",
    "docx",
    "xlsx",
    "txt",
    "csv",
    "eml",
    "wav",
    "mp3",
    "m4a",
    "mp4",
]


@pytest.fixture(scope="session")
def made(shelf, tmp_path_factory):
    """The previews of each sample, made once: the folder and the list."""
    kept = {}

    def of(kind):
        if kind not in kept:
            folder = tmp_path_factory.mktemp(kind)
            kept[kind] = folder, make_previews(shelf.path(kind), shelf.finding(kind), folder)
        return kept[kind]

    return of


def previews(path, folder):
    folder.mkdir(exist_ok=True)
    return {one.kind: one for one in make_previews(path, look(path), folder)}


@pytest.mark.parametrize(("kind", "expected"), [
    ("jpg", ["image", "thumb"]), ("heic", ["image", "thumb"]), ("png", ["image", "thumb"]), ("gif", ["image", "thumb"]),
    ("webp", ["image", "thumb"]), ("avif", ["image", "thumb"]), ("tif", ["image", "thumb"]),
    ("pdf", ["page", "thumb", "page", "page"]), ("docx", ["text"]), ("xlsx", ["text"]), ("txt", ["text"]),
    ("csv", ["text"]), ("eml", ["text"]), ("wav", ["playable", "waveform"]), ("mp3", ["playable", "waveform"]),
    ("m4a", ["playable", "waveform"]), ("mp4", ["poster", "thumb", "playable"]),
])  # fmt: skip
def test_each_kind_gets_what_it_needs(made, kind, expected):
    folder, list_ = made(kind)
    assert [one.kind for one in list_] == expected
    assert sorted(one.filename for one in list_ if one.filename) == sorted(path.name for path in folder.iterdir())
    assert all(one.content_type in CONTENT_TYPES[one.kind] for one in list_)


@pytest.mark.parametrize("kind", EVERYTHING)
def test_pictures_are_what_they_are_said_to_be_and_hold_no_metadata(made, kind):
    folder, list_ = made(kind)
    for one in list_:
        if not one.content_type.startswith("image/"):
            continue
        with Image.open(folder / one.filename) as picture:
            assert picture.size == (one.width, one.height)
            assert Image.MIME[picture.format] == one.content_type
            assert not picture.getexif()
            assert not {"exif", "xmp", "icc_profile", "comment", "photoshop"} & picture.info.keys()
        raw = (folder / one.filename).read_bytes()
        assert not re.search(rb"Exif\0|http://ns.adobe|Samsung|iPhone|2026:11:02", raw)


def test_thumbs_and_images_keep_to_their_sizes(made, put, tmp_path):
    for kind in ("jpg", "pdf", "mp4"):
        thumb = next(one for one in made(kind)[1] if one.kind is Shown.THUMB)
        assert max(thumb.width, thumb.height) == 320
    large = put("x.jpg", samples.phone_photo(title="x", seed=5, taken_at=TAKEN, size=(2400, 1800)))
    found = previews(large, tmp_path / "out")
    assert (found["image"].width, found["image"].height) == (1600, 1200)
    small = put("y.png", samples.plain_picture("PNG", title="x", seed=5, size=(80, 60)))
    assert previews(small, tmp_path / "small")["image"].width == 80


def test_pages_carry_their_words(made):
    pages = [one for one in made("pdf")[1] if one.kind is Shown.PAGE]
    assert [one.position for one in pages] == [1, 2, 3]
    assert all(one.width == 1400 for one in pages)
    assert "I listen first" in pages[0].text


@pytest.mark.parametrize(("kind", "words"), [
    ("docx", "I said <sorry> & meant it."), ("xlsx", "Monday\t12"), ("txt", "rang twice"), ("csv", "Monday,12"),
    ("eml", "Subject: Late delivery"),
])  # fmt: skip
def test_documents_carry_their_words(made, kind, words):
    (text,) = made(kind)[1]
    assert words in text.text
    assert text.filename == ""


def test_films_play_everywhere_and_say_nothing_of_where_and_when(made, shelf):
    folder, list_ = made("mp4")
    playable = list_[-1]
    raw = (folder / playable.filename).read_bytes()
    assert ISO_CARDIFF.encode() in shelf.bytes("mp4")
    assert not re.search(rb"51\.48|2026-11|Samsung|\xa9xyz|Greeting|loci", raw)
    assert raw.index(b"moov") < raw.index(b"mdat")
    found = probe(folder / playable.filename, "mp4")
    assert (found.video, found.audio, found.plain_colour) == ("h264", "aac", True)
    assert not found.has_location
    assert not {"creation_time", "location", "title", "encoder"} & found.tags.keys()
    assert (playable.width, playable.height) == (320, 240)
    assert playable.duration == pytest.approx(2, abs=0.2)


@pytest.mark.parametrize("kind", ["mp3", "m4a"])
def test_sound_plays_everywhere_and_says_nothing(made, kind):
    folder, list_ = made(kind)
    raw = (folder / list_[0].filename).read_bytes()
    assert not re.search(rb"Memo|Call|2026-11|TIT2", raw)
    assert list_[0].content_type == {"mp3": "audio/mpeg", "m4a": "audio/mp4"}[kind]
    assert probe(folder / list_[0].filename, kind).duration == pytest.approx(2, abs=0.3)


@pytest.mark.parametrize("film", [
    ("x.webm", ["-c:v", "libvpx", "-deadline", "realtime", "-c:a", "libopus"], (320, 240)),
    ("x.mov", ["-c:v", "mjpeg", "-pix_fmt", "yuvj422p", "-c:a", "pcm_s16le", "-t", "1"], (320, 240)),
    ("x.mp4", ["-vf", "scale=2560:1920", "-c:v", "libx264", "-preset", "ultrafast", "-an", "-t", "0.5"], (960, 720)),
    ("x.mov", ["-vf", "scale=240:320", "-c:v", "mpeg4", "-an", "-t", "1"], (240, 320)),
])  # fmt: skip
def test_films_of_other_kinds_are_encoded_anew_and_made_smaller(shelf, put, tmp_path, film):
    name, arguments, size = film
    source = put(name, b"")
    assert ffmpeg.run(["-i", str(shelf.path("mp4")), *arguments, "-y", str(source)]).ok
    found = previews(source, tmp_path / "out")
    playable = found["playable"]
    inside = probe(tmp_path / "out" / playable.filename, "mp4")
    assert (inside.video, inside.plain_colour) == ("h264", True)
    assert (playable.width, playable.height) == size
    assert found["poster"].width


def test_a_film_held_upright_is_shown_upright(shelf, put, tmp_path):
    source = put("x.mp4", held_upright(shelf.bytes("mp4")))
    found = previews(source, tmp_path / "out")
    assert (found["poster"].width, found["poster"].height) == (240, 320)
    assert (found["playable"].width, found["playable"].height) == (240, 320)


def test_a_film_without_sound_is_a_film(shelf, put, tmp_path):
    source = put("x.mp4", b"")
    assert ffmpeg.run(["-i", str(shelf.path("mp4")), "-an", "-c", "copy", "-y", str(source)]).ok
    assert previews(source, tmp_path / "out")["playable"].content_type == "video/mp4"


def test_the_waveform_shows_where_it_is_loud(put, tmp_path):
    quiet, loud = [0] * 16_000, ([20_000] * 40 + [-20_000] * 40) * 200
    raw = samples.wav(seed=1, seconds=2)
    path = put("x.wav", raw[:44] + array("h", quiet + loud).tobytes())
    one = previews(path, tmp_path / "out")["waveform"]
    with Image.open(tmp_path / "out" / one.filename) as picture:
        dots = picture.getchannel("A")
        left, right = dots.crop((0, 0, 400, 240)).getbbox(), dots.crop((560, 0, 960, 240)).getbbox()
    assert left[3] - left[1] < 30
    assert right[3] - right[1] > 60


def test_old_office_files_and_outlook_mails_are_handed_back_only(put, tmp_path):
    assert previews(put("x.doc", ole(["WordDocument"])), tmp_path / "a") == {}
    assert previews(put("x.msg", ole(["__properties_version1.0"])), tmp_path / "b") == {}


def test_sheets_of_a_scan_are_pages(put, tmp_path):
    path = put("x.tif", b"")
    sheets = [Image.new("RGB", (60, 80), shade) for shade in ("red", "green")]
    sheets[0].save(path, save_all=True, append_images=sheets[1:])
    (tmp_path / "out").mkdir()
    made = make_previews(path, look(path), tmp_path / "out")
    assert [(one.kind, one.position) for one in made] == [("image", 0), ("thumb", 0), ("page", 1), ("page", 2)]


def test_a_document_that_cannot_be_read_after_all_has_no_text(put, tmp_path):
    path = put("x.docx", b"PK\x03\x04 not really")
    assert make_previews(path, Finding(family="office", extension="docx"), tmp_path) == []


def test_a_picture_that_cannot_be_drawn_after_all_says_so(put, tmp_path):
    with pytest.raises(NotAccepted):
        make_previews(put("x.jpg", b"\xff\xd8\xff nothing"), Finding(family="image", extension="jpg"), tmp_path)


def test_a_form_filled_in_shows_its_answers(shelf, put, tmp_path):
    path = put("x.pdf", samples.pdf(title="Form", paragraphs=[]))
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        look_ = pdf.make_stream(
            b"1 0 0 rg 0 0 300 200 re f", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, 300, 200]
        )
        field = pdf.make_indirect(pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Tx, T="a", V="yes", F=4,
            Rect=[100, 300, 400, 500], AP=pikepdf.Dictionary(N=look_),
        ))  # fmt: skip
        pdf.pages[0].obj.Annots = pikepdf.Array([field])
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([field]))
        pdf.save(path)
    (tmp_path / "out").mkdir()
    page = make_previews(path, look(path), tmp_path / "out")[0]
    with Image.open(tmp_path / "out" / page.filename) as picture:
        red, green, _ = picture.getpixel((picture.width * 250 // 595, picture.height * (842 - 400) // 842))
    assert red > 200
    assert green < 60
