"""Making the demo's files. The same file on the same day has the same bytes, wherever it is used."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor, Future

from common import clock
from demo.shapes import File
from media import samples

Key = tuple[File, dt.date]
#: As a phone set to small pictures makes them: quick to prepare, sharp enough to look at.
PHOTO, HEIC, FILM = (1280, 960), (1200, 900), (640, 480)


def start_making(pool: Executor, wanted: Iterable[Key]) -> dict[Key, Future[bytes]]:
    """Begin to make files beside the work that needs them, each once, in the order in which they are wanted."""
    return {key: pool.submit(make, *key) for key in dict.fromkeys(wanted)}


def make(file: File, day: dt.date) -> bytes:
    """Return the bytes of a file made on that day."""
    return _MAKERS[file.kind](file, taken_at(file, day))


def taken_at(file: File, day: dt.date) -> dt.datetime:
    """Return the instant at which it was taken, with the zone of the phone."""
    hours, minutes = (int(part) for part in file.taken.split(":"))
    return dt.datetime.combine(day, dt.time(hours, minutes), tzinfo=clock.LONDON)


def name_of(file: File, day: dt.date) -> str:
    """Return its name, with day and time where a phone or a recorder puts them."""
    return file.name.format(stamp=taken_at(file, day).strftime("%Y%m%d_%H%M%S"))


def _photo(file: File, at: dt.datetime) -> bytes:
    sideways = bool(file.seed % 2)
    return samples.phone_photo(
        title=file.title,
        seed=file.seed,
        taken_at=at,
        scene=file.scene,
        model=file.model,
        place=file.place,
        on_its_side=sideways,
        size=PHOTO,
    )


def _heic(file: File, at: dt.datetime) -> bytes:
    made = samples.heic_photo(
        title=file.title, seed=file.seed, taken_at=at, scene=file.scene, place=file.place, size=HEIC
    )
    return made or _photo(file, at)


def _mp4(file: File, at: dt.datetime) -> bytes:
    return samples.mp4(
        title=file.title, seed=file.seed, filmed_at=at, scene=file.scene, seconds=file.seconds, size=FILM
    )


_MAKERS: Mapping[str, Callable[[File, dt.datetime], bytes]] = {
    "photo": _photo,
    "heic": _heic,
    "mp4": _mp4,
    "pdf": lambda file, _at: samples.pdf(title=file.title, paragraphs=file.paragraphs),
    "docx": lambda file, _at: samples.docx(title=file.title, paragraphs=file.paragraphs),
    "xlsx": lambda file, _at: samples.xlsx(title=file.title, rows=file.rows),
    "wav": lambda file, _at: samples.wav(seed=file.seed, seconds=file.seconds),
    "mp3": lambda file, _at: samples.mp3(title=file.title, seed=file.seed, seconds=file.seconds),
    "m4a": lambda file, at: samples.m4a(title=file.title, seed=file.seed, recorded_at=at, seconds=file.seconds),
}
