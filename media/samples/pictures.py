"""Photos as a phone writes them: EXIF with time, maker, model, place, and turned on their side (orientation 6)."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Final

import pillow_heif
from PIL import ExifTags, Image

from media.samples.scenes import draw_scene

Place = tuple[float, float]  # degrees north, degrees east
_ON_ITS_SIDE: Final = 6


def phone_photo(
    *,
    title: str,
    seed: int,
    taken_at: datetime,
    scene: str = "",
    make: str = "Samsung",
    model: str = "SM-A546B",
    place: Place | None = None,
    on_its_side: bool = True,
    size: tuple[int, int] = (1600, 1200),
) -> bytes:
    """A JPEG of a drawn scene. `taken_at` with a zone writes the offset too; `size` is as seen upright, in pixels."""
    picture = draw_scene(scene, title=title, seed=seed, size=size)
    exif = _exif(taken_at, make, model, place)
    if on_its_side:
        picture = picture.transpose(Image.Transpose.ROTATE_90)
        exif[ExifTags.Base.Orientation] = _ON_ITS_SIDE
    out = BytesIO()
    picture.save(out, "JPEG", quality=86, exif=exif)
    return out.getvalue()


def heic_photo(
    *,
    title: str,
    seed: int,
    taken_at: datetime,
    scene: str = "",
    make: str = "Apple",
    model: str = "iPhone 14",
    place: Place | None = None,
    size: tuple[int, int] = (1200, 900),
) -> bytes | None:
    """A HEIC of a drawn scene, or None where this machine has no encoder for it."""
    if not pillow_heif.libheif_info()["HEIF"]:
        return None
    picture = pillow_heif.from_pillow(draw_scene(scene, title=title, seed=seed, size=size))
    out = BytesIO()
    picture.save(out, quality=60, exif=_exif(taken_at, make, model, place).tobytes())
    return out.getvalue()


def plain_picture(kind: str, *, title: str, seed: int, scene: str = "", size: tuple[int, int] = (800, 600)) -> bytes:
    """A scene without metadata as PNG, WEBP, GIF, TIFF or JPEG (`kind`)."""
    out = BytesIO()
    draw_scene(scene, title=title, seed=seed, size=size).save(out, kind)
    return out.getvalue()


def _exif(taken_at: datetime, make: str, model: str, place: Place | None) -> Image.Exif:
    exif = Image.Exif()
    exif[ExifTags.Base.Make], exif[ExifTags.Base.Model] = make, model
    clock = taken_at.strftime("%Y:%m:%d %H:%M:%S")
    exif[ExifTags.Base.DateTime] = clock
    details = exif.get_ifd(ExifTags.IFD.Exif)
    details[ExifTags.Base.DateTimeOriginal] = clock
    if taken_at.tzinfo:
        offset = taken_at.strftime("%z")
        details[ExifTags.Base.OffsetTimeOriginal] = f"{offset[:3]}:{offset[3:5]}"
    if place:
        gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
        gps[ExifTags.GPS.GPSLatitudeRef], gps[ExifTags.GPS.GPSLatitude] = "NS"[place[0] < 0], _degrees(place[0])
        gps[ExifTags.GPS.GPSLongitudeRef], gps[ExifTags.GPS.GPSLongitude] = "EW"[place[1] < 0], _degrees(place[1])
    return exif


def _degrees(value: float) -> tuple[float, float, float]:
    whole, rest = divmod(abs(value), 1)
    minutes, rest = divmod(rest * 60, 1)
    return whole, minutes, round(rest * 60, 2)
