"""Cut at every tenth, one byte, no byte, less than announced: a plain sentence each, and never an exception (D17)."""

import pytest

from .conftest import look

ALL = [
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
SPEAK_FOR_THEMSELVES = {"txt", "csv", "eml", "wav"}  # what is left of these is still what it says


@pytest.mark.parametrize("kind", ALL)
def test_a_file_cut_at_every_tenth_is_refused_in_a_sentence(shelf, code_of, kind):
    data = shelf.bytes(kind)
    codes = {code_of(f"x.{kind}", data[: len(data) * tenth // 10]) for tenth in range(1, 10)}
    if kind in SPEAK_FOR_THEMSELVES:
        assert codes <= {"ok", "not-mail", "not-text", "damaged"}
    elif kind == "mp3":  # sound has no end; what is missing shows only where it is more than a second
        assert "damaged" in codes
        assert codes <= {"ok", "damaged"}
    else:
        assert codes == {"damaged"}


@pytest.mark.parametrize("kind", ALL)
def test_one_byte_is_too_little(shelf, code_of, kind):
    expected = {"txt": "ok", "csv": "ok", "eml": "not-mail"}.get(kind, "too-small")
    data = shelf.bytes(kind)[:1] if kind != "csv" else b"a"
    assert code_of(f"x.{kind}", data) == expected


@pytest.mark.parametrize("kind", ALL)
def test_no_byte_is_empty(code_of, kind):
    assert code_of(f"x.{kind}", b"") == "empty"


def test_fewer_bytes_than_announced_are_an_incomplete_file(shelf):
    path = shelf.path("jpg")
    assert look(path, size=path.stat().st_size + 1).code == "incomplete"
    assert look(path, size=path.stat().st_size - 1).code == "incomplete"


def test_a_file_that_turned_out_empty_is_empty(put):
    assert look(put("x.jpg", b""), size=10).code == "empty"


@pytest.mark.parametrize("kind", ALL)
def test_bytes_turned_over_in_the_middle_never_raise(shelf, code_of, kind):
    data = bytearray(shelf.bytes(kind))
    for place in range(len(data) // 3, len(data) // 3 + min(200, len(data) // 4)):
        data[place] ^= 0xA5
    assert isinstance(code_of(f"x.{kind}", bytes(data)), str)


def test_a_missing_file_is_an_answer_too(tmp_path):
    assert look(tmp_path / "nowhere.jpg", size=10).code == "damaged"
