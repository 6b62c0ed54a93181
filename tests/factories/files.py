"""Small sample files, made once a run: a photo as a phone makes it, a PDF, sound, a film."""

import datetime as dt
from functools import cache

from django.core.files.uploadedfile import SimpleUploadedFile

from media import samples

TAKEN = dt.datetime(2026, 3, 2, 14, 5, tzinfo=dt.UTC)
#: A place in the sea off Cornwall: what must never come out again.
PLACE = (50.0425, -5.6697)
PLACE_OF_FILM = "+50.0425-005.6697/"


@cache
def jpeg(*, seed: int = 1, taken: dt.datetime = TAKEN, gps: bool = False, size: tuple[int, int] = (320, 240)) -> bytes:
    """A photo on its side, with device and time and, if wanted, the place. Another `seed` gives other bytes."""
    place = PLACE if gps else None
    return samples.phone_photo(title="Counter", seed=seed, taken_at=taken, place=place, size=size)


@cache
def pdf(pages: int = 2) -> bytes:
    """A PDF with a line of words."""
    return samples.pdf(title="Handover", paragraphs=["I handed over the rota to Sam."], pages=pages)


@cache
def wav(seconds: float = 1) -> bytes:
    """A second of a voice."""
    return samples.wav(seed=1, seconds=seconds)


@cache
def mp4(*, gps: bool = False) -> bytes:
    """A second of film."""
    place = PLACE_OF_FILM if gps else ""
    return samples.mp4(title="Till", seed=1, filmed_at=TAKEN, seconds=1, size=(160, 120), place=place)


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    """The file as a browser sends it; what the browser calls it does not count."""
    return SimpleUploadedFile(name, content, content_type="application/octet-stream")
