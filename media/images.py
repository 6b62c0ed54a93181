"""Pictures: proved by decoding, counted by header first, always handed on upright, in sRGB and without metadata."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import pillow_heif
from PIL import ExifTags, Image, ImageCms, ImageOps

from media.finding import Finding, NotAccepted
from media.names import plain_line

PIXELS: Final = 250_000_000  # by header, before decoding; phones of today make 200 million
EDGE: Final = 1600
_PIXELS_WEBP: Final = 80_000_000  # its decoder needs four times the memory of the others
_LARGE: Final = 20_000_000  # from here a HEIC is decoded strip by strip, which halves the memory
_STRIP: Final = 256
_EARLIEST: Final = 1995  # before digital cameras it is a clock that was never set
_WHITE: Final = (255, 255, 255)
_FORMATS: Final[Mapping[str, tuple[str, ...]]] = {
    "jpg": ("JPEG", "MPO"), "jpeg": ("JPEG", "MPO"), "png": ("PNG",), "gif": ("GIF",), "webp": ("WEBP",),
    "tif": ("TIFF",), "tiff": ("TIFF",), "heic": ("HEIF",), "heif": ("HEIF",), "avif": ("AVIF",),
}  # fmt: skip

Image.MAX_IMAGE_PIXELS = PIXELS  # Pillow's own stop would turn away the phones that learners have
pillow_heif.register_heif_opener(decode_threads=2, thumbnails=False, depth_images=False, aux_images=False)


def inspect_image(path: Path, finding: Finding) -> Finding:
    """Size, age and device of a picture. Refuses what does not decode (`damaged`) or is beyond 250 million dots."""
    with open_image(path, finding.extension) as image:
        exif = Image.Image.getexif(image)  # PNG's own way would decode the picture first
        turned = exif.get(ExifTags.Base.Orientation, 1) in {5, 6, 7, 8}
        width, height = reversed(image.size) if turned else image.size
        facts = replace(finding, width=width, height=height, **_origin(exif, image.info))
        pages = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1
    upright(path, finding.extension, edge=64)
    return replace(facts, pages=pages if pages > 1 else None)


def open_image(path: Path, extension: str) -> Image.Image:
    """The picture, not yet decoded, by the one decoder that its ending allows."""
    try:
        image = Image.open(path, formats=_FORMATS[extension])
    except Image.DecompressionBombError as bomb:
        said = re.search(r"\d+", str(bomb))
        raise _too_many(int(said.group()) if said else 0) from bomb
    except Exception as torn:
        raise NotAccepted("damaged") from torn
    pixels, most = image.width * image.height, _PIXELS_WEBP if extension == "webp" else PIXELS
    if pixels > most:
        image.close()
        raise _too_many(pixels, most)
    return image


def upright(path: Path, extension: str, *, edge: int = EDGE, frame: int = 0) -> Image.Image:
    """The picture decoded: upright, RGB in sRGB on white, longest side at most `edge` pixels, nothing but dots."""
    try:
        with open_image(path, extension) as image:
            if frame:
                image.seek(frame)
            icc = image.info.get("icc_profile")
            return _finished(_decoded(path, image, edge), icc, edge)
    except (NotAccepted, MemoryError):
        raise
    except Exception as torn:
        raise NotAccepted("damaged") from torn


def as_jpeg(image: Image.Image, quality: int = 82) -> bytes:
    """A finished picture as JPEG bytes, without any metadata."""
    out = BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True, progressive=True, exif=b"", icc_profile=None)
    return out.getvalue()


def _too_many(pixels: int, most: int = PIXELS) -> NotAccepted:
    return NotAccepted("too-many-pixels", pixels=f"{pixels / 1e6:,.0f}", limit=f"{most / 1e6:.0f}")


def _decoded(path: Path, image: Image.Image, edge: int) -> Image.Image:
    if image.format == "HEIF" and image.width * image.height > _LARGE:
        return _heif_in_strips(path, edge)
    image.draft("RGB", (edge * 2, edge * 2))  # JPEG decodes at an eighth of the size where that is enough
    image.load()
    return ImageOps.exif_transpose(_smaller(image, edge))


def _smaller(image: Image.Image, edge: int) -> Image.Image:
    """Halved, thirded … by whole dots to near `edge`; what is carried along (turning) stays in `info`."""
    factor = max(image.size) // (edge * 2)
    if factor < 2:  # noqa: PLR2004 - nothing to shrink by whole dots
        return image
    if image.mode == "P":
        image = image.convert("RGBA")
    return image.reduce(factor)


def _heif_in_strips(path: Path, edge: int) -> Image.Image:
    """A large HEIC without ever holding it twice: 200 million dots in 0.9 GB."""
    heif = pillow_heif.open_heif(path)
    (width, height), mode = heif.size, heif.mode
    factor = max(1, max(width, height) // (edge * 2))
    strip = max(factor, _STRIP // factor * factor)
    out = Image.new(mode, (-(-width // factor), -(-height // factor)))
    data, stride = heif.data, heif.stride
    for top in range(0, height, strip):
        rows = min(strip, height - top)
        piece = Image.frombuffer(
            mode, (width, rows), data[top * stride : (top + rows) * stride], "raw", mode, stride, 1
        )
        out.paste(piece.reduce(factor), (0, top // factor))
    return out


def _finished(image: Image.Image, icc: bytes | None, edge: int) -> Image.Image:
    if image.mode in {"RGBA", "LA", "PA", "P"}:
        image = image.convert("RGBA")
        ground = Image.new("RGBA", image.size, (*_WHITE, 255))
        image = Image.alpha_composite(ground, image)
    elif image.mode.startswith("I"):  # sixteen bits of grey
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    image = _in_srgb(image, icc) if icc else image
    image = image.convert("RGB")
    image.thumbnail((edge, edge), Image.Resampling.LANCZOS)
    plain = Image.new("RGB", image.size)
    plain.paste(image)
    return plain


def _in_srgb(image: Image.Image, icc: bytes) -> Image.Image:
    """Colours as the camera meant them; a profile that cannot be read changes nothing."""
    with suppress(ImageCms.PyCMSError, OSError, ValueError, TypeError):
        source = ImageCms.ImageCmsProfile(BytesIO(icc))
        mode = "RGB" if image.mode == "RGBA" else image.mode
        done = ImageCms.profileToProfile(image.convert(mode), source, ImageCms.createProfile("sRGB"), outputMode="RGB")
        return done or image
    return image


def _origin(exif: Image.Exif, info: Mapping[Any, Any]) -> dict[str, Any]:
    with suppress(Exception):  # EXIF is free text of strangers: whatever is wrong in it is simply not known
        details = exif.get_ifd(ExifTags.IFD.Exif)
        captured, known = moment(
            details.get(ExifTags.Base.DateTimeOriginal), details.get(ExifTags.Base.OffsetTimeOriginal)
        )
        gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
        return {
            "captured_at": captured,
            "captured_zone_known": known,
            "device": device_name(exif.get(ExifTags.Base.Make), exif.get(ExifTags.Base.Model)),
            "has_location": bool(gps.keys() & {ExifTags.GPS.GPSLatitude, ExifTags.GPS.GPSLongitude})
            or b"GPSLatitude" in _bytes(info.get("xmp")),
        }
    return {}


def device_name(make: object, model: object) -> str:
    """Maker and model as one clean line of at most 80 characters, the maker not said twice."""
    first, second = plain_line(_text(make), 40), plain_line(_text(model), 60)
    doubled = second.casefold().startswith(first.casefold())
    return plain_line(second if doubled else f"{first} {second}", 80)


def moment(written: object, offset: object) -> tuple[datetime | None, bool]:
    """EXIF date and offset: aware UTC and True where the zone is known, the device's own clock and False where not."""
    try:
        clock = datetime.strptime(_text(written).strip()[:19], "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - the zone may be unknown
        if clock.year < _EARLIEST:
            return None, False
        zone = re.fullmatch(r"([+-]\d\d:\d\d|Z)", _text(offset).strip())
        if zone:
            return datetime.fromisoformat(f"{clock.isoformat()}{zone.group()}").astimezone(UTC), True
    except (ValueError, OverflowError):  # the last hours of the year 9999 have no place in UTC
        return None, False
    return clock, False


def _text(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value or "")


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value or "").encode("utf-8", "replace")
