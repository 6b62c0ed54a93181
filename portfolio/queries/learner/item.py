"""One piece of evidence as its learner sees it: files and pictures, versions, what it was offered for."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Case, F, QuerySet, TextField, Value, When

from common.clock import london_date
from portfolio.enums import EvidenceState, FileState, MappingState, PreviewKind
from portfolio.models import Evidence, EvidenceFile, EvidenceMapping, EvidenceVersion
from portfolio.queries.learner.library import piece_key
from portfolio.queries.purges import withheld_words, without_words

TONES = {
    FileState.RECEIVING: "wait",
    FileState.RECEIVED: "wait",
    FileState.CHECKING: "wait",
    FileState.READY: "met",
    FileState.NOT_SCANNED: "met",
    FileState.REFUSED: "back",
    FileState.INFECTED: "back",
    FileState.PURGED: "back",
}
CELLS = {
    MappingState.PROPOSED: "draft",
    MappingState.OFFERED: "sent",
    MappingState.MET: "met",
    MappingState.MET_PROVISIONAL: "provisional",
    MappingState.NOT_YET: "notyet",
    MappingState.NOT_RELEVANT: "hold",
}
_FILE: Final = (
    "public_id",
    "name",
    "state",
    "size",
    "family",
    "duration_seconds",
    "pages",
    "refusal",
    "preview_note",
    "captured_at",
    "received_at",
    "previews_made_at",
)
_PREVIEW: Final = tuple(f"previews__{name}" for name in ("public_id", "kind", "position", "width", "height"))


@dataclass(frozen=True, slots=True)
class PictureView:
    """A picture, page, poster, film or sound made from a file."""

    public_id: str
    kind: str
    position: int
    width: int | None
    height: int | None


@dataclass(frozen=True, slots=True)
class FileView:
    """A file of the learner with its state in words. Sizes are bytes, lengths seconds."""

    public_id: str
    name: str
    state: str
    words: str
    size: int
    family: str
    seconds: float | None
    pages: int | None
    refusal: str
    note: str
    captured_at: dt.datetime | None
    received_at: dt.datetime
    prepared: bool
    previews: tuple[PictureView, ...]
    text: str

    @property
    def tone(self) -> str:
        """Return which colour its state has: wait, met or back."""
        return TONES[FileState(self.state)]

    @property
    def settled(self) -> bool:
        """Say whether the worker is done with it, pictures included."""
        return self.tone == "back" or (self.tone == "met" and self.prepared)

    def picked(self, *kinds: str) -> list[PictureView]:
        """Return the previews of these kinds, in order."""
        return [preview for preview in self.previews if preview.kind in kinds]

    @property
    def thumb(self) -> PictureView | None:
        """Return its small picture."""
        return next(iter(self.picked(PreviewKind.THUMB)), None)

    @property
    def poster(self) -> PictureView | None:
        """Return the still picture of a film."""
        return next(iter(self.picked(PreviewKind.POSTER)), None)

    @property
    def playable(self) -> PictureView | None:
        """Return the copy of a film or sound that a browser plays."""
        return next(iter(self.picked(PreviewKind.PLAYABLE)), None)

    @property
    def pictures(self) -> list[PictureView]:
        """Return the large pictures: a photo, or the pages of a document."""
        return self.picked(PreviewKind.IMAGE, PreviewKind.PAGE)


@dataclass(frozen=True, slots=True)
class MappingView:
    """A thing that a piece is offered for, and how it stands."""

    public_id: str
    code: str
    text: str
    unit: str
    unit_id: str
    criterion_id: str
    kind: str
    key: str
    page: int | None
    seconds: int | None
    note: str


@dataclass(frozen=True, slots=True)
class VersionView:
    """What was sent, as it was sent."""

    public_id: str
    number: int
    sent_at: dt.datetime
    title: str
    fields: dict[str, Any]
    withheld: bool = False  # its words were removed from sight: personal data of others


@dataclass(frozen=True, slots=True)
class Item:
    """A piece with everything its page shows. Versions come newest first."""

    public_id: str
    state: str
    title: str
    files: tuple[FileView, ...]
    mappings: tuple[MappingView, ...]
    versions: tuple[VersionView, ...]

    @property
    def key(self) -> str:
        """Return the status key of the whole piece."""
        return piece_key(self.state, self.count("met"), self.count("provisional"), self.count("notyet"))

    def count(self, key: str) -> int:
        """Return how many things stand so."""
        return sum(1 for mapping in self.mappings if mapping.key == key)

    @property
    def latest(self) -> VersionView | None:
        """Return what was sent last."""
        return next(iter(self.versions), None)

    @property
    def family(self) -> str:
        """Return what the first file is, or ""."""
        return self.files[0].family if self.files else ""

    @property
    def unsettled(self) -> bool:
        """Say whether our checks or pictures of a file are not finished."""
        return any(not file.settled for file in self.files)

    @property
    def not_yet(self) -> list[MappingView]:
        """Return what has to be shown again."""
        return [mapping for mapping in self.mappings if mapping.key == "notyet"]


def item(evidence: Evidence) -> Item:
    """Return a piece for its page: the draft's files, or those of the version sent last. Three queries."""
    sent = _told(evidence.centre_id).filter(evidence=evidence)
    return Item(
        public_id=evidence.public_id,
        state=evidence.state,
        title=evidence.title,
        files=item_files(evidence),
        mappings=_mappings(evidence),
        versions=tuple(_version(row) for row in sent),
    )


def item_files(evidence: Evidence) -> tuple[FileView, ...]:
    """Return the files of the draft, or those that the version sent last holds. One query."""
    files = EvidenceFile.objects.for_centre(evidence.centre_id).filter(evidence=evidence)
    if evidence.state == EvidenceState.DRAFT:
        return _views(files.filter(removed_at=None))
    return _views(
        files.filter(in_versions__version__evidence=evidence, in_versions__version__number=evidence.version_number)
    )


def item_version(evidence: Evidence, number: int) -> tuple[VersionView, tuple[FileView, ...]] | None:
    """Return an earlier version with its files, or None. Two queries."""
    row = _told(evidence.centre_id).filter(evidence=evidence, number=number).first()
    if row is None:
        return None
    files = EvidenceFile.objects.for_centre(evidence.centre_id).filter(in_versions__version=row)
    return _version(row), _views(files)


def _views(files: QuerySet[EvidenceFile]) -> tuple[FileView, ...]:
    """Return files in their order, each with its previews. One query: a row for each preview."""
    first = When(previews__kind=PreviewKind.TEXT, previews__position=0, then=F("previews__text"))
    text = Case(first, default=Value(""), output_field=TextField())  # the words of a file where they are all of it
    rows = files.order_by("position", "pk", "previews__kind", "previews__position")
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows.values(*_FILE, *_PREVIEW, text=text):
        found.setdefault(row["public_id"], []).append(row)
    return tuple(_file(made) for made in found.values())


def _file(rows: Sequence[Mapping[str, Any]]) -> FileView:
    row = rows[0]
    return FileView(
        public_id=row["public_id"],
        name=row["name"],
        state=row["state"],
        words=str(FileState(row["state"]).label),
        size=row["size"],
        family=row["family"],
        seconds=row["duration_seconds"],
        pages=row["pages"],
        refusal=row["refusal"],
        note=row["preview_note"],
        captured_at=row["captured_at"],
        received_at=row["received_at"],
        prepared=row["previews_made_at"] is not None,
        previews=tuple(PictureView(*(one[name] for name in _PREVIEW)) for one in rows if one["previews__kind"]),
        text=next((one["text"] for one in rows if one["text"]), ""),
    )


def _mappings(evidence: Evidence) -> tuple[MappingView, ...]:
    rows = (
        EvidenceMapping.objects.for_centre(evidence.centre_id)
        .filter(evidence=evidence)
        .exclude(state=MappingState.CLOSED)
        .select_related("criterion", "learner_unit__unit", "learner_unit__place")
        .order_by("learner_unit__registration_id", "learner_unit__position", "criterion__position")
    )
    return tuple(_mapping(row, returned=evidence.state == EvidenceState.RETURNED) for row in rows)


def _mapping(row: EvidenceMapping, *, returned: bool) -> MappingView:
    undecided = returned and row.state == MappingState.OFFERED
    return MappingView(
        public_id=row.public_id,
        code=code_of(row.learner_unit.place.number, row.criterion.number),
        text=row.criterion.text,
        unit=row.learner_unit.unit.title,
        unit_id=row.learner_unit.public_id,
        criterion_id=row.criterion.public_id,
        kind=row.criterion.kind,
        key="back" if undecided else CELLS[MappingState(row.state)],
        page=row.page,
        seconds=row.seconds,
        note=row.note,
    )


def code_of(place: str | None, number: str) -> str:
    """Return the code people know: unit and criterion, "6.2.3", or the criterion's own where the unit has no number."""
    return f"{place}.{number}" if place else number


def _told(centre_id: int) -> QuerySet[Any]:
    """Return the versions of a centre, each with whether its words are withheld (R60)."""
    return EvidenceVersion.objects.for_centre(centre_id).annotate(withheld=withheld_words(centre_id))


def _version(row: Any) -> VersionView:
    fields = without_words(row.fields) if row.withheld else dict(row.fields)
    return VersionView(
        row.public_id, row.number, row.submitted_at, str(fields.get("title", "")), fields, withheld=row.withheld
    )


def captured_day(files: Sequence[FileView]) -> dt.date | None:
    """Return the day the first photo or recording was made, as the camera says (R50)."""
    return next((london_date(file.captured_at) for file in files if file.captured_at), None)
