"""Pictures: proved, counted by header, read for their origin; hostile ones refused in a sentence."""

import struct
import time
import zlib
from datetime import UTC, datetime
from io import BytesIO

import piexif
import pytest
from PIL import Image, ImageCms

from media.images import _heif_in_strips, device_name, moment, upright

from .conftest import TAKEN, look


def png_chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_flood(width, height):
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 100_000)
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + png_chunk(b"IDAT", body) + png_chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["jpg", "heic"])
def test_a_phone_photo_tells_when_and_with_what_but_not_where(shelf, kind):
    found = shelf.finding(kind)
    assert found.ok
    assert (found.width, found.height) == (800, 600)
    assert found.captured_at == TAKEN.astimezone(UTC)
    assert found.captured_zone_known
    assert found.device == {"jpg": "Samsung SM-A546B", "heic": "Apple iPhone 14"}[kind]
    assert found.has_location
    assert "51" not in str(found.as_json()).replace("SM-A546B", "")


@pytest.mark.parametrize("kind", ["png", "gif", "webp", "avif", "tif"])
def test_pictures_without_metadata_mapping_nothing(shelf, kind):
    found = shelf.finding(kind)
    assert found.ok
    assert (found.width, found.height) == (400, 300)
    assert (found.captured_at, found.device, found.has_location, found.pages) == (None, "", False, None)


def test_turned_photos_come_out_upright(shelf, put):
    raw = Image.open(BytesIO(shelf.bytes("jpg")))
    assert raw.size == (600, 800)
    assert upright(shelf.path("jpg"), "jpg").size == (800, 600)
    first = (
        Image.open(put("raw.jpg", shelf.bytes("jpg"))).transpose(Image.Transpose.ROTATE_270).convert("L").resize((8, 6))
    )
    second = upright(shelf.path("jpg"), "jpg").convert("L").resize((8, 6))
    apart = [abs(a - b) for a, b in zip(first.tobytes(), second.tobytes(), strict=True)]
    assert max(apart) < 24


@pytest.mark.parametrize(("written", "offset", "expected"), [
    ("2026:11:02 10:11:12", "+01:00", (datetime(2026, 11, 2, 9, 11, 12, tzinfo=UTC), True)),
    ("2026:11:02 10:11:12", None, (datetime(2026, 11, 2, 10, 11, 12, tzinfo=UTC).replace(tzinfo=None), False)),
    (b"2026:11:02 10:11:12\0", b"Z", (datetime(2026, 11, 2, 10, 11, 12, tzinfo=UTC), True)),
    ("2026:11:02 10:11:12", "+99:99", (None, False)),
    ("1980:01:01 00:00:00", None, (None, False)),
    ("0000:00:00 00:00:00", None, (None, False)),
    ("<script>", None, (None, False)),
    (None, None, (None, False)),
])  # fmt: skip
def test_moments_are_known_with_their_zone_or_said_to_be_without(written, offset, expected):
    assert moment(written, offset) == expected


@pytest.mark.parametrize(("make", "model", "name"), [
    ("Apple", "iPhone 14", "Apple iPhone 14"), ("samsung", "Samsung S24", "Samsung S24"), (None, None, ""),
    (b"Maker\0\0", "M\r\nX", "Maker M X"), ("x" * 99, "y" * 99, "x" * 40 + " " + "y" * 39),
])  # fmt: skip
def test_devices_are_one_clean_line(make, model, name):
    assert device_name(make, model) == name


def test_scripts_in_exif_are_only_text(shelf, put):
    words = "<script>alert(1)</script>"
    exif = {"0th": {piexif.ImageIFD.Make: words.encode(), piexif.ImageIFD.Artist: words.encode()},
            "Exif": {piexif.ExifIFD.DateTimeOriginal: words.encode()}}  # fmt: skip
    path = put("x.jpg", b"")
    Image.open(BytesIO(shelf.bytes("jpg"))).save(path, exif=piexif.dump(exif))
    found = look(path)
    assert found.ok
    assert found.device == words
    assert found.captured_at is None


def test_exif_that_is_garbage_is_not_known_and_does_no_harm(shelf, put):
    path = put("x.jpg", b"")
    Image.open(BytesIO(shelf.bytes("jpg"))).save(path, exif=b"Exif\0\0II*\0\x08\0\0\0\xff\xff" + b"\xfe" * 300)
    found = look(path)
    assert found.ok
    assert (found.device, found.has_location) == ("", False)


@pytest.mark.parametrize(("name", "data"), [
    ("flood.png", png_flood(60_000, 60_000)),
    ("flood.png", png_flood(20_000, 13_000)),
    ("flood.gif", b"GIF89a" + struct.pack("<HH", 60_000, 60_000) + b"\x80\0\0" + b"\0" * 6 + b"," + struct.pack("<HHHH", 0, 0, 60_000, 60_000) + b"\0\x02\x02D\x01\0;"),
])  # fmt: skip
def test_pixel_floods_are_refused_by_their_header(code_of, name, data):
    start = time.monotonic()
    assert code_of(name, data) == "too-many-pixels"
    assert time.monotonic() - start < 2


def test_a_flood_says_how_large_it_is_and_how_large_it_may_be(put):
    found = look(put("x.png", png_flood(60_000, 60_000)))
    assert "3,600 million" in found.sentence
    assert "250 million" in found.sentence


def test_a_small_header_before_much_data_is_still_a_small_picture(code_of):
    assert code_of("x.png", png_flood(4, 4)) == "ok"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("x.png", "jpg"),
        ("x.jpg", "png"),
        ("x.gif", "webp"),
        ("x.jpg", "heic"),
        ("x.heic", "avif"),
        ("x.jpg", "pdf"),
        ("x.png", "mp4"),
    ],
)
def test_a_picture_under_another_name_is_refused_with_both_names(shelf, put, name, kind):
    found = look(put(name, shelf.bytes(kind)))
    assert found.code == "renamed"
    assert name[1:] in found.sentence


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
EXE = (
    b"MZ"
    b"\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0\xb8"
    + b"\0" * 43
    + b"\x80\0\0\0"
    + b"\0" * 64
    + b"PE\0\0\x4c\x01"
    + b"\0" * 500
)


@pytest.mark.parametrize("name", ["x.png", "x.jpg", "x.webp", "x.heic", "x.pdf", "x.docx", "x.mp4", "x.mp3"])
@pytest.mark.parametrize(
    "data",
    [
        SVG,
        EXE,
        b"<!doctype html><script>alert(1)</script>" * 3,
        b"#!/bin/sh\nrm -rf /\n" * 3,
        b"<?php system($_GET['x']); ?>" * 3,
    ],
)
def test_programs_and_pages_under_other_names_are_refused(code_of, name, data):
    assert code_of(name, data) == "renamed"


def test_an_svg_named_png_is_called_what_it_is(put):
    assert "(SVG)" in look(put("x.png", SVG)).sentence
    assert "a program" in look(put("x.jpg", EXE)).sentence


def test_polyglots_lose_their_second_nature(shelf, put, tmp_path):
    gif = put("x.gif", b"GIF89a/*" + b"\0" * 20 + b"*/=1;alert(1)//")
    assert look(gif).code == "damaged"
    both = put("x.jpg", shelf.bytes("jpg") + b"PK\x03\x04<script>alert(1)</script>" * 20)
    assert look(both).ok
    made = BytesIO()
    upright(both, "jpg").save(made, "JPEG")
    assert b"script" not in made.getvalue()


def test_trailing_garbage_does_not_spoil_a_photo(shelf, code_of):
    assert code_of("x.jpg", shelf.bytes("jpg") + b"\0garbage" * 1_300_000) == "ok"


def test_an_animation_is_shown_as_its_first_picture(put):
    frames = [Image.new("P", (64, 48), shade) for shade in range(5)]
    path = put("x.gif", b"")
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=50, loop=0)
    assert look(path).ok
    assert upright(path, "gif").size == (64, 48)


def test_a_scan_of_several_sheets_is_counted(put):
    sheets = [Image.new("RGB", (60, 80), shade) for shade in ("red", "green", "blue")]
    path = put("x.tif", b"")
    sheets[0].save(path, save_all=True, append_images=sheets[1:])
    assert look(path).pages == 3
    assert upright(path, "tif", frame=2).getpixel((30, 40)) == (0, 0, 255)


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGBA", "1", "I;16"])
def test_every_kind_of_dots_becomes_plain_colour(put, mode):
    path = put("x.png", b"")
    Image.new("L", (40, 30), 200).convert(mode if mode != "I;16" else "I").convert(mode).save(path)
    assert look(path).ok
    assert upright(path, "png").mode == "RGB"


def test_clear_parts_become_white(put):
    path = put("x.png", b"")
    Image.new("RGBA", (40, 30), (255, 0, 0, 0)).save(path)
    assert upright(path, "png").getpixel((5, 5)) == (255, 255, 255)


def test_print_colours_and_profiles_become_those_of_screens(put):
    path = put("x.jpg", b"")
    Image.new("CMYK", (40, 30), (0, 255, 255, 0)).save(path)
    assert upright(path, "jpg").mode == "RGB"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    Image.new("RGB", (40, 30), (10, 200, 30)).save(path, icc_profile=profile, quality=95)
    red, green, blue = upright(path, "jpg").getpixel((5, 5))
    assert abs(red - 10) + abs(green - 200) + abs(blue - 30) < 20
    Image.new("RGB", (40, 30), (10, 200, 30)).save(path, icc_profile=b"not a profile at all")
    assert upright(path, "jpg").size == (40, 30)


def test_large_heic_is_decoded_in_strips_and_looks_the_same(shelf):
    whole = upright(shelf.path("heic"), "heic", edge=200).resize((8, 6))
    strips = _heif_in_strips(shelf.path("heic"), 100)
    assert strips.size == (200, 150)
    assert max(abs(a - b) for a, b in zip(whole.tobytes(), strips.resize((8, 6)).tobytes(), strict=True)) < 12
