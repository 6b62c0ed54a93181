"""Names are text: kept readable, never a path, never able to split a header (security D04, D22)."""

import re
import unicodedata
from datetime import UTC, datetime
from email.message import Message
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.names import clean_name, content_disposition, extension_of, plain_line, plain_text, storage_key

anything = st.text(st.characters(), max_size=400)


@pytest.mark.parametrize(("raw", "kept"), [
    ("photo.jpg", "photo.jpg"), ("../../etc/passwd", "passwd"), ("C:\\Users\\me\\photo.jpg", "photo.jpg"),
    ("a\r\nSet-Cookie: x.jpg", "a Set-Cookie: x.jpg"), ("cv\u202egpj.exe", "cvgpj.exe"), ("photo.jpg...", "photo.jpg"),
    ("", "file"), ("...", "file"), ("/", "file"), ("\u202e", "file"), ("cafe\u0301.pdf", "café.pdf"),
    ("  two   spaces .txt ", "two spaces .txt"), ("ticket 👩‍💻.png", "ticket 👩‍💻.png"), ("a\x00b.jpg", "ab.jpg"),
    ("\ud800x.jpg", "x.jpg"), ("llythyr ŵy.docx", "llythyr ŵy.docx"),
])  # fmt: skip
def test_names_are_kept_as_people_know_them(raw, kept):
    assert clean_name(raw) == kept


def test_a_long_name_keeps_its_ending():
    name = clean_name("x" * 255 + ".jpeg")
    assert len(name) == 200
    assert name.endswith("xx.jpeg")
    assert len(clean_name("x" * 255)) == 200
    assert len(clean_name("x." + "y" * 255)) == 200


@given(anything)
def test_no_name_whatever_is_a_path_or_holds_control_characters(raw):
    name = clean_name(raw)
    assert 1 <= len(name) <= 200
    assert "/" not in name
    assert "\\" not in name
    assert not [
        c
        for c in name
        if unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} or c in "\u202a\u202b\u202d\u202e\u2066\u2067"
    ]
    assert clean_name(name) == name


@given(anything, st.booleans())
def test_the_header_is_one_line_of_ascii_that_reads_back(raw, inline):
    header = content_disposition(raw, inline=inline)
    assert header.isascii()
    assert header.isprintable()
    message = Message()
    message["Content-Disposition"] = header
    assert message.get_content_disposition() == ("inline" if inline else "attachment")
    whole = unquote(header.partition("filename*=UTF-8''")[2])
    assert whole.removeprefix("_") == clean_name(raw).removeprefix("_")
    assert re.fullmatch(
        r'(attachment|inline); filename="[A-Za-z0-9 ._()-]+"; filename\*=UTF-8\'\'[A-Za-z0-9%._~-]+', header
    )


def test_quotes_and_devices_do_no_harm():
    assert (
        content_disposition('a";evil="b.jpg')
        == "attachment; filename=\"a__evil__b.jpg\"; filename*=UTF-8''a%22%3Bevil%3D%22b.jpg"
    )
    assert 'filename="_con.jpg"' in content_disposition("con.jpg")
    assert 'filename="file"' in content_disposition("照片")


@pytest.mark.parametrize(
    ("name", "ending"), [("a.JPG", "jpg"), ("a.b.pdf", "pdf"), (".htaccess", ""), ("a", ""), ("a.jpg.", "jpg")]
)
def test_endings(name, ending):
    assert extension_of(name) == ending


def test_keys_hold_centre_year_and_128_random_bits_and_nothing_else():
    at = datetime(2026, 11, 2, tzinfo=UTC)
    keys = {storage_key(7, at) for _ in range(200)}
    assert len(keys) == 200
    assert all(re.fullmatch(r"centre/7/2026/[0-9a-f]{32}", key) for key in keys)


@given(anything)
def test_text_from_files_can_be_stored_and_shown(raw):
    text = plain_text(raw, 100)
    assert len(text) <= 100
    assert "\x00" not in text
    text.encode()
    assert "\n" not in plain_line(raw, 50)


def test_text_keeps_lines_and_tabs():
    assert plain_text("a\tb\r\nc\rd\x0be\x00", 50) == "a\tb\nc\nde"
