"""The evidence side of the page: which file, which page, which moment (read-only; also used by countersigners)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.queries.version_files import Picture, StageFile
from assessments.queries.workbench import MappingRow, Workbench
from common.plain import whole_number
from web.assessor.piece_words import FAMILIES, clock_words

#: Ways in which the stage shows nothing of a file.
UNSEEN = frozenset({"none", "closed", "purged"})
LARGEST_NUMBER = 999_999  # pages, or seconds of a recording


@dataclass(frozen=True, slots=True)
class Pin:
    """A criterion on the time line. `place` is 0 to 100."""

    code: str
    words: str
    href: str
    seconds: int
    place: int


@dataclass(frozen=True, slots=True)
class Locator:
    """Where in the piece a criterion is shown: a moment or a page, as a link that works without a script."""

    words: str
    href: str
    seconds: int | None
    page: int | None


@dataclass(frozen=True, slots=True)
class FileLink:
    """A file of the version as a way to put it on the stage."""

    file: StageFile
    words: str
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page of a document."""

    number: int
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class Stage:
    """What is on the stage now. `media` is the address of what plays, with the moment to start at."""

    file: StageFile | None
    picture: Picture | None
    files: tuple[FileLink, ...]
    pages: tuple[PageLink, ...]
    pins: tuple[Pin, ...]
    media: str
    start: int

    @property
    def earlier(self) -> PageLink | None:
        """The page before the one shown."""
        return self._beside(-1)

    @property
    def later(self) -> PageLink | None:
        """The page after the one shown."""
        return self._beside(1)

    def _beside(self, step: int) -> PageLink | None:
        here = self.picture.number + step if self.picture else 0
        return next((page for page in self.pages if page.number == here), None)


def number_in(asked: Mapping[str, str], name: str) -> int | None:
    """Return a number of the address, or None for anything that is not one."""
    return whole_number(asked.get(name, ""), most=LARGEST_NUMBER)


def stage_of(bench: Workbench, asked: Mapping[str, str], centre: str) -> Stage:
    """Return the stage for ?v=&file=&page=&t=; what does not exist falls back to the first."""
    file = next((f for f in bench.files if f.public_id == asked.get("file")), None) or _first(bench.files)
    pictures = file.pictures if file and file.openable else ()
    wanted = number_in(asked, "page")
    picture = next((p for p in pictures if p.number == wanted), None) or (pictures[0] if pictures else None)
    start = number_in(asked, "t") or 0
    return Stage(
        file=file,
        picture=picture,
        files=tuple(
            FileLink(f, str(FAMILIES.get(f.family, f.name)), link(bench, file=f.public_id), f is file)
            for f in bench.files
        ),
        pages=tuple(
            PageLink(p.number, link(bench, file=file.public_id, page=p.number), p is picture)
            for p in pictures
            if file and len(pictures) > 1
        ),
        pins=_pins(bench, file),
        media=_media(file, centre, start) if file else "",
        start=start,
    )


def link(bench: Workbench, **parts: str | int) -> str:
    """Return the address of the same page with other parts; an older version stays the one looked at."""
    shown: dict[str, str | int] = {} if bench.latest else {"v": bench.version.number}
    return f"?{urlencode(shown | parts)}"


def locator_of(bench: Workbench, mapping: MappingRow) -> Locator | None:
    """Return where a criterion is shown: the moment in the first recording, or the page of the first document."""
    if mapping.seconds is not None:
        file = next((f for f in bench.files if f.family in {"video", "audio"}), None)
        parts: dict[str, str | int] = {"file": file.public_id} if file else {}
        href = link(bench, **parts, t=mapping.seconds)
        return Locator(clock_words(mapping.seconds), href, mapping.seconds, None)
    if mapping.page is not None:
        file = next((f for f in bench.files if len(f.pictures) > 1), None) or _first(bench.files)
        parts = {"file": file.public_id} if file else {}
        words = _("Page %(number)d") % {"number": mapping.page}
        return Locator(words, link(bench, **parts, page=mapping.page), None, mapping.page)
    return None


def _first(files: Sequence[StageFile]) -> StageFile | None:
    """Return the file to begin with: the first that can be shown, else the first."""
    return next((f for f in files if f.shows not in UNSEEN), None) or (files[0] if files else None)


def _media(file: StageFile, centre: str, start: int) -> str:
    """Return what a player loads: the worker's copy, or the original where no copy was needed."""
    if file.shows not in {"video", "audio"}:
        return ""
    if file.playable:
        address = reverse("files:preview", args=[centre, file.playable])
    else:
        address = reverse("files:original", args=[centre, file.public_id])
    return f"{address}#t={start}" if start else address


def _pins(bench: Workbench, file: StageFile | None) -> tuple[Pin, ...]:
    if file is None or file.family not in {"video", "audio"} or not file.seconds:
        return ()
    return tuple(
        Pin(
            code=mapping.code,
            words=clock_words(mapping.seconds),
            href=link(bench, file=file.public_id, t=mapping.seconds),
            seconds=mapping.seconds,
            place=min(100, round(mapping.seconds * 100 / file.seconds)),
        )
        for mapping in bench.mappings
        if mapping.seconds is not None
    )
