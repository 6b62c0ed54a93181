"""The generated files: real, different by seed, the same twice, and good enough to be looked at."""

import zipfile
from io import BytesIO

import pytest
from PIL import Image, ImageStat

from media import samples

from .conftest import CARDIFF, TAKEN


@pytest.mark.parametrize("scene", samples.SCENES)
def test_scenes_have_colour_and_differ_by_seed(scene):
    first = samples.draw_scene(scene, title="Late delivery", seed=1, size=(240, 180))
    again = samples.draw_scene(scene, title="Late delivery", seed=1, size=(240, 180))
    other = samples.draw_scene(scene, title="Late delivery", seed=2, size=(240, 180))
    assert first.tobytes() == again.tobytes()
    assert first.tobytes() != other.tobytes()
    assert min(ImageStat.Stat(first).stddev) > 15


def test_titles_are_written_into_the_picture():
    one = samples.draw_scene("screen", title="A reply", seed=1, size=(240, 180))
    two = samples.draw_scene("screen", title="Another reply", seed=1, size=(240, 180))
    assert one.tobytes() != two.tobytes()
    samples.draw_scene("receipt", title="£5 back – “thank you”, Siân " * 6, seed=1, size=(240, 180))


def test_without_a_scene_the_seed_chooses():
    pictures = {samples.draw_scene("", title="x", seed=seed, size=(60, 45)).tobytes() for seed in range(6)}
    assert len(pictures) == 6


def test_a_photo_is_turned_and_says_where_only_if_told(shelf):
    with Image.open(BytesIO(shelf.bytes("jpg"))) as photo:
        assert photo.getexif()[274] == 6
        latitude = photo.getexif().get_ifd(0x8825)[2]
        assert latitude[0] + latitude[1] / 60 + latitude[2] / 3600 == pytest.approx(CARDIFF[0], abs=0.001)
    plain = samples.phone_photo(
        title="x", seed=1, taken_at=TAKEN.replace(tzinfo=None), on_its_side=False, size=(80, 60)
    )
    with Image.open(BytesIO(plain)) as photo:
        assert not photo.getexif().get_ifd(0x8825)
        assert photo.size == (80, 60)
        assert 36881 not in photo.getexif().get_ifd(0x8769)


def test_documents_are_the_same_twice_and_differ_by_text():
    assert samples.docx(title="a", paragraphs=["x"]) == samples.docx(title="a", paragraphs=["x"])
    assert samples.pdf(title="a", paragraphs=["x"]) != samples.pdf(title="a", paragraphs=["y"])
    assert samples.xlsx(title="a", rows=[[1]]) != samples.xlsx(title="a", rows=[[2]])
    assert samples.txt(title="a", paragraphs=["x"]) == b"a\n\nx\n"


def test_packages_are_sound():
    for data in (samples.docx(title="<&>", paragraphs=["<&>"]), samples.xlsx(title="<&>", rows=[["<&>", 1]])):
        with zipfile.ZipFile(BytesIO(data)) as package:
            assert package.testzip() is None


def test_signs_that_pdf_writes_differently_survive(put):
    from media.pdfs import pages_of

    path = put("x.pdf", samples.pdf(title="£5 (five) \\ “quoted”", paragraphs=["Siân’s note – 50%"]))
    text = next(pages_of(path)).text
    assert "£5 (five) \\ “quoted”" in text
    assert "Siân’s note – 50%" in text
